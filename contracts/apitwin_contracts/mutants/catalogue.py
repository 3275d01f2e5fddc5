"""Every mutant of a supplier: those that only it can have, and those that the generic mutators make of its contract."""

import importlib
from dataclasses import replace
from functools import cache
from importlib.util import find_spec

from .generic import EVERY, Made
from .generic.ground import ground_of
from .generic.mutator import made_of
from .mutant import Mutant, NotApplicable
from .shared import promise_of

__all__ = ["NotApplicable", "mutants_of", "not_applicable", "own_mutants_of"]


@cache
def mutants_of(supplier: str, seed: int = 0) -> tuple[Mutant, ...]:
    """Give a supplier's mutants, in the order of the catalogue; `seed` chooses what the generic ones are about."""
    return (*own_mutants_of(supplier), *_generic(supplier, seed)[0])


def own_mutants_of(supplier: str) -> tuple[Mutant, ...]:
    """Give the mutants that only this supplier can have."""
    return tuple(replace(mutant, promise=mutant.promise or promise_of(mutant)) for mutant in _particular(supplier))


def not_applicable(supplier: str, seed: int = 0) -> tuple[NotApplicable, ...]:
    """Give the generic mutators that make nothing of a supplier's contract, each with the reason."""
    return tuple(_generic(supplier, seed)[1])


@cache
def _generic(supplier: str, seed: int) -> Made:
    return made_of(EVERY, ground_of(supplier), seed)


def _particular(supplier: str) -> tuple[Mutant, ...]:
    name = f"{__package__}.suppliers.{supplier}"
    if find_spec(name) is None:
        return ()
    found: tuple[Mutant, ...] = importlib.import_module(name).MUTANTS
    return found
