"""`apitwin check`: the suites through pytest, the report, and the verdict as an exit code."""

import gc
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from apitwin_contracts.reports.json_report import write_report
from apitwin_contracts.reports.progress import progress_on
from apitwin_contracts.reports.terminal import tell
from apitwin_contracts.reports.wording import amount
from apitwin_contracts.suite.plan import Plan
from apitwin_contracts.suite.session import SuiteRun, run_suite
from apitwin_contracts.suite.settings import Settings

from .pipe import QuietConsole
from .reproducers import reproducer_folder, write_reproducers
from .wall import now

__all__ = ["check_suppliers", "exit_code"]

_HOLDS, _DRIFT, _MISUSED, _UNREACHABLE, _NOTHING, _INTERRUPTED = 0, 1, 2, 3, 4, 130


def check_suppliers(
    settings: Settings, files: Mapping[str, Path], extra: Sequence[str], reproduce: Path | None = None
) -> int:
    """Hold suppliers to their contracts and give the exit code; raises `UsageError` before anything is sent."""
    plan = Plan.of(settings)
    folder = reproducer_folder(reproduce) if reproduce else None
    console = QuietConsole(file=sys.stdout, highlight=False)
    started = now().isoformat(timespec="seconds").replace("+00:00", "Z")
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
    with progress_on(console) as progress:
        plan = replace(plan, notice=progress.noticed, heard=progress.found)
        run = run_suite(plan, settings, progress, started=started, junit=files.get("junit"), extra=extra)
    if run.misused:
        return _MISUSED
    tell(console, run.outcomes, plan.warnings)
    if run.interrupted:
        console.print("interrupted: what is above was found so far, and no report was written")
        return _INTERRUPTED
    if "json" in files:
        write_report(files["json"], run.outcomes)
    if folder and any(outcome.verdict == "drift" for outcome in run.outcomes):
        written = write_reproducers(folder, run.outcomes, settings)
        console.print(f"{amount(len(written), 'reproducer')} written: pytest {folder}", soft_wrap=True)
    return exit_code(run)


def exit_code(run: SuiteRun) -> int:
    """Give the exit code: a finding anywhere outweighs a target that could not be reached, and that outweighs having checked nothing.

    A crash, which is a bug of ours, is 1 as for any Python program; its traceback was shown.
    """
    verdicts = {outcome.verdict for outcome in run.outcomes}
    if run.broken or verdicts & {"drift", "crashed"}:
        return _DRIFT
    if "unreachable" in verdicts:
        return _UNREACHABLE
    return _NOTHING if "nothing" in verdicts or not verdicts else _HOLDS
