"""Lockstep alone notices mutants: no law and no schema has a say, and the mock is in a process that no mutant patches."""

import pytest

from apitwin_contracts.lockstep.runner import Asked, compare
from apitwin_contracts.mutants import mutants_of
from apitwin_contracts.registry import load_contracts
from apitwin_contracts.run import PROFILES
from apitwin_contracts.targets.mock_apart import MockApart

NAMES = {
    "reseller": ("reseller-schema-field-removed", "reseller-state-cancel-delivered", "reseller-webhook-field-renamed"),
    "oxomi": ("oxomi-wire-date-format", "oxomi-paging-size-capped", "oxomi-performance-latency"),
}
PRODUCTS = {"reseller": 60, "oxomi": 500}


@pytest.mark.parametrize("supplier", NAMES)
def test_a_mutant_is_noticed_in_few_steps(supplier: str) -> None:
    contract = load_contracts([supplier])[supplier]
    with MockApart(supplier, 0, PRODUCTS[supplier]) as mock:
        for mutant in (each for each in mutants_of(supplier) if each.name in NAMES[supplier]):
            mock.begin()
            with mutant.stage() as target:
                found = list(compare(Asked(contract, mock, target, PROFILES["quick"]), until=lambda _: True).findings)
            assert found, mutant.name
            assert len(found[0].steps) <= 3, (mutant.name, len(found[0].steps))
