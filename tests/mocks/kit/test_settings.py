import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apitwin_fixtures import Reply, Request
from apitwin_mocks.kit.clock import EPOCH
from apitwin_mocks.kit.courier import Courier
from apitwin_mocks.kit.settings import RateLimit, Rates
from apitwin_mocks.kit.webhooks import Outcome, Webhook
from apitwin_mocks.server import Server
from tests.mocks.kit.test_control import hold
from tests.mocks.kit.toy import get, toy_server
from tests.mocks.replay import answer

DEFAULTS: dict[str, Any] = {
    "rate_limit": None,
    "webhook_hosts": [],
    "webhook_timeout": 10.0,
    "choices": {"toy": {"mood": "calm"}},
}


@pytest.fixture
def server(tmp_path: Path) -> Server:
    server = toy_server(tmp_path, courier=Courier(lambda _parcel: Outcome(500)))
    server.suppliers = {"toy": replace(server.suppliers["toy"], switches={"mood": ("calm", "wild")})}
    server._control._suppliers = server.suppliers
    return server


def ask(server: Server, method: str, path: str, body: Any = None, query: str = "") -> Reply:
    raw = b"" if body is None else json.dumps(body).encode()
    reply = answer(server, Request(method, f"/_twin{path}", query, (), raw))
    hold(method, path, reply)
    return reply


def test_settings_begin_with_the_defaults_and_change_one_by_one(server: Server) -> None:
    assert ask(server, "GET", "/settings").json == DEFAULTS
    limit = {"requests": 2, "seconds": 1.5}
    assert ask(server, "PATCH", "/settings", {"rate_limit": limit}).json == {**DEFAULTS, "rate_limit": limit}
    wild: Any = ask(server, "PATCH", "/settings", {"choices": {"toy": {"mood": "wild"}}, "rate_limit": None}).json
    assert wild == {**DEFAULTS, "choices": {"toy": {"mood": "wild"}}}
    hosts = ask(server, "PATCH", "/settings", {"webhook_hosts": ["B.example", "a.example"], "webhook_timeout": 1}).json
    assert hosts == {**wild, "webhook_hosts": ["a.example", "b.example"], "webhook_timeout": 1.0}
    ask(server, "POST", "/reset")
    assert ask(server, "GET", "/settings").json == DEFAULTS


WRONG = [
    {},
    {"colour": 1},
    {"rate_limit": 5},
    {"rate_limit": {"requests": 0, "seconds": 1}},
    {"rate_limit": {"requests": True, "seconds": 1}},
    {"rate_limit": {"requests": 1, "seconds": 0}},
    {"rate_limit": {"requests": 1}},
    {"webhook_hosts": "a.example"},
    {"webhook_hosts": [""]},
    {"webhook_timeout": 0},
    {"webhook_timeout": 61},
    {"webhook_timeout": "1"},
    {"choices": {"toy": {"mood": "sad"}}},
    {"choices": {"toy": {"size": "big"}}},
    {"choices": {"nobody": {"mood": "calm"}}},
    {"choices": {"toy": "wild"}},
    {"choices": []},
    {"choices": {"toy": {"mood": ["wild"]}}},
]


@pytest.mark.parametrize("wrong", WRONG, ids=json.dumps)
def test_what_cannot_be_set_is_refused_and_changes_nothing(server: Server, wrong: dict[str, Any]) -> None:
    reply = ask(server, "PATCH", "/settings", wrong)
    assert reply.status == 400
    assert ask(server, "PATCH", "/settings", {"webhook_timeout": 3, **(wrong or {"x": 1})}).status == 400
    assert ask(server, "GET", "/settings").json == DEFAULTS


def test_sessions_have_settings_of_their_own_and_hosts_of_the_server(tmp_path: Path) -> None:
    server = toy_server(tmp_path, webhook_hosts=["Shop.example"])
    ask(server, "PATCH", "/settings", {"webhook_hosts": []})
    assert answer(server, Request("GET", "/s/other/_twin/settings")).json == {
        **DEFAULTS,
        "webhook_hosts": ["shop.example"],
        "choices": {},
    }


def test_above_the_limit_requests_are_refused_until_the_clock_moves(server: Server) -> None:
    ask(server, "PATCH", "/settings", {"rate_limit": {"requests": 2, "seconds": 10}})
    show = get("/toy/cups/c1")
    assert [answer(server, show).status for _ in range(3)] == [200, 200, 429]
    ask(server, "POST", "/clock/advance", {"seconds": 4.5})
    refused = answer(server, show)
    assert (refused.status, refused.header("retry-after")) == (429, "6")
    ask(server, "POST", "/clock/advance", {"seconds": 5.5})
    assert answer(server, show).status == 200
    assert answer(server, get("/s/other/toy/cups/c1")).status == 200


def test_a_supplier_that_has_a_code_for_it_uses_it(server: Server) -> None:
    server.suppliers = {"toy": replace(server.suppliers["toy"], rate_limited="BROKEN")}
    ask(server, "PATCH", "/settings", {"rate_limit": {"requests": 1, "seconds": 10}})
    answer(server, get("/toy/cups/c1"))
    refused = answer(server, get("/toy/cups/c1"))
    assert (refused.status, refused.json) == (500, {"error": "broken"})
    *_, entry = server.sessions.get("default").journal.read()
    assert (entry.code, entry.operation) == ("BROKEN", "show")


@given(st.integers(1, 5), st.integers(1, 60), st.lists(st.integers(-5, 40), max_size=40))
def test_no_window_holds_more_than_the_limit_and_waiting_helps(requests: int, seconds: int, steps: list[int]) -> None:
    rates, limit, now = Rates(), RateLimit(requests, seconds), EPOCH
    let_in = []
    for step in steps:
        now += timedelta(seconds=max(step, 0))
        wait = rates.wait("toy", limit, now)
        if not wait:
            let_in.append(now)
        else:
            assert 1 <= wait <= seconds
            now += timedelta(seconds=wait)
            assert rates.wait("toy", limit, now) == 0
            let_in.append(now)
    window = timedelta(seconds=seconds)
    assert all(sum(1 for other in let_in if first <= other < first + window) <= requests for first in let_in)


def test_webhooks_are_seen_with_their_attempts(server: Server) -> None:
    outbox = server.sessions.get("default").outbox
    for number in range(3):
        outbox.queue(Webhook("toy", "told", str(number), "http://127.0.0.1:9/", b"{}"))
    assert ask(server, "GET", "/health").status == 200
    seen: Any = ask(server, "GET", "/webhooks").json
    assert (seen["count"], seen["waiting"]) == (3, 3)
    assert [webhook["attempts"] for webhook in seen["webhooks"]] == [
        [{"at": EPOCH.isoformat(), "status": 500, "problem": None}]
    ] * 3
    ask(server, "POST", "/clock/advance", {"seconds": 10})
    later: Any = ask(server, "GET", "/webhooks", query="limit=1&state=pending&supplier=toy").json
    assert [(webhook["number"], len(webhook["attempts"])) for webhook in later["webhooks"]] == [(3, 2)]
    assert ask(server, "GET", "/webhooks", query="state=delivered").json == {**seen, "webhooks": []}
    assert ask(server, "GET", "/webhooks", query="supplier=axro&limit=0").json == {**seen, "webhooks": []}
    assert ask(server, "GET", "/webhooks", query="state=lost").status == 400
    journal: Any = ask(server, "GET", "/journal", query="operation=told").json
    assert {entry["origin"] for entry in journal["entries"]} == {"webhook"}
    assert len(journal["entries"]) == 6
