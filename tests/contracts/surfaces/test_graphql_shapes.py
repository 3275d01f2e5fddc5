from typing import Any

import pytest
from graphql import build_schema, get_operation_ast, parse

from apitwin_contracts.surfaces.graphql_shapes import Shapes
from apitwin_contracts.surfaces.problems import schema_problems, validator
from apitwin_contracts.surfaces.surface import Problem
from apitwin_fixtures import ASSUMED
from apitwin_fixtures.sdl import promises, wire_sdl

SDL = """
scalar JSON
type Query @source(kind: DOCUMENTED, where: "9:1") {
  cup(id: ID): Cup
  cups: [Cup!] @form(null: false)
  made: JSON @form(null: false, schema: "made.json")
}
type Cup @source(kind: DOCUMENTED, where: "9:2") {
  name: String!
  note: String @source(kind: OBSERVED, where: "note")
  size: Size!
  cents: Int @form(minimum: 0)
  day: String @form(format: "date", null: false)
  tracking: String @form(empty: true, pattern: "^T[0-9]+$")
  status: String @form(values: ["NEW", "OLD"])
  link: String @form(empty: true, format: "uri")
  inner: Cup
}
enum Size { S M }
"""
MADE = {
    "$id": "urn:apitwin:made.json",
    "$defs": {"n": {"type": "integer", "x-source": {"kind": "documented", "where": "9:9"}}},
    "type": "object",
    "properties": {"n": {"$ref": "#/$defs/n"}},
    "required": ["n"],
    "additionalProperties": False,
}
SHAPES = Shapes(build_schema(wire_sdl(SDL)), promises(SDL), lambda _name: MADE)
GOOD = {
    "name": "a",
    "note": None,
    "size": "S",
    "cents": 5,
    "day": "2026-01-31",
    "tracking": "",
    "status": "NEW",
    "link": "",
}
FIELDS = " ".join(GOOD)


def problems(query: str, data: Any) -> list[Problem]:
    document = parse(query)
    operation = get_operation_ast(document)
    assert operation is not None
    schema = SHAPES.of_document(document, operation)
    return list(schema_problems(validator(schema), schema, data, "Query", ASSUMED))


def test_what_the_schema_promises_passes() -> None:
    assert (
        problems(
            f"{{ cups {{ {FIELDS} }} }}",
            {"cups": [GOOD, {**GOOD, "tracking": "T1", "note": "x", "status": None, "cents": None}]},
        )
        == []
    )
    assert problems("{ cup { name } }", {"cup": None}) == []
    assert problems("{ made }", {"made": {"n": 1}}) == []


@pytest.mark.parametrize(
    ("change", "check", "severity", "place"),
    [
        ({"name": None}, "schema.null", "breaking", "Query.cups[].name"),
        ({"name": 5}, "schema.type", "breaking", "Query.cups[].name"),
        ({"note": ""}, "wire.empty-text", "dangerous", "Query.cups[].note"),
        ({"size": "L"}, "schema.vocabulary", "dangerous", "Query.cups[].size"),
        ({"cents": -1}, "wire.form", "dangerous", "Query.cups[].cents"),
        ({"cents": "5"}, "schema.type", "breaking", "Query.cups[].cents"),
        ({"day": "31.01.2026"}, "wire.form", "breaking", "Query.cups[].day"),
        ({"day": None}, "schema.null", "breaking", "Query.cups[].day"),
        ({"day": 1767225600000}, "schema.type", "breaking", "Query.cups[].day"),
        ({"tracking": "X"}, "wire.form", "breaking", "Query.cups[].tracking"),
        ({"link": "nowhere"}, "wire.form", "breaking", "Query.cups[].link"),
        ({"status": "LOST"}, "schema.vocabulary", "dangerous", "Query.cups[].status"),
        ({"extra": 1}, "schema.unknown-key", "additive", "Query.cups[].extra"),
    ],
)
def test_each_breach_is_named_and_located(change: dict[str, Any], check: str, severity: str, place: str) -> None:
    [found] = problems(f"{{ cups {{ {FIELDS} }} }}", {"cups": [GOOD, {**GOOD, **change}]})
    assert (found.check, found.severity, found.location) == (check, severity, place)


def test_a_missing_key_and_a_list_that_became_one_are_noticed() -> None:
    assert [found.location for found in problems("{ cups { name size } }", {"cups": [{"name": "a"}]})] == [
        "Query.cups[].size"
    ]
    assert [found.check for found in problems("{ cups { name } }", {"cups": {"name": "a"}})] == ["schema.type"]
    assert [found.check for found in problems("{ cups { name } }", {"cups": None})] == ["schema.null"]


def test_aliases_fragments_and_typenames_are_followed() -> None:
    query = "{ one: cup { ...F __typename inner { n: name } } } fragment F on Cup { size ... on Cup { cents } }"
    good = {"one": {"size": "S", "cents": 1, "__typename": "Cup", "inner": {"n": "x"}}}
    assert problems(query, good) == []
    wrong = {"one": {"size": "S", "cents": 1, "__typename": "Mug", "inner": {"n": None}}}
    assert {found.location for found in problems(query, wrong)} == {"Query.one.__typename", "Query.one.inner.n"}


def test_a_finding_says_who_promised() -> None:
    [note] = problems("{ cup { note } }", {"cup": {"note": 1}})
    assert (note.source.kind, note.source.where) == ("observed", "note")
    [made] = problems("{ made }", {"made": {"n": "1"}})
    assert (made.location, made.source.where) == ("Query.made.n", "9:9")
