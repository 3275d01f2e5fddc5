"""OXOMI's own mutants."""

from apitwin_contracts.mutants.mutant import Mutant

from . import errors, shape, state

__all__ = ["MUTANTS"]

MUTANTS: tuple[Mutant, ...] = (
    *shape.MUTANTS,
    *errors.MUTANTS,
    *state.MUTANTS,
)
