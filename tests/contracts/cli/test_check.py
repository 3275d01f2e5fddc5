"""Reports asked for, and verdicts as exit codes."""

from pathlib import Path

import pytest

from apitwin_contracts.cli.check import exit_code
from apitwin_contracts.cli.columns import columns
from apitwin_contracts.cli.report_files import report_files
from apitwin_contracts.drift import Outcome
from apitwin_contracts.errors import UsageError
from apitwin_contracts.suite.session import SuiteRun
from tests.contracts.tiny.outcomes import finding, outcome, result

HOLDS, NOTHING = outcome(result()), outcome(result("skipped"))
DRIFTS, CRASHED = outcome(result("failed", finding())), outcome(result("crashed"))
UNREACHABLE = outcome(result("unreachable", reason="gone"))


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ([HOLDS], 0),
        ([HOLDS, HOLDS], 0),
        ([DRIFTS], 1),
        ([CRASHED], 1),
        ([HOLDS, DRIFTS, UNREACHABLE, NOTHING], 1),
        ([UNREACHABLE], 3),
        ([HOLDS, UNREACHABLE, NOTHING], 3),
        ([NOTHING], 4),
        ([HOLDS, NOTHING], 4),
        ([], 4),
    ],
)
def test_the_gravest_verdict_makes_the_code(outcomes: list[Outcome], code: int) -> None:
    assert exit_code(SuiteRun(tuple(outcomes))) == code


def test_a_bug_of_ours_is_no_success() -> None:
    assert exit_code(SuiteRun((HOLDS,), broken="ZeroDivisionError")) == 1


def test_files_are_looked_at_and_left_as_they_are(tmp_path: Path) -> None:
    kept, new = tmp_path / "kept.json", tmp_path / "new.xml"
    kept.write_text("before")
    assert report_files([f"json={kept}", f"junit={new}"]) == {"json": kept, "junit": new}
    assert kept.read_text() == "before"
    assert not new.exists()


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["report.json"], "a report is json=FILE or junit=FILE, not 'report.json'"),
        (["json="], "a report is json=FILE or junit=FILE"),
        (["jsn=x"], "there is no report 'jsn'; did you mean 'json'?"),
        (["json=a", "json=b"], "there is one json report"),
        (["json=no/such/folder/x"], "cannot write the report no/such/folder/x: No such file or directory"),
        (["json=."], "cannot write the report .: Is a directory"),
    ],
)
def test_a_report_that_cannot_be_written_is_refused(
    texts: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as refused:
        report_files(texts)
    assert said in str(refused.value)


def test_columns_are_as_wide_as_their_contents() -> None:
    assert columns([("a", "1", "x"), ("long", "10", "")], numbers=[1]) == "a      1  x\nlong  10"
