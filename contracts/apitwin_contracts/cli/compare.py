"""`apitwin compare`: mock and target in lockstep, told and judged as a check is."""

import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from apitwin_contracts.lockstep.noise import Noise
from apitwin_contracts.lockstep.session import compare_supplier
from apitwin_contracts.reports.json_report import write_report
from apitwin_contracts.reports.progress import progress_on
from apitwin_contracts.reports.terminal import tell
from apitwin_contracts.suite.plan import Plan
from apitwin_contracts.suite.session import SuiteRun
from apitwin_contracts.suite.settings import Settings

from .check import exit_code
from .pipe import QuietConsole
from .wall import now

__all__ = ["compare_with_mock"]


def compare_with_mock(settings: Settings, files: Mapping[str, Path], noise: Noise) -> int:
    """Compare a supplier's target with its mock and give the exit code; raises `UsageError` before anything is sent."""
    plan = Plan.of(settings)
    console = QuietConsole(file=sys.stdout, highlight=False)
    started = now().isoformat(timespec="seconds").replace("+00:00", "Z")
    flakes: list[str] = []
    outcomes = []
    with progress_on(console) as progress:
        plan = replace(plan, notice=progress.noticed)
        progress.planned(Counter((case.supplier, case.category) for case in plan.cases))
        for supplier in plan.addresses:
            outcome = compare_supplier(plan, supplier, noise, progress.examined, started=started, flaky=flakes.append)
            outcomes.append(outcome)
    tell(console, outcomes, [*plan.warnings, *(f"flaky, and so no drift: {flake}" for flake in flakes)])
    if "json" in files:
        write_report(files["json"], outcomes)
    return exit_code(SuiteRun(tuple(outcomes)))
