from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apitwin_contracts.paths import at, every, leaves

VALUE = {"a": [{"b": 1}, {"b": None}, {}], "c": {"d": "x"}, "n": None}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a[].b", [1, None]),
        ("c.d", ["x"]),
        ("c.e", []),
        ("n", [None]),
        ("n.x", []),
        ("a.b", []),
        ("c[]", []),
        ("missing[].x", []),
        ("", [VALUE]),
    ],
)
def test_values_are_found_at_a_path(path: str, found: list[object]) -> None:
    assert list(every(VALUE, path)) == found


def test_a_payload_that_is_a_list_is_walked_too() -> None:
    assert list(every([{"id": 1}, {"id": 2}], "[].id")) == [1, 2]
    assert at([], "[].id") is None


NAMES = st.sampled_from(["id", "items", "name"])
VALUES = st.recursive(
    st.none() | st.integers(0, 9), lambda part: st.lists(part, max_size=3) | st.dictionaries(NAMES, part, max_size=3)
)


@given(VALUES)
def test_every_leaf_stands_at_its_path(value: Any) -> None:
    found = list(leaves(value))
    for path in dict.fromkeys(path for path, _ in found):
        # A list within a list has no path of its own.
        if "[][]" not in path:
            here = [leaf for where, leaf in found if where == path]
            assert [one for one in every(value, path) if not isinstance(one, dict | list)] == here
