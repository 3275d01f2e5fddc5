"""Every check there is, in one list."""

from apitwin_contracts.laws import cursors, filters, paging

from .check import Check

__all__ = ["ALL_CHECKS"]

ALL_CHECKS: tuple[Check, ...] = (*paging.CHECKS, *cursors.CHECKS, *filters.CHECKS)
