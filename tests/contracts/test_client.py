"""What a client times together, and how long it uses a token."""

from datetime import timedelta

import pytest

from apitwin_contracts.client import Client, timed
from apitwin_contracts.registry import load_contracts
from apitwin_contracts.targets.credentials import development
from apitwin_contracts.targets.mock import mock_targets


@pytest.mark.parametrize("value", [2, "2", "017"], ids=repr)
def test_the_later_pages_of_a_list_are_timed_apart(value: object) -> None:
    assert timed("products", {"page": value}) == ("products", ("page above 1",))


@pytest.mark.parametrize("value", [1, "1", "²", "٣", "-2", "2.0", True, None, [2]], ids=repr)
def test_what_is_no_later_page_is_timed_with_the_first(value: object) -> None:
    assert timed("products", {"page": value}) == ("products", ("page",))


def test_a_number_longer_than_python_reads_is_no_later_page() -> None:
    assert timed("products", {"page": "9" * 5000}) == ("products", ("page",))


def test_a_client_signs_in_anew_before_its_token_is_too_old() -> None:
    contract, target = load_contracts(["wock"])["wock"], mock_targets(["wock"], products=20)["wock"]
    client = Client(contract, target, development(contract)["default"], lambda _finding: None)
    first = client.sign_in()
    target.clock.advance(timedelta(seconds=200))
    assert client.sign_in() == first
    target.clock.advance(timedelta(seconds=200))
    assert client.sign_in() != first
    target.clock.advance(timedelta(seconds=700))
    assert client.must("partner").ok
