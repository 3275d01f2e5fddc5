"""What is recognised of documents and schemas, of every age and in whatever words."""

from typing import Any

import orjson
import pytest
from graphql import build_schema
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from apitwin_contracts.generic.shapes import key_of, unknown_key
from apitwin_contracts.newcomer.forms import form_of
from apitwin_contracts.newcomer.graphql_acts import graphql_acts
from apitwin_contracts.newcomer.refusals import Refusals
from apitwin_contracts.newcomer.rest_acts import rest_acts
from apitwin_fixtures import ErrorEntry, Reply
from apitwin_fixtures.openapi import plain_document

_ITEM: dict[str, Any] = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "name": {"type": "string", "x-nullable": True}},
}
SWAGGER: dict[str, Any] = {
    "swagger": "2.0",
    "info": {},
    "definitions": {"Item": _ITEM},
    "paths": {
        "/shops/{shop_id}/items": {
            "parameters": [{"name": "shop_id", "in": "path", "required": True, "type": "string"}],
            "get": {
                "parameters": [
                    {"name": "_limit", "in": "query", "type": "integer"},
                    {"name": "_offset", "in": "query", "type": "integer"},
                    {"name": "name", "in": "query", "type": "string"},
                ],
                "responses": {200: {"schema": {"type": "array", "items": {"$ref": "#/definitions/Item"}}}},
            },
            "post": {
                "operationId": "make item",
                "parameters": [{"name": "it", "in": "body", "schema": {"$ref": "#/definitions/Item"}}],
                "responses": {"default": {"description": "", "schema": {"$ref": "#/definitions/Item"}}},
            },
        },
        "/shops/{shop_id}/items/{item_id}": {
            "get": {"operationId": "one", "responses": {"200": {"schema": {"$ref": "#/definitions/Item"}}}}
        },
        "/shops": {
            "get": {"operationId": "shops", "responses": {"200": {"schema": {"type": "array", "items": _ITEM}}}}
        },
        "/shops/{id}": {"get": {"operationId": "shop", "responses": {"200": {"schema": _ITEM}}}},
    },
}


def test_a_document_of_swagger_2_reads_like_one_of_openapi_3() -> None:
    document = plain_document(SWAGGER)
    made = document["paths"]["/shops/{shop_id}/items"]["post"]
    assert made["operationId"] == "make_item"
    assert made["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Item"}
    assert list(made["responses"]) == ["200"]
    assert document["components"]["schemas"]["Item"]["properties"]["name"] == {"type": ["string", "null"]}
    assert document["paths"]["/shops/{shop_id}/items"]["get"]["operationId"] == "get_shops_shop_id_items"


def test_things_that_lie_in_others_are_told_by_their_paths() -> None:
    resources, acts = rest_acts(plain_document(SWAGGER))
    by_name = {act.name: act for act in acts}
    listed = by_name["get_shops_shop_id_items"]
    assert set(resources) == {"items", "shops"}
    assert (listed.kind, listed.items, dict(listed.scope)) == ("list", "[]", {"shop_id": "shops"})
    assert listed.paging
    assert (listed.paging.by, listed.paging.at, listed.paging.size) == ("offset", "_offset", "_limit")
    assert dict(listed.filters) == {"name": "name"}
    assert (by_name["one"].kind, by_name["one"].key_argument, by_name["make_item"].kind) == (
        "detail",
        "item_id",
        "create",
    )


@pytest.mark.parametrize("raw", [{}, {"openapi": "4.0", "paths": {}}, {"openapi": "3.0.0"}])
def test_what_is_no_document_is_said_to_be_none(raw: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no OpenAPI document"):
        plain_document(raw)


def test_a_graphql_schema_in_the_words_of_connections() -> None:
    schema = build_schema("""
        type Query { books(first: Int, offset: Int, title: String): BookPage!  book(id: ID!): Book  me: Reader }
        type BookPage { nodes: [Book!]!  totalCount: Int! }
        type Book { id: ID!  title: String! }
        type Reader { id: ID!  books: [Book!]! }
        type Mutation { bookCreate(input: NewBook!): Book!  removeBook(id: ID!): Boolean!  pay(sum: Int!): Boolean }
        input NewBook { title: String! }
    """)
    resources, acts = graphql_acts(schema)
    by_name = {act.name: act for act in acts}
    assert {name: resource.key for name, resource in resources.items()} == {"Book": "id"}
    assert {name: act.kind for name, act in by_name.items()} == {
        "books": "list",
        "book": "detail",
        "me": "other",
        "bookCreate": "create",
        "removeBook": "delete",
        "pay": "other",
    }
    assert (by_name["books"].items, by_name["books"].total) == ("nodes[]", "totalCount")
    assert (by_name["bookCreate"].body, by_name["removeBook"].item) == ("input", "-")


_JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc1 ", max_size=3), inner, max_size=4),
    max_leaves=8,
)


@given(st.lists(_JSON, min_size=1, max_size=4))
def test_what_was_seen_fits_the_form_that_is_made_of_it(values: list[Any]) -> None:
    checker = Draft202012Validator(form_of(values))
    assert [value for value in values if not checker.is_valid(value)] == []


@given(
    st.dictionaries(st.sampled_from(["code", "message", "errno", "detail", "status"]), _JSON, min_size=1),
    st.integers(400, 599),
)
def test_a_refusal_that_was_seen_is_recognised(body: dict[str, Any], status: int) -> None:
    refusals = Refusals()
    try:
        raw = orjson.dumps(body)
    except TypeError:
        return
    reply = Reply(status, (("content-type", "application/json"),), raw)
    code = refusals.seen(reply, "a test")
    assert refusals.seen(reply, "again") == code
    entry = ErrorEntry.of(refusals.entries[code])
    assert entry.difference(body) is None
    assert entry.render(refusals.values[code]) == body


def test_keys_tell_things_apart_and_an_unknown_one_has_their_form() -> None:
    assert key_of([{"id": 1, "name": "a"}, {"id": 2, "name": "a"}], "name") == "id"
    assert not key_of([{"name": "a"}, {"name": "a"}], "id")
    assert unknown_key(7) not in range(1000)
    assert unknown_key("00000000-0000-4000-8000-000000000001") == "00000000-0000-0000-0000-000000000000"
