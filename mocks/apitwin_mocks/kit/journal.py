"""What a session was asked and what it answered, without its secrets."""

from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

__all__ = ["Entry", "Journal", "Origin"]

Origin = Literal["behaviour", "fixture", "fault", "webhook"]
_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """One exchange: `number` counts from 1 in its session, `at` is the session's time, `nearest` what an unknown request resembled.

    Of a webhook's attempt, `path` is the receiver's URL and `status` 0 when it gave none.
    """

    number: int
    at: str
    supplier: str
    operation: str | None
    method: str
    path: str
    query: str
    status: int
    code: str | None
    origin: Origin
    nearest: str | None

    def as_json(self) -> dict[str, Any]:
        """Give the form in which the control API shows it."""
        return asdict(self)


class Journal:
    """The latest thousand exchanges of a session, and the number of all."""

    __slots__ = ("_entries", "count")

    def __init__(self) -> None:
        self._entries: deque[Entry] | None = None
        self.count = 0

    def write(self, entry: Entry) -> None:
        """Add an entry; the oldest of more than a thousand is forgotten."""
        if self._entries is None:
            self._entries = deque(maxlen=_KEPT)
        self._entries.append(entry)
        self.count += 1

    def read(
        self, supplier: str | None = None, operation: str | None = None, status: int | None = None
    ) -> Iterator[Entry]:
        """Give the entries that fit, oldest first."""
        for entry in self._entries or ():
            wanted = (
                supplier in (None, entry.supplier)
                and operation in (None, entry.operation)
                and status in (None, entry.status)
            )
            if wanted:
                yield entry
