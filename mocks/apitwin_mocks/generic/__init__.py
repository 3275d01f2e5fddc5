"""A mock of a supplier that is known by data alone: a schema, recordings, and what was recognised of its operations."""

from .supplier import supplier_of

__all__ = ["supplier_of"]
