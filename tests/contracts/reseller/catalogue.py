"""All drifts of the reseller platform."""

from tests.contracts.reseller import (
    drifts_auth,
    drifts_errors,
    drifts_hooks,
    drifts_limits,
    drifts_paging,
    drifts_schema,
    drifts_state,
)

__all__ = ["DRIFTS"]

_MODULES = (drifts_schema, drifts_errors, drifts_auth, drifts_paging, drifts_state, drifts_hooks, drifts_limits)
DRIFTS = tuple(drift for module in _MODULES for drift in module.DRIFTS)
