import asyncio
import hmac
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apitwin_mocks.kit.clock import EPOCH, standing
from apitwin_mocks.kit.courier import Courier, post
from apitwin_mocks.kit.session import Session, Sessions
from apitwin_mocks.kit.webhooks import (
    SINGLE,
    Delivery,
    Outcome,
    Parcel,
    Retries,
    Webhook,
    hmac_signature,
    may_receive,
)
from tests.mocks.receiver import DRIP, HANG, Hit, Receiver, says

NOWHERE = "http://127.0.0.1:9/hook"
PAUSES = [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]


def fresh_session(courier: Courier | None = None, name: str = "default") -> Session:
    return Sessions(0, standing, lambda _session, _supplier: None, courier).get(name)


def tell(session: Session, url: str, key: str = "line", body: bytes = b"{}", **more: Any) -> Delivery:
    return session.outbox.queue(Webhook("shop", "told", key, url, body, **more))


def deliver(session: Session) -> None:
    session.catch_up()


def advance(session: Session, seconds: float) -> None:
    session.clock.advance(timedelta(seconds=seconds))


def answering(*outcomes: Outcome) -> Callable[[Parcel], Outcome]:
    left = list(outcomes)
    return lambda _parcel: left.pop(0) if left else Outcome(200)


def statuses(delivery: Delivery) -> list[int | str | None]:
    return [attempt.status or attempt.problem for attempt in delivery.attempts]


def test_what_is_queued_arrives_with_its_headers_and_body() -> None:
    session = fresh_session()
    with Receiver() as receiver:
        url = f"{receiver.url}?shop=7&x=ü z"
        delivery = tell(session, url, body=b'{"a": 1}', headers=(("apikey", "k"),), secrets=frozenset({"apikey"}))
        deliver(session)
    [hit] = receiver.hits
    assert (hit.target, hit.json) == ("/hook?shop=7&x=%C3%BC%20z", {"a": 1})
    assert (hit.headers["apikey"], hit.headers["content-type"]) == ("k", "application/json")
    assert (delivery.state, statuses(delivery)) == ("delivered", [200])
    assert delivery.as_json() == {
        "number": 1,
        "supplier": "shop",
        "event": "told",
        "key": "line",
        "url": url,
        "headers": {"apikey": "***"},
        "body": {"a": 1},
        "state": "delivered",
        "due": None,
        "attempts": [{"at": EPOCH.isoformat(), "status": 200, "problem": None}],
    }


def test_a_body_that_is_no_json_is_shown_as_text() -> None:
    session = fresh_session(Courier(answering()))
    assert tell(session, NOWHERE, body=b"\xffplain").as_json()["body"] == "\ufffdplain"


def test_every_attempt_is_in_the_journal_without_the_query() -> None:
    session = fresh_session(Courier(answering(Outcome(500), Outcome(None, "gone"))))
    tell(session, f"{NOWHERE}?token=secret")
    deliver(session)
    advance(session, 10)
    advance(session, 20)
    entries = [entry.as_json() for entry in session.journal.read()]
    assert [(entry["number"], entry["status"]) for entry in entries] == [(1, 500), (2, 0), (3, 200)]
    assert {entry["path"] for entry in entries} == {NOWHERE}
    assert {(entry["origin"], entry["method"], entry["operation"]) for entry in entries} == {
        ("webhook", "POST", "told")
    }


BAD = {
    "fails": (says(500), 500),
    "refuses": (says(404), 404),
    "redirects": (says(302, Location="/elsewhere"), 302),
    "redirects for good": (says(308, Location="/elsewhere"), 308),
    "closes": (b"", "RemoteDisconnected: Remote end closed connection without response"),
    "answers garbage": (b"\x00\xff\xfe hello\r\n\r\n", "BadStatusLine: \x00ÿþ hello\r\n"),
    "answers no HTTP": (b"220 smtp ready\r\n", "BadStatusLine: 220 smtp ready\r\n"),
    "answers half a status": (b"HTTP/1.1 20", "BadStatusLine: HTTP/1.1 20"),
    "answers an endless header": (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000, None),
    "hangs": (HANG, "no answer within 0.2 s"),
    "drips": (DRIP, "no answer within 0.2 s"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_receiver_is_survived_and_tried_again(kind: str) -> None:
    answer, seen = BAD[kind]
    session = fresh_session()
    session.settings.webhook_timeout = 0.2
    with Receiver(lambda _hit: answer) as receiver:
        delivery = tell(session, receiver.url)
        started = time.monotonic()
        deliver(session)
        assert time.monotonic() - started < 2
        assert statuses(delivery) == [seen] or (seen is None and "LineTooLong" in str(statuses(delivery)))
        assert (delivery.state, delivery.due) == ("pending", EPOCH + timedelta(seconds=10))
        receiver.answer = lambda _hit: says(200)
        advance(session, 9)
        assert len(receiver.hits) == 1
        advance(session, 1)
        advance(session, 10_000)
    assert (delivery.state, statuses(delivery)[1:]) == ("delivered", [200])
    assert [hit.target for hit in receiver.hits] == ["/hook", "/hook"]


@pytest.mark.parametrize("answer", [says(200), says(201), says(204, b""), says(299 - 73, b""), says(200, b"no json")])
def test_any_2xx_is_enough(answer: bytes) -> None:
    session = fresh_session()
    with Receiver(lambda _hit: answer) as receiver:
        delivery = tell(session, receiver.url)
        deliver(session)
    assert delivery.state == "delivered"


def test_a_2xx_with_an_endless_body_is_delivered() -> None:
    session = fresh_session()
    session.settings.webhook_timeout = 0.2
    with Receiver(lambda _hit: says(200).replace(b"Length: 3", b"Length: 9")) as receiver:
        delivery = tell(session, receiver.url)
        deliver(session)
    assert (delivery.state, len(receiver.hits)) == ("delivered", 1)


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/x", "http://127.0.0.1:99999/", "http://[::1", "https:///x", "http://"]
)
def test_an_unusable_url_is_a_problem_and_no_crash(url: str) -> None:
    outcome = post(Parcel(url, (), b"", 0.2))
    assert outcome.status is None
    assert outcome.problem


def test_headers_that_http_cannot_carry_are_a_problem_and_no_crash() -> None:
    with Receiver() as receiver:
        assert post(Parcel(receiver.url, (("apikey", "a\r\nb: c"),), b"", 0.2)).problem
        assert post(Parcel(receiver.url, (("apikey", "\u2603"),), b"", 0.2)).problem
    assert receiver.hits == []


def test_a_port_where_nobody_listens_is_a_problem() -> None:
    with Receiver() as receiver:
        url = receiver.url
    assert "Connection" in str(post(Parcel(url, (), b"", 0.2)).problem)


def test_pauses_double_up_to_an_hour_and_then_it_is_given_up() -> None:
    session = fresh_session(Courier(lambda _parcel: Outcome(503)))
    delivery = tell(session, NOWHERE, retries=Retries(attempts=12))
    deliver(session)
    for _ in range(20):
        session.clock.set(delivery.due)
    assert (delivery.state, session.outbox.waiting) == ("failed", 0)
    due = [EPOCH + timedelta(seconds=sum(PAUSES[:count])) for count in range(12)]
    assert [attempt.at for attempt in delivery.attempts] == [instant.isoformat() for instant in due]


def test_a_long_leap_makes_one_attempt_and_not_all_that_were_missed() -> None:
    session = fresh_session(Courier(lambda _parcel: Outcome(500)))
    delivery = tell(session, NOWHERE)
    deliver(session)
    advance(session, 10**8)
    assert len(delivery.attempts) == 2


def test_a_clock_set_back_attempts_nothing_again() -> None:
    session = fresh_session(Courier(answering(Outcome(500))))
    delivered, delivery = tell(session, NOWHERE, key="a"), tell(session, NOWHERE, key="b")
    deliver(session)
    advance(session, -86_400)
    assert len(delivered.attempts) + len(delivery.attempts) == 2
    advance(session, 86_410)
    assert [delivered.state, delivery.state] == ["delivered", "delivered"]


def test_of_one_key_the_next_waits_for_the_one_before_and_other_keys_wait_for_nobody() -> None:
    bodies: list[bytes] = []

    def attempt(parcel: Parcel) -> Outcome:
        bodies.append(parcel.body)
        return Outcome(500 if bodies.count(b"a1") < 3 and parcel.body == b"a1" else 200)

    session = fresh_session(Courier(attempt))
    for body in (b"a1", b"a2", b"b1", b"a3", b"b2"):
        tell(session, NOWHERE, key=body[:1].decode(), body=body)
    deliver(session)
    assert bodies == [b"a1", b"b1", b"b2"]
    advance(session, 10)
    assert bodies[3:] == [b"a1"]
    advance(session, 20)
    assert bodies[4:] == [b"a1", b"a2", b"a3"]


def test_what_was_given_up_lets_the_next_go() -> None:
    session = fresh_session(Courier(answering(Outcome(400), Outcome(400))))
    first, second = (tell(session, NOWHERE, retries=Retries(attempts=2)) for _ in range(2))
    deliver(session)
    advance(session, 10)
    assert (first.state, second.state, statuses(second)) == ("failed", "delivered", [200])


def test_the_same_key_of_another_supplier_is_another_key() -> None:
    session = fresh_session(Courier(answering(Outcome(500))))
    tell(session, NOWHERE)
    other = session.outbox.queue(Webhook("axro", "told", "line", NOWHERE, b""))
    deliver(session)
    assert other.state == "delivered"


def test_single_attempts_are_signed_by_hmac_with_the_sessions_time() -> None:
    session = fresh_session()
    body = b'{"event":"shipped"}'
    with Receiver(lambda _hit: says(500)) as receiver:
        delivery = tell(session, receiver.url, body=body, sign=hmac_signature("token"), retries=SINGLE)
        deliver(session)
        advance(session, 10**6)
    [hit] = receiver.hits
    timestamp = str(int(EPOCH.timestamp()))
    expected = hmac.new(b"token", timestamp.encode() + b"." + body, "sha256").hexdigest()
    assert hit.headers["x-signature-algorithm"] == "HMAC-SHA256"
    assert hit.headers["x-signature-timestamp"] == timestamp
    assert hit.headers["x-signature"] == f"sha256={expected}"
    assert (delivery.state, len(delivery.attempts)) == ("failed", 1)


LOOPBACK = ["http://localhost/x", "http://LOCALHOST:1", "http://127.0.0.1/", "https://127.8.8.8", "http://[::1]:80/"]
ELSEWHERE = [
    "http://10.0.0.1/",
    "http://shop.example/",
    "http://2130706433/",
    "http://localhost.evil.example/",
    "x",
    "",
]


def test_loopback_receives_always_and_others_when_they_are_named() -> None:
    nobody: frozenset[str] = frozenset()
    assert all(may_receive(url, nobody) for url in LOOPBACK)
    assert not any(may_receive(url, nobody) for url in [*ELSEWHERE, "http://user@evil.example/", "http://[::1"])
    assert may_receive("https://Shop.Example:8443/hook", frozenset({"shop.example"}))
    assert not may_receive("http://a.shop.example/", frozenset({"shop.example"}))


def test_a_host_that_is_not_allowed_gets_nothing_until_it_is() -> None:
    sent: list[Parcel] = []

    def attempt(parcel: Parcel) -> Outcome:
        sent.append(parcel)
        return Outcome(200)

    session = fresh_session(Courier(attempt))
    delivery = tell(session, "https://shop.example/hook")
    deliver(session)
    assert (sent, delivery.state) == ([], "pending")
    assert "webhook_hosts" in str(delivery.attempts[0].problem)
    session.settings.change({"webhook_hosts": ["shop.example"]}, {})
    advance(session, 10)
    assert (len(sent), delivery.state) == (1, "delivered")


def test_a_reset_session_sends_nothing_more() -> None:
    sessions = Sessions(0, standing, lambda _session, _supplier: None, Courier(lambda _parcel: Outcome(500)))
    old = sessions.get("a")
    tell(old, NOWHERE)
    deliver(old)
    fresh = sessions.reset("a")
    advance(old, 10_000)
    assert (list(old.outbox), list(fresh.outbox), old.journal.count) == ([], [], 1)
    tell(fresh, NOWHERE)
    sessions.drop("a")
    deliver(fresh)
    assert fresh.journal.count == 0


def test_only_the_latest_ten_thousand_are_kept_and_none_that_waits() -> None:
    session = fresh_session(Courier(lambda parcel: Outcome(500 if parcel.body == b"bad" else 200)))
    tell(session, NOWHERE, key="bad", body=b"bad")
    for number in range(10_100):
        tell(session, NOWHERE, key=str(number))
    deliver(session)
    assert session.outbox.count == 10_101
    assert session.outbox.waiting == 1
    advance(session, 10)
    assert next(iter(session.outbox)).state == "pending"


class Witness:
    """A receiver's memory: what arrived, and what it acknowledged."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.acknowledged: dict[str, list[int]] = defaultdict(list)
        self.attempts: Counter[tuple[str, int]] = Counter()
        self.late: list[tuple[str, int]] = []

    def answer(self, hit: Hit) -> bytes:
        key, number = hit.json["key"], hit.json["number"]
        self.attempts[key, number] += 1
        if number in self.acknowledged[key]:
            self.late.append((key, number))
        if self.random.random() < 0.5:
            return self.random.choice([says(500), says(302, Location="/"), b"", b"garbage\r\n"])
        self.acknowledged[key].append(number)
        return says(200)


def queue_thousand(session: Session, url: str) -> dict[str, list[int]]:
    expected: dict[str, list[int]] = defaultdict(list)
    for number in range(1000):
        key = f"line {number % 100}"
        expected[key].append(number)
        tell(session, url, key=key, body=f'{{"key": "{key}", "number": {number}}}'.encode())
    return expected


def test_a_thousand_webhooks_to_a_receiver_that_fails_half_of_the_time_all_arrive_in_order_and_once() -> None:
    session, witness = fresh_session(), Witness(1)
    with Receiver(witness.answer) as receiver:
        expected = queue_thousand(session, receiver.url)
        deliver(session)
        while session.outbox.waiting:
            advance(session, 3600)
    assert witness.acknowledged == expected
    assert witness.late == []
    assert sum(witness.attempts.values()) == sum(len(delivery.attempts) for delivery in session.outbox) > 1800


def test_the_same_with_workers_beside_a_running_loop() -> None:
    session, witness = fresh_session(), Witness(2)

    async def run(url: str) -> dict[str, list[int]]:
        expected = queue_thousand(session, url)
        deliver(session)
        while session.outbox.waiting:
            await asyncio.sleep(0.02)
            advance(session, 600)
        return expected

    with Receiver(witness.answer) as receiver:
        expected = asyncio.run(run(receiver.url))
    assert witness.acknowledged == expected
    assert witness.late == []


def test_a_loop_goes_on_while_a_receiver_hangs() -> None:
    session = fresh_session()
    session.settings.webhook_timeout = 5

    async def run() -> float:
        tell(session, slow.url, key="slow")
        tell(session, quick.url, key="quick")
        started = time.monotonic()
        deliver(session)
        # On a busy machine the quick one may have answered before the slow one is asked.
        while session.outbox.waiting > 1 or not slow.hits:  # noqa: ASYNC110 - an outbox tells nobody when it is empty
            await asyncio.sleep(0.001)
        return time.monotonic() - started

    with Receiver(lambda _hit: HANG) as slow, Receiver() as quick:
        assert asyncio.run(run()) < 2
        assert len(slow.hits) == 1


def test_a_loop_that_ended_too_early_loses_nothing_and_repeats_nothing() -> None:
    may_answer, reached = threading.Event(), threading.Event()
    calls: list[Parcel] = []

    def attempt(parcel: Parcel) -> Outcome:
        calls.append(parcel)
        reached.set()
        may_answer.wait(5)
        return Outcome(200)

    session = fresh_session(Courier(attempt))

    async def run() -> None:
        tell(session, NOWHERE)
        tell(session, NOWHERE)
        deliver(session)
        await asyncio.to_thread(reached.wait, 5)

    asyncio.run(run())
    assert session.outbox.waiting == 2
    may_answer.set()
    for _ in range(1000):
        deliver(session)
        if not session.outbox.waiting:
            break
        time.sleep(0.001)
    assert [delivery.state for delivery in session.outbox] == ["delivered", "delivered"]
    assert len(calls) == 2


def test_a_closed_courier_starts_nothing_and_an_opened_one_goes_on() -> None:
    courier = Courier(answering(), workers=1)
    session = fresh_session(courier)
    courier.close()
    delivery = tell(session, NOWHERE)
    deliver(session)
    assert delivery.attempts == []
    courier.open()
    deliver(session)
    assert delivery.state == "delivered"


def test_what_a_closing_courier_had_not_begun_stays_due() -> None:
    may_answer, reached = threading.Event(), threading.Event()

    def attempt(_parcel: Parcel) -> Outcome:
        reached.set()
        may_answer.wait(5)
        return Outcome(200)

    courier = Courier(attempt, workers=1)
    session = fresh_session(courier)

    async def run() -> None:
        tell(session, NOWHERE, key="a")
        tell(session, NOWHERE, key="b")
        deliver(session)
        await asyncio.to_thread(reached.wait, 5)
        courier.close()
        may_answer.set()
        await asyncio.sleep(0.05)

    asyncio.run(run())
    courier.open()
    deliver(session)
    assert [(delivery.state, len(delivery.attempts)) for delivery in session.outbox] == [("delivered", 1)] * 2


steps = st.lists(
    st.one_of(
        st.tuples(st.just("tell"), st.sampled_from("abc")),
        st.tuples(st.just("advance"), st.sampled_from([0, 1, 10, 25, 4000])),
        st.tuples(st.just("back"), st.just(0)),
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(steps, st.lists(st.sampled_from([200, 204, 301, 404, 500, None]), max_size=60))
def test_whatever_happens_each_key_is_told_its_story_in_order(
    happens: list[tuple[str, Any]], answers: list[int | None]
) -> None:
    heard: dict[str, list[str]] = defaultdict(list)

    def attempt(parcel: Parcel) -> Outcome:
        status = answers.pop(0) if answers else 200
        if status in (200, 204):
            heard[parcel.body[:1].decode()].append(parcel.body.decode())
        return Outcome(status, None if status else "gone")

    session = fresh_session(Courier(attempt))
    told: dict[str, list[str]] = defaultdict(list)
    for kind, value in happens:
        if kind == "tell":
            told[value].append(f"{value}{len(told[value])}")
            tell(session, NOWHERE, key=value, body=told[value][-1].encode())
            deliver(session)
        else:
            advance(session, value if kind == "advance" else -5)
    while session.outbox.waiting:
        advance(session, 3600)
    assert heard == told
    assert session.journal.count == sum(len(delivery.attempts) for delivery in session.outbox)
