"""Lockstep alone notices mutants: no law and no schema has a say, and the mock is in a process that no mutant patches."""

from functools import partial

import pytest

from apitwin_contracts.drift import Finding
from apitwin_contracts.lockstep.runner import Asked, compare
from apitwin_contracts.lockstep.sides import Side
from apitwin_contracts.mutants import mutants_of
from apitwin_contracts.registry import load_contracts
from apitwin_contracts.run import PROFILES
from apitwin_contracts.targets import Target
from apitwin_contracts.targets.credentials import development
from apitwin_contracts.targets.mock import mock_targets
from apitwin_contracts.targets.mock_apart import MockApart

NAMES = {
    "reseller": ("reseller-schema-field-removed", "reseller-state-cancel-delivered", "reseller-webhook-field-renamed"),
    "oxomi": ("oxomi-wire-date-format", "oxomi-paging-size-capped", "oxomi-performance-latency"),
    # What it nulls is the first that a run asks for, and one side signs in at another moment than the other.
    "wock": ("wock-schema-payload-null",),
}
PRODUCTS = {"reseller": 60, "oxomi": 500, "wock": 60}


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


def test_whoever_is_let_in_nowhere_has_no_signature() -> None:
    contract = load_contracts(["gates"])["gates"]
    mutant = next(each for each in mutants_of("gates") if each.name == "gates-auth-gate-secret-rotated")
    known = development(contract)
    with mutant.stage() as target:
        side = Side(contract, target, known.pop("default"), known, PROFILES["quick"])
        side.prepare()
        assert side.signatures() == {}


@pytest.mark.slow
def test_beside_a_target_with_a_past_only_what_a_past_cannot_do_is_told() -> None:
    contract = load_contracts(["reseller"])["reseller"]
    mutant = next(each for each in mutants_of("reseller") if each.name == "reseller-schema-field-removed")

    def compared(target: Target) -> list[Finding]:
        mock = mock_targets(["reseller"], products=60)["reseller"]
        spare = partial(mock_targets, ["reseller"], products=60)
        asked = Asked(
            contract, mock, target, PROFILES["quick"], 1, spare=lambda world: spare(session=world.session)["reseller"]
        )
        return list(compare(asked).findings)

    lived_in = mock_targets(["reseller"], products=60)["reseller"]
    assert compared(lived_in) == []
    assert compared(lived_in) == []
    with mutant.stage() as target:
        compared(target)
        assert {finding.check for finding in compared(target)} == {"lockstep.absent"}
