"""A comparison as the command runs it: a plan's target behind its manners, beside a fresh mock."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from apitwin_contracts.contract import Contract
from apitwin_contracts.drift import CaseResult, Finding, Outcome
from apitwin_contracts.errors import UnreachableError
from apitwin_contracts.run import Run
from apitwin_contracts.suite.guard import Guarded
from apitwin_contracts.suite.plan import Plan
from apitwin_contracts.suite.preflight import check_reachable
from apitwin_contracts.surfaces.asked import may_write
from apitwin_contracts.targets import Target
from apitwin_contracts.targets.addresses import Address
from apitwin_contracts.targets.credentials import development
from apitwin_contracts.targets.manners import Polite, Purse
from apitwin_contracts.targets.mock import mock_targets

from .clocks import set_alike, standing
from .doubts import World
from .noise import Noise
from .runner import Asked, Flake, compare

__all__ = ["compare_supplier", "polite_target", "spare_mock"]

Heard = Callable[[CaseResult], None]


def polite_target(plan: Plan, supplier: str) -> Target:
    """Open a supplier's target as a suite would: with manners, and given up once it is lost."""
    address, contract = plan.addresses[supplier], plan.contracts[supplier]
    opened = address.open()
    if address.in_process:
        return Guarded(opened)
    return Guarded(_polite(plan, address, contract, opened))


def spare_mock(supplier: str, world: World) -> Target:
    """Give an undrifted mock of a world."""
    return mock_targets([supplier], world.seed, world.products, world.session)[supplier]


def _polite(plan: Plan, address: Address, contract: Contract, opened: Target) -> Target:
    reads = {operation.name for operation in contract.operations if operation.kind == "read"}
    return Polite(opened, Purse(address.limits), plan.notice, lambda one: may_write(contract.surface, one, reads))


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
    begun = time.perf_counter()
    try:
        target = polite_target(plan, supplier)
        mock = mock_targets([supplier])[supplier]
        set_alike(mock.clock, target.clock)
        credentials, others = address.credentials, dict(address.others)
        check_reachable(Run(contract, target, credentials, plan.profile))
        # The mock is asked the same, so that its next token is the target's next, too.
        check_reachable(Run(contract, mock, development(contract)["default"], plan.profile))
        asked = Asked(
            contract,
            mock,
            target,
            plan.profile,
            plan.seed,
            plan.read_only,
            credentials,
            others,
            noise,
            flaky,
            partial(spare_mock, supplier),
        )
        with standing(target.clock):
            outcome = compare(asked, cases, until, heard)
    except UnreachableError as error:
        outcome = Outcome(plan.setting(supplier), len(cases))
        outcome.add(CaseResult(supplier, "state", "lockstep", supplier, "unreachable", str(error)))
    outcome.setting = replace(plan.setting(supplier, started))
    outcome.seconds = time.perf_counter() - begun
    return outcome
