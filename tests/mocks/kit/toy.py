"""A mocked supplier of a few lines, for tests of the kit alone."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from apitwin_fixtures import Fixtures, Request
from apitwin_mocks.kit.call import Call
from apitwin_mocks.kit.clock import TimeSource, standing
from apitwin_mocks.kit.errors import MisuseError, Refusal
from apitwin_mocks.kit.rest import RestEndpoint, Route
from apitwin_mocks.kit.session import Session
from apitwin_mocks.kit.store import Table
from apitwin_mocks.server import Server
from apitwin_mocks.supplier import Seeding, Supplier, World

__all__ = ["toy_server"]

ERRORS = {
    "NOT_FOUND": (404, {"error": "nothing at {path}"}, {}),
    "METHOD_NOT_ALLOWED": (405, {"error": "not {method}"}, {"allow": "{allowed}"}),
    "UNKNOWN_CUP": (404, {"error": "no cup {name}"}, {}),
    "BROKEN": (500, {"error": "broken"}, {}),
}


@dataclass(frozen=True)
class Cup:
    """A row."""

    name: str
    full: bool = False


class Toy(World):
    """Cups that can be filled."""

    def __init__(self, catalogue: Mapping[str, Cup]) -> None:
        self.cups: Table[Cup] = Table(catalogue)

    def tables(self) -> Mapping[str, Table[Any]]:
        return {"cups": self.cups}

    def edit(self, table: str, key: str, changes: Mapping[str, Any]) -> object:
        if table != "cups" or set(changes) != {"full"}:
            message = "a cup has nothing but full"
            raise MisuseError(message)
        self.cups.put(key, replace(self.cups[key], full=bool(changes["full"])))
        return self.cups[key]


def _show(call: Call, name: str) -> object:
    if name not in call.world.cups:
        raise Refusal("UNKNOWN_CUP", name=name)
    return {"name": name, "full": call.world.cups[name].full, "at": call.session.clock.now().isoformat()}


def _fill(call: Call, name: str) -> object:
    call.world.cups.put(name, Cup(name, full=True))
    return {"filled": name}


ENDPOINT = RestEndpoint(
    [Route(("GET",), "/cups/{name}", "show", _show), Route(("POST",), "/cups/{name}", "fill", _fill)],
    not_found="NOT_FOUND",
    method_not_allowed="METHOD_NOT_ALLOWED",
)


def _open_world(catalogue: Mapping[str, Cup], session: Session) -> Toy:
    assert session.name
    return Toy(catalogue)


def toy_server(folder: Path, time: TimeSource = standing, **more: Any) -> Server:
    entries = [
        {
            "code": code,
            "placement": "reply",
            "status": status,
            "body": body,
            "headers": headers,
            "trigger": "a test",
            "source": {"kind": "assumed", "where": "here"},
        }
        for code, (status, body, headers) in ERRORS.items()
    ]
    (folder / "errors.json").write_text(json.dumps({"format": "apitwin/errors/1", "errors": entries}), "utf-8")
    supplier = Supplier(
        name="toy",
        title="Toy",
        fixtures=Fixtures(folder),
        catalogue=lambda seeding: {f"c{number}": Cup(f"c{number}") for number in range(seeding.products)},
        world=_open_world,
        authenticate=lambda _call: None,
        endpoint=ENDPOINT,
        owns=lambda path: path.startswith("/cups"),
        operation_of=lambda call: ENDPOINT.operation_of(call.request.method, call.request.path),
        secret_parameters=frozenset({"token"}),
    )
    return Server({"toy": supplier}, Seeding(products=3), time=time, **more)


def get(path: str, query: str = "") -> Request:
    return Request("GET", path, query)
