"""Scrubbing touches people and secrets alone: what the mocks and the recordings say of products reads as before, and fits the contract."""

from collections.abc import Iterator
from typing import Any

import pytest

from apitwin_contracts.contract import Contract
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.record.scrubbing import Scrubber
from apitwin_contracts.registry import load_contracts
from apitwin_contracts.run import PROFILES, Run
from apitwin_contracts.targets.credentials import development
from apitwin_contracts.targets.mock import mock_targets
from apitwin_fixtures import Exchange

CONTRACTS = load_contracts(["axro", "gates", "oxomi", "reseller", "wock"])
PERSONAL = {
    "axro": {"company", "street", "firstname", "lastname", "phone", "email"},
    "gates": {"email", "company", "access_token", "auth0ClientSecret"},
    "oxomi": set[str](),
    "reseller": {"firstName", "lastName", "email", "Token", "DeliveryData", "DeliveryNote"},
    "wock": {"key", "access_token", "password", "link"},
}
"""The names of all places that may read otherwise, by supplier."""


def places(before: Any, after: Any, name: str = "") -> Iterator[str]:
    """Name each place that differs."""
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys():
        for key in before:
            yield from places(before[key], after[key], key)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for one, other in zip(before, after, strict=True):
            yield from places(one, other, name)
    elif before != after:
        yield name


def asked(contract: Contract) -> list[tuple[str, Exchange]]:
    target = mock_targets([contract.supplier], products=60)[contract.supplier]
    credentials = development(contract)
    run = Run(contract, target, credentials.pop("default"), PROFILES["quick"], others=credentials)
    if contract.prepare:
        contract.prepare(run)
    found = []
    for operation in contract.operations:
        try:
            found.append((operation.name, run.client.ask(operation.name, operation.examples(run)).exchange))
        except NothingToExamine:
            continue
    return found


@pytest.mark.slow
@pytest.mark.parametrize("supplier", CONTRACTS)
def test_answers_of_a_mock_fit_the_contract_as_before(supplier: str) -> None:
    contract = CONTRACTS[supplier]
    conversation = asked(contract)
    assert conversation
    scrubber = Scrubber(contract, development(contract)["default"])
    clean = scrubber.scrub([exchange for _, exchange in conversation])
    for (operation, before), after in zip(conversation, clean, strict=True):
        assert set(places(before.reply.json, after.reply.json)) <= PERSONAL[supplier]
        surface, errors = contract.surface, contract.errors
        outcome = surface.recognise(operation, after.reply, errors).outcome
        assert outcome == surface.recognise(operation, before.reply, errors).outcome
        problems = list(surface.problems(operation, before.request, before.reply))
        assert list(surface.problems(operation, after.request, after.reply)) == problems


@pytest.mark.parametrize("supplier", CONTRACTS)
def test_recordings_are_recognised_as_before(supplier: str) -> None:
    contract = CONTRACTS[supplier]
    scrubber = Scrubber(contract, development(contract)["default"])
    for cassette in contract.fixtures.cassettes:
        for before, after in zip(cassette.exchanges, scrubber.scrub(cassette.exchanges), strict=True):
            outcome = contract.surface.recognise(cassette.operation, after.reply, contract.errors).outcome
            assert outcome == contract.surface.recognise(cassette.operation, before.reply, contract.errors).outcome
            assert after.request.path == before.request.path
            if before.reply.media_type == "application/json":
                assert set(places(before.reply.json, after.reply.json)) <= PERSONAL[supplier]
