"""A suite on one target until it notices something, in the order in which news is to be expected."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from apitwin_contracts.contract import Contract
from apitwin_contracts.drift import CaseResult, Control, Finding, Outcome, Trial
from apitwin_contracts.errors import UnreachableError
from apitwin_contracts.suite.bench import Bench
from apitwin_contracts.suite.cases import Case
from apitwin_contracts.suite.plan import Plan
from apitwin_contracts.suite.settings import Settings
from apitwin_contracts.targets import Target, TargetClock
from apitwin_contracts.targets.addresses import Address
from apitwin_contracts.targets.callbacks import Callbacks, callbacks_of
from apitwin_contracts.targets.credentials import development
from apitwin_fixtures import Exchange, Request

from .mutant import Mutant
from .stage import contract_of, fresh_target

__all__ = ["By", "Course", "control", "control_of", "examine", "judged", "ordered", "try_mutant"]

By = Literal["check", "compare"]
"""Who looks at a mutant: the suites, or the mock in lockstep with it."""


@dataclass(frozen=True)
class Course:
    """How each mutant is tried, and by whom.

    `costs` are the seconds that each case took on the undrifted mock, `patience` those that a trial may take.
    """

    profile: str = "ci"
    seed: int = 0
    patience: float = 300.0
    costs: Mapping[str, float] | None = None
    by: By = "check"


class _Watched:
    """A target that answers until something was found: what a check would ask afterwards is news to nobody."""

    authority = None

    def __init__(self, target: Target) -> None:
        self._target = target
        self.url = target.url
        self.found = False

    @property
    def clock(self) -> TargetClock:
        return self._target.clock

    @property
    def callbacks(self) -> Callbacks | None:
        return callbacks_of(self._target)

    def hear(self, _finding: Finding) -> None:
        self.found = True

    def send(self, request: Request) -> Exchange:
        if self.found:
            raise UnreachableError("the trial is over: something was found")
        return self._target.send(request)


def _plan(contract: Contract, target: Target, profile: str, seed: int) -> Plan:
    credentials = development(contract)
    address = Address("drifted", lambda: target, credentials.pop("default"), credentials, in_process=True)
    return Plan.over([contract], {contract.supplier: address}, Settings(profile=profile, seed=seed))


def examine(
    supplier: str,
    target: Target,
    *,
    checks: Iterable[str] = (),
    until: Callable[[Finding], bool] | None = None,
    profile: str = "ci",
    seed: int = 0,
) -> Outcome:
    """Run a supplier's suite on a target; `checks` (beginnings of `check:subject`) are all that runs then, `until` ends it at a finding."""
    plan = _plan(contract_of(supplier), target, profile, seed)
    cases = [case for case in plan.cases if _is_one_of(case, checks)] if checks else plan.cases
    outcome = Outcome(plan.setting(supplier), len(cases))
    for result in Bench(plan).results(cases):
        outcome.add(result)
        if until and any(until(finding) for finding in result.findings):
            break
    return outcome


def _is_one_of(case: Case, beginnings: Iterable[str]) -> bool:
    name = f"{case.check.id}:{case.subject.name}"
    return any(name.startswith(beginning) for beginning in beginnings)


def control(supplier: str, course: Course) -> Control:
    """Run a supplier's whole suite on its undrifted mock."""
    wall, cpu = time.perf_counter(), time.process_time()
    outcome = examine(supplier, fresh_target(supplier), profile=course.profile, seed=course.seed)
    return control_of(supplier, outcome, wall, cpu)


def control_of(supplier: str, outcome: Outcome, wall: float, cpu: float) -> Control:
    """Sum up an undrifted run that began at these readings of the two timers."""
    crashes = tuple(f"{crash.name}: {crash.reason}" for crash in outcome.crashes)
    lost = (outcome.unreachable,) if outcome.unreachable else ()
    return Control(
        supplier,
        outcome.run,
        outcome.exchanges,
        time.perf_counter() - wall,
        time.process_time() - cpu,
        tuple(outcome.findings),
        (*crashes, *lost),
        {result.name: result.seconds for result in outcome.results},
    )


def try_mutant(mutant: Mutant, course: Course) -> Trial:
    """Run a supplier's suite on a mutant until the first finding; who survives has seen the whole profile."""
    wall, cpu = time.perf_counter(), time.process_time()
    with mutant.stage() as target:
        results = list(_results(mutant, _Watched(target), course, wall + course.patience))
    return judged(mutant, results, wall, cpu)


def _results(mutant: Mutant, target: _Watched, course: Course, deadline: float) -> Iterator[CaseResult]:
    plan = _plan(contract_of(mutant.supplier), target, course.profile, course.seed)
    # The shortest way to show a drift is of no use here, and takes most of the time.
    plan = replace(plan, profile=replace(plan.profile, shrinks=False))
    for result in Bench(plan, target.hear).results(ordered(plan.cases, mutant, course.costs or {})):
        yield result
        if target.found or result.findings or time.perf_counter() > deadline:
            return


def ordered(cases: Sequence[Case], mutant: Mutant, costs: Mapping[str, float]) -> list[Case]:
    """First the checks that the mutant is about, then those of its operations and of its category, cheap ones first."""
    operations = frozenset(mutant.operations)

    def rank(case: Case) -> tuple[bool, int, float]:
        near = 2 * bool(operations & case.operations) + (case.category == mutant.category)
        return not _is_one_of(case, mutant.checks), -near, costs.get(case.id, 0.0)

    return sorted(cases, key=rank)


def judged(mutant: Mutant, results: Sequence[CaseResult], wall: float, cpu: float) -> Trial:
    """Give the fate of a mutant whose trial began at these readings of the two timers."""
    trial = Trial(
        mutant.name,
        mutant.supplier,
        mutant.category,
        mutant.severity,
        mutant.promise,
        "survived",
        cases=len(results),
        exchanges=sum(result.exchanges for result in results),
        seconds=time.perf_counter() - wall,
        cpu_seconds=time.process_time() - cpu,
    )
    findings = [finding for result in results for finding in result.findings]
    if findings:
        found = findings[0]
        return replace(trial, fate="killed", check=found.check, location=found.location, steps=len(found.steps))
    crashes = [f"{result.name}: {result.reason}" for result in results if result.ending == "crashed"]
    if crashes:
        return replace(trial, fate="crashed", reason=crashes[0])
    if mutant.equivalent:
        return replace(trial, fate="equivalent", reason=mutant.equivalent)
    lost = next((result.reason for result in results if result.ending == "unreachable"), "")
    return replace(trial, reason=lost and f"no verdict: {lost}")
