"""A schema file follows the target's schema change by change, and keeps what is ours."""

from typing import Any

import pytest
from graphql import build_schema, introspection_from_schema

from apitwin_contracts.checks.introspection import differences
from apitwin_contracts.errors import UsageError
from apitwin_contracts.refresh.change import Change
from apitwin_contracts.refresh.sdl_edits import edited_sdl
from apitwin_fixtures.sdl import promises, wire_sdl

OURS = """
directive @source(kind: Kind!, where: String!) on FIELD_DEFINITION | OBJECT | ENUM | INPUT_OBJECT | ARGUMENT_DEFINITION
directive @form(null: Boolean) on FIELD_DEFINITION
enum Kind { DOCUMENTED OBSERVED ASSUMED }
type Query @source(kind: DOCUMENTED, where: "1") {
  items(page: Int @source(kind: ASSUMED, where: "2")): [Item!] @form(null: false)
  old: String
}
type Item { id: ID! @source(kind: DOCUMENTED, where: "3") colour: Colour size: Int }
enum Colour { RED BLUE }
input Wanted { name: String }
"""
LIVE = """
type Query { items(page: Int = 1, limit: Int): [Item!] fresh(by: Wanted): Label }
type Item { id: ID! colour: Colour! label: Label size: Int @deprecated(reason: "no more") }
type Label { text: String! }
enum Colour { RED GREEN }
input Wanted { name: String! exact: Boolean }
"""


def wire(sdl: str) -> Any:
    return build_schema(wire_sdl(sdl))


def found(ours: str, live: str) -> list[str]:
    told: Any = [introspection_from_schema(wire(one), input_value_deprecation=True) for one in (ours, live)]
    return sorted({one[0] for one in differences(*told)} - {"Kind"})


def changes(places: list[str]) -> list[Change]:
    return [Change("s", "schema.graphql", "new", place, "") for place in places]


def test_every_change_followed_is_the_targets_schema() -> None:
    edited = edited_sdl(OURS, build_schema(LIVE), changes(found(OURS, LIVE)), "https://sandbox")
    assert found(edited, LIVE) == []
    told = promises(edited)
    assert told["Query"].source.where == "1"
    assert told["Query.items(page:)"].source.where == "2"
    assert told["Query.items"].form.null is False
    assert (told["Item.label"].source.kind, told["Item.label"].source.where) == ("observed", "https://sandbox")
    assert told["Label"].source.kind == "observed"


NEEDY = ("Item.label", "Query.fresh")
"""Fields whose type is new as well."""


@pytest.mark.parametrize("place", sorted(set(found(OURS, LIVE)) - set(NEEDY)))
def test_each_change_alone_leaves_the_others(place: str) -> None:
    before = found(OURS, LIVE)
    edited = edited_sdl(OURS, build_schema(LIVE), changes([place]), "x")
    assert found(edited, LIVE) == [one for one in before if one != place]


@pytest.mark.parametrize("place", NEEDY)
def test_a_field_without_its_type_is_refused(place: str) -> None:
    with pytest.raises(UsageError, match="accept what they need, too"):
        edited_sdl(OURS, build_schema(LIVE), changes([place]), "x")


def test_a_type_that_goes_alone_makes_no_schema() -> None:
    with pytest.raises(UsageError, match="the changes that are accepted make no schema"):
        edited_sdl(OURS, build_schema("type Query { old: String }"), changes(["Colour"]), "x")
