"""The values of a new field: by what tells their owners apart, or one for all."""

from typing import Any

import pytest

from apitwin_contracts.refresh.learning import addition_of
from apitwin_fixtures.additions import Addition


@pytest.mark.parametrize(
    ("seen", "addition"),
    [
        ([({"id": 1}, "A"), ({"id": 2}, "B"), ({"id": 3}, "B")], Addition("B", "id", {"1": "A", "2": "B", "3": "B"})),
        ([({"id": 1}, "A"), ({"id": 2}, "A")], Addition("A")),
        ([({}, "A"), ({}, "B")], Addition("A")),
        ([({"name": "x", "id": 1}, 1), ({"name": "x", "id": 2}, 2)], Addition(1, "id", {"1": 1, "2": 2})),
        ([({"id": 1}, {"a": 1}), ({"id": 1}, {"a": 2})], Addition({"a": 1})),
    ],
)
def test_what_decides_is_chosen(seen: Any, addition: Addition) -> None:
    assert addition_of(seen) == addition
