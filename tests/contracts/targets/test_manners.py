"""Manners: what a run may use up, how long it waits, and what it does not send twice."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apitwin_contracts.errors import UnreachableError
from apitwin_contracts.targets.clock import LiveClock
from apitwin_contracts.targets.manners import Limits, Polite, Purse, SpentError, amount_of_money, turned_away_by
from apitwin_fixtures import Exchange, Reply, Request

GET, POST = Request("GET", "/x"), Request("POST", "/x")


class Scripted:
    """A target with replies of one's own; the last one stays."""

    url = "https://sandbox.example"
    clock = LiveClock()
    authority = None

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.sent = 0

    def send(self, request: Request) -> Exchange:
        self.sent += 1
        return Exchange(request, self.replies.pop(0) if len(self.replies) > 1 else self.replies[0])


class Asleep(list[float]):
    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def polite(*replies: Reply, **limits: Any) -> tuple[Polite, Scripted, Asleep, list[str]]:
    target, asleep, told = Scripted(*replies), Asleep(), list[str]()
    made = Polite(target, Purse(Limits(**limits)), told.append, lambda request: request.method == "POST", asleep)
    return made, target, asleep, told


def later(status: int, value: str, **more: str) -> Reply:
    return Reply(status, (("retry-after", value), *more.items()))


def test_a_pause_that_is_asked_for_is_made_and_told() -> None:
    target, _, asleep, told = polite(later(429, "7"), Reply(200))
    assert target.send(GET).reply.status == 200
    assert asleep == [7.0]
    assert told == ["https://sandbox.example answers 429: waiting 7 s before asking again"]
    assert [exchange.reply.status for exchange in turned_away_by(target)] == [429]
    assert turned_away_by(target) == []


def test_a_date_counts_from_the_targets_own_date() -> None:
    dated = later(429, "Wed, 01 Jan 2020 00:00:12 GMT", date="Wed, 01 Jan 2020 00:00:02 GMT")
    target, _, asleep, _ = polite(dated, Reply(200))
    target.send(GET)
    assert asleep == [10.0]


def test_without_a_word_the_pauses_double_and_end() -> None:
    target, inner, asleep, _ = polite(Reply(429))
    assert target.send(GET).reply.status == 429
    assert asleep == [1.0, 2.0, 4.0, 8.0, 16.0]
    assert inner.sent == 6


def test_nobody_waits_for_a_day_nor_for_ever() -> None:
    target, inner, asleep, _ = polite(later(429, "86400"))
    assert target.send(GET).reply.status == 429
    assert (inner.sent, asleep) == (1, [])
    target, _, asleep, _ = polite(later(503, "50"))
    for _ in range(10):
        target.send(GET)
    assert sum(asleep) == 150  # the fourth pause would have been beyond the run's patience


def test_what_may_have_been_done_is_not_asked_for_twice() -> None:
    target, inner, _, _ = polite(later(503, "1"), Reply(200))
    assert (target.send(POST).reply.status, inner.sent) == (503, 1)
    target, inner, _, _ = polite(later(429, "1"), Reply(200))
    assert (target.send(POST).reply.status, inner.sent) == (200, 2)


def test_an_unexplained_503_is_an_answer() -> None:
    target, inner, _, _ = polite(Reply(503))
    assert (target.send(GET).reply.status, inner.sent) == (503, 1)


@given(st.integers(0, 9), st.lists(st.sampled_from([Reply(200), later(429, "1"), Reply(503)]), min_size=1, max_size=9))
def test_no_budget_is_exceeded(budget: int, replies: list[Reply]) -> None:
    target, inner, _, _ = polite(*replies, budget=budget)
    for _ in range(12):
        with suppress(SpentError, UnreachableError):
            target.send(GET)
    assert inner.sent <= budget


@pytest.mark.parametrize("status", [429, 503])
def test_a_target_that_answers_nothing_any_more_is_down(status: int) -> None:
    target, inner, _, _ = polite(Reply(200), Reply(status), patience=0)
    target.send(GET)
    with pytest.raises(UnreachableError, match=f"is down: it answers {status} to /y, and {status} to what it answered"):
        target.send(Request("POST", "/y"))
    assert inner.sent == 3


def test_one_operation_that_is_out_of_order_is_no_end() -> None:
    target, inner, _, _ = polite(Reply(200), Reply(503), Reply(200))
    assert [target.send(GET).reply.status, target.send(Request("GET", "/y")).reply.status] == [200, 503]
    assert inner.sent == 3


def test_a_target_that_was_never_asked_anything_else_gives_an_answer() -> None:
    target, inner, _, _ = polite(Reply(503))
    assert (target.send(POST).reply.status, inner.sent) == (503, 1)


def test_what_is_set_aside_is_for_cleaning_up() -> None:
    purse = Purse(Limits(budget=5))
    purse.set_aside(2)
    for _ in range(3):
        purse.pay()
    with pytest.raises(SpentError, match="2 of them kept for cleaning up"):
        purse.pay()
    with pytest.raises(SpentError, match="leaves too few"):
        purse.set_aside(1)
    purse.release(2)
    purse.pay()
    purse.pay()
    assert purse.sent == 5


def test_money_and_things_are_capped() -> None:
    purse = Purse(Limits(max_spend=Decimal("10.00"), max_orders=3))
    purse.buy(Decimal("9.99"))
    with pytest.raises(SpentError, match=r"may spend 10.00, has spent 9.99, and this costs 0.02"):
        purse.buy(Decimal("0.02"))
    with pytest.raises(SpentError, match="cannot be known"):
        purse.buy(None)
    purse.buy(Decimal("0.01"))
    purse.buy(Decimal(0))
    with pytest.raises(SpentError, match="may create 3 things"):
        purse.buy(Decimal(0))


def test_amounts_are_read_as_they_are_written() -> None:
    assert [amount_of_money(text) for text in ("12.50", 12, 0.1)] == [Decimal("12.50"), Decimal(12), Decimal("0.1")]
    for wrong in ("-1", "1e3", "NaN", "", True, "12,50"):
        with pytest.raises(ValueError, match=r".*"):
            amount_of_money(wrong)


def test_an_authority_draws_on_the_same_purse() -> None:
    target, inner, _, _ = polite(Reply(200))
    inner.authority = Scripted(Reply(200))  # type: ignore[assignment] # a target that has one
    purse = Purse(Limits(budget=1))
    made = Polite(inner, purse, lambda _sentence: None, lambda _request: False)
    assert made.authority
    made.authority.send(POST)
    with pytest.raises(SpentError):
        made.send(GET)
    assert target.authority is None


def test_a_dead_target_is_not_waited_for() -> None:
    class Dead(Scripted):
        def send(self, request: Request) -> Exchange:
            raise UnreachableError(f"no reply to {request.path}")

    made = Polite(Dead(Reply(200)), Purse(), lambda _sentence: None, lambda _request: False)
    with pytest.raises(UnreachableError, match="no reply to /x"):
        made.send(GET)
