"""All drifts, and those of the shared list that mean nothing on these two suppliers."""

from tests.contracts.drifts import (
    axro_auth,
    axro_errors,
    axro_limits,
    axro_paging,
    axro_schema,
    axro_state,
    axro_wire,
    oxomi_errors,
    oxomi_shape,
    oxomi_state,
)
from tests.contracts.drifts.drift import Drift

__all__ = ["ALL_DRIFTS"]

_MODULES = (
    axro_schema,
    axro_wire,
    axro_errors,
    axro_auth,
    axro_paging,
    axro_state,
    axro_limits,
    oxomi_shape,
    oxomi_errors,
    oxomi_state,
)
ALL_DRIFTS: tuple[Drift, ...] = tuple(drift for module in _MODULES for drift in module.DRIFTS)
