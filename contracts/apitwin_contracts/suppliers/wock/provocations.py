"""How to provoke each code of the catalogue of World of CD Keys."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import orjson

from apitwin_contracts.contract import Arguments, Provocation
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.run import Run
from apitwin_contracts.surfaces.graphql import GraphQLSurface
from apitwin_fixtures import Request

from .auth import token_request
from .entities import NOBODY, line, product, stocked
from .operations import PATH

__all__ = ["PROVOCATIONS", "UNPROVOKED"]

_SWITCHED = "only with a setting of the server that a client cannot change"
UNPROVOKED = {
    "AUTH_NOT_AUTHENTICATED": _SWITCHED,
    "HC0046": _SWITCHED,
    "HC0052": _SWITCHED,
    "OPERATION_MISSING": "a document without an operation has unused fragments, and these are reported first",
    "DOCUMENT_INVALID": "for rules of which no document is known that breaks them alone",
}

_DOCUMENTS = {
    "HC0011": "{ products { ",
    "FIELD_UNKNOWN": "{ products { nonsense } }",
    "SELECTION_MISSING": "{ products }",
    "LEAF_SELECTION": "{ products { totalCount { x } } }",
    "ARGUMENT_UNKNOWN": "{ products(first: 5) { totalCount } }",
    "ARGUMENT_REQUIRED": "mutation { createOrder { orderId } }",
    "ARGUMENT_REPEATED": "{ products(take: 1, take: 2) { totalCount } }",
    "ARGUMENT_VALUE": '{ products(take: "five") { totalCount } }',
    "FIELD_VALUE": '{ products(where: {id: {eq: "one"}}) { totalCount } }',
    "DEFAULT_VALUE": 'query Q($take: Int = "one") { products(take: $take) { totalCount } }',
    "INPUT_FIELD_UNKNOWN": "{ products(where: {colour: {eq: 1}}) { totalCount } }",
    "INPUT_FIELD_REQUIRED": "mutation { createOrder(input: {}) { orderId } }",
    "INPUT_FIELD_REPEATED": "{ products(where: {id: {eq: 1}, id: {eq: 2}}) { totalCount } }",
    "VARIABLE_UNDECLARED": "{ products(take: $take) { totalCount } }",
    "VARIABLE_UNUSED": "query Q($take: Int) { products { totalCount } }",
    "VARIABLE_MISPLACED": "query Q($take: String) { products(take: $take) { totalCount } }",
    "VARIABLE_REPEATED": "query Q($take: Int, $take: Int) { products(take: $take) { totalCount } }",
    "VARIABLE_OUTPUT_TYPE": "query Q($take: PartnerResponse) { products(take: $take) { totalCount } }",
    "FRAGMENT_UNKNOWN": "{ products { ...Nonsense } }",
    "FRAGMENT_UNUSED": "{ partner { id } } fragment F on PartnerResponse { id }",
    "FRAGMENT_CYCLE": "{ partner { ...F } } fragment F on PartnerResponse { ...F }",
    "FRAGMENT_MISPLACED": "{ partner { ...F } } fragment F on ProductResponse { id }",
    "FRAGMENT_REPEATED": "{ partner { ...F } } fragment F on PartnerResponse { id } fragment F on PartnerResponse { id }",
    "FRAGMENT_ON_LEAF": "{ partner { id ... on Int { x } } }",
    "TYPE_UNKNOWN": "{ partner { id ... on Nonsense { x } } }",
    "DIRECTIVE_UNKNOWN": "{ partner @nonsense { id } }",
    "DIRECTIVE_MISPLACED": "query @skip(if: true) { partner { id } }",
    "DIRECTIVE_REPEATED": "{ partner @skip(if: false) @skip(if: false) { id } }",
    "FIELDS_CONFLICT": "{ partner { id: stockLimit id } }",
    "OPERATION_REPEATED": "query Q { partner { id } } query Q { partner { id } }",
    "OPERATION_ANONYMOUS": "{ partner { id } } query Q { partner { id } }",
    "OPERATION_UNSUPPORTED": "subscription { partner { id } }",
    "DEFINITION_NOT_EXECUTABLE": "{ partner { id } } type T { a: Int }",
    "OPERATION_AMBIGUOUS": "query A { partner { id } } query B { partner { id } }",
    "FILTER_NULL": "{ products(where: {id: {gt: null}}) { totalCount } }",
}


def _posted(body: bytes, **headers: str) -> Callable[[Run], Request]:
    given = {"content-type": "application/json", "accept": "application/json", **headers}
    return lambda _run: Request("POST", PATH, headers=tuple(given.items()), body=body)


def _with_variables(query: str, variables: Any, **more: Any) -> Callable[[Run], Request]:
    return _posted(orjson.dumps({"query": query, "variables": variables, **more}))


def _document(document: str) -> Callable[[Run], Request]:
    return lambda _run: GraphQLSurface.post(PATH, document)


_MUTATION_OVER_GET = urlencode({"query": f'mutation {{ deleteOrder(orderId: "{"0" * 8}-0000-4000-8000-{"0" * 12}") }}'})
_CREATE = "mutation Q($input: CreateOrderInput!) { createOrder(input: $input) { orderId } }"
_TAKE = "query Q($take: Int!) { products(take: $take) { totalCount } }"
_ID = "query Q($id: Int) { product(id: $id) { id } }"
# 50 items with 19 objects each cost 1,002 types and 961 fields; 101 partners cost 102 types and 1,010 fields.
_MANY_OBJECTS = (
    "{ products(take: 50) { items { " + " ".join(f"q{number}: quantity {{ all }}" for number in range(19)) + " } } }"
)
_MANY_FIELDS = "{ " + " ".join(f"p{number}: partner {{ id }}" for number in range(101)) + " }"


_HTTP = (
    Provocation("ROUTE_UNKNOWN", "products", request=lambda _run: Request("POST", "/graphql2", body=b"{}")),
    Provocation("HC0064", "products", request=_posted(b'{"query":"{ partner { id } }"}', accept="unsupported")),
    Provocation("NOT_ACCEPTABLE", "products", request=_posted(b'{"query":"{ partner { id } }"}', accept="text/plain")),
    Provocation("HC0012", "products", request=_posted(b"{")),
    Provocation(
        "HC0009", "products", request=_posted(b'[{"query":"{ partner { id } }"},{"query":"{ partner { id } }"}]')
    ),
    Provocation("HC0013", "products", request=_posted(b"{}")),
    Provocation(
        "OPERATION_NOT_ALLOWED",
        "deleteOrder",
        request=lambda _run: Request("GET", PATH, _MUTATION_OVER_GET, (("accept", "application/json"),)),
    ),
    Provocation(
        "OPERATION_UNKNOWN",
        "products",
        request=_with_variables("query Q { partner { id } }", None, operationName="Other"),
    ),
    Provocation("HC0018", "products", request=_with_variables(_TAKE, {})),
    Provocation("VALUE_UNPARSABLE", "products", request=_with_variables(_TAKE, {"take": "five"})),
    Provocation("VALUE_UNPARSABLE", "product", request=_with_variables(_ID, {"id": "5"})),
    Provocation(
        "VALUE_FIELD_UNKNOWN",
        "createOrder",
        request=_with_variables(_CREATE, {"input": {"products": [], "channel": 1}}),
    ),
    Provocation("VALUE_FIELD_REQUIRED", "createOrder", request=_with_variables(_CREATE, {"input": {}})),
    Provocation("VALUE_NULL", "createOrder", request=_with_variables(_CREATE, {"input": {"products": None}})),
    Provocation("HC0047_TYPE", "products", request=_document(_MANY_OBJECTS)),
    Provocation("HC0047_FIELD", "partner", request=_document(_MANY_FIELDS)),
    Provocation("UNAUTHENTICATED", "partner", request=_document("{ partner { id } }"), signed=False),
    Provocation("UNAUTHENTICATED", "partner", request=_document("{ __schema { queryType { name } } }"), signed=False),
    *(Provocation(code, "products", request=_document(document)) for code, document in _DOCUMENTS.items()),
)


def _azure(code: str, **changes: str | None) -> Provocation:
    return Provocation(code, "token", request=lambda run: token_request(run.credentials, **changes), signed=False)


_TENANT = "dddddddd-0000-4000-8000-00000000000d"
_TOKENS = (
    Provocation(
        "AADSTS900561", "token", request=lambda run: Request("GET", token_request(run.credentials).path), signed=False
    ),
    _azure("AADSTS90002", tenant=_TENANT),
    _azure("AADSTS900144", scope=None),
    _azure("AADSTS70003", grant_type="password"),
    _azure("AADSTS700016", client_id=_TENANT),
    _azure("AADSTS7000218", client_secret=None),
    _azure("AADSTS7000215", client_secret="wrong"),  # noqa: S106 - wrong on purpose
    _azure("AADSTS1002012", scope="api://other"),
    _azure("AADSTS70011", scope="api://other/.default"),
)


def _order(*lines: dict[str, Any]) -> Arguments:
    return {"input": {"products": list(lines)}}


def _changed(**changes: Any) -> Callable[[Run], Arguments]:
    return lambda run: _order({**line(stocked(run)[0], 1), **changes})


def _too_many(run: Run) -> Arguments:
    return _order(line(stocked(run)[0], 501))


def _more_than_stock(run: Run) -> Arguments:
    limit = run.client.must("partner").at("stockLimit")
    where = {"isDisabled": {"eq": False}, "quantity": {"all": {"lt": min(limit, 500) - 1}}}
    found = run.client.must("products", {"where": where, "take": 10}).every("items[]")
    if not found:
        raise NothingToExamine("every product has more keys than one order may ask for")
    return _order(line(found[0], found[0]["quantity"]["all"] + 1))


def _twice(run: Run) -> Arguments:
    return _order(line(stocked(run)[0], 1), line(stocked(run)[0], 1))


def _as_customer(code: str, operation: str, customer: str, arguments: Callable[[Run], Arguments]) -> Provocation:
    def request(run: Run) -> Request:
        client = run.customer(customer)
        return client.signed(client.request(operation, arguments(run)))

    return Provocation(code, operation, request=request, signed=False, changes_state=operation == "createOrder")


def _one(run: Run) -> Arguments:
    return _order(line(stocked(run)[0], 1))


_ORDERS = (
    ("ORDER_ERR", _changed(quantity=0)),
    ("PRODUCT_UNIQUE_ERR", _twice),
    ("PRODUCT_NOT_FOUND", _changed(productId=2_000_000_000)),
    ("ORDER_KEY_TYPE_ERR", _changed(keyType=15)),
    ("PRODUCT_QTY_ERR", _too_many),
    ("PRODUCT_PRICE_MISMATCH", _changed(unitPrice=0.01)),
    ("PRODUCT_STOCK_MISMATCH", _more_than_stock),
)

_ASKED: Mapping[str, Callable[[Run], Arguments]] = {
    "partner": lambda _run: {},
    "products": lambda _run: {"take": 1},
    "product": lambda run: {"id": product(run)},
    "orders": lambda _run: {"take": 1},
    "delivery": lambda _run: {"orderId": NOBODY},
    "deleteOrder": lambda _run: {"orderId": NOBODY},
}
_OPEN = ("products", "product")
"""What can be read without a partner."""

PROVOCATIONS: tuple[Provocation, ...] = (
    *_HTTP,
    *_TOKENS,
    Provocation("HC0051", "products", lambda _run: {"take": 51}),
    Provocation("HC0051", "orders", lambda _run: {"take": 51}),
    *(Provocation(code, "createOrder", arguments, changes_state=True) for code, arguments in _ORDERS),
    *(
        _as_customer("PARTNER_NOT_FOUND", name, "unassigned", asked)
        for name, asked in _ASKED.items()
        if name not in _OPEN
    ),
    _as_customer("PARTNER_NOT_FOUND", "createOrder", "unassigned", _one),
    _as_customer("PARTNER_ERR", "createOrder", "incomplete", _one),
    _as_customer("PARTNER_BALANCE_ERR", "createOrder", "empty", _one),
    _as_customer("AUTH_NOT_AUTHORIZED", "createOrder", "internal", _one),
    *(_as_customer("FORBIDDEN", name, "roleless", asked) for name, asked in _ASKED.items()),
    _as_customer("FORBIDDEN", "createOrder", "roleless", _one),
)
