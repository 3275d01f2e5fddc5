"""`apitwin compare`: mock and target in lockstep, told and judged as a check is."""

import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from apitwin_contracts.drift import CaseResult, Outcome
from apitwin_contracts.errors import UnreachableError
from apitwin_contracts.lockstep.mixing import LOCKSTEP_CHECKS
from apitwin_contracts.lockstep.noise import Noise
from apitwin_contracts.lockstep.noise_files import write_noise
from apitwin_contracts.lockstep.session import Wanted, calibrate_supplier, compare_supplier
from apitwin_contracts.reports.json_report import write_report
from apitwin_contracts.reports.progress import progress_on
from apitwin_contracts.reports.terminal import tell
from apitwin_contracts.reports.wording import amount
from apitwin_contracts.suite.plan import Plan
from apitwin_contracts.suite.session import SuiteRun
from apitwin_contracts.suite.settings import Settings
from apitwin_contracts.targets.manners import SpentError

from .check import exit_code
from .pipe import QuietConsole
from .wall import now

__all__ = ["calibrate_target", "compare_with_mock"]

_UNREACHABLE, _NOTHING, _INTERRUPTED = 3, 4, 130


def compare_with_mock(settings: Settings, files: Mapping[str, Path], noise: Noise) -> int:
    """Compare a supplier's target with its mock and give the exit code; raises `UsageError` before anything is sent."""
    plan = _plan(settings)
    console = QuietConsole(file=sys.stdout, highlight=False)
    flakes: list[str] = []
    with progress_on(console) as progress:
        plan = replace(plan, notice=progress.noticed)
        progress.planned(Counter((case.supplier, case.category) for case in plan.cases))
        outcome, interrupted = _compared(plan, Wanted(noise, progress.examined, flakes.append))
    tell(console, [outcome], [*plan.warnings, *(f"flaky, and so no drift: {flake}" for flake in flakes)])
    if interrupted:
        console.print("interrupted: what is above was found so far, and no report was written")
        return _INTERRUPTED
    if "json" in files:
        write_report(files["json"], [outcome])
    return exit_code(SuiteRun((outcome,)))


def _compared(plan: Plan, wanted: Wanted) -> tuple[Outcome, bool]:
    """Compare until the end, Ctrl-C, or the moment at which nothing more may be sent: what was found until then is told, too."""
    supplier = next(iter(plan.addresses))
    started = now().isoformat(timespec="seconds").replace("+00:00", "Z")
    outcome = Outcome(plan.setting(supplier, started), len(plan.cases))
    interrupted = False
    try:
        outcome = compare_supplier(plan, supplier, replace(wanted, heard=partial(_heard, outcome, wanted)), started)
    except SpentError as error:
        plan.notice(f"{supplier}: the comparison ends here: {error}")
    except KeyboardInterrupt:
        interrupted = True
    return outcome, interrupted


def _heard(outcome: Outcome, wanted: Wanted, result: CaseResult) -> None:
    outcome.add(result)
    wanted.heard(result)


def calibrate_target(settings: Settings, path: Path) -> int:
    """Drive a supplier's target against itself, write what is volatile, and give the exit code."""
    plan = _plan(settings)
    console = QuietConsole(file=sys.stdout, highlight=False)
    supplier = next(iter(plan.addresses))
    try:
        noise = calibrate_supplier(replace(plan, notice=console.print), supplier, Wanted())
    except UnreachableError as error:
        console.print(str(error), soft_wrap=True)
        return _UNREACHABLE
    except SpentError as error:
        console.print(f"{supplier}: {error}, and nothing was written", soft_wrap=True)
        return _NOTHING
    write_noise(path, noise)
    places = amount(len(noise), "volatile place")
    console.print(f"{supplier}: {places} at {plan.addresses[supplier].label}, written to {path}", soft_wrap=True)
    return 0


def _plan(settings: Settings) -> Plan:
    # A mock that is compared with the mock shows the same catalogue, whatever seed chooses the sequences.
    return replace(Plan.of(replace(settings, seed=0), LOCKSTEP_CHECKS), seed=settings.seed)
