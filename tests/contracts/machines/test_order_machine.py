"""One machine drives the orders of several suppliers, and shows a broken rule by the fewest steps."""

import pytest

from apitwin_contracts.mutants import examine, fresh_target, mutants_of

BROKEN = {
    ("axro", "stock-kept"): "stock",
    ("gates", "stock"): "stock",
    ("reseller", "balance-kept"): "balance",
    ("reseller", "refund-missing"): "balance",
    ("reseller", "never-settled"): "state",
}


@pytest.mark.parametrize(("supplier", "name"), BROKEN, ids=lambda word: word)
def test_a_broken_rule_is_shown_by_the_fewest_steps(supplier: str, name: str) -> None:
    mutant = next(mutant for mutant in mutants_of(supplier) if mutant.id == name)
    with mutant.stage() as target:
        findings = list(examine(supplier, target, checks=["life.orders"]).findings)
    assert [finding.location.endswith(BROKEN[supplier, name]) for finding in findings] == [True]
    assert len(findings[0].steps) <= 3


@pytest.mark.parametrize("supplier", ["axro", "gates", "reseller", "wock"])
def test_a_supplier_that_keeps_the_rules_shows_nothing(supplier: str) -> None:
    outcome = examine(supplier, fresh_target(supplier), checks=["life.orders"], profile="quick")
    assert outcome.verdict == "holds"
