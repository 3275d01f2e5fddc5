"""`apitwin check` against targets that misbehave: every run ends, with the right code and a sentence that says why."""

import os

import orjson
import pytest

from tests.contracts.targets.misbehaving import BEHAVIOURS, TOLD, misbehaving
from tests.journeys.command import Command, Served
from tests.journeys.notes import KEY, application
from tests.mocks.served import served as served_by

SHORT = "timeout = 0.5\npatience = 2\n"
# Each of the others takes some seconds with each command: APITWIN_MISBEHAVIOURS=all tries them.
SEVERAL = tuple(TOLD) if os.environ.get("APITWIN_MISBEHAVIOURS") == "all" else ("429, later", "half a chunk", "503")


def configured(apitwin: Command, url: str, keys: str = SHORT) -> None:
    (apitwin.folder / "apitwin.toml").write_text(f'[targets.sandbox]\nurl = "{url}"\n{keys}')


AT_ONCE = [("check", name) for name in TOLD] + [(word, name) for word in ("compare", "refresh") for name in SEVERAL]


@pytest.mark.parametrize(("command", "name"), AT_ONCE)
def test_a_run_ends_in_time_and_says_why(apitwin: Command, command: str, name: str) -> None:
    with misbehaving(BEHAVIOURS[name]) as (url, seen):
        configured(apitwin, url)
        shown = apitwin(command, "tiny", "--target", "sandbox", "--budget", "20")
    assert (shown.returncode, shown.stderr) == (3, "")
    assert TOLD[name] in shown.stdout
    assert command != "check" or "could not be reached" in shown.stdout
    assert seen.count <= 20


@pytest.mark.slow
@pytest.mark.parametrize("name", SEVERAL)
@pytest.mark.parametrize("command", ["check", "compare", "record", "refresh"])
def test_a_target_that_goes_down_on_the_way_gives_no_verdict(
    apitwin: Command, served: Served, command: str, name: str
) -> None:
    # Nothing of Tiny is recorded: after two requests refreshing has asked all that it asks.
    after = 1 if command == "refresh" else 12
    with misbehaving(BEHAVIOURS[name], after=after, real=served.url) as (url, seen):
        configured(apitwin, f"{url}/s/down-{command}-{name.partition(',')[0].replace(' ', '-')}/tiny")
        shown = apitwin(command, "tiny", "--target", "sandbox", "--budget", "60")
    assert (shown.returncode, shown.stderr) == (3, ""), shown.stdout
    assert TOLD[name] in shown.stdout
    assert after < seen.count <= after + 4


@pytest.mark.slow
@pytest.mark.parametrize("name", SEVERAL)
@pytest.mark.parametrize("after", [1, 6])
def test_a_newcomer_that_goes_down_on_the_way_is_not_written(apitwin: Command, name: str, after: int) -> None:
    with served_by(application()) as real, misbehaving(BEHAVIOURS[name], after=after, real=real) as (url, seen):
        configured(apitwin, url)
        text = (apitwin.folder / "apitwin.toml").read_text().replace("sandbox", "fresh")
        (apitwin.folder / "apitwin.toml").write_text(text)
        words = ("new", "fresh", "--openapi", f"{url}/openapi.json", "--header", "X-Key: ${NOTES_KEY}")
        shown = apitwin(*words, NOTES_KEY=KEY)
    assert shown.returncode == 3, shown.stdout
    assert TOLD[name] in shown.stderr
    assert "; nothing was written" in shown.stderr
    assert list((apitwin.folder / "suppliers").iterdir()) == []
    assert seen.count <= after + 4


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
