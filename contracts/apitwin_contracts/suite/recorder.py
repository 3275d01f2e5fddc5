"""From pytest's reports back to results, also out of the workers of pytest-xdist, and on to whoever listens."""

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import pytest

from apitwin_contracts.drift import CaseResult, Category, Outcome

from .plan import Plan
from .sharing import case_id

__all__ = ["Listener", "Recorder"]

Planned = Mapping[tuple[str, Category], int]


class Listener(Protocol):
    """Who is told how a run goes."""

    def planned(self, counts: Planned) -> None:
        """Hear how many cases each supplier's categories have; comes once, before the first result."""
        ...

    def examined(self, result: CaseResult) -> None:
        """Hear how a case ended."""
        ...

    def crashed(self, name: str, traceback: str) -> None:
        """Hear of a bug of ours, with its traceback."""
        ...

    def noticed(self, sentence: str) -> None:
        """Hear why nothing happens for a while."""
        ...


class Recorder:
    """Collects each supplier's outcome; takes the place of pytest's own terminal reporter."""

    def __init__(self, plan: Plan, listener: Listener, started: str) -> None:
        self._plan = plan
        self._listener = listener
        self._since: dict[str, float] = {}
        self._heard_plan = False
        self.interrupted = False
        self.broken = ""
        self.outcomes = {name: Outcome(plan.setting(name, started)) for name in plan.addresses}

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        reporter = config.pluginmanager.getplugin("terminalreporter")
        if reporter:
            config.pluginmanager.unregister(reporter)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._plan_is([item.nodeid for item in session.items])

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        self._plan_is(ids)

    def _plan_is(self, nodeids: Iterable[str]) -> None:
        cases = {case.id: case for case in self._plan.cases}
        taken = [cases[name] for name in map(case_id, nodeids) if name in cases]
        if self._heard_plan or not taken:
            return
        self._heard_plan = True
        for case in taken:
            self.outcomes[case.supplier].planned += 1
        self._listener.planned(Counter((case.supplier, case.category) for case in taken))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        told: dict[str, Any] | None = getattr(report, "apitwin", None)
        if told is None:
            if report.failed:
                self._crash(report.nodeid, report.longreprtext)
            return
        result = CaseResult.from_json(told)
        outcome = self.outcomes[result.supplier]
        outcome.add(result)
        now = time.perf_counter()
        since = self._since.setdefault(result.supplier, now - result.seconds)
        outcome.seconds = now - since
        self._listener.examined(result)
        if result.ending == "crashed":
            self._listener.crashed(result.name, report.longreprtext)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._crash(report.nodeid, report.longreprtext)

    def pytest_internalerror(self, excrepr: object) -> None:
        self._crash("pytest", str(excrepr))

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        self.interrupted = isinstance(excinfo.value, KeyboardInterrupt)

    def _crash(self, name: str, traceback: str) -> None:
        self.broken = self.broken or f"{name}: {traceback.strip().splitlines()[-1] if traceback.strip() else 'failed'}"
        self._listener.crashed(name, traceback)
