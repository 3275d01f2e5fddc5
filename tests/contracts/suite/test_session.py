"""The suites through pytest, in this process: what the command runs."""

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from apitwin_contracts.drift import CaseResult
from apitwin_contracts.suite.plan import Plan
from apitwin_contracts.suite.session import SuiteRun, run_suite
from apitwin_contracts.suite.settings import Settings
from apitwin_contracts.targets.manners import Limits
from tests.contracts.tiny.stage import Dead, Twisted, in_body, plan


class Heard:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.plan: Counter[Any] = Counter()
        self.results: list[CaseResult] = []
        self.crashes: list[tuple[str, str]] = []

    def planned(self, counts: Any) -> None:
        self.plan.update(counts)

    def examined(self, result: CaseResult) -> None:
        self.results.append(result)

    def crashed(self, name: str, traceback: str) -> None:
        self.crashes.append((name, traceback))

    def noticed(self, sentence: str) -> None:
        raise AssertionError(sentence)


def run(made: Plan, *extra: str, junit: Path | None = None) -> tuple[SuiteRun, Heard]:
    heard = Heard()
    return run_suite(made, Settings(("tiny",)), heard, started="2026-01-01T00:00:00Z", junit=junit, extra=extra), heard


def test_every_case_is_a_test_and_tells_its_result() -> None:
    made = plan()
    suite, heard = run(made)
    [outcome] = suite.outcomes
    assert [result.name for result in heard.results] == [case.id for case in made.cases]
    assert sum(heard.plan.values()) == outcome.planned == len(made.cases)
    assert (outcome.verdict, outcome.unfinished, outcome.setting.started) == ("holds", 0, "2026-01-01T00:00:00Z")
    assert outcome.count("passed") > 25
    assert (suite.broken, suite.interrupted, suite.misused) == ("", False, False)


def test_pytests_own_selection_works() -> None:
    made = plan()
    suite, heard = run(made, "-k", "paging and not size")
    wanted = [case.id for case in made.cases if case.category == "paging" and "size" not in case.id]
    assert [result.name for result in heard.results] == wanted
    assert suite.outcomes[0].unfinished == 0


def test_it_can_stop_at_the_first_finding() -> None:
    suite, heard = run(plan(Twisted(in_body(lambda body: body.update(extra=1)))), "-x")
    [outcome] = suite.outcomes
    assert len(heard.results) == 1
    assert (outcome.verdict, outcome.unfinished) == ("drift", outcome.planned - 1)


def test_a_dead_target_is_no_verdict() -> None:
    suite, _ = run(plan(Dead()))
    [outcome] = suite.outcomes
    assert (outcome.verdict, outcome.unreachable, outcome.run) == ("unreachable", "no reply: the target is dead", 0)


def test_nothing_selected_is_nothing_checked() -> None:
    suite, _ = run(plan(only=("nothing",)))
    assert [outcome.verdict for outcome in suite.outcomes] == ["nothing"]


def test_wrong_arguments_for_pytest_are_a_wrong_use() -> None:
    suite, _ = run(plan(), "--nonsense")
    assert suite.misused


def test_a_bug_of_ours_is_told_with_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apitwin_contracts.checks.check.Examination.must", lambda *_: 1 / 0)
    suite, heard = run(plan(only=("paging.end",)))
    [outcome] = suite.outcomes
    assert outcome.verdict == "crashed"
    [(name, traceback)] = heard.crashes
    assert name == "tiny-paging.end-listItems"
    assert "ZeroDivisionError" in traceback
    assert [crash.reason for crash in outcome.crashes] == ["ZeroDivisionError: division by zero"]


def test_a_crash_outside_a_case_breaks_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apitwin_contracts.suite.bench.Bench.examine", lambda *_: 1 / 0)
    suite, heard = run(plan(only=("paging.end",)))
    assert "ZeroDivisionError" in suite.broken
    assert heard.crashes


def test_a_ctrl_c_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("apitwin_contracts.suite.bench.Bench.examine", interrupt)
    suite, _ = run(plan(only=("paging",)))
    assert suite.interrupted
    assert suite.outcomes[0].unfinished == suite.outcomes[0].planned > 0


def test_junit_knows_every_case(tmp_path: Path) -> None:
    file = tmp_path / "junit.xml"
    run(plan(Twisted(in_body(lambda body: body.update(extra=1))), read_only=True), junit=file)
    suite = ET.parse(file).getroot()[0]  # noqa: S314 - our own file
    cases = {case.attrib["name"]: case for case in suite}
    assert suite.attrib["name"] == "apitwin"
    failed = cases["test_schema[tiny-schema.reply-listItems]"].find("failure")
    assert failed is not None
    assert "schema.unknown-key at listItems.extra" in str(failed.text)
    assert "curl" in str(failed.text)
    assert "TINY_TOKEN'" not in file.read_text()
    assert cases["test_schema[tiny-schema.reply-createOrder]"].find("skipped") is not None


def test_the_users_pytest_has_no_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --nonsense\n")
    (tmp_path / "conftest.py").write_text("raise RuntimeError('a conftest of the user')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTEST_ADDOPTS", "--more-nonsense")
    monkeypatch.setenv("PYTEST_PLUGINS", "no_such_plugin")
    suite, _ = run(plan(only=("paging.end",)))
    assert suite.outcomes[0].verdict == "holds"
    assert {path.name for path in tmp_path.iterdir()} == {"pytest.ini", "conftest.py"}


@pytest.mark.parametrize("text", ["a,b", "a , b", "a,,b"])
def test_options_may_have_commas(text: str) -> None:
    class Options:
        apitwin_supplier = (text,)
        apitwin_only = apitwin_skip = ()
        apitwin_target, apitwin_profile, apitwin_seed, apitwin_products = "mock", "ci", 3, 7
        apitwin_read_only, apitwin_config = True, "x.toml"
        apitwin_news = None
        apitwin_budget, apitwin_rate, apitwin_max_orders, apitwin_max_spend = 9, 60.0, None, "12.50"

    settings = Settings.of_options(Options)
    assert settings.suppliers == ("a", "b")
    assert settings == Settings(
        ("a", "b"),
        seed=3,
        read_only=True,
        config=Path("x.toml"),
        products=7,
        limits=Limits(9, None, Decimal("12.50")),
        rate=60.0,
    )
