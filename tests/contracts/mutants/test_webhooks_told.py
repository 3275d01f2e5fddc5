"""What the suite of the reseller platform tells of webhooks, and what it leaves alone where none can arrive."""

from apitwin_contracts.mutants import examine, fresh_target, mutants_of
from apitwin_contracts.suppliers.reseller import CONTRACT


def test_webhook_findings_show_what_was_received() -> None:
    mutant = next(mutant for mutant in mutants_of("reseller") if mutant.id == "duplicated")
    with mutant.stage() as target:
        outcome = examine("reseller", target, checks=mutant.checks, until=mutant.is_told_by)
    steps = next(finding for finding in outcome.findings if mutant.is_told_by(finding)).steps
    received = [step for step in steps if step.request["url"].rpartition("/")[2].startswith("webhook-")]
    assert len(received) > 1
    assert all(step.request["headers"]["apikey"] != "default-api-key" for step in received)
    assert all("8900" not in step.curl for step in received)


def test_nothing_is_examined_where_no_webhook_can_arrive() -> None:
    target = fresh_target("reseller")
    target.callbacks = None  # type: ignore[attr-defined] # a mock in process can be reached, if nobody says otherwise
    assert not list(examine("reseller", target, checks=["webhook."]).findings)


def test_every_code_is_provoked_or_said_why_not() -> None:
    provoked = {provocation.code for provocation in CONTRACT.provocations}
    assert provoked.isdisjoint(CONTRACT.unprovoked)
    assert provoked | set(CONTRACT.unprovoked) == {entry.code for entry in CONTRACT.errors.entries}
