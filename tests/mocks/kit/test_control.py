import asyncio
import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from apitwin_fixtures import Reply, Request
from apitwin_mocks.kit.control import openapi
from apitwin_mocks.server import Server
from tests.mocks.kit.toy import toy_server


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return toy_server(tmp_path)


def ask(server: Server, method: str, path: str, body: Any = None, query: str = "") -> Reply:
    raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    reply = asyncio.run(server.answer(Request(method, f"/_twin{path}", query, (), raw)))
    hold(method, path, reply)
    return reply


def hold(method: str, path: str, reply: Reply) -> None:
    """Every reply is one that the document describes."""
    template = next((known for known in openapi()["paths"] if matches(known, path)), None)
    operation = openapi()["paths"].get(template or "", {}).get(method.lower())
    if operation is None:
        assert reply.status in (404, 405)
        return
    schema = operation["responses"][str(reply.status)]["content"]["application/json"]["schema"]
    jsonschema_rs.validate({**schema, "components": openapi()["components"]}, reply.json, validate_formats=True)


def matches(template: str, path: str) -> bool:
    parts, given = template.split("/"), path.split("/")
    return len(parts) == len(given) and all(
        one == other or one.startswith("{") for one, other in zip(parts, given, strict=True)
    )


def test_health_names_the_suppliers(server: Server) -> None:
    assert ask(server, "GET", "/health").json == {"status": "ok", "twin": "apitwin", "suppliers": ["toy"]}


def test_its_document_is_served_and_is_a_schema(server: Server) -> None:
    assert ask(server, "GET", "/openapi.json").json == openapi()
    for name, schema in openapi()["components"]["schemas"].items():
        jsonschema_rs.meta.validate(schema | {"title": name})


def test_every_documented_route_answers(server: Server) -> None:
    for path, methods in openapi()["paths"].items():
        for method in methods:
            concrete = (
                path.replace("{name}", "x")
                .replace("{supplier}", "toy")
                .replace("{table}", "cups")
                .replace("{key}", "c1")
            )
            assert ask(server, method.upper(), concrete, {}).status != 405, path


def test_the_clock_is_set_frozen_resumed_and_advanced(server: Server) -> None:
    assert ask(server, "PUT", "/clock", {"now": "2030-05-01T10:00:00+02:00", "frozen": True}).json == {
        "now": "2030-05-01T08:00:00+00:00",
        "frozen": True,
    }
    assert ask(server, "POST", "/clock/advance", {"seconds": 1.5}).json["now"] == "2030-05-01T08:00:01.500000+00:00"  # type: ignore[index] # JSON
    assert ask(server, "PUT", "/clock", {"frozen": False}).json["frozen"] is False  # type: ignore[index] # JSON


@pytest.mark.parametrize(
    ("method", "path", "body", "says"),
    [
        ("PUT", "/clock", {"now": "yesterday"}, "2026-01-01T12:00:00Z"),
        ("PUT", "/clock", {"now": "2026-01-01T12:00:00"}, "offset"),
        ("PUT", "/clock", {"now": 5}, "instant"),
        ("PUT", "/clock", {}, "frozen"),
        ("PUT", "/clock", {"then": 1}, "frozen"),
        ("PUT", "/clock", {"frozen": "yes"}, "true or false"),
        ("POST", "/clock/advance", {"seconds": -1}, "from 0"),
        ("POST", "/clock/advance", {"seconds": True}, "from 0"),
        ("POST", "/clock/advance", {}, "seconds"),
        ("POST", "/clock/advance", {"seconds": 1, "minutes": 1}, "nothing else"),
        ("POST", "/clock/advance", b"{", "not JSON"),
        ("POST", "/clock/advance", b"[]", "object"),
        ("POST", "/faults", {"supplier": "nobody"}, "there are toy"),
        ("POST", "/faults", {"supplier": "toy", "code": "NOPE"}, "no code"),
        ("POST", "/faults", {"supplier": "toy", "times": 0}, "times"),
        ("POST", "/faults", {"code": "BROKEN"}, "supplier"),
        ("PATCH", "/state/toy/cups/c1", {"colour": "red"}, "nothing but full"),
    ],
)
def test_bad_input_is_refused_and_says_what_would_work(
    server: Server, method: str, path: str, body: Any, says: str
) -> None:
    reply = ask(server, method, path, body)
    assert reply.status == 400
    assert says in reply.text


@pytest.mark.parametrize("query", ["status=abc", "limit=-1", "limit=99999", "status=٣"])
def test_numbers_in_a_query_are_checked(server: Server, query: str) -> None:
    assert ask(server, "GET", "/journal", query=query).status == 400


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/state/nobody/cups", "there are toy"),
        ("/state/toy/plates", "it has cups"),
        ("/state/toy/cups/c99", "no 'c99'"),
        ("/clok", "/clock"),
    ],
)
def test_what_is_not_there_names_what_is(server: Server, path: str, says: str) -> None:
    reply = ask(server, "GET", path)
    assert reply.status == 404
    assert says in reply.text


def test_a_wrong_method_is_told_the_right_ones(server: Server) -> None:
    reply = ask(server, "DELETE", "/clock")
    assert (reply.status, reply.header("allow")) == (405, "GET, PUT")


def test_state_is_counted_read_and_edited(server: Server) -> None:
    assert ask(server, "GET", "/state").json == {"state": {"toy": {"cups": 3}}}
    assert ask(server, "PATCH", "/state/toy/cups/c1", {"full": True}).json == {
        "key": "c1",
        "row": {"name": "c1", "full": True},
    }
    shown = ask(server, "GET", "/state/toy/cups", query="limit=2").json
    assert shown["count"] == 3  # type: ignore[index] # JSON
    assert [row["key"] for row in shown["rows"]] == ["c0", "c1"]  # type: ignore[index] # JSON


def test_a_reset_forgets_everything(server: Server) -> None:
    ask(server, "PATCH", "/state/toy/cups/c1", {"full": True})
    ask(server, "POST", "/clock/advance", {"seconds": 60})
    ask(server, "POST", "/faults", {"supplier": "toy", "code": "BROKEN"})
    assert ask(server, "POST", "/reset").json["now"] == "2026-01-01T00:00:00+00:00"  # type: ignore[index] # JSON
    assert ask(server, "GET", "/state/toy/cups/c1").json["row"]["full"] is False  # type: ignore[index] # JSON
    assert ask(server, "GET", "/faults").json == {"faults": []}


def test_sessions_are_listed_and_dropped(server: Server) -> None:
    asyncio.run(server.answer(Request("GET", "/s/one/toy/cups/c1")))
    names = [session["name"] for session in ask(server, "GET", "/sessions").json["sessions"]]  # type: ignore[index] # JSON
    assert names == ["one", "default"]
    assert ask(server, "DELETE", "/sessions/one").json == {"dropped": "one"}
    assert ask(server, "DELETE", "/sessions/one").status == 404
