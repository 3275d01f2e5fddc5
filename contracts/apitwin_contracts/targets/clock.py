"""A target's time: a mock's can be read and moved, a sandbox's is the world's."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

__all__ = ["LiveClock", "TargetClock"]


class TargetClock(Protocol):
    """The time by which a target expires tokens and ships orders."""

    @property
    def movable(self) -> bool:
        """Whether `advance` works."""
        ...

    def now(self) -> datetime:
        """Give the target's time as an aware UTC datetime."""
        ...

    def advance(self, step: timedelta) -> None:
        """Move the target's time forwards."""
        ...


class LiveClock:
    """The world's time, which nobody can move."""

    movable = False

    def now(self) -> datetime:
        return datetime.now(UTC)

    def advance(self, step: timedelta) -> None:
        message = f"a live target's clock cannot be moved by {step}"
        raise RuntimeError(message)
