"""Every fixture says where it comes from: cassettes' metadata, the error catalogue's form, the anchors in SOURCE.md."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from graphql import build_ast_schema, parse
from jsonschema import Draft202012Validator

from apitwin_fixtures import ErrorCatalogue, ErrorEntry
from apitwin_fixtures.cassettes import read_cassette
from apitwin_fixtures.sdl import wire_sdl
from tests.laws.source_tree import PROJECT

FOLDERS = sorted(path.parent for path in (PROJECT / "fixtures/apitwin_fixtures").glob("*/errors.json"))
CASSETTES = sorted((PROJECT / "fixtures/apitwin_fixtures").glob("*/cassettes/*.json"))

BESIDE_GRAPHQL = {"token"}
"""Operations that a GraphQL supplier answers outside its schema: signing in."""

TEXT = {"type": "string", "minLength": 1}
SOURCE = {
    "type": "object",
    "properties": {"kind": {"enum": ["documented", "observed", "assumed"]}, "where": TEXT},
    "required": ["kind", "where"],
    "additionalProperties": False,
}
METADATA = {
    "type": "object",
    "properties": {
        "supplier": TEXT,
        "operation": TEXT,
        "source": SOURCE,
        "recorded": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        "title": TEXT,
        "volatile": {"type": "array", "items": TEXT, "uniqueItems": True},
        "corrected": {
            "type": "array",
            "items": {"type": "object", "properties": {"path": TEXT, "why": TEXT}, "required": ["path", "why"]},
        },
        "credential": {"type": ["string", "null"]},
    },
    "required": ["supplier", "operation", "source", "recorded", "title", "volatile", "corrected", "credential"],
}
ERROR = {
    "type": "object",
    "properties": {
        "code": {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_]*$"},
        "placement": {"enum": ["reply", "errors", "payload"]},
        "status": {"type": "integer", "minimum": 200, "maximum": 599},
        "headers": {"type": "object", "propertyNames": {"pattern": "^[a-z0-9-]+$"}, "additionalProperties": TEXT},
        "body": True,
        "partial": {"type": "boolean"},
        "operations": {"type": "array", "items": TEXT, "minItems": 1, "uniqueItems": True},
        "trigger": TEXT,
        "precedence": {"type": "integer"},
        "message_is_contract": {"type": "boolean"},
        "source": SOURCE,
    },
    "required": [
        "code",
        "placement",
        "status",
        "body",
        "operations",
        "trigger",
        "precedence",
        "message_is_contract",
        "source",
    ],
    "additionalProperties": False,
}
CATALOGUE = {
    "type": "object",
    "properties": {"format": {"const": "apitwin/errors/1"}, "errors": {"type": "array", "items": ERROR, "minItems": 1}},
    "required": ["format", "errors"],
    "additionalProperties": False,
}


def complaints(schema: Mapping[str, Any], document: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(document)]


@cache
def operations(folder: Path) -> set[str]:
    """Give the names of a supplier's operations: GraphQL root fields with the routes beside them, OpenAPI operation ids."""
    documents = sorted(folder.glob("*.graphql"))
    if documents:
        return {name for document in documents for name in _root_fields(document)} | BESIDE_GRAPHQL
    paths = json.loads((folder / "openapi.json").read_text("utf-8"))["paths"].values()
    return {
        call["operationId"]
        for path in paths
        for call in path.values()
        if isinstance(call, dict) and "operationId" in call
    }


def _root_fields(document: Path) -> set[str]:
    schema = build_ast_schema(parse(wire_sdl(document.read_text("utf-8"))))
    return {name for root in (schema.query_type, schema.mutation_type) if root for name in root.fields}


def anchors(markdown: str) -> set[str]:
    """Give the places in a Markdown text that a link can lead to: headings as GitHub spells them, and explicit ids."""
    headings = re.findall(r"^#+ (.+)$", markdown, re.MULTILINE)
    spelled = {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}
    return spelled | set(re.findall(r"""<a (?:id|name)=["']([^"']+)["']""", markdown))


def lost_reasons(text: str, markdown: str) -> list[str]:
    """Give each reference into SOURCE.md that leads nowhere."""
    return sorted(set(re.findall(r"SOURCE\.md#([\w-]+(?:\.[\w-]+)*)", text)) - anchors(markdown))


def ambiguous(catalogue: ErrorCatalogue) -> Iterator[str]:
    """Give each code whose reply could be taken for another's."""
    for mine, other in permutations(catalogue.entries, 2):
        same_place = (mine.placement, mine.status) == (other.placement, other.status)
        if same_place and _overlap(mine, other) and other.difference(_example(mine.body)) is None:
            yield f"a reply of {mine.code} also reads as {other.code}"


def _overlap(mine: ErrorEntry, other: ErrorEntry) -> bool:
    return "*" in (*mine.operations, *other.operations) or bool(set(mine.operations) & set(other.operations))


def _example(body: object) -> object:
    return json.loads(re.sub(r"\{\w+\}", "example", json.dumps(body)))


@pytest.mark.parametrize("path", CASSETTES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
class TestCassette:
    def test_its_metadata_is_complete(self, path: Path) -> None:
        assert complaints(METADATA, _metadata(path)) == []

    def test_it_was_recorded_on_a_day(self, path: Path) -> None:
        assert date.fromisoformat(_metadata(path)["recorded"]).year >= 2020

    def test_it_names_an_operation_of_its_supplier(self, path: Path) -> None:
        folder = path.parent.parent
        assert _metadata(path)["supplier"] == folder.name
        assert _metadata(path)["operation"] in operations(folder)

    def test_its_credential_is_one_of_the_mocks(self, path: Path) -> None:
        folder = path.parent.parent
        assert _metadata(path)["credential"] in {None, *json.loads((folder / "credentials.json").read_text("utf-8"))}

    def test_its_reasons_stand_in_the_source_file(self, path: Path) -> None:
        assert lost_reasons(path.read_text("utf-8"), (path.parent.parent / "SOURCE.md").read_text("utf-8")) == []


def _metadata(path: Path) -> dict[str, Any]:
    return read_cassette(path).metadata


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
class TestErrorCatalogue:
    def test_it_has_the_documented_form(self, folder: Path) -> None:
        assert complaints(CATALOGUE, _errors(folder)) == []

    def test_its_codes_are_unique(self, folder: Path) -> None:
        codes = [entry["code"] for entry in _errors(folder)["errors"]]
        assert len(codes) == len(set(codes))

    def test_it_names_operations_of_its_supplier(self, folder: Path) -> None:
        named = {name for entry in _errors(folder)["errors"] for name in entry["operations"]}
        assert named - operations(folder) - {"*"} == set()

    def test_no_two_codes_read_alike(self, folder: Path) -> None:
        assert list(ambiguous(ErrorCatalogue.of(_errors(folder)))) == []

    def test_its_reasons_stand_in_the_source_file(self, folder: Path) -> None:
        text = (folder / "errors.json").read_text("utf-8")
        assert lost_reasons(text, (folder / "SOURCE.md").read_text("utf-8")) == []


def _errors(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "errors.json").read_text("utf-8")))


def test_there_are_fixtures_to_look_at() -> None:
    assert {"axro", "oxomi"} <= {folder.name for folder in FOLDERS}
    assert {folder.name for folder in FOLDERS} == {path.parent.parent.name for path in CASSETTES}


@pytest.mark.parametrize("key", METADATA["required"])
def test_missing_metadata_is_seen(key: str) -> None:
    whole = {"supplier": "a", "operation": "b", "source": {"kind": "assumed", "where": "x"}, "recorded": "2026-11-22"}
    whole |= {"title": "c", "volatile": [], "corrected": [], "credential": "default"}
    assert complaints(METADATA, whole) == []
    assert complaints(METADATA, {name: value for name, value in whole.items() if name != key}) != []


def _entry(code: str, body: object, **changes: object) -> dict[str, object]:
    entry = {
        "code": code,
        "placement": "errors",
        "status": 200,
        "body": body,
        "operations": ["*"],
        "trigger": "x",
        "precedence": 1,
    }
    return {**entry, "message_is_contract": True, "source": {"kind": "assumed", "where": "x"}, **changes}


@pytest.mark.parametrize(
    "changes", [{"placement": "body"}, {"status": "200"}, {"source": {"kind": "guessed", "where": "x"}}, {"why": "x"}]
)
def test_a_wrong_error_entry_is_seen(changes: dict[str, object]) -> None:
    assert complaints(ERROR, _entry("A", {})) == []
    assert complaints(ERROR, _entry("A", {}, **changes)) != []


def test_codes_that_read_alike_are_seen() -> None:
    entries = [
        _entry("A", {"message": "no {what}"}),
        _entry("B", {"message": "no stock"}),
        _entry("C", {"message": "no stock"}, status=400),
    ]
    catalogue = ErrorCatalogue.of({"format": "apitwin/errors/1", "errors": entries})
    assert list(ambiguous(catalogue)) == ["a reply of B also reads as A"]


def test_a_reason_that_leads_nowhere_is_seen() -> None:
    assert anchors("# Totals: what adds up?\n<a id='x1'></a>") == {"totals-what-adds-up", "x1"}
    assert lost_reasons('"SOURCE.md#a" "SOURCE.md#b" "see SOURCE.md#1.2."', "## A\n<a id='1.2'></a>") == ["b"]
