"""Every drift of the gates is noticed, by category, operation and place; the undrifted mock shows none."""

import pytest

from tests.contracts.gates import access, carts, errors, paging, schema, state, wire
from tests.contracts.gates.drift import Drift
from tests.contracts.gates.stage import examine, fresh_target

DRIFTS = (
    *schema.DRIFTS,
    *wire.DRIFTS,
    *errors.DRIFTS,
    *access.DRIFTS,
    *paging.DRIFTS,
    *carts.DRIFTS,
    *state.DRIFTS,
)


@pytest.mark.parametrize("drift", DRIFTS, ids=lambda drift: drift.name)
def test_a_drift_is_noticed(drift: Drift) -> None:
    with drift.stage() as target:
        outcome = examine(target, checks=drift.checks, until=drift.is_told_by)
    told = [finding for finding in outcome.findings if drift.is_told_by(finding)]
    assert told, [(finding.check, finding.operation, finding.location) for finding in outcome.findings]


@pytest.mark.parametrize("seed", [0, 1])
def test_the_undrifted_mock_holds(seed: int) -> None:
    assert not examine(fresh_target(seed), seed=seed, profile="quick").findings


def test_each_drift_has_a_name_of_its_own() -> None:
    assert len({drift.name for drift in DRIFTS}) == len(DRIFTS)
