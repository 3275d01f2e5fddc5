"""One mocked supplier in a session of its own, steered through the control API."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
import urllib3

from apitwin_contracts.errors import UnreachableError, UsageError

__all__ = ["MockSession"]

_OK = 200


class MockSession:
    """What a test gets: `url` is the supplier's base, `credentials` are the default customer's, `customers` has all by name.

    Every method raises `UsageError` for what the control API refuses, and `UnreachableError` when it does not answer.
    """

    def __init__(
        self,
        server: str,
        supplier: str,
        session: str,
        customers: Mapping[str, Mapping[str, Any]],
        pool: urllib3.PoolManager,
    ) -> None:
        self.supplier = supplier
        self.session = session
        self.url = f"{server}/s/{session}/{supplier}"
        self.control_url = f"{server}/s/{session}/_twin"
        self.customers = {name: dict(fields) for name, fields in customers.items()}
        self.credentials = self.customers["default"]
        self._pool = pool

    def now(self) -> datetime:
        """Give the session's time as an aware UTC datetime."""
        return datetime.fromisoformat(self._ask("GET", "/clock")["now"])

    def advance(self, seconds: float) -> datetime:
        """Move the session's time forwards and give it."""
        return datetime.fromisoformat(self._ask("POST", "/clock/advance", {"seconds": seconds})["now"])

    def freeze(self, instant: datetime | None = None) -> datetime:
        """Let the session's time stand still, at an instant if one is given, and give it."""
        asked = {"frozen": True, **({"now": instant.isoformat()} if instant else {})}
        return datetime.fromisoformat(self._ask("PUT", "/clock", asked)["now"])

    def journal(self) -> list[dict[str, Any]]:
        """Give this supplier's exchanges in the session, oldest first."""
        entries: list[dict[str, Any]] = self._ask("GET", f"/journal?supplier={self.supplier}")["entries"]
        return entries

    def edit(self, table: str, key: str, **changes: Any) -> dict[str, Any]:
        """Change a row of the supplier's state, as its own staff would, and give it."""
        row: dict[str, Any] = self._ask("PATCH", f"/state/{self.supplier}/{table}/{key}", changes)["row"]
        return row

    def fail(
        self, code: str | None = None, operation: str | None = None, delay: float = 0.0, times: int | None = 1
    ) -> None:
        """Let requests fail with a code of the supplier's catalogue, or answer late by `delay` seconds, `times` often (None: for ever)."""
        self._ask("POST", "/faults", {**_fault(code, operation, delay, times), "supplier": self.supplier})

    def reset(self) -> None:
        """Begin the session anew: state, time, faults and journal."""
        self._ask("POST", "/reset")

    def drop(self) -> None:
        """Forget the session."""
        self._ask("DELETE", f"/sessions/{self.session}")

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        raw = orjson.dumps(body) if body else None
        try:
            reply = self._pool.request(method, self.control_url + path, body=raw, retries=False, timeout=10.0)
            answer: dict[str, Any] = orjson.loads(reply.data)
        except (urllib3.exceptions.HTTPError, orjson.JSONDecodeError) as error:
            raise UnreachableError(f"{self.control_url}{path} does not answer: {error}") from error
        if reply.status != _OK:
            raise UsageError(str(answer.get("error")))
        return answer


def _fault(code: str | None, operation: str | None, delay: float, times: int | None) -> dict[str, Any]:
    return {"code": code, "operation": operation, "delay": delay, "times": times}
