"""Every code of the catalogue is reached, and the mock has no other."""

import json
from typing import Any

import pytest

from apitwin_fixtures import Request
from apitwin_mocks.kit.faults import Fault
from apitwin_mocks.suppliers.gates.errors import Code
from tests.mocks.gates.client import FIXTURES, MAKERS, SEARCH, UPSERT, Client, exact, fresh_client
from tests.mocks.gates.test_auth import WRONG

CLIENT = Client("errors")
DG, BG = "/dg/exampledistributor/graphql", "/bg/graphql"
CART = '{ shoppingcart(shoppingCartId: "x") { shoppingCartId } }'
FINISH = 'mutation { finishOrder(orderIds: ["x"]) { orderId } }'
DOCUMENTS = {
    "SYNTAX": "{",
    "FIELD_UNKNOWN": "{ product }",
    "ARGUMENT_UNKNOWN": "{ productsearch(limit: 1) { pageInfo { totalCount } } }",
    "ARGUMENT_MISSING": "{ pricesearch(calculation: {}) { prices { amount } } }",
    "SELECTION_MISSING": "{ productsearch }",
    "SELECTION_FORBIDDEN": "{ getUser { email { address } } }",
    "TEXT_EXPECTED": "{ productsearch(query: 1) { pageInfo { totalCount } } }",
    "INTEGER_EXPECTED": '{ productsearch(page: {page: "x"}) { pageInfo { totalCount } } }',
    "INTEGER_TOO_LARGE": "{ productsearch(page: {page: 99999999999}) { pageInfo { totalCount } } }",
    "BOOLEAN_EXPECTED": "{ getUser { email @skip(if: 1) } }",
    "NULL_FORBIDDEN": "{ pricesearch(calculation: null, products: []) { prices { amount } } }",
    "INPUT_FIELD_MISSING": '{ pricesearch(calculation: {}, products: [{productId: "x"}]) { prices { amount } } }',
    "INPUT_FIELD_UNKNOWN": "{ productsearch(page: {limit: 1}) { pageInfo { totalCount } } }",
    "INPUT_OBJECT_EXPECTED": '{ productsearch(page: "x") { pageInfo { totalCount } } }',
    "ENUM_VALUE_UNKNOWN": '{ productsearch(universalTypes: {AND: {operator: LT, code: "x"}}) { pageInfo { totalCount } } }',
    "ENUM_EXPECTED": '{ productsearch(universalTypes: {AND: {operator: "EQ", code: "x"}}) { pageInfo { totalCount } } }',
    "VALUE_EXPECTED": "{ productsearch(universalTypes: {AND: {operator: EQ, code: "
    '"x", values: true}}) { pageInfo { totalCount } } }',
    "VARIABLE_UNDEFINED": "{ productsearch(query: $a) { pageInfo { totalCount } } }",
    "VARIABLE_UNUSED": "query($a: Int) { getUser { email } }",
    "VARIABLE_MISPLACED": "query($a: Int) { productsearch(query: $a) { pageInfo { totalCount } } }",
    "VARIABLE_TYPE": "query($a: Product) { productsearch(query: $a) { pageInfo { totalCount } } }",
    "TYPE_UNKNOWN": "query($a: Strin) { productsearch(query: $a) { pageInfo { totalCount } } }",
    "DIRECTIVE_UNKNOWN": "{ getUser { email @live } }",
    "DIRECTIVE_MISPLACED": "query @skip(if: true) { getUser { email } }",
    "DIRECTIVE_REPEATED": "{ getUser { email @skip(if: true) @skip(if: true) } }",
    "FRAGMENT_UNKNOWN": "{ getUser { ...A } }",
    "FRAGMENT_UNUSED": "{ getUser { email } } fragment A on User { email }",
    "FRAGMENT_CYCLE": "{ getUser { ...A } } fragment A on User { email ...A }",
    "FRAGMENT_TYPE": "{ getUser { ...A } } fragment A on String { email }",
    "FRAGMENT_IMPOSSIBLE": "{ getUser { ... on Product { id } } }",
    "FIELDS_CONFLICT": "{ getUser { email email: company } }",
    "NAME_REPEATED": "query A { getUser { email } } query A { getUser { email } }",
    "OPERATION_ANONYMOUS": "{ getUser { email } } query A { getUser { email } }",
    "OPERATION_UNSUPPORTED": "mutation { getUser }",
    "DEFINITION_NOT_EXECUTABLE": "type A { a: Int }",
    "VALIDATION_ABORTED": "{ " + "x " * 101 + "}",
}
BOOKINGS = {
    "NUMBER_EXPECTED": """mutation { upsertProduct(product: {proMaterialId: "x", productGateCode: "x", distributionGateCode: "x",
        distributionChannel: "x", productPrice: {amount: "7", currency: "EUR"}, email: "x", clientNumber: "x"}) { shoppingCartId } }""",
    "INSTANT_EXPECTED": """mutation { upsertExpectedReceiptDateTime(orderIds: [], expectedReceiptDateTime: {type: DELIVERY,
        from: "2037-12-24", to: "2037-12-24T00:00:00Z", timeFrame: "0-24"}) { orderId } }""",
}
BODIES = {
    "BODY_NOT_JSON": b"{",
    "QUERY_MISSING": b"{}",
    "VARIABLES_NOT_OBJECT": b'{"query": "{ __typename }", "variables": []}',
    "OPERATION_NAME_NOT_TEXT": b'{"query": "{ __typename }", "operationName": 1}',
    "EXTENSIONS_NOT_OBJECT": b'{"query": "{ __typename }", "extensions": "x"}',
    "OPERATION_UNKNOWN": b'{"query": "query A { __typename }", "operationName": "B"}',
    "OPERATION_NAME_MISSING": b'{"query": "query A { __typename } query B { __typename }"}',
    "VARIABLE_INVALID": b'{"query": "query($a: String) { productsearch(query: $a) { pageInfo { totalCount } } }", "variables": {"a": 1}}',
}


def _types(*values: Any, operator: str = "GTE", **more: Any) -> dict[str, Any]:
    return {"types": {"AND": {"operator": operator, "code": "ST05-LENG", "values": list(values), **more}}}


SEARCHES: list[tuple[str, dict[str, Any]]] = [
    ("PAGE_NEGATIVE", {"page": {"page": -1}}),
    ("SIZE_INVALID", {"page": {"size": 0}}),
    ("SIZE_INVALID", {"page": {"size": 101}}),
    ("FILTER_INVALID", _types()),
    ("FILTER_INVALID", _types(operator="EQ")),
    ("FILTER_INVALID", _types("2000")),
    ("FILTER_INVALID", _types(2000, unit="QM-INCH")),
    ("DELIVERY_TYPE_UNKNOWN", {"prices": {"deliveryType": "DELIVERY"}}),
    ("PROJECT_UNKNOWN", {"prices": {"project": "BV-2001"}}),
]
PRODUCT = "exampledistributor:00009479"
PRICES: list[tuple[str, str, int, dict[str, str]]] = [
    ("PRODUCT_UNKNOWN", "exampledistributor:X", 1, {}),
    ("PRODUCT_UNKNOWN", "distributor1:GK1250", 1, {}),
    ("QUANTITY_TOO_SMALL", PRODUCT, 0, {}),
    ("QUANTITY_TOO_SMALL", "exampledistributor:NYM315", 49, {}),
    ("QUANTITY_TOO_LARGE", PRODUCT, 100_001, {}),
    ("DELIVERY_TYPE_UNKNOWN", PRODUCT, 1, {"deliveryType": "LKW"}),
    ("PROJECT_UNKNOWN", PRODUCT, 1, {"project": "nothing"}),
]
LINES: list[tuple[str, dict[str, Any]]] = [
    ("GATE_UNKNOWN", {"distributionGateCode": "nobody"}),
    ("GATE_FOREIGN", {"distributionGateCode": "distributor1"}),
    ("CLIENT_UNKNOWN", {"email": "bauleitung@example.org"}),
    ("CLIENT_UNKNOWN", {"clientNumber": "801999"}),
    ("CHANNEL_UNKNOWN", {"distributionChannel": "nothing"}),
    ("CART_UNKNOWN", {"shoppingCartId": "nothing"}),
    ("PRODUCT_UNKNOWN", {"proMaterialId": "PM-SBS3525"}),
    ("PRODUCT_UNKNOWN", {"productGateCode": "betonwerk"}),
    ("ORDER_UNIT_UNKNOWN", {"productOrderDetails": {"orderUnit": {"code": "QM-METER"}}}),
    ("QUANTITY_TOO_SMALL", {"productOrderDetails": {"quantity": 0}}),
    ("QUANTITY_TOO_LARGE", {"productOrderDetails": {"quantity": 100_001}}),
    (
        "TAX_INVALID",
        {"productPrice": {"amount": 7.76, "currency": "EUR", "taxDetails": {"taxType": "VAT", "taxAmount": -1}}},
    ),
    ("PRICE_CHANGED", {"productPrice": {"amount": 7.77, "currency": "EUR"}}),
    ("PRICE_CHANGED", {"productPrice": {"amount": 7.76, "currency": "CHF"}}),
]
WIRE = {
    "ROUTE_UNKNOWN": ("POST", "/dg/nobody/graphql", "application/json"),
    "METHOD_NOT_ALLOWED": ("GET", "/oauth/token", "application/json"),
    "UNSUPPORTED_MEDIA_TYPE": ("POST", DG, "text/plain"),
}
IN_TEST_AUTH = {code for code, _, _ in WRONG} | {
    "TOKEN_MISSING",
    "TOKEN_PREFIX",
    "TOKEN_MALFORMED",
    "TOKEN_UNKNOWN",
    "TOKEN_EXPIRED",
    "TOKEN_AUDIENCE",
    "TOKEN_GATE",
    "AUTH0_BODY",
}
IN_TEST_ORDERS = {"CART_ORDERED", "ORDER_UNKNOWN", "ORDER_CLOSED", "ORDER_NOT_IN_CHECKOUT", "RECEIPT_MISSING"}
ELSEWHERE_HERE = {
    "SCOPE_MISSING",
    "CART_PRODUCT_UNKNOWN",
    "CART_EMPTY",
    "SITE_UNKNOWN",
    "RECEIPT_INVALID",
    "STORE_UNKNOWN",
}


def _recognised(body: Any) -> set[str]:
    return {
        entry.code
        for error in body["errors"]
        for entry in FIXTURES.errors.entries
        if entry.placement == "errors" and entry.difference(error) is None
    }


@pytest.mark.parametrize("code", [*DOCUMENTS, *BOOKINGS])
def test_a_wrong_document_has_its_code(code: str) -> None:
    reply = CLIENT.ask(BG, BOOKINGS[code]) if code in BOOKINGS else CLIENT.ask(DG, DOCUMENTS[code])
    assert (reply.status, exact(reply)["data"]) == (200, None)
    assert code in _recognised(exact(reply))


@pytest.mark.parametrize("code", BODIES)
def test_a_wrong_body_has_its_code(code: str) -> None:
    assert CLIENT.code(CLIENT.post(DG, BODIES[code]), "productsearch") == code


@pytest.mark.parametrize(("code", "asked"), SEARCHES)
def test_a_wrong_search_has_its_code(code: str, asked: dict[str, Any]) -> None:
    assert CLIENT.code(CLIENT.ask(DG, SEARCH, **asked), "productsearch") == code


@pytest.mark.parametrize(("code", "product", "quantity", "calculation"), PRICES)
def test_a_wrong_price_search_has_its_code(code: str, product: str, quantity: int, calculation: dict[str, str]) -> None:
    query = """query($c: PriceCalculationInput!, $p: [ProductQuantityInput!]!) {
        pricesearch(calculation: $c, products: $p) { prices { amount } } }"""
    products = [{"productId": PRODUCT, "quantity": 1}, {"productId": product, "quantity": quantity}]
    assert CLIENT.code(CLIENT.ask(DG, query, c=calculation, p=products), "pricesearch") == code


@pytest.mark.parametrize(("code", "changes"), LINES)
def test_a_wrong_product_has_its_code(code: str, changes: dict[str, Any]) -> None:
    product = CLIENT.line("PM-00009479", MAKERS["gkfi"], 7.76) | changes
    assert CLIENT.code(CLIENT.ask(BG, UPSERT, product=product), "upsertProduct") == code


def test_where_two_codes_apply_the_lower_precedence_wins() -> None:
    wrong = {name: value for _, changes in reversed(LINES) for name, value in changes.items()}
    wrong["productOrderDetails"] = {"orderUnit": {"code": "QM-METER"}, "quantity": 0}
    precedences = []
    while wrong:
        product = CLIENT.line("PM-00009479", MAKERS["gkfi"], 7.76) | wrong
        code = CLIENT.code(CLIENT.ask(BG, UPSERT, product=product), "upsertProduct")
        precedences.append(FIXTURES.errors[code].precedence)
        mended = next(name for known, changes in LINES if known == code for name in changes if name in wrong)
        if code == "ORDER_UNIT_UNKNOWN":
            wrong["productOrderDetails"] = {"quantity": 0}
        else:
            del wrong[mended]
    assert precedences == sorted(precedences)
    assert len(set(precedences)) >= 8


@pytest.mark.parametrize("code", WIRE)
def test_a_wrong_request_has_its_code(code: str) -> None:
    method, path, media_type = WIRE[code]
    headers = (("content-type", media_type), ("authorization", f"Bearer {CLIENT.token}"))
    reply = CLIENT.send(Request(method, path, "", headers, b"x"))
    operation = "token" if "token" in path else "productsearch"
    assert CLIENT.code(reply, operation) == code
    assert reply.header("allow") == ("POST" if reply.status == 405 else None)


@pytest.mark.parametrize(
    ("operation", "query"),
    [
        ("upsertProduct", UPSERT),
        ("deleteProduct", 'mutation { deleteProduct(shoppingCartId: "x", proMaterialId: "x") { shoppingCartId } }'),
        ("createOrder", "mutation { createOrder(orders: []) { orderId } }"),
        ("beginCheckout", "mutation { beginCheckout(orderIds: []) { orderId } }"),
        ("finishOrder", FINISH),
        ("upsertStore", 'mutation { upsertStore(orderIds: [], store: {code: "x"}) { orderId } }'),
    ],
)
def test_a_reading_client_cannot_write(operation: str, query: str) -> None:
    reader = Client("errors", "reader")
    line = {"product": reader.line("PM-00009479", MAKERS["gkfi"], 7.76)} if "$product" in query else {}
    reply = reader.ask(BG, query, **line)
    assert reader.code(reply, operation) == "SCOPE_MISSING"
    assert exact(reply)["data"] == {operation: None}


@pytest.mark.parametrize("operation", ["orders", "shoppingcart"])
def test_a_token_with_one_scope_reads_no_more(operation: str) -> None:
    client = Client("errors")
    token = exact(client.sign_in(scope="read:products"))["access_token"]
    query = CART if operation == "shoppingcart" else "{ orders { orderId } }"
    reply = client.post(BG, json.dumps({"query": query}).encode(), authorization=f"Bearer {token}")
    assert client.code(reply, operation) == "SCOPE_MISSING"
    dg = client.post(DG, b'{"query": "{ getUser { email } }"}', authorization=f"Bearer {token}")
    assert exact(dg).keys() == {"data"}


def test_a_cart_that_is_emptied_or_never_had_it_has_its_code() -> None:
    client = fresh_client("emptied")
    cart = client.upsert("PM-00009479", MAKERS["gkfi"], 7.76)["shoppingCartId"]
    delete = (
        f'mutation {{ deleteProduct(shoppingCartId: "{cart}", proMaterialId: "PM-00009479") {{ shoppingCartId }} }}'
    )
    assert client.booking(delete) == {"shoppingCartId": cart}
    assert client.code(client.ask(BG, delete), "deleteProduct") == "CART_PRODUCT_UNKNOWN"
    order = f'mutation {{ createOrder(orders: [{{shoppingCartId: "{cart}", constructionSite: {{code: "BV-1001"}}}}]) {{ orderId }} }}'
    assert client.code(client.ask(BG, order), "createOrder") == "CART_EMPTY"


def _receipt(**changes: str) -> dict[str, str]:
    day = "2026-01-05T00:00:00Z"
    return {"type": "DELIVERY", "from": day, "to": day, "timeFrame": "0-24"} | changes


@pytest.mark.parametrize(
    "receipt",
    [
        *(_receipt(timeFrame=frame) for frame in ("", "24", "8-25", "12-8", "8-8", "08-12", "8 - 12")),
        _receipt(to="2026-01-04T23:59:59Z"),
        _receipt(**{"from": "2025-12-31T00:00:00Z", "to": "2025-12-31T23:59:59Z"}),
    ],
)
def test_a_time_that_cannot_be_is_refused(receipt: dict[str, str]) -> None:
    client = fresh_client("time")
    cart = client.upsert("PM-00009479", MAKERS["gkfi"], 7.76)["shoppingCartId"]
    query = "mutation($o: [OrderInput!]!) { createOrder(orders: $o) { orderId } }"
    asked = {"shoppingCartId": cart, "constructionSite": {"code": "BV-1001"}, "expectedReceiptDateTime": receipt}
    assert client.code(client.ask(BG, query, o=[asked]), "createOrder") == "RECEIPT_INVALID"
    wrong = asked | {"constructionSite": {"code": "BV-2001"}}
    assert client.code(client.ask(BG, query, o=[wrong]), "createOrder") == "SITE_UNKNOWN"


@pytest.mark.parametrize("store", ["nothing", "D1-HH"])
def test_a_store_of_no_distributor_of_the_order_is_refused(store: str) -> None:
    client = fresh_client("store")
    [order] = client.order(client.upsert("PM-00009479", MAKERS["gkfi"], 7.76)["shoppingCartId"])
    query = "mutation($o: [String!]!, $s: StoreInput!) { upsertStore(orderIds: $o, store: $s) { orderId } }"
    assert client.code(client.ask(BG, query, o=[order["orderId"]], s={"code": store}), "upsertStore") == "STORE_UNKNOWN"


def test_every_code_of_the_catalogue_is_reached_somewhere() -> None:
    here = (
        {code for code, *_ in (*SEARCHES, *PRICES, *LINES)} | {*DOCUMENTS, *BOOKINGS, *BODIES, *WIRE} | ELSEWHERE_HERE
    )
    assert here | IN_TEST_AUTH | IN_TEST_ORDERS == {entry.code for entry in FIXTURES.errors.entries}


def test_every_code_of_the_mock_is_in_the_catalogue() -> None:
    assert {code.value for code in Code} <= {entry.code for entry in FIXTURES.errors.entries}


def test_a_failed_field_leaves_its_neighbours_alone() -> None:
    body = exact(CLIENT.ask(DG, "{ productsearch(page: {page: -1}) { pageInfo { totalCount } } getUser { email } }"))
    assert body["data"] == {"productsearch": None, "getUser": {"email": "einkauf@example.com"}}
    assert [error["path"] for error in body["errors"]] == [["productsearch"]]


@pytest.mark.parametrize("code", [entry.code for entry in FIXTURES.errors.entries])
def test_every_code_can_be_ordered_as_a_fault(code: str) -> None:
    client = fresh_client("faults")
    entry = FIXTURES.errors[code]
    operation = "getUser" if "*" in entry.operations or "getUser" in entry.operations else entry.operations[0]
    token = client.token
    client.server.sessions.get("faults").faults.order(Fault("gates", code=code, times=1))
    path = {"token": "/oauth/token", "getUser": DG}.get(operation, BG)
    reply = client.post(path, json.dumps({"query": f"{{ {operation} }}"}).encode(), authorization=f"Bearer {token}")
    assert reply.status == entry.status
    assert client.code(reply, operation) == code
