"""`apitwin compare`: mock and target in lockstep, told and judged as a check is."""

import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from apitwin_contracts.errors import UnreachableError
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

from .check import exit_code
from .pipe import QuietConsole
from .wall import now

__all__ = ["calibrate_target", "compare_with_mock"]

_UNREACHABLE = 3


def compare_with_mock(settings: Settings, files: Mapping[str, Path], noise: Noise) -> int:
    """Compare a supplier's target with its mock and give the exit code; raises `UsageError` before anything is sent."""
    plan = _plan(settings)
    console = QuietConsole(file=sys.stdout, highlight=False)
    started = now().isoformat(timespec="seconds").replace("+00:00", "Z")
    flakes: list[str] = []
    with progress_on(console) as progress:
        plan = replace(plan, notice=progress.noticed)
        progress.planned(Counter((case.supplier, case.category) for case in plan.cases))
        wanted = Wanted(noise, progress.examined, flakes.append)
        outcomes = [compare_supplier(plan, supplier, wanted, started) for supplier in plan.addresses]
    tell(console, outcomes, [*plan.warnings, *(f"flaky, and so no drift: {flake}" for flake in flakes)])
    if "json" in files:
        write_report(files["json"], outcomes)
    return exit_code(SuiteRun(tuple(outcomes)))


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
    write_noise(path, noise)
    places = amount(len(noise), "volatile place")
    console.print(f"{supplier}: {places} at {plan.addresses[supplier].label}, written to {path}", soft_wrap=True)
    return 0


def _plan(settings: Settings) -> Plan:
    # A mock that is compared with the mock shows the same catalogue, whatever seed chooses the sequences.
    return replace(Plan.of(replace(settings, seed=0)), seed=settings.seed)
