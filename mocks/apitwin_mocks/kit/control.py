"""The control API below `/_twin/`: sessions, clock, journal, state, faults, settings and webhooks of the session that the URL names."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from apitwin_fixtures import Reply, Request

from .errors import MisuseError, Refusal
from .faults import Fault
from .replies import json_reply
from .rest import RestEndpoint, Route
from .session import Session, Sessions
from .settings import Choices
from .webhooks import STATES

if TYPE_CHECKING:
    from apitwin_mocks.supplier import Supplier

__all__ = ["Control", "openapi"]

_LONGEST_STEP = 10 * 366 * 24 * 3600
_MOST_ROWS = 1000
_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_LONGEST_DELAY = 60


@cache
def openapi() -> dict[str, Any]:
    """Give the control API's OpenAPI 3.1 document."""
    document: dict[str, Any] = json.loads(Path(__file__).with_name("control.openapi.json").read_text("utf-8"))
    return document


class _ControlCall:
    """What a route's handler needs: the session, the request, and the operation that the endpoint notes."""

    def __init__(self, session: Session, request: Request) -> None:
        self.session = session
        self.request = request
        self.operation: str | None = None
        self.nearest: str | None = None

    def body(self) -> dict[str, Any]:
        """Read the JSON object that was sent; raises `MisuseError` for anything else."""
        try:
            data = orjson.loads(self.request.body or b"{}")
        except orjson.JSONDecodeError as error:
            message = f"the body is not JSON: {error}"
            raise MisuseError(message) from None
        if not isinstance(data, dict):
            message = "the body must be a JSON object"
            raise MisuseError(message)
        return data


class Control:
    """Answers the control API; what it refuses says what would have worked."""

    def __init__(self, sessions: Sessions, suppliers: "Mapping[str, Supplier]") -> None:
        self._sessions = sessions
        self._suppliers = suppliers
        self._endpoint = RestEndpoint(self._routes(), not_found="404", method_not_allowed="405")

    def _routes(self) -> tuple[Route, ...]:
        return (
            Route(("GET",), "/health", "health", self._health),
            Route(("GET",), "/openapi.json", "openapi", lambda _call: openapi()),
            Route(("GET",), "/recordings", "recordings", self._recordings),
            Route(("GET",), "/sessions", "sessions", self._list_sessions),
            Route(("DELETE",), "/sessions/{name}", "drop_session", self._drop_session),
            Route(("POST",), "/reset", "reset", self._reset),
            Route(("GET",), "/journal", "journal", self._journal),
            Route(("GET",), "/clock", "clock", lambda call: _clock(call.session)),
            Route(("PUT",), "/clock", "set_clock", _set_clock),
            Route(("POST",), "/clock/advance", "advance_clock", _advance_clock),
            Route(("GET",), "/state", "state", self._state),
            Route(("GET",), "/state/{supplier}/{table}", "table", self._table),
            Route(("GET",), "/state/{supplier}/{table}/{key}", "row", self._row),
            Route(("PATCH",), "/state/{supplier}/{table}/{key}", "edit", self._edit),
            Route(("GET",), "/faults", "faults", lambda call: _faults(call.session)),
            Route(("POST",), "/faults", "order_fault", self._order_fault),
            Route(("DELETE",), "/faults", "clear_faults", _clear_faults),
            Route(("GET",), "/settings", "settings", self._settings),
            Route(("PATCH",), "/settings", "change_settings", self._change_settings),
            Route(("GET",), "/webhooks", "webhooks", _webhooks),
        )

    def answer(self, session: Session, request: Request) -> Reply:
        """Answer one request whose path stands behind `/_twin`."""
        call: Any = _ControlCall(session, request)
        try:
            return self._endpoint(call)
        except MisuseError as error:
            return json_reply({"error": str(error)}, 400)
        except Refusal as refusal:
            return self._unmatched(call, refusal)

    @staticmethod
    def _unmatched(call: _ControlCall, refusal: Refusal) -> Reply:
        if refusal.code == "405":
            allowed = str(refusal.values["allowed"])
            headers = (("content-type", "application/json"), ("allow", allowed.replace(",", ", ")))
            return json_reply({"error": f"{call.request.method} is not answered here, {allowed} is"}, 405, headers)
        return _missing(
            str(
                refusal.values.get("message")
                or f"nothing at /_twin{call.request.path[:200]}; the nearest is {call.nearest}"
            )
        )

    def _health(self, _call: _ControlCall) -> object:
        played = [name for name, supplier in self._suppliers.items() if supplier.recordings is not None]
        told = {"recordings": played} if played else {}
        return {"status": "ok", "twin": "apitwin", "suppliers": list(self._suppliers), **told}

    def _recordings(self, _call: _ControlCall) -> object:
        return {"recordings": [one for supplier in self._suppliers.values() for one in supplier.recordings or ()]}

    def _list_sessions(self, _call: _ControlCall) -> object:
        return {"sessions": [_summary(session) for session in self._sessions]}

    def _drop_session(self, _call: _ControlCall, name: str) -> object:
        if not self._sessions.drop(name):
            raise Refusal("404", message=f"there is no session {name[:80]!r}")
        return {"dropped": name}

    def _reset(self, call: _ControlCall) -> object:
        return _summary(self._sessions.reset(call.session.name))

    @staticmethod
    def _journal(call: _ControlCall) -> object:
        asked = call.request.parameters
        status = _whole_number(asked["status"], "status", 999) if "status" in asked else None
        limit = _whole_number(asked.get("limit", str(_MOST_ROWS)), "limit", _MOST_ROWS)
        entries = list(call.session.journal.read(asked.get("supplier"), asked.get("operation"), status))
        latest = entries[-limit:] if limit else []
        return {"count": call.session.journal.count, "entries": [entry.as_json() for entry in latest]}

    def _world(self, call: _ControlCall, supplier: str) -> Any:
        if supplier not in self._suppliers:
            raise Refusal(
                "404", message=f"there is no supplier {supplier[:80]!r}; there are {', '.join(self._suppliers)}"
            )
        return call.session.world(supplier)

    def _rows(self, call: _ControlCall, supplier: str, table: str) -> Mapping[str, object]:
        tables = self._world(call, supplier).tables()
        if table not in tables:
            raise Refusal("404", message=f"{supplier} has no table {table[:80]!r}; it has {', '.join(tables)}")
        rows: Mapping[str, object] = tables[table]
        return rows

    def _state(self, call: _ControlCall) -> object:
        worlds = ((name, self._world(call, name).tables()) for name in self._suppliers)
        return {"state": {name: {table: len(rows) for table, rows in tables.items()} for name, tables in worlds}}

    def _table(self, call: _ControlCall, supplier: str, table: str) -> object:
        rows = self._rows(call, supplier, table)
        limit = _whole_number(call.request.parameters.get("limit", "100"), "limit", _MOST_ROWS)
        shown = [{"key": key, "row": _plain(rows[key])} for key, _ in zip(rows, range(limit), strict=False)]
        return {"count": len(rows), "rows": shown}

    def _row(self, call: _ControlCall, supplier: str, table: str, key: str) -> object:
        rows = self._rows(call, supplier, table)
        if key not in rows:
            raise Refusal("404", message=f"{supplier}'s {table} have no {key[:80]!r}")
        return {"key": key, "row": _plain(rows[key])}

    def _edit(self, call: _ControlCall, supplier: str, table: str, key: str) -> object:
        self._row(call, supplier, table, key)
        self._world(call, supplier).edit(table, key, call.body())
        return self._row(call, supplier, table, key)

    def _settings(self, call: _ControlCall) -> object:
        return call.session.settings.as_json(self._choices)

    def _change_settings(self, call: _ControlCall) -> object:
        call.session.settings.change(call.body(), self._choices)
        return self._settings(call)

    @property
    def _choices(self) -> Choices:
        return {name: supplier.switches for name, supplier in self._suppliers.items()}

    def _order_fault(self, call: _ControlCall) -> object:
        fault = _fault(call.body())
        if fault.supplier not in self._suppliers:
            message = f"there is no supplier {fault.supplier[:80]!r}; there are {', '.join(self._suppliers)}"
            raise MisuseError(message)
        if fault.code is not None and fault.code not in self._suppliers[fault.supplier].fixtures.errors:
            message = f"{fault.supplier}'s catalogue has no code {fault.code[:80]!r}"
            raise MisuseError(message)
        call.session.faults.order(fault)
        return _faults(call.session)


def _missing(message: str) -> Reply:
    return json_reply({"error": message}, 404)


def _summary(session: Session) -> dict[str, Any]:
    return {
        "name": session.name,
        "exchanges": session.journal.count,
        "suppliers": sorted(session.worlds),
        **_clock(session),
    }


def _clock(session: Session) -> dict[str, Any]:
    return {"now": session.clock.now().isoformat(), "frozen": session.clock.frozen}


def _set_clock(call: Any) -> object:
    asked = call.body()
    unknown = set(asked) - {"now", "frozen"}
    if unknown or not asked:
        message = 'say {"now": "2026-01-01T12:00:00Z"}, {"frozen": true} or both'
        raise MisuseError(message)
    instant = _instant(asked["now"]) if "now" in asked else None
    if not isinstance(asked.get("frozen", False), bool):
        message = f"frozen is true or false, not {asked['frozen']!r}"
        raise MisuseError(message)
    clock = call.session.clock
    if instant is not None:
        clock.set(instant)
    if "frozen" in asked:
        (clock.freeze if asked["frozen"] else clock.resume)()
    return _clock(call.session)


def _instant(text: object) -> datetime:
    try:
        instant = datetime.fromisoformat(str(text))
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None or not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
        message = (
            f"now is an instant from 2000 to 2099 with its offset, such as 2026-01-01T12:00:00Z, not {str(text)[:80]!r}"
        )
        raise MisuseError(message)
    return instant


def _advance_clock(call: Any) -> object:
    asked = call.body()
    seconds = asked.get("seconds")
    is_number = isinstance(seconds, (int, float)) and not isinstance(seconds, bool)
    if len(asked) != 1 or not is_number or not 0 <= seconds <= _LONGEST_STEP:
        message = (
            f'say {{"seconds": 3600}}, a number from 0 to {_LONGEST_STEP}, and nothing else; not {str(asked)[:80]}'
        )
        raise MisuseError(message)
    clock = call.session.clock
    if clock.now().year > _LAST_YEAR + 100:
        message = "the clock stands beyond 2200; set it back first"
        raise MisuseError(message)
    clock.advance(timedelta(seconds=seconds))
    return _clock(call.session)


def _faults(session: Session) -> dict[str, Any]:
    return {"faults": [fault.as_json() for fault in session.faults]}


def _clear_faults(call: Any) -> object:
    call.session.faults.clear()
    return _faults(call.session)


def _webhooks(call: Any) -> object:
    asked, outbox = call.request.parameters, call.session.outbox
    limit = _whole_number(asked.get("limit", "100"), "limit", _MOST_ROWS)
    state, supplier = asked.get("state"), asked.get("supplier")
    if state not in (None, *STATES):
        message = f"state is one of {', '.join(STATES)}, not {state[:40]!r}"
        raise MisuseError(message)
    found = [
        delivery
        for delivery in outbox
        if state in (None, delivery.state) and supplier in (None, delivery.webhook.supplier)
    ]
    latest = found[-limit:] if limit else []
    return {"count": outbox.count, "waiting": outbox.waiting, "webhooks": [delivery.as_json() for delivery in latest]}


_FAULT_FIELDS: Mapping[str, Callable[[Any], bool]] = {
    "supplier": lambda value: isinstance(value, str),
    "operation": lambda value: value is None or isinstance(value, str),
    "code": lambda value: value is None or isinstance(value, str),
    "delay": lambda value: (
        isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= _LONGEST_DELAY
    ),
    "times": lambda value: value is None or (isinstance(value, int) and not isinstance(value, bool) and value > 0),
}


def _fault(asked: dict[str, Any]) -> Fault:
    wrong = [name for name, value in asked.items() if name not in _FAULT_FIELDS or not _FAULT_FIELDS[name](value)]
    if wrong or "supplier" not in asked:
        form = "{supplier, operation?, code?, delay? (0 to 60 seconds), times? (1 or more)}"
        message = f"a fault is {form}; wrong here: {', '.join(wrong) or 'supplier'}"
        raise MisuseError(message)
    return Fault(**asked)


def _whole_number(text: str, name: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= most):
        message = f"{name} is a whole number from 0 to {most}, not {text[:40]!r}"
        raise MisuseError(message)
    return int(text)


def _plain(row: object) -> object:
    if is_dataclass(row) and not isinstance(row, type):
        return orjson.loads(orjson.dumps(asdict(row), default=str))
    return row
