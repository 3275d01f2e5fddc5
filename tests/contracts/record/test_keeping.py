"""What a run makes is written down before it is asked for, and taken back at its end: with every way in which an answer can stay out."""

import os
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from apitwin_contracts.client import Client
from apitwin_contracts.contract import Contract
from apitwin_contracts.errors import NothingToExamine, UnreachableError
from apitwin_contracts.record.journal import Header, Journal, adopted
from apitwin_contracts.record.keeper import Keeper
from apitwin_contracts.record.undo import Cleaned, clean_up
from apitwin_contracts.targets.manners import Limits, Purse, SpentError
from apitwin_contracts.undoing import GONE, Sought, Undo
from apitwin_fixtures import Exchange, Reply, Request
from tests.contracts.tiny.contract import CONTRACT
from tests.contracts.tiny.stage import target as tiny

CREDENTIALS = {"token": str(CONTRACT.fixtures.credentials["default"]["token"])}


class Sandbox:
    """Tiny, from which orders can also be deleted, and whose answers can stay out."""

    authority = None

    def __init__(self) -> None:
        self._inner = tiny()
        self.url, self.clock = self._inner.url, self._inner.clock
        self.deleted: set[str] = set()
        self.loses: set[int] = set()
        self.status: int | None = None
        self.orders = 0

    def send(self, request: Request) -> Exchange:
        exchange = self._inner.send(request)
        if request.method == "POST":
            self.orders += 1
            if self.orders in self.loses:
                raise UnreachableError("the answer was lost")
            if self.status:
                return replace(exchange, reply=Reply(self.status, (), b"?"))
        return exchange


def undoing(sandbox: Sandbox, **changes: Any) -> Contract:
    def found(client: Client, sought: Sought) -> Iterator[str]:
        for order in client.must("listOrders").every("orders[]"):
            if [order["item"], order["quantity"]] == sought.reference and order["id"] not in sandbox.deleted:
                yield order["id"]

    def back(_client: Client, sought: Sought) -> str:
        sandbox.deleted.add(sought.handle)
        return ""

    undo = Undo(
        "createOrder",
        lambda payload, _arguments: [payload["id"]],
        back=back,
        find=found,
        reference=lambda arguments: [arguments["body"]["item"], arguments["body"]["quantity"]],
        price=lambda _client, arguments: Decimal(arguments["body"]["quantity"]),
    )
    return replace(CONTRACT, undos=(replace(undo, **changes),))


class Stage:
    """A keeper over a sandbox, with its journal and what to clean up with."""

    def __init__(self, folder: Path, *, limits: Limits | None = None, **changes: Any) -> None:
        self.sandbox = Sandbox()
        self.contract = undoing(self.sandbox, **changes)
        self.journal = Journal.begin(folder, Header("tiny", "x", "x"))
        self.purse = Purse(limits)
        self.keeper = Keeper(self.contract, self.sandbox, CREDENTIALS, self.purse, self.journal)
        self.client = Client(self.contract, self.keeper, CREDENTIALS, lambda _finding: None)

    def order(self, quantity: int = 1, **more: Any) -> Any:
        return self.client.ask("createOrder", {"body": {"item": "I0001", "quantity": quantity, **more}})

    def clean(self) -> Cleaned:
        plain = Client(self.contract, self.sandbox, CREDENTIALS, lambda _finding: None)
        return clean_up(self.contract, [plain], self.journal)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def test_what_was_answered_is_taken_back(stage: Stage) -> None:
    made = [stage.order(quantity).payload["id"] for quantity in (1, 2)]
    cleaned = stage.clean()
    assert (cleaned.undone, cleaned.leftovers) == (2, ())
    assert stage.sandbox.deleted == set(made)
    assert not stage.journal.path.exists()


def test_what_was_refused_made_nothing(stage: Stage) -> None:
    assert stage.order(quantity=0).outcome == "BAD_ORDER"
    assert stage.clean() == Cleaned(0, ())
    assert stage.purse.orders == 0


def test_reads_need_no_journal(stage: Stage) -> None:
    stage.client.must("listItems")
    assert not stage.journal.path.exists()


def test_an_order_whose_answer_was_lost_is_found_by_what_was_sent(stage: Stage) -> None:
    stage.sandbox.loses = {2}
    stage.order(7)
    with pytest.raises(UnreachableError):
        stage.order(5)
    assert [entry.handles for entry in stage.journal.open_entries] == [None, ("O1",)]
    assert (stage.clean().undone, stage.sandbox.deleted) == (2, {"O1", "O2"})


@pytest.mark.parametrize("status", [200, 201, 500, 503])
def test_an_answer_that_tells_nothing_is_as_none(stage: Stage, status: int) -> None:
    stage.sandbox.status = status
    stage.order(5)
    assert (stage.clean().undone, stage.sandbox.deleted) == (1, {"O1"})


def test_two_alike_that_were_lost_are_both_taken_back(stage: Stage) -> None:
    stage.sandbox.loses = {1, 2}
    for _ in range(2):
        with pytest.raises(UnreachableError):
            stage.order(5)
    assert (stage.clean().undone, stage.sandbox.deleted) == (2, {"O1", "O2"})


def test_nobody_elses_order_is_touched_when_it_cannot_be_told_apart(stage: Stage) -> None:
    Client(stage.contract, stage.sandbox, CREDENTIALS, lambda _finding: None).must(
        "createOrder", {"body": {"item": "I0001", "quantity": 5}}
    )
    stage.sandbox.loses = {2}
    with pytest.raises(UnreachableError):
        stage.order(5)
    cleaned = stage.clean()
    assert stage.sandbox.deleted == set()
    assert "2 things on the target fit what was asked" in next(iter(cleaned.sentences()))


def test_what_cannot_be_taken_back_is_told_with_the_reason(tmp_path: Path) -> None:
    stage = Stage(tmp_path, back=None, why="there is no way")
    for quantity in range(1, 6):
        stage.order(quantity)
    assert list(stage.clean().sentences()) == ["left behind by createOrder (5: O5, O4, O3, O2, O1): there is no way"]
    assert not stage.journal.path.exists()


def test_what_cannot_be_taken_back_is_told_also_by_the_next_when_one_was_killed_first(tmp_path: Path) -> None:
    asked: list[str] = []

    def back(_client: Client, sought: Sought) -> str:
        asked.append(sought.handle)
        return "it was delivered"

    stage = Stage(tmp_path, back=back)
    stage.order()
    stage.clean()
    assert stage.journal._file is not None
    os.close(stage.journal._file)
    [found] = adopted(tmp_path)
    plain = Client(stage.contract, stage.sandbox, CREDENTIALS, lambda _finding: None)
    cleaned = clean_up(stage.contract, [plain], found)
    assert list(cleaned.sentences()) == ["left behind by createOrder (1: O1): it was delivered"]
    assert asked == ["O1"]
    assert not found.path.exists()


def test_what_the_run_itself_took_back_is_no_entry_any_more(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ended_by="listOrders", ended=lambda _arguments: "O1")
    for quantity in (1, 2):
        stage.order(quantity)
    aside = stage.purse.aside
    stage.client.must("listOrders")
    assert [entry.handles for entry in stage.journal.open_entries] == [("O2",)]
    assert stage.purse.aside == aside - 2


def test_a_target_that_does_not_let_us_look_is_looked_at_again(tmp_path: Path) -> None:
    def refused(client: Client, _sought: Sought) -> Iterator[str]:
        yield from client.must("createOrder", {"body": {"item": "nothing", "quantity": 0}}).payload

    stage = Stage(tmp_path, find=refused)
    stage.sandbox.loses = {1}
    with pytest.raises(UnreachableError):
        stage.order()
    assert [left.final for left in stage.clean().leftovers] == [False]
    assert stage.journal.path.exists()


def test_what_no_customer_has_is_gone_and_what_one_cannot_take_back_is_told(tmp_path: Path) -> None:
    said = {"O1": [GONE, GONE], "O2": [GONE, "it was delivered"], "O3": [GONE, ""], "O4": ["it was delivered", GONE]}
    stage = Stage(tmp_path, back=lambda _client, sought: said[sought.handle].pop(0))
    for quantity in range(1, 5):
        stage.order(quantity)
    plain = Client(stage.contract, stage.sandbox, CREDENTIALS, lambda _finding: None)
    cleaned = clean_up(stage.contract, [plain, plain], stage.journal)
    assert cleaned.undone == 1
    assert [(left.handle, left.why) for left in cleaned.leftovers] == [
        ("O4", "it was delivered"),
        ("O2", "it was delivered"),
    ]


def test_what_failed_for_now_stays_in_the_journal(tmp_path: Path) -> None:
    def down(_client: Client, _sought: Sought) -> str:
        raise UnreachableError("the target is down")

    stage = Stage(tmp_path, back=down)
    stage.order()
    cleaned = stage.clean()
    assert [left.final for left in cleaned.leftovers] == [False]
    assert list(cleaned.sentences()) == [
        "left behind by createOrder (1: O1): the target is down; apitwin record --clean-up tries again"
    ]
    assert stage.journal.path.exists()


def test_what_nothing_can_find_is_told(tmp_path: Path) -> None:
    def nowhere(_client: Client, _sought: Sought) -> Iterator[str]:
        raise NothingToExamine("orders are listed nowhere")

    stage = Stage(tmp_path, find=nowhere)
    stage.sandbox.loses = {1}
    with pytest.raises(UnreachableError):
        stage.order()
    [left] = stage.clean().leftovers
    assert (left.why, left.final) == ("no answer told whether it was made, and orders are listed nowhere", True)


def test_the_purse_pays_before_anything_is_made(tmp_path: Path) -> None:
    stage = Stage(tmp_path, limits=Limits(max_spend=Decimal(10), max_orders=3))
    stage.order(6)
    with pytest.raises(SpentError, match="may spend 10, has spent 6, and this costs 5"):
        stage.order(5)
    stage.order(4)
    assert (stage.sandbox.orders, stage.purse.spent) == (2, Decimal(10))
    assert len(stage.journal.entries) == 2


def test_room_for_undoing_is_kept_in_the_budget(tmp_path: Path) -> None:
    stage = Stage(tmp_path, limits=Limits(budget=6))
    with pytest.raises(SpentError, match="too few to make something and to undo it"):
        stage.order()
    assert stage.sandbox.orders == 0
