"""`apitwin record` against served mocks as sandboxes: what it writes, what it leaves, and what a kill at any moment leaves."""

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
import urllib3

from apitwin_contracts.registry import load_contracts
from apitwin_contracts.targets.mock import ServedMocks
from apitwin_contracts.targets.mock_session import MockSession
from apitwin_fixtures.cassettes import read_cassette
from tests.contracts.targets.misbehaving import BEHAVIOURS, TOLD, misbehaving
from tests.journeys.command import Command

SUPPLIERS = ("axro", "gates", "oxomi", "reseller", "wock")
# Every kill is a run of the command: a few here, as many as one likes with APITWIN_KILLS=20.
KILLS = int(os.environ.get("APITWIN_KILLS", "1"))
OFTEN = "APITWIN_KILLS" in os.environ
_LOST_CART = "a new cart's id stands in the answer alone"
_MADE = {
    "axro": ("addresses", "orders"),
    "gates": ("carts", "orders"),
    "oxomi": ("api_tokens",),
    "reseller": ("lines",),
    "wock": ("orders",),
}
# What an order took of them comes back with it.
_MOVED = {"reseller": ("products", "customers"), "wock": ("products", "partners")}
_MOVING = ("updated_at", "last_update_date_time", "last_increased_stock_date_time", "revision")


WORDS = {
    "record": ("record", "--only", "operation", "--into", "here"),
    "check": ("check", "--profile", "quick", "--only", "state,error,schema"),
    "compare": ("compare", "--profile", "quick", "--only", "state,error,schema"),
}


@pytest.fixture(scope="module")
def mocks() -> Iterator[ServedMocks]:
    served = ServedMocks(SUPPLIERS, products=120)
    yield served
    served.stop()


@pytest.fixture
def recorder(apitwin: Command) -> Command:
    return Command(apitwin.folder, {**apitwin.environment, "APITWIN_STATE": str(apitwin.folder / "state")})


def journals(command: Command) -> list[Path]:
    return sorted((command.folder / "state").rglob("*.jsonl"))


def state(session: MockSession, *tables: str) -> dict[str, Any]:
    """Give what of a supplier's state a run may not leave changed: goods, money, and orders that are still open."""
    found: dict[str, Any] = {}
    for table in tables or (*_MADE[session.supplier], *_MOVED.get(session.supplier, ())):
        url = f"{session.control_url}/state/{session.supplier}/{table}?limit=1000"
        rows = orjson.loads(urllib3.request("GET", url).data)["rows"]
        found[table] = {row["key"]: _steady(row["row"]) for row in rows if _counts(table, row["row"])}
    return found


def _counts(table: str, row: Mapping[str, Any]) -> bool:
    if table == "orders" and "state" in row:
        return row["state"] in ("new", "ready")
    if table == "carts":
        return bool(row["lines"])
    return table != "lines" or row["cancelled"] < row["quantity"]


def _steady(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _MOVING}


def untold(before: Mapping[str, Any], after: Mapping[str, Any], said: str) -> list[str]:
    """Name what is on the target and was not before, though nothing that was said names it."""
    return [
        f"{table} {key}"
        for table, rows in after.items()
        for key, row in rows.items()
        if before[table].get(key) != row and not any(name in said for name in _names(table, key, row))
    ]


def _names(table: str, key: str, row: Mapping[str, Any]) -> list[str]:
    if table == "carts":
        return [key, _LOST_CART, *([row["order"]] if row["order"] else [])]
    return [str(row[name]) for name in ("commission", "order") if row.get(name)] or [key]


@pytest.mark.slow
@pytest.mark.parametrize("supplier", SUPPLIERS)
def test_every_operation_is_recorded(recorder: Command, mocks: ServedMocks, supplier: str) -> None:
    session = mocks.session(supplier, "tour")
    shown = recorder("record", supplier, "--target", session.url, "--only", "operation", "--by", "Ada")
    assert (shown.returncode, shown.stderr) == (0, ""), shown.stdout
    cassettes = [read_cassette(path) for path in (recorder.folder / "fixtures" / supplier / "cassettes").iterdir()]
    assert {one.operation for one in cassettes} == {one.name for one in load_contracts([supplier])[supplier].operations}
    for cassette in cassettes:
        told = cassette.metadata
        assert (told["supplier"], told["who"], told["target"]) == (supplier, "Ada", session.url)
        assert told["source"] == {"kind": "observed", "where": f"a mock of apitwin at {session.url}"}
        assert told["contract"]["schema"]
    assert journals(recorder) == []


def test_refusals_pages_and_arguments_are_recorded_too(recorder: Command, mocks: ServedMocks) -> None:
    session = mocks.session("reseller", "refusals")
    only = "list_products,auth,error-list-orders-*"
    shown = recorder("record", "reseller", "--target", session.url, "--only", only, "--into", "here")
    assert shown.returncode == 0, shown.stdout + shown.stderr
    names = {path.stem for path in (recorder.folder / "here").iterdir()}
    assert {"seen-list-products", "seen-list-products-page-2", "seen-auth-list-categories-no-token"} <= names
    told = json.loads((recorder.folder / "here/seen-list-products-page-2.json").read_text())["interactions"][0]
    assert "page=2" in told["request"]["uri"]


def test_what_is_written_holds_no_secret(recorder: Command, mocks: ServedMocks) -> None:
    session = mocks.session("reseller", "secrets")
    shown = recorder("record", "reseller", "--target", session.url, "--only", "list_orders,auth")
    secrets = [session.credentials["password"], session.credentials["email"]]
    files = [path for path in recorder.folder.rglob("*") if path.is_file()]
    assert shown.returncode == 0
    assert files
    for text in (shown.stdout, *(path.read_text() for path in files)):
        assert not [secret for secret in secrets if secret in text]


def test_nothing_is_written_where_nothing_changes_state(recorder: Command, mocks: ServedMocks) -> None:
    session = mocks.session("wock", "reading")
    before = state(session)
    shown = recorder("record", "wock", "--target", session.url, "--read-only", "--only", "createOrder,partner")
    assert "not recorded (1): seen-create-order: it changes state, and the recording is read-only" in shown.stdout
    assert state(session) == before


def test_a_budget_is_kept_and_cleaning_up_is_part_of_it(recorder: Command, mocks: ServedMocks) -> None:
    session = mocks.session("reseller", "budget")
    before = state(session)
    shown = recorder("record", "reseller", "--target", session.url, "--only", "operation", "--budget", "20")
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert "the budget of 20 requests" in shown.stdout
    assert len([entry for entry in session.journal() if entry["path"].find("_twin") < 0]) <= 20
    assert state(session) == before


def test_caps_on_things_and_money_are_kept(recorder: Command, mocks: ServedMocks) -> None:
    session = mocks.session("wock", "caps")
    for flag, said in (("--max-orders=0", "may create 0 things"), ("--max-spend=0.01", "the run may spend 0.01")):
        shown = recorder("record", "wock", "--target", session.url, "--only", "create-order", flag)
        assert shown.returncode == 4
        assert said in shown.stdout
    assert "createOrder" not in {entry["operation"] for entry in session.journal()}


@pytest.mark.parametrize("name", TOLD)
def test_a_target_that_misbehaves_ends_a_recording(recorder: Command, name: str) -> None:
    with misbehaving(BEHAVIOURS[name]) as (url, seen):
        (recorder.folder / "apitwin.toml").write_text(
            f'[targets.sandbox]\nurl = "{url}"\ntimeout = 0.5\npatience = 2\nbudget = 12\n'
        )
        shown = recorder("record", "tiny", "--target", "sandbox")
    assert (shown.returncode, shown.stderr) == (3, "")
    assert "tiny gave no more answers: " in shown.stdout
    assert TOLD[name] in shown.stdout
    assert "tiny: 0 cassettes" in shown.stdout
    assert seen.count <= 12


def test_wrong_words_are_answered_before_anything_is_sent(recorder: Command) -> None:
    for words, said in (
        ((), "say which supplier to record and where"),
        (("tiny", "--target", "http://127.0.0.1:9", "--only", "nonsense"), "names nothing that tiny could be asked"),
        (("tinny", "--target", "http://127.0.0.1:9"), "tiny"),
    ):
        shown = recorder("record", *words)
        assert (shown.returncode, said in shown.stderr) == (2, True), shown.stderr


def test_there_may_be_nothing_to_clean_up(recorder: Command) -> None:
    shown = recorder("record", "--clean-up")
    assert (shown.returncode, shown.stdout) == (0, "there is nothing to clean up: no run was interrupted\n")


@dataclass(frozen=True)
class Moment:
    """When a run is interrupted, and how."""

    after: int
    pause: float
    how: signal.Signals


def _interrupted(command: Command, session: MockSession, words: tuple[str, ...], moment: Moment) -> str:
    """Send a run its signal once so many requests came, and a while later; give what it said until then."""
    process = command.start(words[0], session.supplier, "--target", session.url, *words[1:])
    sent = 0
    while sent < moment.after and process.poll() is None:
        sent = len(session.journal())
        time.sleep(0.002)
    time.sleep(moment.pause)
    process.send_signal(moment.how)
    try:
        said, _ = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return said


def _left_by(
    command: Command, mocks: ServedMocks, place: tuple[str, str], words: tuple[str, ...], moment: Moment
) -> None:
    """Interrupt a run, finish it, and see that nothing is left that was not told."""
    session = mocks.session(*place)
    before = state(session)
    said = _interrupted(command, session, words, moment)
    shown = command("record", "--clean-up")
    assert (shown.returncode, shown.stderr) == (0, ""), shown.stdout
    made = _MADE[session.supplier]
    told, left = said + shown.stdout, state(session)
    assert untold({name: before[name] for name in made}, {name: left[name] for name in made}, told) == [], (
        moment,
        told,
    )
    if "left behind" not in told:
        assert left == before, moment
    assert journals(command) == []
    for path in (command.folder / "here").glob("*.json"):
        assert read_cassette(path).exchanges


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["kill", "interrupt"])
@pytest.mark.parametrize("supplier", SUPPLIERS)
def test_a_kill_at_any_moment_leaves_nothing(
    recorder: Command, mocks: ServedMocks, supplier: str, how: signal.Signals
) -> None:
    moments = random.Random(f"{supplier} {how}")
    whole = mocks.session(supplier, f"{how.name}-whole")
    recorder("record", supplier, "--target", whole.url, *WORDS["record"][1:])
    requests = len(whole.journal())
    for number in range(KILLS):
        # What is created comes last, and its cleaning up after that.
        moment = Moment(moments.randint(requests // 3, requests), moments.random() * 0.03, how)
        _left_by(recorder, mocks, (supplier, f"{how.name}-{number}"), WORDS["record"], moment)


@pytest.mark.slow
@pytest.mark.parametrize("command", ["check", "record"])
def test_sigterm_is_ctrl_c_and_what_was_made_is_taken_back(recorder: Command, mocks: ServedMocks, command: str) -> None:
    session = mocks.session("reseller", f"terminated-{command}")
    before = state(session)
    said = _interrupted(recorder, session, WORDS[command], Moment(20, 0.0, signal.SIGTERM))
    assert "interrupted" in said
    assert journals(recorder) == []
    if "left behind" not in said:
        assert state(session) == before


@pytest.mark.slow
@pytest.mark.parametrize("command", ["check", "compare"])
@pytest.mark.parametrize("supplier", SUPPLIERS if OFTEN else ("reseller",))
def test_a_kill_of_other_runs_leaves_nothing_either(
    recorder: Command, mocks: ServedMocks, supplier: str, command: str
) -> None:
    moments = random.Random(f"{supplier} {command}")
    for number in range(max(1, KILLS // 5)):
        moment = Moment(moments.randint(40, 250), moments.random() * 0.03, signal.SIGKILL)
        _left_by(recorder, mocks, (supplier, f"{command}-{number}"), WORDS[command], moment)
