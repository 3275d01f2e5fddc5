"""The suites run through pytest in this process, apart from whatever pytest configuration the user has."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from apitwin_contracts.drift import Outcome

from .hooks import GivenPlan
from .plan import Plan
from .recorder import Listener, Recorder
from .settings import Settings

__all__ = ["SuiteRun", "run_suite"]

_SUITE = Path(__file__).parent
_PARALLEL = ("-n", "--numprocesses", "--dist", "--maxprocesses", "--tx")
_FOREIGN = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")


@dataclass(frozen=True)
class SuiteRun:
    """What came of a run; `misused` means that pytest refused its arguments, `broken` is a bug of ours outside any case."""

    outcomes: tuple[Outcome, ...]
    interrupted: bool = False
    misused: bool = False
    broken: str = ""


def run_suite(
    plan: Plan,
    settings: Settings,
    listener: Listener,
    *,
    started: str = "",
    junit: Path | None = None,
    extra: Sequence[str] = (),
) -> SuiteRun:
    """Run a plan's cases; `settings` say the same to the workers of pytest-xdist, `extra` are more arguments for pytest."""
    recorder = Recorder(plan, listener, started)
    with _apart():
        code = pytest.main(_arguments(settings, junit, extra), plugins=[recorder, GivenPlan(plan)])
    misused = code == pytest.ExitCode.USAGE_ERROR and not recorder.broken
    return SuiteRun(tuple(recorder.outcomes.values()), recorder.interrupted, misused, recorder.broken)


def _arguments(settings: Settings, junit: Path | None, extra: Sequence[str]) -> list[str]:
    parallel = any(argument.startswith(_PARALLEL) for argument in extra)
    plugins = ["no:cacheprovider", "apitwin_contracts.suite.plugin", *(["xdist"] if parallel else [])]
    return [
        str(_SUITE),
        "--disable-plugin-autoload",
        *("-c", str(_SUITE / "suite.ini")),
        f"--rootdir={_SUITE}",
        "--noconftest",
        "--import-mode=importlib",
        "--assert=plain",
        "--capture=sys",
        "--tb=short",
        *(word for name in plugins for word in ("-p", name)),
        *([f"--junitxml={junit}"] if junit else []),
        *settings.as_arguments(),
        *extra,
    ]


@contextmanager
def _apart() -> Iterator[None]:
    """Keep the user's pytest environment out of the run."""
    kept = {name: os.environ.pop(name) for name in _FOREIGN if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)
