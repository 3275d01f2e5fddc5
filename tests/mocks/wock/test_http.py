"""HTTP as Hot Chocolate's own tests record it: media types, status, GET, the shape and the escapes of a body."""

import json
from typing import Any

import pytest

from apitwin_fixtures import Request
from tests.mocks.wock.client import FIXTURES, fresh

JSON, GRAPHQL = "application/json; charset=utf-8", "application/graphql-response+json; charset=utf-8"
ACCEPTED = [
    (None, "latest", GRAPHQL),
    (None, "legacy", JSON),
    ("*/*", "latest", GRAPHQL),
    ("*/*", "legacy", JSON),
    ("application/*", "latest", GRAPHQL),
    ("application/*", "legacy", JSON),
    ("application/json, */*", "latest", GRAPHQL),
    ("application/json, */*", "legacy", JSON),
    ("application/json, text/plain, */*", "latest", GRAPHQL),
    ("application/json", "latest", JSON),
    ("application/json", "legacy", JSON),
    ("application/graphql-response+json", "legacy", GRAPHQL),
    ("application/graphql-response+json; charset=utf-8, application/json; charset=utf-8", "legacy", GRAPHQL),
    ("text/event-stream, multipart/mixed,application/json, application/graphql-response+json", "latest", GRAPHQL),
]


@pytest.mark.parametrize(("accept", "transport", "content_type"), ACCEPTED)
def test_the_media_type_is_negotiated(accept: str | None, transport: str, content_type: str) -> None:
    client = fresh()
    client.settings(transport=transport)
    reply = client.ask("{ __typename }", accept=accept)
    assert (reply.status, reply.header("content-type")) == (200, content_type)
    assert reply.body == b'{"data":{"__typename":"Query"}}'
    invalid = client.ask("{ nope }", accept=accept)
    assert (invalid.status, invalid.header("content-type")) == (400 if content_type == GRAPHQL else 200, content_type)


@pytest.mark.parametrize(
    ("accept", "transport", "status"),
    [
        (None, "latest", 400),
        (None, "legacy", 200),
        ("application/*", "legacy", 200),
        ("application/json", "latest", 400),
        ("application/json", "legacy", 200),
    ],
)
@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b'"x"', b'{"query":1}', b'{"query":"{a}","variables":[]}', b"NaN"]
)
def test_a_body_that_cannot_be_read(accept: str | None, transport: str, status: int, body: bytes) -> None:
    client = fresh()
    client.settings(transport=transport)
    reply = client.post(body, accept=accept)
    told = {"errors": [{"message": "Invalid JSON document.", "extensions": {"code": "HC0012"}}]}
    # Who asks for JSON by name is told 400 by either transport.
    assert (reply.status, reply.json) == (400 if accept == "application/json" else status, told)


@pytest.mark.parametrize(
    ("body", "code"), [(b"[]", "HC0009"), (b"{}", "HC0013"), (b'{"query":""}', "HC0013"), (b'{"query":null}', "HC0013")]
)
def test_json_that_is_no_request(body: bytes, code: str) -> None:
    reply = fresh().post(body)
    assert reply.status == 400
    assert FIXTURES.errors[code].difference(reply.json) is None


def test_other_media_types_and_methods_are_answered_by_nobody() -> None:
    client = fresh()
    assert client.post(b"{}", content_type="text/plain").status == 404
    assert (
        client.send(Request("PUT", "/wock/graphql", "", (("authorization", f"Bearer {client.token}"),))).status == 404
    )
    assert client.get().status == 404


def test_a_get_asks_with_its_parameters() -> None:
    reply = fresh().get(
        query="query a { __typename } query b($id: Int) { product(id: $id) { id } }",
        variables='{"id": 123}',
        operationName="b",
    )
    assert (reply.status, reply.json) == (200, {"data": {"product": {"id": 123}}})
    assert fresh().get(query="{ __typename }", variables="{").status == 400


def test_the_schema_can_be_downloaded() -> None:
    reply = fresh().get(sdl="")
    assert reply.media_type == "application/graphql"
    assert reply.text.startswith("type Query {")


def test_errors_come_before_data_and_text_is_escaped_as_dotnet_does() -> None:
    reply = fresh().ask(
        "query a($abc: Int) { products(where: { name: { eq: null } }) { totalCount } product(id: $abc) { id } }"
    )
    assert reply.status == 200
    assert list(json.loads(reply.body)) == ["errors", "data"]
    assert rb"\u0060eq\u0060" in reply.body
    unknown = fresh().ask('{ products(where: { name: { eq: "x" } }) { nöpe } }')
    assert unknown.status == 400
    quoted = fresh().ask("mutation($id: String) { nope(a: $id) }").body
    assert b'"' in quoted
    assert b"'" not in quoted


def test_characters_beyond_ascii_and_quotes_are_escaped() -> None:
    client = fresh()
    client.edit("products", 123, text=1)
    order = client.order({"productId": 123, "quantity": 1, "unitPrice": 24.99, "partnerProductId": "\"ä\\'<😀+&"})
    assert order["data"]["createOrder"]["products"][0]["partnerProductId"] == "\"ä\\'<😀+&"
    key = order["data"]["createOrder"]["orderId"]
    client.advance(60)
    raw = client.ask('{ delivery(orderId: "' + key + '") { products { partnerProductId } } }').body
    assert b'"partnerProductId":"\\u0022\\u00E4\\\\\\u0027\\u003C\\uD83D\\uDE00\\u002B\\u0026"' in raw


def test_the_cost_is_reported_on_request() -> None:
    client = fresh()
    query = "{ products(take: 5) { items { quantity { all } bulkPrices { price } } pageInfo { hasNextPage } } }"
    reported: Any = client.ask(query, graphql_cost="report").json
    assert reported["extensions"] == {"operationCost": {"fieldCost": 22, "typeCost": 18}}
    assert len(reported["data"]["products"]["items"]) == 5
    validated: Any = client.ask(query, graphql_cost="validate").json
    assert validated == {"extensions": reported["extensions"]}


@pytest.mark.parametrize(
    ("query", "variables", "field", "kind"),
    [
        ("{ __typename __schema { types { name } } }", None, 0, 1),
        ("{ partner { id } again: partner { id } partner { used } }", None, 20, 3),
        ("{ products { items { id } } }", None, 11, 52),
        (
            "{ orders(take: 2) { ...p } } fragment p on OrdersCollectionSegment { items { ... on OrderResponse { id } } }",
            None,
            11,
            4,
        ),
        (
            "query($w: ProductResponseFilterInput) { products(where: $w) { totalCount } }",
            {"w": {"id": {"eq": 1}, "name": {"contains": "a"}, "quantity": {"all": {"gt": 2}}}},
            60,
            2,
        ),
        (
            "query($w: ProductResponseFilterInput) { products(where: $w) { totalCount } }",
            {"w": {"languages": {"all": {"eq": "a"}}, "or": [{"id": {"in": [1]}}]}},
            50,
            2,
        ),
        ("{ products(order: [{ id: ASC }, { quantity: { all: DESC } }]) { totalCount } }", None, 40, 2),
    ],
)
def test_the_cost_is_added_up(query: str, variables: dict[str, Any] | None, field: int, kind: int) -> None:
    reply: Any = fresh().ask(query, variables, graphql_cost="validate").json
    assert reply["extensions"]["operationCost"] == {"fieldCost": field, "typeCost": kind}


def test_an_operation_that_costs_too_much_is_refused() -> None:
    client = fresh()
    client.settings(max_field_cost=10)
    body = client.body("{ products { items { id } } }")
    assert FIXTURES.errors["HC0047_FIELD"].difference(body["errors"][0]) is None
    assert body["errors"][0]["extensions"] == {"fieldCost": 11, "maxFieldCost": 10, "code": "HC0047"}


def test_introspection_shows_the_contracts_schema() -> None:
    from graphql import build_client_schema, build_schema, get_introspection_query, print_schema

    from apitwin_fixtures.sdl import wire_sdl

    data = fresh().data(get_introspection_query(input_value_deprecation=True))
    shown = print_schema(build_client_schema(data))
    assert shown == print_schema(build_schema(wire_sdl(FIXTURES.text("schema.graphql"))))
    assert fresh().data(
        '{ __type(name: "ProductResponse") { fields(includeDeprecated: true) { name deprecationReason } } }'
    )
