"""A comparison as the command runs it: a plan's target behind its manners, beside a fresh mock."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from apitwin_contracts.drift import CaseResult, Finding, Outcome
from apitwin_contracts.errors import UnreachableError
from apitwin_contracts.record.kept import Kept
from apitwin_contracts.run import Run
from apitwin_contracts.suite.cases import Case
from apitwin_contracts.suite.guard import Guarded
from apitwin_contracts.suite.plan import Plan
from apitwin_contracts.suite.preflight import check_reachable
from apitwin_contracts.suite.recorded import unaskable
from apitwin_contracts.targets import Target
from apitwin_contracts.targets.credentials import development
from apitwin_contracts.targets.manners import Purse
from apitwin_contracts.targets.mock import mock_targets
from apitwin_contracts.targets.recordings import is_recording, unsteady_places

from .calibrating import calibrate
from .clocks import set_alike, standing
from .doubts import World
from .forms import is_identity
from .noise import EVERYWHERE, Noise
from .runner import Asked, Flake, compare, reading_first

__all__ = ["Wanted", "calibrate_supplier", "compare_supplier", "polite_target", "spare_mock"]


@contextmanager
def polite_target(plan: Plan, supplier: str) -> Iterator[Target]:
    """Open a supplier's target as a suite would: with manners, given up once it is lost, and left as it was found."""
    address, contract = plan.addresses[supplier], plan.contracts[supplier]
    if address.in_process:
        yield Guarded(address.open())
        return
    with Kept(contract, address, Purse(address.limits), plan.notice) as target:
        yield Guarded(target)


def spare_mock(supplier: str, world: World) -> Target:
    """Give an undrifted mock of a world."""
    return mock_targets([supplier], world.seed, world.products, world.session)[supplier]


@dataclass(frozen=True)
class Wanted:
    """What a command asks for beside a plan: the noise that is known, who hears of results and flakes, and when to stop."""

    noise: Noise = field(default_factory=Noise)
    heard: Callable[[CaseResult], None] = lambda _result: None
    flaky: Callable[[Flake], None] = lambda _flake: None
    until: Callable[[Finding], bool] = lambda _finding: False


def compare_supplier(plan: Plan, supplier: str, wanted: Wanted, started: str = "") -> Outcome:
    """Drive a supplier's target and a fresh mock through the plan's cases; what could not be reached is told in the outcome."""
    cases = [case for case in plan.cases if case.supplier == supplier]
    begun = time.perf_counter()
    try:
        with _opened(plan, supplier, wanted) as asked, standing(asked.target.clock):
            refused = {case.id: unaskable(case) for case in cases if is_recording(asked.target.clock)}
            askable = [case for case in cases if not refused.get(case.id)]
            outcome = compare(asked, reading_first(askable), wanted.until, wanted.heard)
            for case in cases:
                if refused.get(case.id):
                    outcome.add(_skipped(case, refused[case.id]))
    except UnreachableError as error:
        outcome = Outcome(plan.setting(supplier), len(cases))
        outcome.add(CaseResult(supplier, "state", "lockstep", supplier, "unreachable", str(error)))
    outcome.setting, outcome.planned = plan.setting(supplier, started), len(cases)
    outcome.seconds = time.perf_counter() - begun
    return outcome


def _skipped(case: Case, reason: str) -> CaseResult:
    return CaseResult(case.supplier, case.category, case.check.id, case.id, "skipped", reason)


def calibrate_supplier(plan: Plan, supplier: str, wanted: Wanted) -> Noise:
    """Drive a supplier's target against itself and give what is volatile; raises `UnreachableError`."""
    with _opened(plan, supplier, wanted) as asked, standing(asked.target.clock):
        return calibrate(asked, [case for case in plan.cases if case.supplier == supplier], wanted.heard)


def _with_hidden(noise: Noise, target: Target) -> Noise:
    """Let a recording's hidden places be no difference."""
    for one in unsteady_places(target.clock):
        noise.learn(one.operation, one.place, [EVERYWHERE], one.why)
        noise.learn(one.operation, _unnamed(one.place), [EVERYWHERE], one.why)
    return noise


def _unnamed(place: str) -> str:
    """Give a place with `*` for each key that looks drawn, as a comparison writes it."""
    return ".".join("*" if is_identity(part) else part for part in place.split("."))


@contextmanager
def _opened(plan: Plan, supplier: str, wanted: Wanted) -> Iterator[Asked]:
    """Open both targets and ask each whether it lets us in: the mock as well, so that its next token is the target's next, too."""
    address, contract = plan.addresses[supplier], plan.contracts[supplier]
    with polite_target(plan, supplier) as target:
        mock, recorded = mock_targets([supplier])[supplier], is_recording(target.clock)
        set_alike(mock.clock, target.clock)
        check_reachable(Run(contract, target, address.credentials, plan.profile))
        check_reachable(Run(contract, mock, development(contract)["default"], plan.profile))
        yield Asked(
            contract,
            mock,
            target,
            plan.profile,
            plan.seed,
            plan.read_only or recorded,
            address.credentials,
            dict(address.others),
            _with_hidden(wanted.noise, target),
            wanted.flaky,
            partial(spare_mock, supplier),
            alone=recorded,
        )
