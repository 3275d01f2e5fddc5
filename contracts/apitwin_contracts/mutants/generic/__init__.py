"""Mutators that any supplier's contract can be drifted with, by category."""

from .every import EVERY
from .mutator import Made, Mutator, Spot

__all__ = ["EVERY", "Made", "Mutator", "Spot"]
