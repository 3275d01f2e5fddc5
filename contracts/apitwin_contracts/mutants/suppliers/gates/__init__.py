"""The gates' own mutants."""

from apitwin_contracts.mutants.mutant import Mutant

from . import access, carts, errors, paging, schema, state, wire

__all__ = ["MUTANTS"]

MUTANTS: tuple[Mutant, ...] = (
    *schema.MUTANTS,
    *wire.MUTANTS,
    *errors.MUTANTS,
    *access.MUTANTS,
    *paging.MUTANTS,
    *carts.MUTANTS,
    *state.MUTANTS,
)
