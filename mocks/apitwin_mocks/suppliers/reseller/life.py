"""How an order line lives when nobody interferes: what it enters next, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from .entities import Line, Status, Supply

__all__ = ["Change", "next_change"]

_PATHS: Mapping[Supply, tuple[tuple[int, Status], ...]] = {
    Supply.READY: ((30, Status.PROCESSING), (90, Status.DELIVERED)),
    Supply.HESITANT: (
        (30, Status.PROCESSING),
        (60, Status.REMOVED),
        (90, Status.PROCESSING),
        (150, Status.DELIVERED),
    ),
    Supply.NONE: ((30, Status.PROCESSING), (90, Status.CANCELLED)),
}
"""Seconds after the order, and what is then entered."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of state that time will bring."""

    at: datetime
    status: Status


def next_change(line: Line) -> Change | None:
    """Give what time does to a line next; None when it is settled."""
    path = _PATHS[line.supply]
    if line.status in (Status.DELIVERED, Status.CANCELLED) or line.step >= len(path):
        return None
    seconds, status = path[line.step]
    return Change(line.created_at + timedelta(seconds=seconds), status)
