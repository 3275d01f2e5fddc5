"""`apitwin check` against targets that misbehave: every run ends, with the right code and a sentence that says why."""

import orjson
import pytest

from tests.contracts.targets.misbehaving import BEHAVIOURS, misbehaving
from tests.journeys.command import Command, Served

SHORT = "timeout = 0.5\npatience = 2\n"
ENDS = {
    "429": (3, "is down: it answers 429 to listItems"),
    "429, later": (3, "is down: it answers 429 to listItems"),
    "429, much later": (3, "is down: it answers 429 to listItems"),
    "503": (3, "is down: it answers 503 to listItems"),
    "503, later": (3, "is down: it answers 503 to listItems"),
    "reset": (3, "no reply from"),
    "hangs": (3, "it was not whole after 0.5 seconds"),
    "half a body": (3, "IncompleteRead"),
    "50 MB": (3, "sends more than 32 MiB in one reply"),
    "drips its head": (3, "it was not whole after 0.5 seconds"),
    "drips its body": (3, "it was not whole after 0.5 seconds"),
}


def configured(apitwin: Command, url: str, keys: str = SHORT) -> None:
    (apitwin.folder / "apitwin.toml").write_text(f'[targets.sandbox]\nurl = "{url}"\n{keys}')


@pytest.mark.parametrize("name", ENDS)
def test_a_run_ends_in_time_and_says_why(apitwin: Command, name: str) -> None:
    code, said = ENDS[name]
    with misbehaving(BEHAVIOURS[name]) as (url, seen):
        configured(apitwin, url)
        shown = apitwin("check", "tiny", "--target", "sandbox", "--budget", "20")
    assert (shown.returncode, shown.stderr) == (code, "")
    assert said in shown.stdout
    assert "could not be reached" in shown.stdout
    assert seen.count <= 20


def test_a_pause_is_told_while_it_is_made(apitwin: Command) -> None:
    with misbehaving(BEHAVIOURS["429, later"]) as (url, _):
        configured(apitwin, url)
        shown = apitwin("check", "tiny", "--target", "sandbox")
    assert f"{url} answers 429: waiting 1 s before asking again" in shown.stdout


def test_a_budget_ends_a_run_with_what_was_seen(apitwin: Command, served: Served) -> None:
    url = f"{served.url}/s/budget/tiny"
    shown = apitwin("check", "tiny", "--target", url, "--budget", "30", "--report", "json=r.json")
    assert shown.returncode == 0, shown.stdout
    assert "skipped: the budget of 30 requests is used up" in shown.stdout
    report = orjson.loads((apitwin.folder / "r.json").read_bytes())
    assert report["verdict"] == "holds"
    assert 20 < report["exchanges"] <= 30
    assert report["checks"]["run"] > 0


def test_a_budget_for_nothing_is_no_verdict(apitwin: Command, served: Served) -> None:
    shown = apitwin("check", "tiny", "--target", f"{served.url}/s/none/tiny", "--budget", "0")
    assert shown.returncode == 4
    assert "no verdict, nothing was checked" in shown.stdout


def test_limits_that_are_none_are_misuse(apitwin: Command, served: Served) -> None:
    shown = apitwin("check", "tiny", "--target", f"{served.url}/tiny", "--max-spend", "lots")
    assert (shown.returncode, shown.stderr) == (2, "apitwin: --max-spend is an amount such as 12.50, not 'lots'\n")
    configured(apitwin, served.url, "budget = -1\n")
    shown = apitwin("check", "tiny", "--target", "sandbox")
    assert shown.returncode == 2
    assert "budget is a whole number, not -1" in shown.stderr
