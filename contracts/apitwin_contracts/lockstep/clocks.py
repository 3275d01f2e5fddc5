"""A side's time: both sides' clocks are moved, or neither is."""

from collections.abc import Callable
from datetime import datetime, timedelta

from apitwin_contracts.targets import TargetClock

__all__ = ["Held", "set_alike"]


class Held:
    """A target's clock, which only counts as movable when the other side's is, too."""

    def __init__(self, clock: TargetClock, told: Callable[[timedelta], None], *, movable: bool) -> None:
        self._clock = clock
        self._told = told
        self.movable = movable and clock.movable

    def now(self) -> datetime:
        """Give the side's time."""
        return self._clock.now()

    def advance(self, step: timedelta) -> None:
        """Move the side's time and tell of it."""
        self._clock.advance(step)
        self._told(step)


def set_alike(mock: TargetClock, target: TargetClock) -> None:
    """Move the mock's time to the target's."""
    mock.advance(target.now() - mock.now())
