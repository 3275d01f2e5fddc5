"""Every check there is, in one list."""

from apitwin_contracts.laws import (
    agreement,
    content,
    cursors,
    documents,
    equivalence,
    exchanges,
    filtered,
    filters,
    grants,
    isolation,
    limits,
    lists,
    lives,
    naming,
    offsets,
    paging,
    precedence,
    recorded,
    refusals,
    searching,
    state,
    views,
    walks,
    webhooks,
)
from apitwin_contracts.machines import order_machine

from . import auth, errors, generated, introspection, performance
from .check import Check
from .moot import guarded

__all__ = ["ALL_CHECKS"]

_EVERY = (
    *introspection.CHECKS,
    *documents.CHECKS,
    *generated.CHECKS,
    *content.CHECKS,
    *errors.CHECKS,
    *precedence.CHECKS,
    *auth.CHECKS,
    *isolation.CHECKS,
    *paging.CHECKS,
    *cursors.CHECKS,
    *filters.CHECKS,
    *filtered.CHECKS,
    *equivalence.CHECKS,
    *offsets.CHECKS,
    *searching.CHECKS,
    *agreement.CHECKS,
    *views.CHECKS,
    *recorded.CHECKS,
    *naming.CHECKS,
    *exchanges.CHECKS,
    *refusals.CHECKS,
    *grants.CHECKS,
    *state.CHECKS,
    *limits.CHECKS,
    *lists.CHECKS,
    *lives.CHECKS,
    *walks.CHECKS,
    *order_machine.CHECKS,
    *webhooks.CHECKS,
    *performance.CHECKS,
)

ALL_CHECKS: tuple[Check, ...] = tuple(guarded(check) for check in _EVERY)
