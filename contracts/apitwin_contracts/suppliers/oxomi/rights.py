"""Who may see what at OXOMI, and until when a day's token is good."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Examination
from apitwin_contracts.contract import Declaration
from apitwin_contracts.laws.walks import Walk
from apitwin_contracts.run import Run
from apitwin_contracts.surfaces.surface import OK

from .auth import OxomiAuth
from .operations import START

__all__ = ["DECLARATIONS"]

_DAYS = frozenset({"yesterday", "tomorrow", "two-days-old", "two-days-early"})
_LATE = timedelta(hours=23, minutes=30)


def _priced(_run: Run) -> SearchStrategy[Any]:
    return st.sampled_from([("sync_v3", START), ("sync_v2", START)])


def _no_prices(examination: Examination, asked: Any) -> None:
    """A portal that has not bought prices is shown none, also when it does not ask for them."""
    operation, arguments = asked
    answer = examination.run.customer("basic").must(operation, dict(arguments))
    if answer.every("products[].pricing"):
        raise examination.broken([answer], "products[].pricing", "no prices in a portal without prices", "prices")


def _late(_run: Run) -> SearchStrategy[Any]:
    return st.just("sync_v3")


def _by_the_day(examination: Examination, operation: str) -> None:
    """Late in the day the same days are let in as early."""
    run, client = examination.run, examination.client
    now = run.target.clock.now()
    passed = timedelta(hours=now.hour, minutes=now.minute)
    run.advance((_LATE - passed) % timedelta(days=1))
    for fault in OxomiAuth().faults():
        if fault.name not in _DAYS:
            continue
        exchange = client.exchange(fault.spoil(client, client.request(operation, dict(START))), operation)
        recognition = client.recognised(operation, exchange)
        if recognition.outcome != (fault.expected or OK):
            answer = client.taken_for(operation, exchange, recognition)
            expected = f"{fault.expected or OK} half an hour before midnight UTC, for a token of {fault.name}"
            observed = recognition.detail or recognition.outcome
            raise examination.broken([answer], "", expected, observed, source=fault.source)


DECLARATIONS: tuple[Declaration, ...] = (
    Walk("sync_v3.prices-of-others", _priced, _no_prices, "auth", share=0.08, changes_state=False),
    Walk("sync_v3.days", _late, _by_the_day, "auth", share=0.04, changes_state=False),
)
