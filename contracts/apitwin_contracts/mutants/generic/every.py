"""Every generic mutator, in the order of the categories."""

from .documents import DOCUMENTS
from .mutator import Mutator

__all__ = ["EVERY"]

EVERY: tuple[Mutator, ...] = (*DOCUMENTS,)
