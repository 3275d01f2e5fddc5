"""The sync date: what it hides, and that only `update_sync_date` moves it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Declaration
from apitwin_contracts.laws.agreement import Equation, Equations
from apitwin_contracts.run import Run
from apitwin_fixtures import Source

from .operations import ALL_CHANGES, SYNCS

__all__ = ["DECLARATIONS"]

_START = {"syncStart": "2022-11-23 10:19:42"}
_FAR = "2199-12-31 23:59:59"
_SOURCE = Source("documented", "004:1600")


def _dates(_run: Run) -> SearchStrategy[Arguments]:
    day = st.dates(min_value=date(2015, 1, 1), max_value=date(2026, 12, 31))
    return day.map(lambda chosen: {"date": f"{chosen.isoformat()} 12:00:00"})


def _ids(examination: Examination, operation: str, instant: str) -> set[str]:
    examination.must("update_sync_date", {"date": instant})
    return {str(key) for key in examination.must(operation, dict(_START)).every("products[].id")}


def _hides(operation: str) -> Any:
    """Make the law: nothing is newer than the far future, everything is newer than 2000, and a sync does not move the date."""

    def equations(examination: Examination, _answer: Answer) -> Iterator[Equation]:
        yield f"{operation}.products[]", set(), _ids(examination, operation, _FAR)
        first = _ids(examination, operation, ALL_CHANGES)
        yield f"{operation}.products[]", True, bool(first)
        again = {str(key) for key in examination.must(operation, dict(_START)).every("products[].id")}
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
    asked: Arguments = {**_START, "blocks": "TEXTS"}
    while asked.get("continuationToken", "") not in ("-", None):
        answer = examination.must("sync_v3", asked)
        found.update(answer.every("products[].id"))
        asked["continuationToken"] = answer.at("continuationToken")
    return found


DECLARATIONS: tuple[Declaration, ...] = (
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
