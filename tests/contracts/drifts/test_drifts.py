"""Each drift of the shared list that means something on AXRO or OXOMI is played on a mock, and the suites must notice it."""

from collections import Counter

import pytest

from tests.contracts.drifts.catalogue import ALL_DRIFTS
from tests.contracts.drifts.drift import Drift
from tests.contracts.drifts.stage import examine, fresh_target

# Noticed, but told of another operation or place than the one that is to blame, or not at all: each with what a law would have to know.
ELSEWHERE = {
    "axro-state-stock-kept": "told of products, whose stock is wrong, instead of orderCreate, which should have lowered it",
    "oxomi-wire-status": "told as an unknown answer of the operation, in the category error",
    "oxomi-wire-allow-missing": "told of the first of the operations that lack it, with the others named beside it",
    "oxomi-wire-amount-x100": "told by filters and agreements of the product, not of its price",
    "oxomi-paging-token-once": "told as a refusal of the second use, in the category error",
}
UNSEEN = {"oxomi-wire-amount-x100-everywhere": "no two surfaces disagree, and no document says what the product costs"}


def _played() -> list[Drift]:
    return [drift for drift in ALL_DRIFTS if drift.name not in UNSEEN]


@pytest.mark.parametrize("drift", _played(), ids=lambda drift: drift.name)
def test_a_drift_is_noticed_where_it_lies(drift: Drift) -> None:
    with drift.stage() as target:
        told = examine(drift.supplier, target, checks=drift.checks, until=drift.is_told_by).findings
        if not any(drift.is_told_by(finding) for finding in told):
            told = examine(drift.supplier, target, until=None if drift.name in ELSEWHERE else drift.is_told_by).findings
    assert list(told), "nothing was noticed"
    if drift.name not in ELSEWHERE:
        seen = [(finding.check, finding.category, finding.operation, finding.location) for finding in told]
        assert any(drift.is_told_by(finding) for finding in told), seen


@pytest.mark.parametrize("supplier", ["axro", "oxomi"])
def test_the_undrifted_mock_shows_nothing(supplier: str) -> None:
    assert list(examine(supplier, fresh_target(supplier)).findings) == []


def test_the_shared_list_is_played_on_both() -> None:
    played = Counter(drift.supplier for drift in ALL_DRIFTS)
    assert min(played.values()) >= 35
    assert all(drift.of for drift in ALL_DRIFTS)
    assert {*ELSEWHERE, *UNSEEN} <= {drift.name for drift in ALL_DRIFTS}
