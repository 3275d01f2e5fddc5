"""The pytest hooks that turn a plan into tests: one for each case, and results that travel with pytest's reports."""

from collections.abc import Callable, Generator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from apitwin_contracts.drift import CaseResult
from apitwin_contracts.errors import UsageError
from apitwin_fixtures import chosen

from .bench import Bench
from .cases import Case
from .messages import failure
from .plan import Plan
from .settings import Settings
from .sharing import scheduler, units_of

__all__ = [
    "Examine",
    "GivenPlan",
    "examine",
    "make_plan",
    "pytest_collection_modifyitems",
    "pytest_generate_tests",
    "pytest_report_header",
    "pytest_runtest_makereport",
    "pytest_xdist_make_scheduler",
]

Examine = Callable[[Case], None]
_SUITE = Path(__file__).parent
_PLAN: pytest.StashKey[Plan] = pytest.StashKey()
_BENCH: pytest.StashKey[Bench] = pytest.StashKey()
_RESULT: pytest.StashKey[CaseResult] = pytest.StashKey()


class GivenPlan:
    """A plan of one's own: passed to `pytest.main` as a plugin, it is run instead of what the options ask for."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan


class _Tally:
    """Lets a session that examined nothing be no success."""

    def __init__(self) -> None:
        self._examined = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        told = getattr(report, "apitwin", {})
        self._examined |= told.get("ending") in ("passed", "failed")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if exitstatus == pytest.ExitCode.OK and not self._examined:
            session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED


class _Tidy:
    """Leaves nothing behind on a target that is not ours, however the session ends."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        for sentence in self._bench.tidy():
            self._bench.plan.notice(sentence)


def make_plan(config: pytest.Config) -> None:
    """Make the plan of what the options ask for, or take the given one; raises pytest's `UsageError` for wrong options."""
    given = [plugin.plan for plugin in config.pluginmanager.get_plugins() if isinstance(plugin, GivenPlan)]
    settings, lasting = Settings.of_options(config.option), ExitStack()
    lasting.enter_context(chosen(settings.config))
    config.add_cleanup(lasting.close)
    try:
        config.stash[_PLAN] = given[0] if given else Plan.of(settings)
    except UsageError as error:
        raise pytest.UsageError(str(error)) from None
    config.stash[_BENCH] = Bench(config.stash[_PLAN])
    config.pluginmanager.register(_Tally())
    config.pluginmanager.register(_Tidy(config.stash[_BENCH]))


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say what is examined, and which names select nothing."""
    plan = config.stash[_PLAN]
    named = [f"{name} at {address.label}" for name, address in plan.addresses.items()]
    return [f"apitwin: {', '.join(named)}; profile {plan.profile.name}, seed {plan.seed}", *plan.warnings]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test of each case of the module's category."""
    if "case" in metafunc.fixturenames and metafunc.definition.path.parent == _SUITE:
        category = metafunc.definition.path.stem.removeprefix("test_")
        cases = [case for case in metafunc.config.stash[_PLAN].cases if case.category == category]
        metafunc.parametrize("case", [pytest.param(case, id=case.id) for case in cases])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Share the cases out among workers, whatever `--dist` asks for: only so does a shared target see one of them at a time."""
    return scheduler(config, log, units_of(config.stash[_PLAN]))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the cases in the plan's order, supplier by supplier, and drop the placeholders of modules without a case."""
    place = {case.id: index for index, case in enumerate(config.stash[_PLAN].cases)}
    ours = [item for item in items if item.path.parent == _SUITE]
    cases = [item for item in ours if isinstance(_case(item), Case)]
    cases.sort(key=lambda item: place[_case(item).id])
    items[:] = [item for item in items if item not in ours] + cases


def _case(item: pytest.Item) -> Any:
    callspec = getattr(item, "callspec", None)
    return callspec.params.get("case") if callspec else None


@pytest.fixture
def examine(request: pytest.FixtureRequest) -> Examine:
    """Examine a case: a finding fails the test, nothing to look at skips it, a bug of ours is raised."""

    def examined(case: Case) -> None:
        bench = request.config.stash[_BENCH]
        known_lost = bench.is_lost(case.supplier)
        result = bench.examine(case)
        request.node.stash[_RESULT] = result
        if bench.crash:
            raise bench.crash
        if result.ending == "failed" or (result.ending == "unreachable" and not known_lost):
            pytest.fail(failure(result), pytrace=False)
        if result.ending != "passed":
            pytest.skip(result.reason)

    return examined


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Send the result along with the report: it survives the way from a worker to its controller."""
    report = yield
    if call.when == "call" and _RESULT in item.stash:
        vars(report)["apitwin"] = item.stash[_RESULT].as_json()
    return report
