"""A side's time: both sides' clocks are moved, or neither is, and who goes second acts at the times of the first."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from apitwin_contracts.targets import TargetClock

__all__ = ["Held", "set_alike", "standing"]

_NOTICED = timedelta(milliseconds=1)


class Held:
    """A target's clock, which only counts as movable when the other side's is, too; `readings` are the times that it showed."""

    def __init__(self, clock: TargetClock, told: Callable[[timedelta], None], *, movable: bool) -> None:
        self._clock = clock
        self._told = told
        self.movable = movable and clock.movable
        self.readings: list[datetime] = []
        self._pace: deque[datetime] = deque()

    def follow(self, pace: Iterable[datetime]) -> None:
        """Show these times from now on, one after the other, as long as they last."""
        self._pace = deque(pace)

    def now(self) -> datetime:
        """Give the side's time."""
        read = self._clock.now()
        if self._pace:
            wanted = self._pace.popleft()
            if wanted > read:
                self._clock.advance(wanted - read)
                read = wanted
        self.readings.append(read)
        return read

    def advance(self, step: timedelta) -> None:
        """Move the side's time and tell of it."""
        self._clock.advance(step)
        self._told(step)


def set_alike(mock: TargetClock, target: TargetClock) -> None:
    """Move the mock's time to the target's; where the mock is ahead the target's moves, for a token from the future lets nobody in."""
    apart = target.now() - mock.now()
    if apart < -_NOTICED and target.movable:
        target.advance(-apart)
    elif abs(apart) > _NOTICED:
        mock.advance(apart)


@contextmanager
def standing(clock: TargetClock) -> Iterator[None]:
    """Let a served mock's time stand still meanwhile: what both sides do one after the other then happens at one time."""
    stand: Callable[..., bool] | None = getattr(clock, "stand", None)
    if stand is None:
        yield
        return
    before = stand(still=True)
    try:
        yield
    finally:
        stand(still=before)
