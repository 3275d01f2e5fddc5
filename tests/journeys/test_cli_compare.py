"""`apitwin compare`: a served mock beside a fresh one, drifted and not, and a target against itself."""

import signal
import time
import tomllib
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
import urllib3

from apitwin_contracts.targets.served import Served as InThread
from apitwin_mocks.server import Receive, Scope, Send, Server
from tests.contracts.tiny.mock import SUPPLIER
from tests.journeys.command import Command, Served


class Drifted:
    """A server that names the colour of an item otherwise, in every reply that has one."""

    def __init__(self) -> None:
        self._inner = Server({"tiny": SUPPLIER})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def changed(message: Any) -> None:
            if message["type"] == "http.response.start":
                kept = [header for header in message["headers"] if header[0] != b"content-length"]
                message = {**message, "headers": kept}
            elif message["type"] == "http.response.body":
                message = {**message, "body": message["body"].replace(b'"colour"', b'"color"')}
            await send(message)

        await self._inner(scope, receive, changed)


@pytest.fixture
def drifted() -> Iterator[str]:
    with InThread(Drifted()) as server:
        yield f"{server.url}/tiny"


def test_a_served_mock_does_not_differ(apitwin: Command, served: Served) -> None:
    shown = apitwin("compare", "tiny", "--target", f"{served.url}/s/compared/tiny", "--profile", "quick")
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert "tiny: the contract holds; " in shown.stdout


def test_a_drifted_one_is_told_with_the_shortest_sequence(apitwin: Command, drifted: str) -> None:
    words = ("compare", "tiny", "--target", drifted, "--profile", "quick", "--report", "json=r.json")
    shown = apitwin(*words)
    assert shown.returncode == 1, shown.stdout + shown.stderr
    report = orjson.loads((apitwin.folder / "r.json").read_bytes())
    told = {(finding["check"], finding["location"]): finding for finding in report["findings"]}
    renamed = told["lockstep.absent", "listItems.items[].colour"]
    assert len(renamed["steps"]) == 1
    assert renamed["steps"][0]["curl"] in shown.stdout
    assert ("lockstep.added", "listItems.items[].color") in told


def test_a_calibration_is_written_and_what_it_names_is_no_drift(apitwin: Command, drifted: str) -> None:
    noise = apitwin.folder / "noise.toml"
    shown = apitwin("compare", "tiny", "--target", drifted, "--calibrate", "--noise", "noise.toml")
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert tomllib.loads(noise.read_text()) == {}
    places = ("items[].colour", "items[].color", "colour", "color")
    tables = "".join(f'[[volatile]]\nplace = "{place}"\nkinds = ["*"]\nwhy = "we know"\n' for place in places)
    noise.write_text(noise.read_text() + tables)
    shown = apitwin("compare", "tiny", "--target", drifted, "--profile", "quick", "--noise", "noise.toml")
    assert shown.returncode == 0, shown.stdout + shown.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("tini",), "there is no supplier 'tini'; did you mean 'tiny'?"),
        (("tiny", "--noise", "no.toml"), "cannot read the noise profile no.toml"),
        (("tiny", "--report", "html=x"), "there is no report 'html'"),
    ],
)
def test_a_wrong_use_is_told(apitwin: Command, words: tuple[str, ...], told: str) -> None:
    shown = apitwin("compare", "--target", "mock", *words)
    assert shown.returncode == 2
    assert told in shown.stderr


def test_a_target_that_is_not_there_gives_no_verdict(apitwin: Command) -> None:
    shown = apitwin("compare", "tiny", "--target", "http://127.0.0.1:9/tiny", "--profile", "quick")
    assert shown.returncode == 3, shown.stdout + shown.stderr


@pytest.mark.parametrize(("budget", "code"), [(0, 4), (40, 0)])
def test_a_budget_is_kept_and_its_end_is_told(apitwin: Command, served: Served, budget: int, code: int) -> None:
    url = f"{served.url}/s/compared-{budget}"
    words = ("compare", "tiny", "--target", f"{url}/tiny", "--profile", "quick", "--budget", str(budget))
    shown = apitwin(*words)
    assert shown.returncode == code, shown.stdout + shown.stderr
    assert f"the budget of {budget} requests is used up" in shown.stdout
    asked = orjson.loads(urllib3.request("GET", f"{url}/_twin/journal?supplier=tiny").data)["entries"]
    assert len(asked) <= budget


def test_what_it_may_create_is_capped(apitwin: Command, served: Served) -> None:
    url = f"{served.url}/s/compared-caps/tiny"
    shown = apitwin("compare", "tiny", "--target", url, "--profile", "quick", "--max-spend", "lots")
    assert (shown.returncode, shown.stderr) == (2, "apitwin: --max-spend is an amount such as 12.50, not 'lots'\n")


def test_ctrl_c_and_sigterm_end_it_with_what_is_known(apitwin: Command, served: Served) -> None:
    url = f"{served.url}/s/compared-ended/tiny"
    with apitwin.start("compare", "tiny", "--target", url, "--rate", "60") as process:
        assert process.stdout
        while not orjson.loads(urllib3.request("GET", url.replace("/tiny", "/_twin/journal")).data)["entries"]:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        said, wrong = process.communicate(timeout=30)
    assert (process.returncode, wrong) == (130, "")
    assert "interrupted: what is above was found so far" in said
