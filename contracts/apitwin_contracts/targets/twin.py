"""The control API of a served mock: how a run over HTTP reads and moves its session's clock."""

import time
from datetime import datetime, timedelta
from typing import Any, Self
from urllib.parse import urlsplit

import orjson
import urllib3

from apitwin_contracts.errors import UnreachableError

__all__ = ["TwinClock"]

_TIMEOUT = urllib3.Timeout(total=5.0)


class TwinClock:
    """The clock of the session in which a served mock's base URL lies; read once and after every move."""

    movable = True

    def __init__(self, control: str, pool: urllib3.PoolManager, *, recorded: bool = False) -> None:
        self._control = control
        self._pool = pool
        self.recorded = recorded
        self._read(self._ask("GET", "/clock"))

    @classmethod
    def found_at(cls, url: str, pool: urllib3.PoolManager) -> Self | None:
        """Give the clock of the mock whose base this URL is; None when it is no served mock."""
        parts = urlsplit(url)
        prefix = parts.path.rpartition("/")[0]
        control = f"{parts.scheme}://{parts.netloc}{prefix}/_twin"
        try:
            reply = pool.request("GET", f"{control}/health", timeout=_TIMEOUT, retries=False, redirect=False)
            health = orjson.loads(reply.data) if reply.status == 200 else None  # noqa: PLR2004 - HTTP's OK
        except (urllib3.exceptions.HTTPError, orjson.JSONDecodeError, OSError):
            return None
        if not isinstance(health, dict) or health.get("twin") != "apitwin":
            return None
        return cls(control, pool, recorded="recordings" in health)

    def now(self) -> datetime:
        """Give the mock's time, reckoned from when it was last read."""
        elapsed = 0.0 if self._frozen else time.monotonic() - self._read_at
        return self._instant + timedelta(seconds=elapsed)

    def advance(self, step: timedelta) -> None:
        """Move the mock's time; raises `UnreachableError` when its control API does not answer."""
        self._read(self._ask("POST", "/clock/advance", {"seconds": step.total_seconds()}))

    def stand(self, *, still: bool) -> bool:
        """Let the mock's time stand still or run on, and tell whether it stood still before."""
        before = self._frozen
        self._read(self._ask("PUT", "/clock", {"frozen": still}))
        return before

    def recordings(self) -> list[dict[str, Any]]:
        """Give what a replay says of each of its recordings; nothing for a mock that has state."""
        return list(self._asked("GET", "/recordings", "recordings")["recordings"]) if self.recorded else []

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        return self._asked(method, path, "now", body)

    def _asked(self, method: str, path: str, wanted: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        raw = orjson.dumps(body) if body else None
        try:
            reply = self._pool.request(method, self._control + path, body=raw, timeout=_TIMEOUT, retries=False)
            answer: dict[str, Any] = orjson.loads(reply.data)
        except (urllib3.exceptions.HTTPError, orjson.JSONDecodeError) as error:
            message = f"the mock's control API at {self._control}{path} does not answer: {error}"
            raise UnreachableError(message) from error
        if wanted not in answer:
            message = f"the mock's control API at {self._control}{path} refused: {answer.get('error')}"
            raise UnreachableError(message)
        return answer

    def _read(self, answer: dict[str, Any]) -> None:
        self._instant = datetime.fromisoformat(answer["now"])
        self._frozen = bool(answer["frozen"])
        self._read_at = time.monotonic()
