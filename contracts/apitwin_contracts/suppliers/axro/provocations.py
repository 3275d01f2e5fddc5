"""How to provoke each code of AXRO's catalogue."""

from collections.abc import Callable
from typing import Any

import orjson

from apitwin_contracts.contract import Arguments, Provocation
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.run import Run
from apitwin_contracts.surfaces.graphql import GraphQLSurface
from apitwin_fixtures import Request

from .auth import TOKEN_PATH, bearer, token_request
from .entities import LINE, foreign_address, foreign_order, foreign_shipment, products, sellable, usable_address

__all__ = ["PATH", "PROVOCATIONS", "UNPROVOKED"]

PATH = "/gql/v1"
UNPROVOKED = {"OPERATION_MISSING": "a document without an operation has unused fragments, and these are reported first"}
_NOBODY = "00000000-0000-4000-8000-000000000000"
_ADDRESS = {
    "company": "Example Corp",
    "department": "Warehouse",
    "street": "Ballindamm 40",
    "zip": "20095",
    "city": "Hamburg",
    "country": "DE",
}

_DOCUMENTS = {
    "SYNTAX": "query {",
    "FIELD_UNKNOWN": "{ products { nonsense } }",
    "ARGUMENT_UNKNOWN": '{ products(product_number: "X") { totalPages } }',
    "ARGUMENT_MISSING": "{ orderDetails { orderNumber } }",
    "SELECTION_MISSING": "{ products }",
    "SELECTION_FORBIDDEN": "{ products { totalPages { x } } }",
    "TEXT_EXPECTED": "{ products(brand: 5) { totalPages } }",
    "INTEGER_EXPECTED": '{ orderList(page: "1") { totalPages } }',
    "INTEGER_TOO_LARGE": "{ orderList(page: 3000000000) { totalPages } }",
    "INTEGER_OR_TEXT_EXPECTED": "{ products(page: true) { totalPages } }",
    "BOOLEAN_EXPECTED": 'mutation { orderCreate(order: {shippingAddressId: "x", cart: []}, place: 1) }',
    "NULL_FORBIDDEN": "{ orderDetails(orderNumber: null) { orderNumber } }",
    "INPUT_FIELD_MISSING": 'mutation { orderCreate(order: {shippingAddressId: "x"}) }',
    "INPUT_FIELD_UNKNOWN": 'mutation { orderCreate(order: {shippingAddressId: "x", cart: [], channel: "web"}) }',
    "INPUT_OBJECT_EXPECTED": 'mutation { orderCreate(order: "x") }',
    "VARIABLE_UNDEFINED": "{ orderList(page: $page) { totalPages } }",
    "VARIABLE_UNUSED": "query Q($page: Int) { orderList { totalPages } }",
    "VARIABLE_MISPLACED": "query Q($page: String) { orderList(page: $page) { totalPages } }",
    "VARIABLE_TYPE": "query Q($page: ProductsResult) { orderList(page: $page) { totalPages } }",
    "TYPE_UNKNOWN": "query Q($page: Nonsense) { orderList(page: $page) { totalPages } }",
    "DIRECTIVE_UNKNOWN": "{ products @nonsense { totalPages } }",
    "DIRECTIVE_MISPLACED": "query @skip(if: true) { products { totalPages } }",
    "DIRECTIVE_REPEATED": "{ products @skip(if: false) @skip(if: false) { totalPages } }",
    "FRAGMENT_UNKNOWN": "{ products { ...Nonsense } }",
    "FRAGMENT_UNUSED": "{ products { totalPages } } fragment F on ProductsResult { totalPages }",
    "FRAGMENT_CYCLE": "{ products { ...F } } fragment F on ProductsResult { ...F }",
    "FRAGMENT_TYPE": "{ products { ...F } } fragment F on String { x }",
    "FRAGMENT_IMPOSSIBLE": "{ products { ...F } } fragment F on Category { id }",
    "FIELDS_CONFLICT": '{ a: products(brand: "A") { totalPages } a: products(brand: "B") { totalPages } }',
    "NAME_REPEATED": "query Q { products { totalPages } } query Q { products { totalPages } }",
    "OPERATION_ANONYMOUS": "{ products { totalPages } } query Q { products { totalPages } }",
    "OPERATION_UNSUPPORTED": "subscription { products }",
    "DEFINITION_NOT_EXECUTABLE": "{ products { totalPages } } type T { a: Int }",
    "OPERATION_NAME_MISSING": "query A { products { totalPages } } query B { products { totalPages } }",
}


def _documents() -> tuple[Provocation, ...]:
    def asking(document: str) -> Callable[[Run], Request]:
        return lambda _run: GraphQLSurface.post(PATH, document)

    return tuple(Provocation(code, "products", request=asking(document)) for code, document in _DOCUMENTS.items())


def _posted(body: bytes, content_type: str = "application/json") -> Callable[[Run], Request]:
    return lambda _run: Request("POST", PATH, headers=(("content-type", content_type),), body=body)


def _asking(**extra: Any) -> Callable[[Run], Request]:
    return _posted(orjson.dumps({"query": "query Q($page: Int) { orderList(page: $page) { totalPages } }", **extra}))


def _expired(run: Run) -> Request:
    expired = run.customer("expired")
    return bearer(GraphQLSurface.post(PATH, "{ products { totalPages } }"), f"Bearer {expired.sign_in()}")


def _presenting(form: str) -> Callable[[Run], Request]:
    request = GraphQLSurface.post(PATH, "{ products { totalPages } }")
    return lambda run: bearer(request, form.format(token=run.client.sign_in()))


_HTTP = (
    Provocation("ROUTE_UNKNOWN", "products", request=lambda _run: Request("POST", "/gql/v2")),
    Provocation("METHOD_NOT_ALLOWED", "products", request=lambda _run: Request("PUT", PATH)),
    Provocation("UNSUPPORTED_MEDIA_TYPE", "products", request=_posted(b"{ products { totalPages } }", "text/plain")),
    Provocation("BODY_NOT_JSON", "products", request=_posted(b"{")),
    Provocation("QUERY_MISSING", "products", request=_posted(b"{}")),
    Provocation("VARIABLES_NOT_OBJECT", "products", request=_asking(variables=[])),
    Provocation("OPERATION_NAME_NOT_TEXT", "products", request=_asking(operationName=5)),
    Provocation("EXTENSIONS_NOT_OBJECT", "products", request=_asking(extensions=5)),
    Provocation("OPERATION_UNKNOWN", "products", request=_asking(operationName="Other")),
    Provocation("VARIABLE_INVALID", "products", request=_asking(variables={"page": "one"})),
)

_TOKENS = (
    Provocation(
        "TOKEN_MISSING",
        "products",
        request=lambda _run: GraphQLSurface.post(PATH, "{ products { totalPages } }"),
        signed=False,
    ),
    Provocation("TOKEN_PREFIX", "products", request=_presenting("Basic {token}"), signed=False),
    Provocation("TOKEN_MALFORMED", "products", request=_presenting("Bearer {{{token}"), signed=False),
    Provocation("TOKEN_UNKNOWN", "products", request=_presenting("Bearer X{token}"), signed=False),
    Provocation("TOKEN_EXPIRED", "products", request=_expired, signed=False),
    Provocation("TOKEN_METHOD_NOT_ALLOWED", "token", request=lambda _run: Request("GET", TOKEN_PATH), signed=False),
    Provocation(
        "TOKEN_BODY_NOT_JSON", "token", request=lambda _run: Request("POST", TOKEN_PATH, body=b"{"), signed=False
    ),
    Provocation("TOKEN_FIELD_MISSING", "token", request=lambda _run: token_request({"username": "x"}), signed=False),
    Provocation(
        "TOKEN_FIELD_NOT_TEXT",
        "token",
        request=lambda _run: token_request({"username": 1, "password": "x"}),
        signed=False,
    ),
    Provocation(
        "CREDENTIALS_WRONG",
        "token",
        request=lambda _run: token_request({"username": "x", "password": "y"}),
        signed=False,
    ),
)


def _shipping(**changes: Any) -> Callable[[Run], Arguments]:
    return lambda _run: {"input": {**_ADDRESS, **changes}}


def _order(**changes: Any) -> Callable[[Run], Arguments]:
    def arguments(run: Run) -> Arguments:
        cart = [{"productNumber": sellable(run)[0], "quantity": 1}]
        return {"order": {"shippingAddressId": usable_address(run), "cart": cart, **changes}, "place": True}

    return arguments


def _line(quantity: int) -> Callable[[Run], Arguments]:
    return lambda run: _order(cart=[{"productNumber": sellable(run)[0], "quantity": quantity}])(run)


def _priceless(run: Run) -> Arguments:
    found = [product["productNumber"] for product in products(run) if not product["price"]]
    if not found:
        raise NothingToExamine("every product has a price")
    return _order(cart=[{"productNumber": found[0], "quantity": 1}])(run)


_QUERIES = (
    Provocation("FORMAT_UNKNOWN", "products", lambda _run: {"format": "csv"}),
    Provocation("PAGE_NOT_POSITIVE", "products", lambda _run: {"page": 0}),
    Provocation("LIMIT_NOT_POSITIVE", "products", lambda _run: {"limit": "none"}),
    Provocation("LIMIT_TOO_LARGE", "products", lambda _run: {"limit": 1001}),
    Provocation("INFORMATION_PAGE", "orderList", lambda _run: {"page": 0}),
    Provocation("INFORMATION_PAGE", "shipmentList", lambda _run: {"page": -1}),
    Provocation("ORDER_UNKNOWN", "orderDetails", lambda _run: {"orderNumber": "999999999"}),
    Provocation("ORDER_FOREIGN", "orderDetails", lambda run: {"orderNumber": foreign_order(run)}),
    Provocation("SHIPMENT_UNKNOWN", "shipmentDetails", lambda _run: {"shipmentNumber": "999999999"}),
    Provocation("SHIPMENT_FOREIGN", "shipmentDetails", lambda run: {"shipmentNumber": foreign_shipment(run)}),
    Provocation("TRACKING_UNKNOWN", "trackingHistory", lambda _run: {"shipmentNumber": "999999999"}),
    Provocation("SHIPMENT_FOREIGN", "trackingHistory", lambda run: {"shipmentNumber": foreign_shipment(run)}),
)

_MUTATIONS = (
    ("SHIPPING_BLANK", "shippingCreate", _shipping(company=" ")),
    ("SHIPPING_TOO_LONG", "shippingCreate", _shipping(street="x" * (LINE + 1))),
    ("SHIPPING_COUNTRY", "shippingCreate", _shipping(country="XX")),
    ("SHIPPING_PHONE", "shippingCreate", _shipping(phone="040123456")),
    ("SHIPPING_EMAIL", "shippingCreate", _shipping(email="nobody")),
    ("SHIPPING_UNKNOWN", "shippingUpdate", lambda _run: {"id": _NOBODY, "input": {"phone": "+4940123456"}}),
    ("SHIPPING_FOREIGN", "shippingUpdate", lambda run: {"id": foreign_address(run), "input": {"phone": "+4940123456"}}),
    ("ORDER_CART_EMPTY", "orderCreate", _order(cart=[])),
    ("ORDER_QUANTITY_TOO_SMALL", "orderCreate", _line(0)),
    ("ORDER_QUANTITY_TOO_LARGE", "orderCreate", _line(1_000_000)),
    ("ORDER_ADDRESS_UNKNOWN", "orderCreate", _order(shippingAddressId=_NOBODY)),
    ("ORDER_PRODUCT_UNKNOWN", "orderCreate", _order(cart=[{"productNumber": "NO-SUCH-PRODUCT", "quantity": 1}])),
    ("ORDER_PRODUCT_PRICELESS", "orderCreate", _priceless),
)

PROVOCATIONS: tuple[Provocation, ...] = (
    *_HTTP,
    *_documents(),
    *_TOKENS,
    *_QUERIES,
    *(Provocation(code, operation, arguments, changes_state=True) for code, operation, arguments in _MUTATIONS),
)
