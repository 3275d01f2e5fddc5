"""The report `apitwin/mutants/1`; `mutants-1.schema.json` beside this file is its JSON Schema."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from apitwin_contracts.drift import CATEGORIES, FATES, Control, Harvest, Trial, score

__all__ = ["MUTANTS_FORMAT", "as_mutants_report", "mutants_schema", "tally", "write_mutants_report"]

MUTANTS_FORMAT = "apitwin/mutants/1"


def tally(trials: Sequence[Trial]) -> dict[str, Any]:
    """Give how often each fate came, the score (None when nobody could be killed) and the time."""
    fates = Counter(trial.fate for trial in trials)
    found = score(trials)
    return {
        **{fate.replace(" ", "_"): fates[fate] for fate in FATES},
        "score": None if found is None else round(found, 2),
        "seconds": round(sum(trial.seconds for trial in trials), 3),
        "cpu_seconds": round(sum(trial.cpu_seconds for trial in trials), 3),
    }


def as_mutants_report(harvest: Harvest) -> dict[str, Any]:
    """Give a run's report; `finished` is false when it was interrupted."""
    return {
        "format": MUTANTS_FORMAT,
        "by": harvest.by,
        "profile": harvest.profile,
        "seed": harvest.seed,
        "jobs": harvest.jobs,
        "started": harvest.started,
        "seconds": round(harvest.seconds, 3),
        "cpu_seconds": round(harvest.cpu_seconds, 3),
        "goal": {"overall": harvest.goal.overall, "category": harvest.goal.category},
        "verdict": harvest.verdict,
        "finished": len(harvest.trials) >= harvest.planned,
        "median_steps": harvest.median_steps,
        "total": tally(harvest.trials),
        "categories": {name: tally(harvest.categories[name]) for name in CATEGORIES if name in harvest.categories},
        "suppliers": [_supplier(control, harvest) for control in harvest.controls],
        "mutants": [trial.as_json() for trial in harvest.trials],
    }


def _supplier(control: Control, harvest: Harvest) -> dict[str, Any]:
    own = [trial for trial in harvest.trials if trial.supplier == control.supplier]
    return {
        "supplier": control.supplier,
        "control": _control(control),
        "afterwards": [_control(one) for one in harvest.afterwards if one.supplier == control.supplier],
        "total": tally(own),
        "categories": {
            name: tally([trial for trial in own if trial.category == name])
            for name in CATEGORIES
            if any(trial.category == name for trial in own)
        },
    }


def _control(control: Control) -> dict[str, Any]:
    return {
        "cases": control.cases,
        "exchanges": control.exchanges,
        "seconds": round(control.seconds, 3),
        "cpu_seconds": round(control.cpu_seconds, 3),
        "findings": [finding.as_json() for finding in control.findings],
        "crashes": list(control.crashes),
    }


def write_mutants_report(path: Path, harvest: Harvest) -> None:
    """Write the report; raises `OSError`."""
    path.write_bytes(orjson.dumps(as_mutants_report(harvest), option=orjson.OPT_INDENT_2) + b"\n")


def mutants_schema() -> dict[str, Any]:
    """Give the JSON Schema of a report file."""
    schema: dict[str, Any] = json.loads(Path(__file__).with_name("mutants-1.schema.json").read_text("utf-8"))
    return schema
