"""The report `apitwin/report/1`; `report-1.schema.json` beside this file is its JSON Schema."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from apitwin_contracts.drift import Outcome

__all__ = ["FORMAT", "as_report", "report_schema", "write_report"]

FORMAT = "apitwin/report/1"


def as_report(outcome: Outcome) -> dict[str, Any]:
    """Give one supplier's report; `errors` is there only when a check of ours crashed, `reason` only without a verdict."""
    setting = outcome.setting
    crashes = [{"check": crash.check, "name": crash.name, "error": crash.reason} for crash in outcome.crashes]
    failed = outcome.count("failed") + outcome.count("crashed")
    skipped = outcome.count("skipped") + outcome.count("unreachable")
    return {
        "format": FORMAT,
        "supplier": setting.supplier,
        "target": setting.target,
        "profile": setting.profile,
        "seed": setting.seed,
        "started": setting.started,
        "seconds": round(outcome.seconds, 3),
        "checks": {"run": outcome.run, "passed": outcome.count("passed"), "failed": failed, "skipped": skipped},
        "exchanges": outcome.exchanges,
        "verdict": outcome.verdict,
        "findings": [finding.as_json() for finding in outcome.findings],
        **({"errors": crashes} if crashes else {}),
        **({"reason": outcome.unreachable} if outcome.unreachable else {}),
    }


def write_report(path: Path, outcomes: Sequence[Outcome]) -> None:
    """Write one supplier's report as an object, several as a list; raises `OSError`."""
    reports = [as_report(outcome) for outcome in outcomes]
    path.write_bytes(orjson.dumps(reports[0] if len(reports) == 1 else reports, option=orjson.OPT_INDENT_2) + b"\n")


def report_schema() -> dict[str, Any]:
    """Give the JSON Schema of a report file."""
    schema: dict[str, Any] = json.loads(Path(__file__).with_name("report-1.schema.json").read_text("utf-8"))
    return schema
