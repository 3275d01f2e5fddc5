"""What the suite of the reseller platform notices, and that it says nothing of a mock that keeps its promises."""

import pytest

from apitwin_contracts.suppliers.reseller import CONTRACT
from tests.contracts.reseller.catalogue import DRIFTS
from tests.contracts.reseller.stage import Drift, examine, fresh_target

_NOT_ON_REST = {
    "gql_deprecated": "a REST document has no deprecations that a reply shows",
    "gql_introspection_off": "there is no introspection",
}
_KNOWN_HOOKS = {"hook_field_renamed", "hook_unsigned", "hook_no_retry"}


@pytest.mark.parametrize("drift", DRIFTS, ids=lambda drift: f"{drift.category}-{drift.id}")
def test_drift_is_found_where_it_is(drift: Drift) -> None:
    with drift.stage() as target:
        run, noticed = examine(target, drift.by, drift.is_told_by)
    found = [(finding.check, finding.category, finding.operation, finding.location) for finding in run.findings]
    assert any(drift.is_told_by(finding) for finding in run.findings), (found, noticed)


def test_drifts_are_many_and_have_names_of_their_own() -> None:
    assert len({(drift.category, drift.id) for drift in DRIFTS}) == len(DRIFTS)
    assert {drift.of for drift in DRIFTS} >= _KNOWN_HOOKS
    assert not {drift.of for drift in DRIFTS} & set(_NOT_ON_REST)
    assert sum(not drift.of for drift in DRIFTS) >= 30


@pytest.mark.parametrize(("seed", "products"), [(0, 60), (1, 10), (2, 500)])
def test_mock_that_keeps_its_promises_is_told_nothing_of(seed: int, products: int) -> None:
    run, noticed = examine(fresh_target(seed, products), seed=seed)
    assert not list(run.findings), noticed


def test_webhook_findings_show_what_was_received() -> None:
    drift = next(drift for drift in DRIFTS if drift.id == "duplicated")
    with drift.stage() as target:
        run, _ = examine(target, drift.by, drift.is_told_by)
    steps = next(finding for finding in run.findings if drift.is_told_by(finding)).steps
    received = [step for step in steps if step.request["url"].rpartition("/")[2].startswith("webhook-")]
    assert len(received) > 1
    assert all(step.request["headers"]["apikey"] != "default-api-key" for step in received)
    assert all("8900" not in step.curl for step in received)


def test_nothing_is_examined_where_no_webhook_can_arrive() -> None:
    target = fresh_target()
    target.callbacks = None
    run, _ = examine(target, "webhook.")
    assert not list(run.findings)


def test_every_code_is_provoked_or_said_why_not() -> None:
    provoked = {provocation.code for provocation in CONTRACT.provocations}
    assert provoked.isdisjoint(CONTRACT.unprovoked)
    assert provoked | set(CONTRACT.unprovoked) == {entry.code for entry in CONTRACT.errors.entries}
