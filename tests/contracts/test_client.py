"""What a client times together."""

import pytest

from apitwin_contracts.client import timed


@pytest.mark.parametrize("value", [2, "2", "017"], ids=repr)
def test_the_later_pages_of_a_list_are_timed_apart(value: object) -> None:
    assert timed("products", {"page": value}) == ("products", ("page above 1",))


@pytest.mark.parametrize("value", [1, "1", "²", "٣", "-2", "2.0", True, None, [2]], ids=repr)
def test_what_is_no_later_page_is_timed_with_the_first(value: object) -> None:
    assert timed("products", {"page": value}) == ("products", ("page",))


def test_a_number_longer_than_python_reads_is_no_later_page() -> None:
    assert timed("products", {"page": "9" * 5000}) == ("products", ("page",))
