"""A contract of a supplier that is known by data alone: a schema, recordings, and the laws that were recognised and verified."""

from .contract import contract_of

__all__ = ["contract_of"]
