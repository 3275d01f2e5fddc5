"""The reseller platform's own mutants."""

from apitwin_contracts.mutants.mutant import Mutant

from . import auth, errors, hooks, limits, paging, schema, state

__all__ = ["MUTANTS"]

MUTANTS: tuple[Mutant, ...] = (
    *schema.MUTANTS,
    *errors.MUTANTS,
    *auth.MUTANTS,
    *paging.MUTANTS,
    *state.MUTANTS,
    *hooks.MUTANTS,
    *limits.MUTANTS,
)
