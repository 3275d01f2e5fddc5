"""Drifted twins of the mocks, and what the suites notice of them."""

from .catalogue import mutants_of, own_mutants_of
from .mutant import Mutant, Stage
from .stage import fresh_target
from .trial import examine

__all__ = ["Mutant", "Stage", "examine", "fresh_target", "mutants_of", "own_mutants_of"]
