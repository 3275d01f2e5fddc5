"""The world's time, for those who need it: when a run started, how old a recording is, and a served mock's clock."""

from datetime import UTC, datetime

__all__ = ["now"]


def now() -> datetime:
    """Give the time as an aware UTC datetime."""
    return datetime.now(UTC)
