"""`apitwin mutants`: what the suites would notice, and the exit code that a build can gate on."""

import os
import sys
import time
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from apitwin_contracts.drift import Control, Harvest, HarvestVerdict, Trial
from apitwin_contracts.errors import UsageError
from apitwin_contracts.mutants.crew import Broken
from apitwin_contracts.mutants.session import Wanted, run_mutants, select
from apitwin_contracts.registry import contract_names
from apitwin_contracts.reports.mutants_json import write_mutants_report
from apitwin_contracts.reports.mutants_terminal import counting, say, tell_mutants
from apitwin_mocks.registry import supplier_names

from .pipe import QuietConsole
from .wall import now

__all__ = ["cores", "find_survivors"]

_CODES: dict[HarvestVerdict, int] = {"holds": 0, "below": 1, "invalid": 1, "crashed": 1, "nothing": 4}
_CRASHED, _INTERRUPTED = 1, 130
_LINE_EVERY = 100


def cores() -> int:
    """Give how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def find_survivors(wanted: Wanted, report: Path | None = None) -> int:
    """Try mutants and give the exit code; raises `UsageError` before any is tried."""
    _check(wanted)
    wanted = replace(wanted, suppliers=_mocked(wanted.suppliers))
    chosen = select(wanted)
    planned = len(chosen[0]) + len(chosen[1])
    harvest = Harvest(wanted.profile, wanted.seed, wanted.jobs, wanted.goal, _started(), planned, by=wanted.by)
    console = QuietConsole(file=sys.stdout, highlight=False)
    begun, ending = time.perf_counter(), 0
    try:
        with counting(console) as progress, ExitStack() as ending_workers:
            results = run_mutants(wanted, chosen, harvest)
            # The workers end before anything is told, wherever the signal came.
            ending_workers.callback(getattr(results, "close", lambda: None))
            ending = _Counted(console, progress, harvest).all(results)
    except KeyboardInterrupt:
        ending = _INTERRUPTED
    harvest.seconds = time.perf_counter() - begun
    tell_mutants(console, harvest)
    if ending == _INTERRUPTED:
        say(console, f"interrupted: {len(harvest.trials):,} of {harvest.planned:,} mutants are told of")
    if report:
        write_mutants_report(report, harvest)
    return ending or _CODES[harvest.verdict]


def _started() -> str:
    return now().isoformat(timespec="seconds").replace("+00:00", "Z")


def _mocked(named: tuple[str, ...]) -> tuple[str, ...]:
    """Give the suppliers that are named, or all that have a mock: without one there is nothing to drift."""
    mocks = supplier_names()
    for name in named:
        if name not in mocks:
            raise UsageError(f"{name} has no mock that could be drifted; mocked are {', '.join(mocks)}")
    return named or tuple(name for name in contract_names() if name in mocks)


def _check(wanted: Wanted) -> None:
    if wanted.jobs < 1:
        raise UsageError(f"--jobs is at least 1, not {wanted.jobs}; this machine has {cores()} cores")
    for flag, value in (("--min-score", wanted.goal.overall), ("--min-category", wanted.goal.category)):
        if not 0 <= value <= 100:  # noqa: PLR2004 - a hundred is all
            raise UsageError(f"{flag} is a number of a hundred, from 0 to 100, not {value:g}")


@dataclass
class _Counted:
    """Counts what comes: on a terminal in one moving line, elsewhere in a line now and then."""

    console: Console
    progress: Progress
    harvest: Harvest

    def all(self, results: Iterable[Control | Trial | Broken]) -> int:
        task = self.progress.add_task("mutants", total=self.harvest.planned, state="undrifted runs")
        ending = 0
        for result in results:
            if isinstance(result, Broken):
                ending = _CRASHED
                named = result.job.mutant or f"{result.job.supplier} undrifted"
                say(self.console, f"{named}: a bug of apitwin:\n{result.traceback}", "red")
            state = f"{self._count('killed'):,} killed, {self._count('survived'):,} survived"
            self.progress.update(task, completed=len(self.harvest.trials), state=state)
            self._tell(result)
        return ending

    def _count(self, fate: str) -> int:
        return sum(trial.fate == fate for trial in self.harvest.trials)

    def _tell(self, result: Control | Trial | Broken) -> None:
        done = len(self.harvest.trials)
        if isinstance(result, Trial) and result.fate == "crashed":
            say(self.console, f"{result.mutant} crashed: {result.reason}", "red")
        if isinstance(result, Trial) and result.fate == "survived":
            say(self.console, f"{result.mutant} survived{result.reason and ': '}{result.reason}", "yellow")
        if self.console.is_terminal:
            return
        if isinstance(result, Control):
            state = "holds" if result.clean else "does not hold"
            when = "undrifted again" if result in self.harvest.afterwards else "undrifted"
            say(self.console, f"{result.supplier} {when}: {state}, {result.cases:,} checks in {result.seconds:.1f} s")
        elif done % _LINE_EVERY == 0:
            say(self.console, f"{done:,} of {self.harvest.planned:,}: {self._count('survived'):,} survived")
