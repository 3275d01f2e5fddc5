"""Every refusal before execution is Hot Chocolate's: its code, and a body that the catalogue knows as that code alone."""

from typing import Any

import pytest

from tests.mocks.wock.client import FIXTURES, fresh

CLIENT = fresh()
INPUT = "query($a: CreateOrderInput!) { __typename } mutation m($a: CreateOrderInput!) { createOrder(input: $a) { orderId } }"
DOCUMENTS = [
    ("{", "HC0011", "Expected a `Name`-token, but found a `EndOfFile`-token."),
    ("foo", "HC0011", "Unexpected token: Name."),
    ("{ a(b: 01) }", "HC0011", "Invalid number, unexpected digit after 0: '1'."),
    ("query ($a Int) { b }", "HC0011", "Expected a `Colon`-token, but found a `Name`-token."),
    (
        "{ products { items { quantity { nope } } } }",
        "FIELD_UNKNOWN",
        "The field `nope` does not exist on the type `QuantityResponse`.",
    ),
    ("{ products }", "SELECTION_MISSING", None),
    ("{ product { id { x } } }", "LEAF_SELECTION", None),
    ("{ products(x: 1) { totalCount } }", "ARGUMENT_UNKNOWN", "The argument `x` does not exist."),
    ("mutation { createOrder { orderId } }", "ARGUMENT_REQUIRED", "The argument `input` is required."),
    ("{ __typename @include }", "ARGUMENT_REQUIRED", None),
    ("{ products(take: 1, take: 2) { totalCount } }", "ARGUMENT_REPEATED", None),
    ('{ products(take: "a") { totalCount } }', "ARGUMENT_VALUE", None),
    ("{ products(where: 5) { totalCount } }", "ARGUMENT_VALUE", None),
    ("mutation { deleteOrder(orderId: null) }", "ARGUMENT_VALUE", None),
    ('{ delivery(orderId: "x") { orderId } }', "ARGUMENT_VALUE", None),
    (
        '{ products(where: { id: { eq: "a" } }) { totalCount } }',
        "FIELD_VALUE",
        "The specified value type of field `eq` does not match the field type.",
    ),
    ('{ products(where: { lastUpdateDateTime: { gt: "02.05.2022 12:00" } }) { totalCount } }', "FIELD_VALUE", None),
    ('{ products(where: { bulkPrices: { some: { price: { eq: "1" } } } }) { totalCount } }', "FIELD_VALUE", None),
    ("{ products(order: [{ id: UP }]) { totalCount } }", "FIELD_VALUE", None),
    ('query($x: Int = "a") { products(take: $x) { totalCount } }', "DEFAULT_VALUE", None),
    ("{ products(where: { idd: { eq: 1 } }) { totalCount } }", "INPUT_FIELD_UNKNOWN", None),
    (
        "mutation { createOrder(input: {}) { orderId } }",
        "INPUT_FIELD_REQUIRED",
        "`products` is a required field and cannot be null.",
    ),
    ("{ products(where: { id: { eq: 1 }, id: { eq: 2 } }) { totalCount } }", "INPUT_FIELD_REPEATED", None),
    ("query($x: String) { products(take: $x) { totalCount } }", "VARIABLE_MISPLACED", None),
    ("query($x: Int, $x: Int) { products(take: $x) { totalCount } }", "VARIABLE_REPEATED", None),
    ("query($x: ProductResponse) { __typename @include(if: $x) }", "VARIABLE_OUTPUT_TYPE", None),
    ("{ ...F }", "FRAGMENT_UNKNOWN", None),
    ("fragment F on Query { __typename } { __typename }", "FRAGMENT_UNUSED", None),
    ("{ ...F } fragment F on Query { ...F }", "FRAGMENT_CYCLE", None),
    ("{ ... on ProductResponse { id } }", "FRAGMENT_MISPLACED", None),
    ("{ ...F } fragment F on Query { __typename } fragment F on Query { __typename }", "FRAGMENT_REPEATED", None),
    ("{ product { ... on Int { x } } }", "FRAGMENT_ON_LEAF", None),
    ("{ ... on Nope { x } }", "TYPE_UNKNOWN", None),
    ("{ __typename @foo }", "DIRECTIVE_UNKNOWN", None),
    ("query @include(if: true) { __typename }", "DIRECTIVE_MISPLACED", None),
    ("{ __typename @skip(if: true) @skip(if: true) }", "DIRECTIVE_REPEATED", None),
    ("{ a: __typename a: products { totalCount } }", "FIELDS_CONFLICT", None),
    ("query A { __typename } query A { __typename }", "OPERATION_REPEATED", None),
    ("{ __typename } query A { __typename }", "OPERATION_ANONYMOUS", None),
    ("subscription { x }", "OPERATION_UNSUPPORTED", None),
    ("type X { a: Int } { __typename }", "DEFINITION_NOT_EXECUTABLE", None),
    ("query Q {}", "SELECTION_EMPTY", None),
    ("fragment F on Query { __typename }", "FRAGMENT_UNUSED", None),
    ("query A { __typename } query B { __typename }", "OPERATION_AMBIGUOUS", None),
]


def _first(body: Any, code: str) -> Any:
    assert "data" not in body
    [*known] = [
        entry.code
        for entry in FIXTURES.errors.entries
        if entry.placement == "errors" and entry.difference(_bare(body["errors"][0])) is None
    ]
    assert known == [code]
    return body["errors"][0]


def _bare(item: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key not in ("locations", "path")}


@pytest.mark.parametrize(("query", "code", "message"), DOCUMENTS)
def test_a_document_is_refused_in_hot_chocolates_words(query: str, code: str, message: str | None) -> None:
    error = _first(CLIENT.body(query), code)
    assert message in (None, error["message"])
    if not code.startswith("OPERATION_A"):
        assert error["locations"][0]["line"] == 1


def test_no_message_is_left_in_another_servers_words() -> None:
    for query, _, _ in DOCUMENTS:
        for error in CLIENT.body(query)["errors"]:
            assert not any(
                entry.code == "DOCUMENT_INVALID" and entry.difference(_bare(error)) is None
                for entry in FIXTURES.errors.entries
            )


def test_an_error_names_the_fields_around_it() -> None:
    error = CLIENT.body("{ a: products { items { q: quantity { nope } } } }")["errors"][0]
    assert error["path"] == ["a", "items", "q"]
    assert error["extensions"]["responseName"] == "nope"


def test_variables_are_told_once_for_each_operation() -> None:
    body = CLIENT.body("query($y: Int, $z: Int) { product(id: $b) { id } products(take: $c, skip: $b) { totalCount } }")
    told = {error["message"] for error in body["errors"]}
    assert told == {
        "The following variables were not declared: b, c.",
        "The following variables were not used: y, z.",
    }


ORDER = "mutation($a: CreateOrderInput!) { createOrder(input: $a) { orderId } }"
WHERE = "query($a: ProductResponseFilterInput) { products(where: $a) { totalCount } }"
SORT = "query($a: [ProductResponseSortInput!]) { products(order: $a) { totalCount } }"
VALUES: list[tuple[str, Any, str, str, list[str | int]]] = [
    (
        "query($a: Int) { product(id: $a) { id } }",
        "1",
        "VALUE_UNPARSABLE",
        "Int cannot parse the given literal of type `StringValueNode`.",
        ["a"],
    ),
    (
        "query($a: Int) { product(id: $a) { id } }",
        1.0,
        "VALUE_UNPARSABLE",
        "Int cannot parse the given literal of type `FloatValueNode`.",
        ["a"],
    ),
    (
        "query($a: Int) { product(id: $a) { id } }",
        2**31,
        "VALUE_UNPARSABLE",
        "Int cannot parse the given literal of type `IntValueNode`.",
        ["a"],
    ),
    (
        "query($a: Int) { product(id: $a) { id } }",
        True,
        "VALUE_UNPARSABLE",
        "Int cannot parse the given literal of type `BooleanValueNode`.",
        ["a"],
    ),
    (
        "query($a: UUID) { delivery(orderId: $a) { orderId } }",
        "e21de451d7e24f2889252c1c3809a42b",
        "VALUE_UNPARSABLE",
        "UUID cannot parse the given literal of type `StringValueNode`.",
        ["a"],
    ),
    (
        WHERE,
        {"lastUpdateDateTime": {"gt": "2024-01-01"}},
        "VALUE_UNPARSABLE",
        "DateTime cannot parse the given literal of type `StringValueNode`.",
        ["a", "lastUpdateDateTime", "gt"],
    ),
    (
        WHERE,
        {"or": [{}, {"id": {"in": [1, "x"]}}]},
        "VALUE_UNPARSABLE",
        "Int cannot parse the given literal of type `StringValueNode`.",
        ["a", "or", 1, "id", "in", 1],
    ),
    (
        WHERE,
        {"quantity": 5},
        "VALUE_UNPARSABLE",
        "QuantityResponseFilterInput cannot parse the given literal of type `IntValueNode`.",
        ["a", "quantity"],
    ),
    (
        WHERE,
        {"nope": {}},
        "VALUE_FIELD_UNKNOWN",
        "The field `nope` does not exist on the type `ProductResponseFilterInput`.",
        ["a"],
    ),
    (
        SORT,
        {"id": "UP"},
        "VALUE_UNPARSABLE",
        "SortEnumType cannot parse the given literal of type `StringValueNode`.",
        ["a", "id"],
    ),
    (ORDER, {}, "VALUE_FIELD_REQUIRED", "The required input field `products` is missing.", ["a", "products"]),
    (ORDER, {"products": None}, "VALUE_NULL", "Cannot accept null for non-nullable input.", ["a", "products"]),
    (
        ORDER,
        {"products": [{"productId": 1, "quantity": 1, "unitPrice": "1"}]},
        "VALUE_UNPARSABLE",
        "Decimal cannot parse the given literal of type `StringValueNode`.",
        ["a", "products", 0, "unitPrice"],
    ),
    (ORDER, None, "HC0018", "Variable `a` is required.", []),
]


@pytest.mark.parametrize(("query", "value", "code", "message", "path"), VALUES)
def test_a_variable_is_refused_in_hot_chocolates_words(
    query: str, value: Any, code: str, message: str, path: list[str | int]
) -> None:
    reply = CLIENT.ask(query, {"a": value})
    error = _first(reply.json, code)
    assert (reply.status, error["message"], error.get("path", [])) == (400, message, path)


def test_single_values_become_lists_and_defaults_are_taken() -> None:
    data = CLIENT.data(
        "query($o: [ProductResponseSortInput!] = { id: DESC }, $n: Int = 1) { products(take: $n, order: $o) { items { id } } }"
    )
    assert len(data["products"]["items"]) == 1
    assert CLIENT.data(SORT, {"a": {"id": "ASC"}})["products"]["totalCount"] == 120


def test_an_operation_that_is_not_there_is_refused() -> None:
    reply = CLIENT.post(b'{"query": "query A { __typename }", "operationName": "B"}')
    assert _first(reply.json, "OPERATION_UNKNOWN")["message"] == "The specified operation `B` does not exist."
    assert reply.status == 500
