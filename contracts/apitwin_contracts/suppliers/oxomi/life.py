"""The sync date: what it hides, and that only `update_sync_date` moves it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Declaration
from apitwin_contracts.laws.agreement import Equation, Equations
from apitwin_contracts.laws.isolation import Untouched
from apitwin_contracts.laws.limits import Limit
from apitwin_contracts.laws.walks import Walk
from apitwin_contracts.run import Run
from apitwin_fixtures import Source

from .operations import ALL_CHANGES, START, SYNCS

__all__ = ["DECLARATIONS"]

_FAR = "2199-12-31 23:59:59"
_SOURCE = Source("documented", "004:1600")


def _dates(_run: Run) -> SearchStrategy[Arguments]:
    day = st.dates(min_value=date(2015, 1, 1), max_value=date(2026, 12, 31))
    return day.map(lambda chosen: {"date": f"{chosen.isoformat()} 12:00:00"})


def _ids(examination: Examination, operation: str, instant: str) -> set[str]:
    examination.must("update_sync_date", {"date": instant})
    return {str(key) for key in examination.must(operation, dict(START)).every("products[].id")}


def _hides(operation: str) -> Any:
    """Make the law: nothing is newer than the far future, everything is newer than 2000, and a sync does not move the date."""

    def equations(examination: Examination, _answer: Answer) -> Iterator[Equation]:
        yield f"{operation}.products[]", set(), _ids(examination, operation, _FAR)
        first = _ids(examination, operation, ALL_CHANGES)
        yield f"{operation}.products[]", True, bool(first)
        again = {str(key) for key in examination.must(operation, dict(START)).every("products[].id")}
        yield f"{operation}.products[]", first, again

    return equations


def _later_is_fewer(examination: Examination, answer: Answer) -> Iterator[Equation]:
    earlier = answer.arguments["date"]
    later = f"{int(earlier[:4]) + 1}{earlier[4:]}".replace("02-29", "03-01")
    counted = [_changed_since(examination, instant) for instant in (earlier, later)]
    yield "sync_v3.products[]", set(), counted[1] - counted[0]


def _changed_since(examination: Examination, instant: str) -> set[str]:
    examination.must("update_sync_date", {"date": instant})
    found: set[str] = set()
    asked: Arguments = {**START, "blocks": "TEXTS"}
    while asked.get("continuationToken", "") not in ("-", None):
        answer = examination.must("sync_v3", asked)
        found.update(answer.every("products[].id"))
        asked["continuationToken"] = answer.at("continuationToken")
    return found


_FIRST, _LAST = datetime(2015, 1, 1), datetime(2027, 1, 1)  # noqa: DTZ001 - the wire's dates have no zone


def _watched(_run: Run) -> SearchStrategy[int]:
    return st.integers(0, 1)


def _to_the_second(examination: Examination, _example: int) -> None:
    """Find by halving when two products changed: if both lie at a day's beginning, the time of day is not heeded."""
    plain = {**START, "blocks": "TEXTS"}
    examination.must("update_sync_date", {"date": ALL_CHANGES})
    watched = [str(key) for key in examination.must("sync_v3", plain).every("products[].id")[:2]]
    changes = [_changed_at(examination, plain, key) for key in watched]
    if len(changes) > 1 and all(change.time() == _FIRST.time() for change in changes):
        answer = examination.must("update_sync_date", {"date": ALL_CHANGES})
        text, observed = "the time of day of the date to count", f"only its day does: {changes[0]}"
        raise examination.broken([answer], "date", text, observed, source=_SOURCE)


def _changed_at(examination: Examination, plain: Arguments, key: str) -> datetime:
    low, high = _FIRST, _LAST
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        examination.must("update_sync_date", {"date": f"{middle:%Y-%m-%d %H:%M:%S}"})
        is_newer = key in examination.must("sync_v3", plain).every("products[].id")[:3]
        low, high = (middle, high) if is_newer else (low, middle)
    return high


DECLARATIONS: tuple[Declaration, ...] = (
    Walk("update_sync_date.to-the-second", _watched, _to_the_second, share=0.02),
    Untouched(
        "update_sync_date.other-token",
        "update_sync_date",
        lambda _run: {"date": _FAR},
        "sync_v3",
        "products[].id",
        "second",
        dict(START),
        _SOURCE,
    ),
    Limit(
        "update_sync_date.date",
        "update_sync_date",
        lambda _run, value: {"date": value},
        "9999-12-31 23:59:59",
        source=_SOURCE,
        changes_state=True,
    ),
    *(
        Equations(
            f"update_sync_date.{operation}",
            "update_sync_date",
            lambda _run: st.just({"date": _FAR}),
            _hides(operation),
            share=0.05,
            source=_SOURCE,
            changes_state=True,
        )
        for operation in SYNCS
    ),
    Equations(
        "update_sync_date.later-is-fewer",
        "update_sync_date",
        _dates,
        _later_is_fewer,
        share=0.1,
        source=_SOURCE,
        changes_state=True,
    ),
)
