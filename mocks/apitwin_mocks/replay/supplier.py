"""A tape in the place of a mock: the same server, sessions, journal and faults, and no behaviour of its own."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from graphql import GraphQLSchema, build_schema

from apitwin_fixtures import Cassette, Fixtures, Headers, Reply
from apitwin_fixtures.sdl import wire_sdl
from apitwin_mocks.kit.call import Call
from apitwin_mocks.kit.errors import MisuseError
from apitwin_mocks.kit.replies import json_reply
from apitwin_mocks.kit.store import Table
from apitwin_mocks.supplier import Supplier, World

from .facts import Secrets, asked_fields
from .tape import Found, Missing, Tape, recordings_of

__all__ = ["NOT_RECORDED", "replayed"]

NOT_RECORDED = "APITWIN_NOT_RECORDED"
_NOT_IMPLEMENTED = 501
_APART = "x-apitwin-recorded"
_SHOWN = 40
_INDEX = re.compile(r"\[\d+\]")
_ANEW = frozenset({"content-length", "content-encoding", "transfer-encoding", "connection", "keep-alive"})


class _Playing(World):
    """How often each recording was played in one session."""

    def __init__(self, tape: Tape, _session: object) -> None:
        self.tape = tape
        self.played: Counter[tuple[int, ...]] = Counter()

    def tables(self) -> Mapping[str, Table[Any]]:
        return {}

    def edit(self, table: str, key: str, changes: Mapping[str, Any]) -> object:
        raise MisuseError(f"a replay has no state, so {table} {key} cannot be changed to {dict(changes)}")


def replayed(supplier: Supplier, cassettes: Iterable[Cassette]) -> Supplier:
    """Give a supplier that answers from recordings alone; a request without one is told the nearest and what differs."""
    taken = tuple(cassettes)
    tape = Tape(recordings_of(taken), Secrets(supplier.secret_parameters), _schemas(supplier.fixtures))
    return replace(
        supplier,
        catalogue=lambda _seeding: tape,
        world=_Playing,
        authenticate=lambda _call: None,
        endpoint=_play,
        owns=tape.paths.__contains__,
        operation_of=_operation_of,
        start_page="/",
        switches={},
        rate_limited=None,
        recordings=tuple(map(_summary, taken)),
    )


def _schemas(fixtures: Fixtures) -> list[GraphQLSchema]:
    paths = sorted(fixtures.root.glob("*.graphql"))
    return [build_schema(wire_sdl(fixtures.text(path.name))) for path in paths]


def _summary(cassette: Cassette) -> dict[str, object]:
    told = {name: _places(cassette.metadata.get(name)) for name in ("volatile", "scrubbed")}
    when = cassette.metadata.get("when") or cassette.metadata.get("recorded")
    return {"cassette": cassette.name, "operation": cassette.operation, "when": when, **told}


def _places(listed: object) -> list[str]:
    return sorted({_INDEX.sub("[]", str(place)) for place in listed}) if isinstance(listed, list | tuple) else []


def _operation_of(call: Call) -> str | None:
    found = call.world.tape.find(call.request)
    return found.recordings[0].operation if isinstance(found, Found) else asked_fields(call.request) or None


def _play(call: Call) -> Reply:
    playing: _Playing = call.world
    call.origin = "fixture"
    found = playing.tape.find(call.request)
    if isinstance(found, Missing):
        call.operation = asked_fields(call.request) or None
        call.nearest = found.nearest.cassette if found.nearest else None
        return _not_recorded(call, found)
    call.operation = found.recordings[0].operation
    turn = min(playing.played[found.group], len(found.recordings) - 1)
    playing.played[found.group] += 1
    reply = found.recordings[turn].reply
    # The body is sent whole and as text, however it once travelled.
    headers = tuple(pair for pair in reply.headers if pair[0] not in _ANEW)
    return replace(reply, headers=(*headers, *_apart(found)))


def _apart(found: Found) -> Headers:
    """Say what was not asked in quite the same way: whoever takes the recording for the supplier has to know."""
    told = f"{found.recordings[0].cassette}, with other {' and '.join(found.apart)}"
    return ((_APART, told),) if found.apart else ()


def _not_recorded(call: Call, missing: Missing) -> Reply:
    message, told = f"apitwin: this request was not recorded{_nearest(missing)}", _told(missing)
    if asked_fields(call.request):
        return json_reply(
            {"errors": [{"message": message, "extensions": {"code": NOT_RECORDED, **told}}]}, _NOT_IMPLEMENTED
        )
    return json_reply({"error": message, "code": NOT_RECORDED, **told}, _NOT_IMPLEMENTED)


def _nearest(missing: Missing) -> str:
    if missing.nearest is None:
        return ", nor was any other"
    first = missing.differences[0]
    more = f" and {len(missing.differences) - 1} more" if len(missing.differences) > 1 else ""
    differs = f"{first.path}: recorded {first.recorded[:80]}, asked {first.asked[:80]}{more}"
    return f"; the nearest recording is {missing.nearest.cassette} ({differs})"


def _told(missing: Missing) -> dict[str, Any]:
    if missing.nearest is None:
        return {"nearest": None, "differences": []}
    request = missing.nearest.request
    nearest = {
        "cassette": missing.nearest.cassette,
        "operation": missing.nearest.operation,
        "method": request.method,
        "path": request.path,
    }
    differences = [
        {"path": one.path, "recorded": one.recorded, "asked": one.asked} for one in missing.differences[:_SHOWN]
    ]
    return {"nearest": nearest, "differences": differences}
