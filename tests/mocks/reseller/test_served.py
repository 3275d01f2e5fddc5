import itertools
import json
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
import urllib3

from apitwin_mocks.server import Server
from apitwin_mocks.supplier import Seeding
from apitwin_mocks.suppliers.reseller import SUPPLIER
from tests.mocks.receiver import HANG, Hit, Receiver, says
from tests.mocks.reseller.client import FIXTURES, fresh_server, line
from tests.mocks.served import served


class Shop:
    """A shop that talks HTTP."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.pool = urllib3.PoolManager(maxsize=64, retries=False)
        known = FIXTURES.credentials["default"]
        body = {"Email": known["email"], "Password": known["password"]}
        token = self.ask("POST", "/reseller/Login/Customer/Api/Verify", body)["data"]["Token"]
        self.headers = {"authorization": f"Bearer {token}"}

    def request(self, method: str, path: str, body: object = None) -> urllib3.BaseHTTPResponse:
        headers = {**getattr(self, "headers", {}), "content-type": "application/json"}
        raw = None if body is None else json.dumps(body).encode()
        return self.pool.request(method, self.base + path, body=raw, headers=headers)

    def ask(self, method: str, path: str, body: object = None) -> Any:
        reply = self.request(method, path, body)
        assert reply.status == 200, reply.data
        return json.loads(reply.data, parse_float=Decimal)

    def create(self, *lines: dict[str, Any], url: str | None = None) -> Any:
        return self.ask("POST", "/reseller/Order/create", {"basketData": list(lines), "NotifyURL": url})["data"]

    def advance(self, seconds: float) -> None:
        self.ask("POST", "/_twin/clock/advance", {"seconds": seconds})

    @property
    def waiting(self) -> int:
        return int(self.ask("GET", "/_twin/webhooks?limit=0")["waiting"])


@pytest.fixture
def shop() -> Iterator[Shop]:
    with served(fresh_server()) as base:
        shop = Shop(base)
        yield shop
        shop.pool.clear()


def until(holds: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_two_hundred_concurrent_creates_with_twenty_identifiers_make_twenty_orders(shop: Shop) -> None:
    wanted = [{"basketData": [line(10, 1 + number % 3, f"order-{number}")]} for number in range(20)] * 10
    Random(0).shuffle(wanted)
    gate = threading.Barrier(20)

    def create(body: dict[str, Any]) -> tuple[str, bytes]:
        if not gate.broken:
            gate.wait(10)
        reply = shop.request("POST", "/reseller/Order/create", body)
        assert reply.status == 200
        return body["basketData"][0]["DeliverID"], reply.data

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(create, wanted))
    by_identifier = defaultdict(set)
    for identifier, answer in answers:
        by_identifier[identifier].add(answer)
    assert Counter(len(found) for found in by_identifier.values()) == {1: 20}
    orders = shop.ask("POST", "/reseller/Order/customer/list", {"pageSize": 1000})["data"]
    assert len(orders) == 20
    spent = sum(order["TotalPrice"] for order in orders)
    assert spent == Decimal("5.05") * sum(1 + number % 3 for number in range(20))
    assert shop.ask("GET", "/reseller/Customer/Get")["data"]["balance"] == Decimal("10000.00") - spent


def test_of_two_payloads_at_the_same_moment_one_wins(shop: Shop) -> None:
    bodies = [{"basketData": [line(10, 1 + number % 2, "one")]} for number in range(40)]
    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(lambda body: shop.request("POST", "/reseller/Order/create", body).status, bodies))
    assert Counter(statuses) == {200: 20, 409: 20}
    assert len(shop.ask("POST", "/reseller/Order/customer/list")["data"]) == 1


def test_requests_go_on_while_a_receiver_hangs(shop: Shop) -> None:
    with Receiver(lambda _hit: HANG) as receiver, Receiver() as other:
        shop.create(line(), url=receiver.url)
        shop.create(line(), url=other.url)
        shop.advance(30)
        until(lambda: len(receiver.hits) == 1 and len(other.hits) == 1)
        started = time.monotonic()
        for _ in range(20):
            shop.ask("GET", "/reseller/Customer/Get")
        assert time.monotonic() - started < 2
        assert shop.waiting == 1


def test_a_receiver_may_ask_the_platform_before_it_answers(shop: Shop) -> None:
    seen = []

    def answer(hit: Hit) -> bytes:
        number = hit.json["OrderDetailID"]
        seen.append(shop.ask("GET", f"/reseller/Order/detail/{number}")["data"]["Status"])
        return says(200)

    with Receiver(answer) as receiver:
        shop.create(line(), url=receiver.url)
        shop.advance(90)
        until(lambda: shop.waiting == 0)
    assert seen[-1] == 1
    assert len(seen) == 2


def test_every_webhook_arrives_in_order_at_a_receiver_that_fails_half_of_the_time(shop: Shop) -> None:
    random, late = Random(3), []
    heard: dict[int, list[int]] = defaultdict(list)

    def answer(hit: Hit) -> bytes:
        number, status = hit.json["OrderDetailID"], hit.json["Status"]
        if status in heard[number]:
            late.append(number)
        if random.random() < 0.5:
            return says(500)
        heard[number].append(status)
        return says(200)

    with Receiver(answer) as receiver:
        for _ in range(5):
            shop.create(*(line(10) for _ in range(50)), url=receiver.url)
        shop.advance(30)
        shop.advance(60)
        for _ in range(200):
            until(lambda: shop.waiting == 0 or _all_attempted(shop))
            if shop.waiting == 0:
                break
            shop.advance(3600)
    assert {number: [2, 1] for number in range(55501, 55751)} == heard
    assert late == []


def _all_attempted(shop: Shop) -> bool:
    now = shop.ask("GET", "/_twin/clock")["now"]
    pending = shop.ask("GET", "/_twin/webhooks?state=pending&limit=1000")["webhooks"]
    heads: dict[str, Any] = {}
    for webhook in pending:
        heads.setdefault(webhook["key"], webhook)
    return all(webhook["due"] > now for webhook in heads.values())


def test_where_time_runs_lines_live_on_and_retries_happen_although_nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apitwin_mocks.server._BEAT", 0.02)
    ticks = itertools.count()

    def hurried() -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=next(ticks) * 5)

    answers = iter([says(500), says(200), says(200)])
    server = Server({"reseller": SUPPLIER}, Seeding(products=10), time=hurried)
    with Receiver(lambda _hit: next(answers)) as receiver, served(server) as base:
        shop = Shop(base)
        shop.create(line(), url=receiver.url)
        until(lambda: len(receiver.hits) == 3, 60)
        shop.pool.clear()
    assert [hit.json["Status"] for hit in receiver.hits] == [2, 2, 1]


def test_a_server_that_stops_waits_for_no_receiver() -> None:
    with Receiver(lambda _hit: HANG) as receiver:
        with served(fresh_server()) as base:
            shop = Shop(base)
            shop.create(line(), url=receiver.url)
            shop.advance(30)
            until(lambda: len(receiver.hits) == 1)
            started = time.monotonic()
            shop.pool.clear()
        assert time.monotonic() - started < 5
