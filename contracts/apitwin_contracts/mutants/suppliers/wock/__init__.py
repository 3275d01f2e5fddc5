"""World of CD Keys' own mutants."""

from apitwin_contracts.mutants.mutant import Mutant

from . import (
    auth,
    errors,
    http,
    joined,
    keys,
    limits,
    order,
    orders,
    paging,
    replies,
    scalars,
    schema,
    sign_in,
    state,
    tokens,
    transport,
    where,
)

__all__ = ["MUTANTS"]

MUTANTS: tuple[Mutant, ...] = (
    *schema.MUTANTS,
    *replies.MUTANTS,
    *transport.MUTANTS,
    *scalars.MUTANTS,
    *errors.MUTANTS,
    *http.MUTANTS,
    *sign_in.MUTANTS,
    *auth.MUTANTS,
    *tokens.MUTANTS,
    *where.MUTANTS,
    *joined.MUTANTS,
    *paging.MUTANTS,
    *order.MUTANTS,
    *state.MUTANTS,
    *orders.MUTANTS,
    *keys.MUTANTS,
    *limits.MUTANTS,
)
