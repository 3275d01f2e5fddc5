import pytest

from apitwin_contracts.paths import at, every

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
