"""Every check there is, in one list."""

from apitwin_contracts.laws import (
    agreement,
    cursors,
    filters,
    limits,
    offsets,
    paging,
    searching,
    state,
    walks,
    webhooks,
)
from apitwin_contracts.machines import line_life, order_life

from . import auth, errors, generated, introspection, performance
from .check import Check

__all__ = ["ALL_CHECKS"]

ALL_CHECKS: tuple[Check, ...] = (
    *introspection.CHECKS,
    *generated.CHECKS,
    *errors.CHECKS,
    *auth.CHECKS,
    *paging.CHECKS,
    *cursors.CHECKS,
    *filters.CHECKS,
    *offsets.CHECKS,
    *searching.CHECKS,
    *agreement.CHECKS,
    *state.CHECKS,
    *limits.CHECKS,
    *walks.CHECKS,
    *order_life.CHECKS,
    *line_life.CHECKS,
    *webhooks.CHECKS,
    *performance.CHECKS,
)
