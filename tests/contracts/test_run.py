"""What a run keeps of what it was told, and for how long."""

from datetime import timedelta

import pytest

from apitwin_contracts.mutants.stage import contract_of, fresh_target
from apitwin_contracts.run import Run
from apitwin_contracts.targets.credentials import development


@pytest.fixture
def run() -> Run:
    contract = contract_of("axro")
    return Run(contract, fresh_target("axro"), development(contract)["default"])


def _newest(run: Run) -> str:
    return str(run.view("newest", lambda: run.client.must("orderList").at("orders[].orderNumber")))


def _order(run: Run) -> None:
    order = run.contract.operation("orderCreate").examples(run)
    run.client.must("orderCreate", {**order, "place": True})


def test_a_view_is_read_once_as_long_as_nothing_changes(run: Run) -> None:
    newest = _newest(run)
    sent = run.exchanges
    assert _newest(run) == newest
    assert run.exchanges == sent


def test_a_view_is_read_anew_after_a_write(run: Run) -> None:
    before = _newest(run)
    _order(run)
    assert _newest(run) != before


def test_a_view_is_read_anew_when_time_has_passed(run: Run) -> None:
    _newest(run)
    sent = run.exchanges
    run.advance(timedelta(days=1))
    _newest(run)
    assert run.exchanges > sent


def test_what_is_remembered_stays(run: Run) -> None:
    first = run.remember("order", object)
    _order(run)
    assert run.remember("order", object) is first
