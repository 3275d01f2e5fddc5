"""Two values are compared by meaning: what is new, gone, of another form, of another value, or only varies."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apitwin_contracts.refresh.change import GONE
from apitwin_contracts.refresh.comparison import Terms, compare, form_of, identity_of, spelled
from apitwin_contracts.refresh.fixtures import apply_edit

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["a", "B", "2026-01-01", ""]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["id", "x", "y"]), inner, max_size=3),
    max_leaves=12,
)


def told(before: Any, after: Any, terms: Terms | None = None) -> list[tuple[str, str]]:
    return [(one.kind, spelled(one.place)) for one in compare(before, after, terms or Terms())]


@pytest.mark.parametrize(
    ("before", "after", "kind", "place"),
    [
        ({"a": 1}, {"a": 2}, "value", "a"),
        ({"a": 1}, {"a": 1, "b": 2}, "new", "b"),
        ({"a": 1, "b": 2}, {"a": 1}, "gone", "b"),
        ({"a": 1}, {"a": "1"}, "form", "a"),
        ({"a": 1}, {"a": None}, "form", "a"),
        ({"a": None}, {"a": 1}, "form", "a"),
        ({"a": True}, {"a": 1}, "form", "a"),
        ({"a": "2026-01-02"}, {"a": "02.01.26"}, "form", "a"),
        ({"a": "2026-01-02"}, {"a": "2026-01-03"}, "value", "a"),
        ({"a": "PENDING"}, {"a": "LOST"}, "form", "a"),
        ({"a": "PENDING"}, {"a": "SENT"}, "value", "a"),
        ({"a": "a text"}, {"a": "2026-01-02"}, "value", "a"),
        ([{"id": 1, "n": 1}, {"id": 2, "n": 1}], [{"id": 2, "n": 5}, {"id": 1, "n": 1}], "value", "[1].n"),
        ([{"id": 1}, {"id": 2}], [{"id": 2}], "gone", "[0]"),
        ([{"id": 1}], [{"id": 2}, {"id": 1}], "new", "[0]"),
        ([1, 2], [1, 2, 3], "new", "[2]"),
    ],
)
def test_each_kind_of_change(before: Any, after: Any, kind: str, place: str) -> None:
    assert told(before, after, Terms(words=frozenset({"SENT"}))) == [(kind, place)]


def test_what_varies_is_told_apart_but_not_where_its_form_changes() -> None:
    terms = Terms(volatile=("a[].t", "l"))
    assert told({"a": [{"t": 1}], "l": [1]}, {"a": [{"t": 2}], "l": []}, terms) == [
        ("volatile", "a[0].t"),
        ("volatile", "l"),
    ]
    assert told({"a": [{"t": 1}]}, {"a": [{"t": "x"}]}, terms) == [("form", "a[0].t")]


def test_a_correction_is_what_the_fixture_should_have_said() -> None:
    terms = Terms(corrected=(("a.b", 2), ("gone", GONE)))
    assert told({"a": {"b": 1}, "gone": 1}, {"a": {"b": 2}}, terms) == []
    assert told({"a": {"b": 1}, "gone": 1}, {"a": {"b": 3}}, terms) == [("value", "a.b")]


@pytest.mark.parametrize(
    ("lists", "key"),
    [
        ([[{"productNumber": "A", "stock": 1}], [{"productNumber": "B", "stock": 1}]], "productNumber"),
        ([[{"id": 1, "name": "a"}, {"id": 2, "name": "a"}]], "id"),
        ([[{"n": 1}, {"n": 1}]], None),
        ([[1, 2]], None),
        ([[]], None),
    ],
)
def test_items_are_told_apart_by_their_best_key(lists: list[list[Any]], key: str | None) -> None:
    assert identity_of(*lists) == key


@given(JSON)
def test_what_is_equal_has_no_changes(value: Any) -> None:
    assert told(value, value) == []


@given(JSON, JSON)
def test_following_every_edit_gives_what_is_now(before: Any, after: Any) -> None:
    whole, wanted = {"x": before}, {"x": after}
    edits = [one.edit for one in compare(whole, wanted, Terms())]
    gone = sorted((edit for edit in edits if edit.value is GONE), key=lambda edit: repr(edit.place), reverse=True)
    for edit in [edit for edit in edits if edit.value is not GONE] + gone:
        apply_edit(whole, edit)
    assert told(whole, wanted) == []


@given(st.text(max_size=20))
def test_every_text_has_a_form(text: str) -> None:
    assert form_of(text)
