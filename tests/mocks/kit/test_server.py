import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from apitwin_fixtures import Reply, Request
from apitwin_mocks.server import Server
from tests.mocks.kit.toy import get, toy_server


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return toy_server(tmp_path)


def ask(server: Server, method: str, path: str, body: object = None, query: str = "") -> Reply:
    raw = b"" if body is None else json.dumps(body).encode()
    return asyncio.run(server.answer(Request(method, path, query, (), raw)))


def over_asgi(server: Server, scope: dict[str, Any], *messages: dict[str, Any]) -> list[dict[str, Any]]:
    waiting, sent = list(messages), []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(dict(message))

    asyncio.run(server(scope, receive, send))
    return sent


def http(path: str, method: str = "GET") -> dict[str, Any]:
    return {"type": "http", "method": method, "path": path, "query_string": b"", "headers": [(b"accept", b"*/*")]}


def test_a_session_is_chosen_by_the_url_and_knows_nothing_of_another(server: Server) -> None:
    ask(server, "POST", "/s/one/toy/cups/c1")
    assert ask(server, "GET", "/s/one/toy/cups/c1").json["full"] is True  # type: ignore[index] # JSON
    assert ask(server, "GET", "/s/two/toy/cups/c1").json["full"] is False  # type: ignore[index] # JSON
    assert ask(server, "GET", "/toy/cups/c1").json["full"] is False  # type: ignore[index] # JSON


def test_sessions_have_clocks_of_their_own(server: Server) -> None:
    ask(server, "POST", "/s/one/_twin/clock/advance", {"seconds": 3600})
    assert ask(server, "GET", "/s/one/toy/cups/c1").json["at"] == "2026-01-01T01:00:00+00:00"  # type: ignore[index] # JSON
    assert ask(server, "GET", "/toy/cups/c1").json["at"] == "2026-01-01T00:00:00+00:00"  # type: ignore[index] # JSON


def test_a_path_without_its_supplier_goes_to_the_only_one_that_owns_it(server: Server) -> None:
    assert ask(server, "GET", "/cups/c1").status == 200
    lost = ask_asgi(server, "/nowhere")
    assert lost[0]["status"] == 404
    assert b"/toy" in lost[1]["body"]


def ask_asgi(server: Server, path: str) -> list[dict[str, Any]]:
    return over_asgi(server, http(path), {"type": "http.request", "body": b"", "more_body": False})


@pytest.mark.parametrize("path", ["/s/", "/s/a b/toy/cups/c1", f"/s/{'x' * 65}/toy/cups/c1"])
def test_a_session_name_that_no_url_carries_is_refused(server: Server, path: str) -> None:
    sent = ask_asgi(server, path)
    assert sent[0]["status"] == 404
    assert b"a session's name" in sent[1]["body"]


def test_a_body_in_parts_is_joined_and_a_head_has_none(server: Server) -> None:
    parts = [
        {"type": "http.request", "body": b"{", "more_body": True},
        {"type": "http.request", "body": b"}", "more_body": False},
    ]
    sent = over_asgi(server, http("/_twin/reset", "POST"), *parts)
    assert sent[0]["status"] == 200
    head = over_asgi(server, http("/toy/cups/c1", "HEAD"), {"type": "http.request", "body": b""})
    assert head[1]["body"] == b""


@pytest.mark.parametrize("parts", [1, 3])
def test_a_body_beyond_ten_mebibytes_is_refused(server: Server, parts: int) -> None:
    size = 10 * 1024 * 1024 // parts + 1
    messages = [
        {"type": "http.request", "body": b"x" * size, "more_body": number < parts - 1} for number in range(parts)
    ]
    sent = over_asgi(server, http("/toy/cups/c1", "POST"), *messages)
    assert sent[0]["status"] == 413


def test_it_starts_stops_and_closes_websockets(server: Server) -> None:
    sent = over_asgi(server, {"type": "lifespan"}, {"type": "lifespan.startup"}, {"type": "lifespan.shutdown"})
    assert [message["type"] for message in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert over_asgi(server, {"type": "websocket"})[0]["type"] == "websocket.close"


def test_refusals_have_the_suppliers_own_bytes_and_the_journal_says_what_came_nearest(server: Server) -> None:
    assert ask(server, "GET", "/toy/cup/c1").json == {"error": "nothing at /cup/c1"}
    wrong = ask(server, "DELETE", "/toy/cups/c1")
    assert (wrong.status, wrong.header("allow")) == (405, "GET,POST")
    assert ask(server, "GET", "/toy/cups/c9").json == {"error": "no cup c9"}
    entries = ask(server, "GET", "/_twin/journal").json["entries"]  # type: ignore[index] # JSON
    assert [(entry["code"], entry["operation"]) for entry in entries] == [
        ("NOT_FOUND", None),
        ("METHOD_NOT_ALLOWED", "show"),
        ("UNKNOWN_CUP", "show"),
    ]
    assert "/cups/{name}" in entries[0]["nearest"]


def test_the_journal_hides_secrets_and_is_filtered(server: Server) -> None:
    asyncio.run(server.answer(get("/toy/cups/c1", "token=geheim&x=1")))
    ask(server, "POST", "/toy/cups/c1")
    assert "geheim" not in ask(server, "GET", "/_twin/journal").text
    filled = ask(server, "GET", "/_twin/journal", query="operation=fill&status=200").json
    assert [entry["number"] for entry in filled["entries"]] == [2]  # type: ignore[index] # JSON
    assert ask(server, "GET", "/_twin/journal", query="supplier=other").json == {"count": 2, "entries": []}


def test_a_fault_strikes_as_often_as_ordered_and_says_so(server: Server) -> None:
    ask(server, "POST", "/_twin/faults", {"supplier": "toy", "operation": "show", "code": "BROKEN", "times": 2})
    statuses = [ask(server, "GET", "/toy/cups/c1").status for _ in range(3)]
    assert statuses == [500, 500, 200]
    origins = [entry["origin"] for entry in ask(server, "GET", "/_twin/journal").json["entries"]]  # type: ignore[index] # JSON
    assert origins == ["fault", "fault", "behaviour"]


def test_a_late_answer_waits_as_long_as_ordered(tmp_path: Path) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    server = toy_server(tmp_path, sleep=sleep)
    ask(server, "POST", "/_twin/faults", {"supplier": "toy", "delay": 1.5, "times": 1})
    assert ask(server, "GET", "/toy/cups/c1").status == 200
    assert waited == [1.5]


def test_the_same_seed_gives_the_same_journal(tmp_path: Path) -> None:
    journals = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        server = toy_server(tmp_path / name)
        ask(server, "POST", "/toy/cups/c1")
        ask(server, "GET", "/toy/cups/c7")
        journals.append(ask(server, "GET", "/_twin/journal").body)
    assert journals[0] == journals[1]
