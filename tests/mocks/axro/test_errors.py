"""Every code of the catalogue is reached, and the mock has no other."""

import json
from typing import Any

import pytest
from graphql import parse

from apitwin_fixtures import Request
from apitwin_mocks.kit.faults import Fault
from apitwin_mocks.suppliers.axro.errors import Code
from tests.mocks.axro.client import (
    ACME,
    CREATE,
    DETAILS,
    FIXTURES,
    ORDER,
    SERVER,
    SHIPMENT,
    TRACKING,
    UPDATE,
    Client,
    fresh_client,
)
from tests.mocks.replay import answer

CLIENT = Client("errors")
GOOD = {
    "company": "a",
    "department": "b",
    "street": "c",
    "zip": "1",
    "city": "d",
    "country": "DE",
}
DOCUMENTS = {
    "SYNTAX": "{",
    "FIELD_UNKNOWN": "{ brand }",
    "ARGUMENT_UNKNOWN": '{ products(product_number: "x") { totalPages } }',
    "ARGUMENT_MISSING": "{ orderDetails { error } }",
    "SELECTION_MISSING": "{ products }",
    "SELECTION_FORBIDDEN": 'mutation { shippingUpdate(id: "x", input: {}) { id } }',
    "TEXT_EXPECTED": "{ products(brand: 1) { totalPages } }",
    "INTEGER_EXPECTED": '{ orderList(page: "x") { error } }',
    "INTEGER_TOO_LARGE": "{ orderList(page: 99999999999) { error } }",
    "INTEGER_OR_TEXT_EXPECTED": "{ products(page: 1.5) { totalPages } }",
    "BOOLEAN_EXPECTED": "{ brands { brands @skip(if: 1) } }",
    "NULL_FORBIDDEN": "{ orderDetails(orderNumber: null) { error } }",
    "INPUT_FIELD_MISSING": (
        'mutation { orderCreate(order: { shippingAddressId: "x", cart: [{ productNumber: "x" }] }) }'
    ),
    "INPUT_FIELD_UNKNOWN": 'mutation { shippingUpdate(id: "x", input: { fax: "x" }) }',
    "INPUT_OBJECT_EXPECTED": 'mutation { shippingUpdate(id: "x", input: "x") }',
    "VARIABLE_UNDEFINED": "{ orderDetails(orderNumber: $a) { error } }",
    "VARIABLE_UNUSED": "query($a: Int) { brands { brands } }",
    "VARIABLE_MISPLACED": "query($a: Int) { orderDetails(orderNumber: $a) { error } }",
    "VARIABLE_TYPE": "query($a: Product) { orderDetails(orderNumber: $a) { error } }",
    "TYPE_UNKNOWN": "query($a: Strin) { orderDetails(orderNumber: $a) { error } }",
    "DIRECTIVE_UNKNOWN": "{ brands { brands @live } }",
    "DIRECTIVE_MISPLACED": "query @skip(if: true) { brands { brands } }",
    "DIRECTIVE_REPEATED": "{ brands { brands @skip(if: true) @skip(if: true) } }",
    "FRAGMENT_UNKNOWN": "{ ...A }",
    "FRAGMENT_UNUSED": "{ brands { brands } } fragment A on Query { brands { brands } }",
    "FRAGMENT_CYCLE": "{ ...A } fragment A on Query { ...A }",
    "FRAGMENT_TYPE": "{ ...A } fragment A on String { a }",
    "FRAGMENT_IMPOSSIBLE": "{ brands { ... on Product { ean } } }",
    "FIELDS_CONFLICT": "{ a: brands { brands } a: categories { id } }",
    "NAME_REPEATED": '{ orderDetails(orderNumber: "1", orderNumber: "2") { error } }',
    "OPERATION_ANONYMOUS": "{ brands { brands } } query A { categories { id } }",
    "OPERATION_UNSUPPORTED": "subscription { brands }",
    "DEFINITION_NOT_EXECUTABLE": "type A { a: Int }",
    "VALIDATION_ABORTED": "{ " + "x " * 101 + "}",
}
BODIES = {
    "BODY_NOT_JSON": b"{",
    "QUERY_MISSING": b"{}",
    "VARIABLES_NOT_OBJECT": b'{"query": "{ __typename }", "variables": []}',
    "OPERATION_NAME_NOT_TEXT": b'{"query": "{ __typename }", "operationName": 1}',
    "EXTENSIONS_NOT_OBJECT": b'{"query": "{ __typename }", "extensions": "x"}',
    "OPERATION_UNKNOWN": b'{"query": "query A { __typename }", "operationName": "B"}',
    "OPERATION_NAME_MISSING": b'{"query": "query A { __typename } query B { __typename }"}',
}
VARIABLES: dict[str, tuple[str, dict[str, Any]]] = {
    "VARIABLE_INVALID": (DETAILS, {"number": 1}),
    "FORMAT_UNKNOWN": ('{ products(format: "csv") { totalPages } }', {}),
    "PAGE_NOT_POSITIVE": ("{ products(page: 0) { totalPages } }", {}),
    "LIMIT_NOT_POSITIVE": ('{ products(limit: "ten") { totalPages } }', {}),
    "LIMIT_TOO_LARGE": ("{ products(limit: 1001) { totalPages } }", {}),
    "INFORMATION_PAGE": ("{ orderList(page: 0) { error } }", {}),
    "ORDER_UNKNOWN": (DETAILS, {"number": "1"}),
    "ORDER_FOREIGN": (DETAILS, {"number": "700001"}),
    "SHIPMENT_UNKNOWN": (SHIPMENT, {"number": "1"}),
    "SHIPMENT_FOREIGN": (SHIPMENT, {"number": "700101"}),
    "TRACKING_UNKNOWN": (TRACKING, {"number": "1"}),
    "SHIPPING_BLANK": (CREATE, {"input": GOOD | {"company": " "}}),
    "SHIPPING_TOO_LONG": (CREATE, {"input": GOOD | {"city": "x" * 36}}),
    "SHIPPING_COUNTRY": (CREATE, {"input": GOOD | {"country": "XX"}}),
    "SHIPPING_PHONE": (CREATE, {"input": GOOD | {"phone": "040"}}),
    "SHIPPING_EMAIL": (CREATE, {"input": GOOD | {"email": "nobody"}}),
    "SHIPPING_UNKNOWN": (UPDATE, {"id": "x", "input": {}}),
    "SHIPPING_FOREIGN": (UPDATE, {"id": "0b6f2f0e-3c55-5d0a-8f0e-5a8f5d1c9e21", "input": {}}),
}


def _order(cart: list[tuple[str, int]], address: str = ACME) -> tuple[str, dict[str, Any]]:
    lines = [{"productNumber": number, "quantity": quantity} for number, quantity in cart]
    return ORDER, {"order": {"shippingAddressId": address, "cart": lines}}


VARIABLES |= {
    "ORDER_CART_EMPTY": _order([]),
    "ORDER_QUANTITY_TOO_SMALL": _order([("HP303A", 0)]),
    "ORDER_QUANTITY_TOO_LARGE": _order([("HP303A", 1_000_000)]),
    "ORDER_ADDRESS_UNKNOWN": _order([("HP303A", 1)], "0b6f2f0e-3c55-5d0a-8f0e-5a8f5d1c9e21"),
    "ORDER_PRODUCT_UNKNOWN": _order([("HP303B", 1)]),
    "ORDER_PRODUCT_PRICELESS": _order([("CANT7260C", 1)]),
    "ORDER_TOTAL_TOO_LARGE": _order([("HP303A", 999_999)] * 3),
}
WIRE = {
    "ROUTE_UNKNOWN": ("POST", "/gql/v2", "application/json"),
    "METHOD_NOT_ALLOWED": ("PUT", "/gql/v1", "application/json"),
    "UNSUPPORTED_MEDIA_TYPE": ("POST", "/gql/v1", "text/plain"),
    "TOKEN_METHOD_NOT_ALLOWED": ("GET", "/api/v1/auth/token", "application/json"),
    "TOKEN_BODY_NOT_JSON": ("POST", "/api/v1/auth/token", "application/json"),
}
IN_TEST_AUTH = {
    "TOKEN_MISSING",
    "TOKEN_PREFIX",
    "TOKEN_MALFORMED",
    "TOKEN_UNKNOWN",
    "TOKEN_EXPIRED",
    "TOKEN_FIELD_MISSING",
    "TOKEN_FIELD_NOT_TEXT",
    "CREDENTIALS_WRONG",
}


def _recognised(body: Any) -> set[str]:
    """Name the code of each of a reply's errors."""
    return {
        entry.code
        for error in body["errors"]
        for entry in FIXTURES.errors.entries
        if entry.placement == "errors" and "*" in entry.operations and entry.difference(error) is None
    }


@pytest.mark.parametrize("code", DOCUMENTS)
def test_a_wrong_document_has_its_code(code: str) -> None:
    reply = CLIENT.ask(DOCUMENTS[code])
    body: Any = reply.json
    assert (reply.status, body["data"]) == (200, None)
    assert code in _recognised(body)


@pytest.mark.parametrize("code", BODIES)
def test_a_wrong_body_has_its_code(code: str) -> None:
    assert CLIENT.code(CLIENT.post(BODIES[code]), "products") == code


@pytest.mark.parametrize("code", VARIABLES)
def test_a_wrong_value_has_its_code(code: str) -> None:
    query, variables = VARIABLES[code]
    assert CLIENT.code(CLIENT.ask(query, **variables), _operation(query)) == code


@pytest.mark.parametrize("value", [True, 1.5, [1], {"a": 1}])
def test_a_page_in_a_variable_is_a_number_or_text(value: Any) -> None:
    query = "query($page: IntOrString) { products(page: $page) { totalPages } }"
    assert CLIENT.code(CLIENT.ask(query, page=value), "products") == "VARIABLE_INVALID"


@pytest.mark.parametrize("code", WIRE)
def test_a_wrong_request_has_its_code(code: str) -> None:
    method, path, media_type = WIRE[code]
    reply = answer(SERVER, Request(method, f"/axro{path}", "", (("content-type", media_type),), b"x"))
    operation = "token" if "TOKEN" in code else "products"
    assert CLIENT.code(reply, operation) == code
    assert reply.header("allow") == ("POST" if reply.status == 405 else None)


def _operation(query: str) -> str:
    [definition] = parse(query).definitions
    return str(definition.selection_set.selections[0].name.value)  # type: ignore[attr-defined]


def test_every_code_of_the_catalogue_is_reached_somewhere() -> None:
    reached = {*DOCUMENTS, *BODIES, *VARIABLES, *WIRE, *IN_TEST_AUTH}
    assert reached == {entry.code for entry in FIXTURES.errors.entries}


def test_every_code_of_the_mock_is_in_the_catalogue() -> None:
    assert {code.value for code in Code} <= {entry.code for entry in FIXTURES.errors.entries}


def test_a_rejection_repeats_what_was_asked_and_leaves_the_rest_empty() -> None:
    tracking = CLIENT.data(TRACKING, number="700101")
    assert tracking == {
        "shipmentNumber": "700101",
        "history": {},
        "error": "shipmentNumber does not belong to customerNumber",
    }
    listed = CLIENT.data("{ shipmentList(page: -1) { totalPages shipments { status } error } }")
    assert listed == {"totalPages": 1, "shipments": [], "error": "page must be a positive number"}
    assert CLIENT.data(DETAILS, number="700001") | {"error": None} == {
        "orderNumber": "700001",
        "order": None,
        "error": None,
    }


def test_where_two_codes_apply_the_lower_precedence_wins() -> None:
    wrong = {"company": "x" * 36, "street": " ", "country": "XX", "phone": "1", "email": "x"}
    mended = {"street": "c", "company": "a", "country": "DE", "phone": None}
    precedences = []
    for field in (*mended, "done"):
        code = CLIENT.code(CLIENT.ask(CREATE, input=GOOD | wrong), "shippingCreate")
        precedences.append(FIXTURES.errors[code].precedence)
        wrong.pop(field, None)
    assert precedences == sorted(precedences)
    assert len(set(precedences)) == 5


def test_a_failed_field_leaves_its_neighbours_alone() -> None:
    body: Any = CLIENT.ask('{ orderDetails(orderNumber: "1") { error } brands { brands } }').json
    assert body["data"]["orderDetails"] is None
    assert body["data"]["brands"]["brands"]
    assert [error["path"] for error in body["errors"]] == [["orderDetails"]]


@pytest.mark.parametrize("code", [entry.code for entry in FIXTURES.errors.entries])
def test_every_code_can_be_ordered_as_a_fault(code: str) -> None:
    client = fresh_client("faults")
    entry = FIXTURES.errors[code]
    operation = "brands" if "*" in entry.operations else entry.operations[0]
    client.server.sessions.get("faults").faults.order(Fault("axro", code=code, times=1))
    path = "/api/v1/auth/token" if operation == "token" else "/gql/v1"
    reply = client.post(json.dumps({"query": f"{{ {operation} }}"}).encode(), path)
    assert reply.status == entry.status
    assert client.code(reply, operation) == code


def test_the_journal_names_what_came_nearest() -> None:
    client = fresh_client("nearest")
    client.post(b"{}", "/gql/v2")
    client.ask("{ orderDetail { error } }")
    entries = list(client.server.sessions.get("nearest").journal.read())
    assert [entry.nearest for entry in entries] == ["POST /gql/v1", "orderDetails"]
    assert entries[0].code == "ROUTE_UNKNOWN"
