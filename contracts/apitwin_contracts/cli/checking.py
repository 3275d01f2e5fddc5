"""`apitwin check`, from what was asked to a run; a misspelt word is answered before the suites are loaded, which takes a second."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from apitwin_contracts.registry import check_names
from apitwin_contracts.suite.settings import Settings
from apitwin_contracts.suite.storage import keep_out_of_the_way
from apitwin_fixtures import chosen

from .report_files import report_files
from .start import CheckOptions

__all__ = ["check_as_asked"]


def check_as_asked(
    options: CheckOptions,
    reports: Sequence[str] = (),
    extra: Sequence[str] = (),
    reproduce: Path | None = None,
    **more: Any,
) -> int:
    """Hold the suppliers to their contracts and give the exit code; `more` are further settings. Raises `UsageError`."""
    asked = asdict(options)
    wanted, files = check_names(asked.pop("names")), report_files(reports)
    keep_out_of_the_way()
    from .check import check_suppliers

    settings = Settings(wanted, **asked, **more)
    with chosen(settings.config):
        return check_suppliers(settings, files, extra, reproduce)
