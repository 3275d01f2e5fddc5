"""A mutant beside the mock in lockstep until something differs: no law has a say, no schema, and no benefit of the doubt."""

import time
from collections.abc import Iterable, Iterator
from functools import cache

from apitwin_contracts.drift import Control, Finding, Outcome, Trial
from apitwin_contracts.lockstep.runner import Asked, compare
from apitwin_contracts.run import PROFILES
from apitwin_contracts.suite.cases import Case
from apitwin_contracts.targets import Target
from apitwin_contracts.targets.callbacks import Callbacks, callbacks_of
from apitwin_contracts.targets.mock_apart import MockApart
from apitwin_fixtures import Exchange, Reply, Request

from .mutant import Mutant
from .stage import cases_of, contract_of, fresh_target, products_of
from .trial import Course, control_of, judged, ordered

__all__ = ["compare_mutant", "compare_undrifted"]


def compare_undrifted(supplier: str, course: Course) -> Control:
    """Drive two undrifted mocks of a supplier through the whole profile."""
    wall, cpu = time.perf_counter(), time.process_time()
    outcome = _compared(supplier, fresh_target(supplier), course, cases_of(supplier), first_only=False)
    return control_of(supplier, outcome, wall, cpu)


def compare_mutant(mutant: Mutant, course: Course) -> Trial:
    """Drive a mutant and the mock until the first difference, and make its sequence small; who survives has seen the whole profile."""
    wall, cpu = time.perf_counter(), time.process_time()
    cases = ordered(cases_of(mutant.supplier), mutant, course.costs or {})
    with mutant.stage() as target:
        outcome = _compared(mutant.supplier, target, course, _within(cases, wall + course.patience), first_only=True)
    return judged(mutant, outcome.results, wall, cpu)


class _Serving:
    """A target that answers as a server does where its rules break: with status 500."""

    authority = None

    def __init__(self, target: Target) -> None:
        self._target = target
        self.url = target.url
        self.clock = target.clock

    @property
    def callbacks(self) -> Callbacks | None:
        return callbacks_of(self._target)

    def send(self, request: Request) -> Exchange:
        """Pass a request on."""
        try:
            return self._target.send(request)
        except Exception as error:  # noqa: BLE001 - a drifted rule may break in any way
            return Exchange(request, Reply(500, (), type(error).__name__.encode()), 0.0)


def _within(cases: Iterable[Case], deadline: float) -> Iterator[Case]:
    for case in cases:
        if time.perf_counter() > deadline:
            return
        yield case


def _compared(supplier: str, target: Target, course: Course, cases: Iterable[Case], *, first_only: bool) -> Outcome:
    mock = _mock_apart(supplier)
    mock.begin()

    def until(_finding: Finding) -> bool:
        return first_only

    return compare(
        Asked(contract_of(supplier), mock, _Serving(target), PROFILES[course.profile], course.seed), cases, until
    )


@cache
def _mock_apart(supplier: str) -> MockApart:
    """Give this process's mock of a supplier that no mutant patches; it ends with the process."""
    return MockApart(supplier, 0, products_of(supplier))
