"""What means the same to OXOMI."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.contract import Arguments, Declaration
from apitwin_contracts.laws.equivalence import Equivalent
from apitwin_contracts.run import Run
from apitwin_fixtures import Source

from .operations import ALL_CHANGES, BLOCKS, LABELS, START, SYNCS, item_number

__all__ = ["DECLARATIONS"]

_Pair = tuple[Arguments, Arguments]


def _fixed(operation: str, run: Run) -> Arguments:
    return dict(START) if operation in SYNCS else {"itemNumber": item_number(run)}


def _ways(operation: str, run: Run) -> Iterator[_Pair]:
    fixed, blocks = _fixed(operation, run), sorted(BLOCKS[operation])
    every = {**fixed, "blocks": ",".join(blocks)}
    yield every, {**fixed, "blocks": ",".join(reversed(blocks))}
    yield every, {**fixed, "blocks": " , ".join([*blocks, blocks[0]])}
    yield every, fixed
    yield fixed, {**fixed, "blocks": "", "filterCountry": "", "supplierNumber": "", "language": ""}
    yield fixed, {**fixed, "noSuchParameter": "1"}
    yield {**fixed, "language": "de"}, fixed
    yield {**fixed, "language": "de"}, {**fixed, "language": "DE"}
    yield {**fixed, "language": "xx"}, {**fixed, "language": "de"}
    labelled = {**fixed, "classificationLabelLanguages": LABELS}
    yield labelled, {**fixed, "classificationLabelLanguages": " DE , EN,de"}
    if operation in SYNCS:
        yield fixed, {**fixed, "syncStart": "2026-11-22 00:00:01"}
        yield fixed, {**fixed, "syncStart": "2001-01-01 00:00:00"}
    else:
        yield fixed, {**fixed, "continuationToken": "0" * 26}


def _pairs(operation: str) -> Any:
    def pairs(run: Run) -> SearchStrategy[_Pair]:
        ways = list(_ways(operation, run))
        return st.integers(0, len(ways) - 1).map(lambda place: ways[place])

    return pairs


def _posted(_run: Run) -> SearchStrategy[_Pair]:
    return st.just(({"date": ALL_CHANGES}, {"date": ALL_CHANGES}))


DECLARATIONS: tuple[Declaration, ...] = (
    *(
        Equivalent(operation, operation, _pairs(operation), share=1.0, source=Source("assumed", "SOURCE.md#decisions"))
        for operation in BLOCKS
    ),
    Equivalent(
        "update_sync_date.posted",
        "update_sync_date",
        _posted,
        otherwise=lambda request: replace(request, method="POST"),
        share=0.04,
        changes_state=True,
        category="error",
        source=Source("assumed", "SOURCE.md#endpoints"),
    ),
)
