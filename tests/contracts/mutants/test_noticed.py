"""Mutants are noticed where they lie, and a mock that keeps its promises is told nothing of.

All of them are tried by `apitwin mutants`; here it is a sample, spread over suppliers and categories.
"""

import pytest

from apitwin_contracts.mutants import Mutant, examine, fresh_target, own_mutants_of

SUPPLIERS = ("axro", "gates", "oxomi", "reseller", "wock")
ELSEWHERE = {
    "axro-state-stock-kept": "told of products, whose stock is wrong, instead of orderCreate, which should have lowered it",
    "oxomi-wire-status": "told as an unknown answer of the operation, in the category error",
    "oxomi-wire-allow-missing": "told of the first of the operations that lack it, with the others named beside it",
    "oxomi-wire-amount-x100": "told by filters and agreements of the product, not of its price",
    "oxomi-paging-token-once": "told as a refusal of the second use, in the category error",
    "oxomi-wire-amount-x100-everywhere": "no two surfaces disagree, and no document says what the product costs",
}
"""Noticed, if at all, but told of another operation or place than the one that is to blame."""


def _spread(each: int) -> list[Mutant]:
    """Give the same few mutants of each category of each supplier, from its beginning, its middle and its end."""
    chosen: list[Mutant] = []
    for supplier in SUPPLIERS:
        by_category: dict[str, list[Mutant]] = {}
        for mutant in own_mutants_of(supplier):
            if mutant.checks and mutant.name not in ELSEWHERE:
                by_category.setdefault(mutant.category, []).append(mutant)
        for found in by_category.values():
            chosen += found[:: -(-len(found) // each)]
    return chosen


@pytest.mark.parametrize("mutant", _spread(2), ids=lambda mutant: mutant.name)
def test_a_mutant_is_noticed_where_it_lies(mutant: Mutant) -> None:
    with mutant.stage() as target:
        told = examine(mutant.supplier, target, checks=mutant.checks, until=mutant.is_told_by).findings
    if not any(mutant.is_told_by(finding) for finding in told):
        with mutant.stage() as target:
            told = examine(mutant.supplier, target, until=mutant.is_told_by).findings
    seen = [(finding.check, finding.category, finding.operation, finding.location) for finding in told]
    assert any(mutant.is_told_by(finding) for finding in told), seen


@pytest.mark.parametrize("supplier", SUPPLIERS)
def test_the_undrifted_mock_shows_nothing(supplier: str) -> None:
    assert list(examine(supplier, fresh_target(supplier), profile="quick").findings) == []


@pytest.mark.parametrize("supplier", SUPPLIERS)
def test_each_mutant_has_a_name_of_its_own(supplier: str) -> None:
    mutants = own_mutants_of(supplier)
    assert len({mutant.name for mutant in mutants}) == len(mutants)
    assert len(mutants) >= 35


def test_whoever_is_told_elsewhere_exists() -> None:
    assert {mutant.name for supplier in SUPPLIERS for mutant in own_mutants_of(supplier)} >= ELSEWHERE.keys()
