"""Anything after anything: what no single check asks in a row is asked, and what was made is named in what follows."""

import pytest

from apitwin_contracts.contract import Contract
from apitwin_contracts.lockstep.mixing import LOCKSTEP_CHECKS
from apitwin_contracts.lockstep.runner import Asked, compare
from apitwin_contracts.registry import load_contracts
from apitwin_contracts.run import PROFILES
from apitwin_contracts.suite.cases import Case, all_cases
from apitwin_contracts.targets.mock import mock_targets
from apitwin_fixtures import Exchange, Reply, Request
from tests.contracts.tiny.contract import CONTRACT
from tests.contracts.tiny.stage import Twisted, in_body, target


def mixed(contract: Contract = CONTRACT) -> list[Case]:
    return [case for case in all_cases([contract], LOCKSTEP_CHECKS) if case.check.id == "lockstep.mixed"]


def forgetful() -> Twisted:
    """A target that forgets an order if another was placed right after it and nothing was read between."""
    before: list[str] = []

    drop = in_body(lambda body: body["orders"].pop(), "/v1/orders")

    def forget(request: Request, reply: Reply) -> Reply:
        two = before[-2:] == ["POST", "POST"]
        before.append(request.method)
        return drop(request, reply) if two and request.method == "GET" else reply

    return Twisted(forget)


@pytest.mark.parametrize("seed", range(3))
def test_two_mocks_do_not_differ(seed: int) -> None:
    outcome = compare(Asked(CONTRACT, target(), target(), PROFILES["quick"], seed), mixed())
    assert (outcome.verdict, outcome.exchanges > 10) == ("holds", True)


def test_what_only_an_unusual_order_of_requests_shows_is_found() -> None:
    (found,) = compare(Asked(CONTRACT, target(), forgetful(), PROFILES["ci"]), mixed()).findings
    assert (found.check, found.operation) == ("lockstep.count", "listOrders")
    assert [step.request["method"] for step in found.steps] == ["POST", "POST", "GET"]


def test_what_was_made_is_named_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    contract = load_contracts(["wock"])["wock"]
    mock, other = (mock_targets(["wock"], products=40)["wock"] for _ in range(2))
    asked: list[bytes] = []
    send = other.send

    def listening(request: Request) -> Exchange:
        asked.append(request.body)
        return send(request)

    monkeypatch.setattr(other, "send", listening)
    outcome = compare(Asked(contract, mock, other, PROFILES["ci"]), mixed(contract))
    assert outcome.verdict == "holds"
    assert any(b"deleteOrder" in body or b"delivery" in body for body in asked)
