"""Virtual time: every session has a clock of its own that can be frozen, set and moved."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

__all__ = ["EPOCH", "Clock", "Standing", "TimeSource", "standing"]

TimeSource = Callable[[], datetime]
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def standing() -> datetime:
    """Give the instant at which a world without an outer clock stands; it moves only when it is moved."""
    return EPOCH


class Standing:
    """An outer time source that stands at an instant."""

    def __init__(self, instant: datetime) -> None:
        self._instant = instant

    def __call__(self) -> datetime:
        return self._instant


class Clock:
    """A session's time, in UTC: an outer time source, shifted, or one frozen instant."""

    __slots__ = ("_frozen", "_shift", "_source", "_watchers")

    def __init__(self, source: TimeSource = standing) -> None:
        self._source = source
        self._shift = timedelta()
        self._frozen: datetime | None = None
        self._watchers: list[Callable[[], None]] = []

    def watch(self, told: Callable[[], None]) -> None:
        """Be told whenever somebody moves the time; that it runs by itself is told to nobody."""
        self._watchers.append(told)

    def now(self) -> datetime:
        """Give the session's time as an aware UTC datetime."""
        return self._frozen or self._source() + self._shift

    @property
    def frozen(self) -> bool:
        """Whether time stands still until it is moved."""
        return self._frozen is not None or isinstance(self._source, Standing)

    def freeze(self) -> None:
        """Let time stand still."""
        self._frozen = self.now()

    def resume(self) -> None:
        """Let time run on from where it stands."""
        if self._frozen is not None:
            self._shift = self._frozen - self._source()
            self._frozen = None

    def set(self, instant: datetime) -> None:
        """Move to an instant, forwards or back; raises `ValueError` for one without a time zone."""
        if instant.tzinfo is None:
            message = f"an instant needs its offset, for example {instant.isoformat()}Z"
            raise ValueError(message)
        if self._frozen is None:
            self._shift = instant.astimezone(UTC) - self._source()
        else:
            self._frozen = instant.astimezone(UTC)
        for told in self._watchers:
            told()

    def advance(self, step: timedelta) -> None:
        """Move by a step; raises `OverflowError` beyond the year 9999."""
        self.set(self.now() + step)
