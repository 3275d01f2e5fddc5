"""A recording is told from other targets, and its answer to what it does not hold from a supplier's own."""

from dataclasses import replace
from typing import Any

import orjson
import pytest

from apitwin_contracts.client import Client
from apitwin_contracts.drift import Finding
from apitwin_contracts.errors import NothingToExamine, NotRecorded
from apitwin_contracts.registry import load_contracts
from apitwin_contracts.run import Run
from apitwin_contracts.suite.guard import Guarded
from apitwin_contracts.suite.plan import Plan
from apitwin_contracts.suite.recorded import unaskable
from apitwin_contracts.suite.settings import Settings
from apitwin_contracts.targets.credentials import development
from apitwin_contracts.targets.mock import mock_targets, replay_target
from apitwin_contracts.targets.recordings import check_recorded
from apitwin_fixtures import Cassette, Fixtures, Reply

MESSAGE = "apitwin: this request was not recorded; the nearest recording is brands (query.brands: recorded selected, asked absent)"
TOLD: dict[str, Any] = {"code": "APITWIN_NOT_RECORDED", "nearest": None, "differences": []}
GRAPHQL = {"errors": [{"message": MESSAGE, "extensions": TOLD}]}
REST = {"error": MESSAGE, **TOLD}


def reply(body: Any, status: int = 501) -> Reply:
    return Reply(status, (("content-type", "application/json"),), orjson.dumps(body))


@pytest.mark.parametrize("body", [GRAPHQL, REST])
def test_what_a_replay_does_not_hold_is_nothing_to_examine(body: Any) -> None:
    with pytest.raises(NotRecorded, match=r"^not recorded; the nearest recording is brands \(query.brands"):
        check_recorded(reply(body))
    assert issubclass(NotRecorded, NothingToExamine)


@pytest.mark.parametrize(
    "answer",
    [
        reply(GRAPHQL, 500),
        reply(REST, 200),
        reply({**REST, "more": 1}),
        reply({**REST, "code": "NOT_IMPLEMENTED"}),
        reply({**REST, "error": "this request was not recorded"}),
        reply({**GRAPHQL, "data": None}),
        reply({"errors": GRAPHQL["errors"] * 2}),
        reply({"errors": [{"message": MESSAGE, "extensions": {"code": "APITWIN_NOT_RECORDED"}}]}),
        reply({"errors": [{"message": "no", "extensions": TOLD}]}),
        reply([]),
        Reply(501, (), b"APITWIN_NOT_RECORDED"),
    ],
)
def test_a_supplier_s_own_refusal_is_its_own(answer: Reply) -> None:
    check_recorded(answer)


def test_a_recording_of_another_request_is_not_taken_for_this_ones() -> None:
    played = Reply(200, (("x-apitwin-recorded", "seen-brands, with other accept"),), b"{}")
    with pytest.raises(
        NotRecorded, match="not recorded in this way; the nearest recording is seen-brands, with other accept"
    ):
        check_recorded(played)


def test_a_guarded_replay_says_which_recording_is_the_nearest() -> None:
    contract = load_contracts(["axro"])["axro"]
    target = Guarded(replay_target("axro", Fixtures.shipped("axro").cassettes))
    run = Run(contract, target, development(contract)["default"])
    with pytest.raises(NotRecorded, match="the nearest recording is products-by-brand"):
        run.client.ask("products", {"page": 1, "limit": 6})
    assert target.count == 1


def test_a_recording_may_point_into_another_layout_of_the_document() -> None:
    contract, found = load_contracts(["axro"])["axro"], list[Finding]()
    mock = mock_targets(["axro"], products=20)["axro"]
    credentials, asked = development(contract)["default"], {"orderNumber": "999999999"}
    plain = contract.surface.request("orderDetails", asked)
    spread = replace(plain, body=plain.body.replace(b" { ", b" {\\n  "))
    recorded = mock.send(contract.auth.sign(spread, credentials["token"], mock.clock.now()))
    assert b'"line":2' in recorded.reply.body
    cassette = Cassette("seen-error", (recorded,), {"supplier": "axro", "operation": "orderDetails"})
    client = Client(contract, replay_target("axro", [cassette]), credentials, found.append)
    assert client.ask("orderDetails", asked).outcome == "ORDER_UNKNOWN"
    assert found == []


def test_a_recording_is_asked_neither_for_state_nor_about_credentials() -> None:
    plan = Plan.of(Settings(("axro",)))
    reasons = {
        reason: [case for case in plan.cases if unaskable(case) == reason] for reason in map(unaskable, plan.cases)
    }
    asked = reasons.pop("")
    assert {reason.partition(",")[0] for reason in reasons} == {"it changes state", "it is about credentials"}
    assert len(asked) > 150
    assert not [case for case in asked if case.changes_state or case.category == "auth"]
    codes = {case.subject.code for case in asked if case.check.id == "error.provoked"}
    assert codes
    assert not codes & {"TOKEN_EXPIRED", "TOKEN_UNKNOWN", "CREDENTIALS_WRONG"}
