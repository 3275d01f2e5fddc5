"""`apitwin serve`: what a developer sees and gets."""

import socket

import httpx

from tests.journeys.command import Command, Served

TOKEN = {"authorization": "Bearer TINY_TOKEN"}


def test_it_says_where_and_with_what(served: Served) -> None:
    for said in (f"{served.url}/tiny", "token TINY_TOKEN", "the first customer", "/_twin/openapi.json", "seed 0"):
        assert said in served.greeting


def test_it_answers(served: Served) -> None:
    assert httpx.get(f"{served.url}/tiny/v1/items", headers=TOKEN).json()["pages"] == 6
    assert httpx.get(f"{served.url}/s/mine/tiny/v1/items", headers=TOKEN).status_code == 200
    assert httpx.get(f"{served.url}/_twin/health").json()["suppliers"] == ["tiny"]


def test_its_clock_runs(served: Served) -> None:
    first, second = (httpx.get(f"{served.url}/_twin/clock").json()["now"] for _ in range(2))
    assert first < second


def test_ctrl_c_ends_it_quietly(apitwin: Command) -> None:
    with apitwin.serve("tiny", "--seed", "7", "--products", "3", "--clock", "2026-01-01T12:00:00Z") as running:
        clock = [httpx.get(f"{running.url}/_twin/clock").json()["now"] for _ in range(2)]
        items = httpx.get(f"{running.url}/tiny/v1/items", headers=TOKEN).json()["items"]
        assert running.interrupt() == 130
        assert running.process.stderr
        assert "Traceback" not in running.rest
    assert clock == ["2026-01-01T12:00:00+00:00"] * 2
    assert [item["name"] for item in items] == ["Item 7"] * 3


def test_a_busy_port_is_a_wrong_use(apitwin: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        shown = apitwin("serve", "tiny", "--port", port)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert shown.stderr.startswith(f"apitwin: cannot listen on 127.0.0.1 port {port}: Address already in use")
