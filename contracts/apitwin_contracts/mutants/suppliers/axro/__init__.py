"""AXRO's own mutants."""

from apitwin_contracts.mutants.mutant import Mutant

from . import auth, errors, limits, paging, schema, state, wire

__all__ = ["MUTANTS"]

MUTANTS: tuple[Mutant, ...] = (
    *schema.MUTANTS,
    *wire.MUTANTS,
    *errors.MUTANTS,
    *auth.MUTANTS,
    *paging.MUTANTS,
    *state.MUTANTS,
    *limits.MUTANTS,
)
