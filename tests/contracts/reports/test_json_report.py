"""The report `apitwin/report/1` and its schema say the same."""

from pathlib import Path
from typing import Any

import jsonschema
import orjson
import pytest
from hypothesis import given, settings

from apitwin_contracts.drift import CATEGORIES, Outcome
from apitwin_contracts.reports.json_report import as_report, report_schema, write_report
from tests.contracts.tiny.outcomes import finding, outcome, outcomes, result

VALIDATOR = jsonschema.Draft202012Validator(
    report_schema(), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(report_schema())
    assert tuple(report_schema()["$defs"]["finding"]["properties"]["category"]["enum"]) == CATEGORIES


@settings(max_examples=30)
@given(outcomes)
def test_every_report_fits_it(made: Outcome) -> None:
    VALIDATOR.validate(orjson.loads(orjson.dumps(as_report(made))))


def test_a_report_says_what_the_design_says() -> None:
    report = as_report(outcome(result(), result("failed", finding()), result("skipped", reason="why")))
    assert report == {
        "format": "apitwin/report/1",
        "supplier": "tiny",
        "target": "mock",
        "profile": "ci",
        "seed": 7,
        "started": "2026-01-01T12:00:00Z",
        "seconds": 1.5,
        "checks": {"run": 2, "passed": 1, "failed": 1, "skipped": 1},
        "exchanges": 9,
        "verdict": "drift",
        "findings": [finding().as_json()],
    }


def test_a_crash_and_a_dead_target_are_told() -> None:
    assert as_report(outcome(result("crashed", reason="KeyError: 'x'")))["errors"] == [
        {"check": "paging.size", "name": "tiny-paging.size-listItems", "error": "KeyError: 'x'"}
    ]
    assert as_report(outcome(result("unreachable", reason="gone")))["reason"] == "gone"


WRONG: list[tuple[str, Any]] = [
    ("format", "apitwin/report/2"),
    ("verdict", "fine"),
    ("started", "2026-01-01"),
    ("seconds", -1),
    ("checks", {"run": 1}),
    ("findings", [{}]),
    ("more", 1),
]


@pytest.mark.parametrize(("key", "value"), WRONG)
def test_the_schema_refuses_what_is_no_report(key: str, value: Any) -> None:
    report = {**as_report(outcome(result("failed", finding()))), key: value}
    assert not VALIDATOR.is_valid(report)


@pytest.mark.parametrize("key", list(as_report(outcome())))
def test_the_schema_misses_what_is_missing(key: str) -> None:
    report = as_report(outcome())
    del report[key]
    assert not VALIDATOR.is_valid(report)


def test_several_suppliers_make_a_list(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    write_report(file, [outcome()])
    assert isinstance(orjson.loads(file.read_bytes()), dict)
    write_report(file, [outcome(), outcome()])
    VALIDATOR.validate(orjson.loads(file.read_bytes()))
    assert [report["verdict"] for report in orjson.loads(file.read_bytes())] == ["nothing", "nothing"]
