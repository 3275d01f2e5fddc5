"""The fixtures' whole life on each supplier's mock as the sandbox: recorded, scrubbed, refreshed, replayed, and held to the contract."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from apitwin_contracts.refresh.comparison import Terms, compare
from apitwin_contracts.refresh.fixtures import told_by
from apitwin_contracts.targets.mock import replay_target
from apitwin_fixtures.cassettes import read_cassettes
from tests.journeys.command import Command, Served

pytestmark = pytest.mark.slow

# Each takes the better part of a minute, OXOMI with its large replies more: `APITWIN_ROUND_TRIPS=axro,oxomi,…` names others.
SUPPLIERS = tuple(os.environ.get("APITWIN_ROUND_TRIPS", "reseller,wock").split(","))
MOMENT = "2026-11-22T09:00:00Z"
# A recording, a value in its reply, and where a comparison has to find it once it reads backwards.
CHANGED: dict[str, tuple[str, tuple[str | int, ...], str]] = {
    "axro": ("seen-brands", ("data", "brands", "brands", 0), "Query.brands.brands[]"),
    "gates": ("seen-get-user", ("data", "getUser", "clientNumber"), "Query.getUser.clientNumber"),
    "oxomi": ("seen-sync-v3", ("products", 0, "itemNumber"), "sync_v3.products[].itemNumber"),
    "reseller": ("seen-account-details", ("data", "currencyCode"), "account_details.currencyCode"),
    "wock": ("seen-partner", ("data", "partner", "partnerType"), "Query.partner.partnerType"),
}


@pytest.fixture
def sandbox(apitwin: Command) -> Iterator[Served]:
    # Its time stands, so that two visits see the same day; what the recording makes there is taken back.
    with apitwin.serve("--clock", MOMENT) as running:
        yield running


@pytest.mark.parametrize("supplier", SUPPLIERS)
def test_recorded_refreshed_replayed_and_checked(
    apitwin: Command, sandbox: Served, supplier: str, tmp_path: Path
) -> None:
    # A graph of products is megabytes, each byte of which is looked over.
    apitwin, target = replace(apitwin, patience=900), ("--target", f"{sandbox.url}/{supplier}")
    (tmp_path / "apitwin.toml").write_text('fixtures = "recorded"\n')
    recorded = apitwin("record", supplier, *target, "--read-only", APITWIN_STATE=str(tmp_path / "state"))
    assert recorded.returncode == 0, recorded.stdout + recorded.stderr
    folder = tmp_path / "recorded" / supplier / "cassettes"
    count = len(list(folder.glob("seen-*.json")))
    assert count > 5
    first = _refreshed(apitwin, supplier, *target, "--accept")
    assert first["verdict"] in ("unchanged", "accepted")
    assert not [one for one in first["changes"] if "/seen-" in one["fixture"]], first["changes"]
    second = _refreshed(apitwin, supplier, *target)
    assert (second["verdict"], second["changes"]) == ("unchanged", [])
    assert len(list(folder.glob("seen-*.json"))) == count
    _replays(supplier, folder)
    checked = apitwin("check", supplier, "--target", "mock", "--profile", "quick")
    assert checked.returncode == 0, checked.stdout
    assert _compared(apitwin, supplier, f"{sandbox.url}/{supplier}", 1.0 * count) == (0, [])
    _is_a_target(apitwin, supplier, folder)


def _refreshed(apitwin: Command, supplier: str, *words: str) -> Any:
    state = str(apitwin.folder / "state")
    shown = apitwin("refresh", supplier, *words, "--report", "json=news.json", APITWIN_STATE=state)
    assert shown.returncode in (0, 1), shown.stdout + shown.stderr
    return json.loads((apitwin.folder / "news.json").read_text())


def _is_a_target(apitwin: Command, supplier: str, folder: Path) -> None:
    """Hold the replay to the contract and to the mock, then see that one changed value in one cassette is found, and nothing else."""
    with apitwin.replay(supplier, "--cassettes", str(folder)) as played:
        target = played.url
        checked = apitwin("check", supplier, "--target", target, "--profile", "quick")
        assert checked.returncode == 0, checked.stdout
        # A good part of what was recorded.
        assert _compared(apitwin, supplier, target, 0.4 * len(list(folder.glob("*.json")))) == (0, [])
    name, place, location = CHANGED[supplier]
    _change(folder / f"{name}.json", place)
    with apitwin.replay(supplier, "--cassettes", str(folder)) as played:
        assert _compared(apitwin, supplier, played.url, 1) == (1, [location])


def _compared(apitwin: Command, supplier: str, target: str, least: float) -> tuple[int, list[str]]:
    words = ("--target", target, "--read-only", "--profile", "quick", "--report", "json=compared.json")
    shown = apitwin("compare", supplier, *words)
    report = json.loads((apitwin.folder / "compared.json").read_text())
    assert report["exchanges"] >= least, shown.stdout
    return shown.returncode, [finding["location"] for finding in report["findings"]]


def _change(path: Path, place: tuple[str | int, ...]) -> None:
    cassette = json.loads(path.read_text())
    body = cassette["interactions"][0]["response"]["body"]
    told = json.loads(body["string"])
    *outer, last = place
    holder = told
    for part in outer:
        holder = holder[part]
    holder[last] = holder[last][::-1]
    body["string"] = json.dumps(told)
    path.write_text(json.dumps(cassette))


def _replays(supplier: str, folder: Path) -> None:
    """Hold every recorded request to the recorded reply, in meaning."""
    cassettes = list(read_cassettes(folder))
    target = replay_target(supplier, cassettes)
    for cassette in cassettes:
        terms = Terms(tuple(cassette.metadata["volatile"]), frozenset(cassette.metadata.get("scrubbed", ())))
        for exchange in cassette.exchanges:
            told, wanted = told_by(target.send(exchange.request).reply), told_by(exchange.reply)
            assert list(compare(wanted, told, terms)) == [], cassette.name
