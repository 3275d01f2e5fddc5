"""Every mutant of a supplier."""

import importlib
from importlib.util import find_spec

from .mutant import Mutant

__all__ = ["mutants_of"]


def mutants_of(supplier: str) -> tuple[Mutant, ...]:
    """Give a supplier's mutants, in the order of the catalogue."""
    return _particular(supplier)


def _particular(supplier: str) -> tuple[Mutant, ...]:
    name = f"{__package__}.suppliers.{supplier}"
    if find_spec(name) is None:
        return ()
    found: tuple[Mutant, ...] = importlib.import_module(name).MUTANTS
    return found
