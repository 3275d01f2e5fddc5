"""A comparison as the command runs it: a plan's target behind its manners, beside a fresh mock."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from apitwin_contracts.drift import CaseResult, Finding, Outcome
from apitwin_contracts.errors import UnreachableError
from apitwin_contracts.record.kept import Kept
from apitwin_contracts.run import Run
from apitwin_contracts.suite.guard import Guarded
from apitwin_contracts.suite.plan import Plan
from apitwin_contracts.suite.preflight import check_reachable
from apitwin_contracts.targets import Target
from apitwin_contracts.targets.credentials import development
from apitwin_contracts.targets.manners import Purse
from apitwin_contracts.targets.mock import mock_targets

from .noise import Noise
from .runner import Asked, Flake, compare

__all__ = ["compare_supplier", "polite_target"]

Heard = Callable[[CaseResult], None]


@contextmanager
def polite_target(plan: Plan, supplier: str) -> Iterator[Target]:
    """Open a supplier's target as a suite would: with manners, given up once it is lost, and left as it was found."""
    address, contract = plan.addresses[supplier], plan.contracts[supplier]
    if address.in_process:
        yield Guarded(address.open())
        return
    with Kept(contract, address, Purse(address.limits), plan.notice) as target:
        yield Guarded(target)


def compare_supplier(
    plan: Plan,
    supplier: str,
    noise: Noise,
    heard: Heard,
    *,
    started: str = "",
    until: Callable[[Finding], bool] = lambda _finding: False,
    flaky: Callable[[Flake], None] = lambda _flake: None,
) -> Outcome:
    """Drive a supplier's target and a fresh mock through the plan's cases; what could not be reached is told in the outcome."""
    address, contract = plan.addresses[supplier], plan.contracts[supplier]
    cases = [case for case in plan.cases if case.supplier == supplier]
    begun, held = time.perf_counter(), ExitStack()
    try:
        target = held.enter_context(polite_target(plan, supplier))
        mock = mock_targets([supplier])[supplier]
        credentials, others = address.credentials, dict(address.others)
        check_reachable(Run(contract, target, credentials, plan.profile))
        # The mock is asked the same, so that its next token is the target's next, too.
        check_reachable(Run(contract, mock, development(contract)["default"], plan.profile))
        asked = Asked(
            contract, mock, target, plan.profile, plan.seed, plan.read_only, credentials, others, noise, flaky
        )
        outcome = compare(asked, cases, until, heard)
    except UnreachableError as error:
        outcome = Outcome(plan.setting(supplier), len(cases))
        outcome.add(CaseResult(supplier, "state", "lockstep", supplier, "unreachable", str(error)))
    finally:
        held.close()
    outcome.setting = replace(plan.setting(supplier, started))
    outcome.seconds = time.perf_counter() - begun
    return outcome
