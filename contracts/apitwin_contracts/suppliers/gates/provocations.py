"""How to provoke each code of the gates' catalogue."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import orjson

from apitwin_contracts.contract import Arguments, AuthFault, Provocation
from apitwin_contracts.run import Run
from apitwin_contracts.surfaces.graphql import GraphQLSurface
from apitwin_fixtures import Request

from .auth import GatesAuth, bearer, token_request
from .documents import BOOKING, DOCUMENTS, VARIABLES
from .entities import CART, cart, gate, line, new_order, open_order, ordered, products, receipt, unit, user
from .paths import BOOKING_GATE, BUSINESS_MANAGER, DISTRIBUTION_GATE, FIRST, SECOND, for_gate

__all__ = ["NOBODY", "PROVOCATIONS", "UNPROVOKED"]

NOBODY = "00000000-0000-4000-8000-000000000000"
_JSON = {"content-type": "application/json", "accept": "application/json"}
UNPROVOKED = {
    "VALIDATION_ABORTED": "it stands behind the hundred errors that it counts, and the first error is the code"
}

_Asked = Callable[[Run], Arguments]


def _posted(body: bytes, **headers: str) -> Callable[[Run], Request]:
    given = {**_JSON, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return lambda _run: Request("POST", DISTRIBUTION_GATE, headers=tuple(given.items()), body=body)


def _sent(**body: Any) -> Callable[[Run], Request]:
    return _posted(orjson.dumps(body))


def _document(document: str, path: str = DISTRIBUTION_GATE, variables: Any = None) -> Callable[[Run], Request]:
    return lambda _run: GraphQLSurface.post(path, document, variables)


_QUERY = "{ getUser { email } }"
_HTTP = (
    Provocation("ROUTE_UNKNOWN", "getUser", request=lambda _run: Request("POST", "/dg/nobody/graphql", body=b"{}")),
    Provocation("ROUTE_UNKNOWN", "shoppingcart", request=lambda _run: Request("POST", "/nothing", body=b"{}")),
    Provocation(
        "METHOD_NOT_ALLOWED", "connectedDistributionGates", request=lambda _run: Request("PUT", BUSINESS_MANAGER)
    ),
    Provocation("METHOD_NOT_ALLOWED", "shoppingcart", request=lambda _run: Request("DELETE", BOOKING_GATE)),
    Provocation("METHOD_NOT_ALLOWED", "token", request=lambda _run: Request("PUT", "/oauth/token"), signed=False),
    Provocation("UNSUPPORTED_MEDIA_TYPE", "getUser", request=_posted(_QUERY.encode(), content_type="text/plain")),
    Provocation("BODY_NOT_JSON", "getUser", request=_posted(b"{")),
    Provocation("QUERY_MISSING", "getUser", request=_sent()),
    Provocation("VARIABLES_NOT_OBJECT", "getUser", request=_sent(query=_QUERY, variables=[])),
    Provocation("OPERATION_NAME_NOT_TEXT", "getUser", request=_sent(query=_QUERY, operationName=1)),
    Provocation("EXTENSIONS_NOT_OBJECT", "getUser", request=_sent(query=_QUERY, extensions=[])),
    Provocation("OPERATION_UNKNOWN", "getUser", request=_sent(query="query Q " + _QUERY, operationName="Other")),
    *(Provocation(code, "productsearch", request=_document(document)) for code, document in DOCUMENTS.items()),
    *(
        Provocation(code, "upsertProduct", request=_document(document, BOOKING_GATE))
        for code, document in BOOKING.items()
    ),
    *(
        Provocation(code, "productsearch", request=_document(document, DISTRIBUTION_GATE, variables))
        for code, document, variables in VARIABLES
    ),
)


def _auth0(code: str, **changes: str | None) -> Provocation:
    return Provocation(code, "token", request=lambda run: token_request(run.credentials, **changes), signed=False)


def _of_gate(code: str, place: str, **changes: str | None) -> Provocation:
    def request(run: Run) -> Request:
        grants = run.client.sign_in()
        return token_request(grants.gates[grants.code(place)], **changes)

    return Provocation(code, "token", request=request, signed=False)


def _anonymous(run: Run) -> Request:
    """Sign in as a user where the BusinessManager says that there are none."""
    grants, rows = run.client.sign_in(), run.items("connectedDistributionGates", "[]")
    code = next((row["code"] for row in rows if row["subtype"] == "ANONYMOUS"), None)
    credentials = grants.gates.get(str(code), run.credentials)
    return token_request(credentials, grant_type="password", username="nobody@example.com", password="x")  # noqa: S106 - wrong on purpose


_MANAGER, _GATES = "http://bm.promaterial.com/api", "http://mdg.promaterial.com/api"
_TOKENS = (
    Provocation(
        "AUTH0_BODY",
        "token",
        request=lambda _run: Request("POST", "/oauth/token", headers=tuple(_JSON.items()), body=b"{"),
        signed=False,
    ),
    _auth0("AUTH0_GRANT_MISSING", grant_type=None),
    _auth0("AUTH0_GRANT_UNSUPPORTED", grant_type="authorization_code"),
    _auth0("AUTH0_CLIENT_MISSING", client_id=None),
    _auth0("AUTH0_UNAUTHORIZED", client_secret="wrong"),  # noqa: S106 - wrong on purpose
    _auth0("AUTH0_UNAUTHORIZED", client_id="nobody"),
    _auth0("AUTH0_UNAUTHORIZED", client_secret=None),
    _auth0("AUTH0_GRANT_FORBIDDEN", grant_type="password", username="nobody@example.com", password="x"),  # noqa: S106 - wrong on purpose
    Provocation("AUTH0_GRANT_FORBIDDEN", "token", request=_anonymous, signed=False),
    _auth0("AUTH0_AUDIENCE_MISSING", audience=None),
    _auth0("AUTH0_AUDIENCE_UNKNOWN", audience="http://nothing.promaterial.com/api"),
    _auth0("AUTH0_AUDIENCE_FORBIDDEN", audience=_GATES),
    _of_gate("AUTH0_AUDIENCE_FORBIDDEN", FIRST, audience=_MANAGER),
    _of_gate("AUTH0_PASSWORD_WRONG", FIRST, grant_type="password", username="nobody@example.com", password="x"),  # noqa: S106 - wrong on purpose
    _auth0("AUTH0_SCOPE_FORBIDDEN", scope="read:products"),
    _of_gate("AUTH0_SCOPE_FORBIDDEN", FIRST, scope="read:products read:everything"),
)


def _faulty() -> Iterator[Provocation]:
    """Show each wrong token once; the checks of auth show it to every operation."""
    for fault in GatesAuth().faults():

        def request(run: Run, fault: AuthFault = fault) -> Request:
            return fault.spoil(run.client, run.client.request("orders", {}))

        yield Provocation(fault.expected or "", "orders", request=request, signed=False)


def _foreign(operation: str, arguments: _Asked) -> Provocation:
    """Show one gate the token of another."""

    def request(run: Run) -> Request:
        grants = run.client.sign_in()
        token = grants.token(for_gate(DISTRIBUTION_GATE, SECOND))
        return bearer(grants.placed(run.client.request(operation, arguments(run))), f"Bearer {token}")

    return Provocation("TOKEN_GATE", operation, request=request, signed=False)


def _expired(operation: str, arguments: _Asked) -> Provocation:
    def request(run: Run) -> Request:
        signed = run.client.signed(run.client.request(operation, arguments(run)))
        run.advance(timedelta(hours=24, seconds=5))
        return signed

    return Provocation("TOKEN_EXPIRED", operation, request=request, signed=False, changes_state=True)


def _as(customer: str, code: str, operation: str, arguments: _Asked) -> Provocation:
    def request(run: Run) -> Request:
        client = run.customer(customer)
        return client.signed(client.request(operation, arguments(run)))

    changes = operation[:6] in ("upsert", "delete", "create", "begin", "finish")
    return Provocation(code, operation, request=request, signed=False, changes_state=changes)


def _scoped(scope: str, operation: str, arguments: _Asked) -> Provocation:
    """Ask with a token that was granted for one scope, and not for the one that the operation needs."""

    def request(run: Run) -> Request:
        grants = run.client.sign_in()
        granted = run.client.exchange_token(token_request(grants.gates[grants.code(FIRST)], scope=scope)).reply.json
        token = granted.get("access_token") if isinstance(granted, dict) else None
        run.client.scribe.learn("GATES_TOKEN", str(token))
        return bearer(grants.placed(run.client.request(operation, arguments(run))), f"Bearer {token}")

    return Provocation("SCOPE_MISSING", operation, request=request, signed=False)


def _cart_id(run: Run) -> Arguments:
    return {CART: cart(run)[CART]}


def _order_ids(run: Run) -> Arguments:
    return {"orderIds": [ordered(run)["orderId"]]}


def _page(_run: Run) -> Arguments:
    return {"page": {"page": 0, "size": 1}}


def _price(run: Run, **changes: Any) -> Arguments:
    product = products(run)[0]
    asked = {"productId": product["id"], "quantity": unit(product)["quantityMin"], **changes}
    return {"calculation": {}, "products": [asked]}


def _always(arguments: Arguments) -> _Asked:
    return lambda _run: arguments


_NOTHING: Arguments = {"orderIds": [NOBODY]}
_OF_NOBODY: Arguments = {CART: NOBODY, "proMaterialId": "PM-0"}
_RECEIVED: Arguments = {"orderIds": [NOBODY], "expectedReceiptDateTime": receipt()}
_STORED: Arguments = {"orderIds": [NOBODY], "store": {"code": "X"}}
_ORDERED: Arguments = {"orders": [{CART: NOBODY, "constructionSite": {"code": "X"}}]}

_ACCESS = (
    *_faulty(),
    _foreign("getUser", lambda _run: {}),
    _foreign("productsearch", _page),
    _foreign("pricesearch", _price),
    _expired("getUser", _always({})),
    _expired("orders", _always({})),
    _scoped("read:order", "productsearch", _page),
    _scoped("read:order", "pricesearch", _price),
    _scoped("read:products", "shoppingcart", _cart_id),
    _scoped("read:products", "orders", lambda _run: {}),
    _scoped("read:shoppingCart read:order", "upsertProduct", lambda run: line(run, products(run)[0])),
    *(
        _scoped(scope, operation, _always(arguments))
        for scope, operation, arguments in (
            ("read:shoppingCart write:order", "deleteProduct", _OF_NOBODY),
            ("read:order write:shoppingCart", "createOrder", _ORDERED),
            ("read:order write:shoppingCart", "upsertExpectedReceiptDateTime", _RECEIVED),
            ("read:order write:shoppingCart", "upsertStore", _STORED),
            ("read:order write:shoppingCart", "beginCheckout", _NOTHING),
            ("read:order write:shoppingCart", "finishOrder", _NOTHING),
        )
    ),
    _as("reader", "SCOPE_MISSING", "upsertProduct", lambda run: line(run, products(run)[0])),
    _as("other", "CART_UNKNOWN", "shoppingcart", _cart_id),
    _as("other", "CART_UNKNOWN", "deleteProduct", lambda run: {**_cart_id(run), "proMaterialId": "PM-0"}),
    _as("other", "CART_UNKNOWN", "createOrder", lambda run: {"orders": [new_order(run)]}),
    _as("other", "ORDER_UNKNOWN", "upsertExpectedReceiptDateTime", lambda run: {**_RECEIVED, **_order_ids(run)}),
    _as("other", "ORDER_UNKNOWN", "upsertStore", lambda run: {**_STORED, **_order_ids(run)}),
    _as("other", "ORDER_UNKNOWN", "beginCheckout", _order_ids),
    _as("other", "ORDER_UNKNOWN", "finishOrder", _order_ids),
    _as("other", "CLIENT_UNKNOWN", "upsertProduct", lambda run: line(run, products(run)[0])),
)


def _filtered(**condition: Any) -> _Asked:
    return lambda _run: {"universalTypes": {"AND": [{"code": "ST05-LENG", **condition}]}}


def _changed(**changes: Any) -> _Asked:
    return lambda run: line(run, products(run)[0], **changes)


def _quantity(quantity: int) -> _Asked:
    def asked(run: Run) -> Arguments:
        product = products(run)[0]
        details = {"orderUnit": {"code": unit(product)["code"]}, "quantity": quantity}
        return line(run, product, productOrderDetails=details)

    return asked


def _stale(run: Run) -> Arguments:
    asked = line(run, products(run)[0])
    asked["product"]["productPrice"]["amount"] = 0.01
    return asked


def _taxed(amount: float) -> _Asked:
    def asked(run: Run) -> Arguments:
        made = line(run, products(run)[0])
        made["product"]["productPrice"]["taxDetails"] = {"taxType": "VAT", "taxAmount": amount}
        return made

    return asked


def _in_currency(run: Run) -> Arguments:
    asked = line(run, products(run)[0])
    asked["product"]["productPrice"]["currency"] = "CHF"
    return asked


def _emptied(run: Run) -> str:
    made = cart(run)
    left = {CART: made[CART], "proMaterialId": made["products"][0]["proMaterialId"]}
    return str(run.client.must("deleteProduct", left).payload[CART])


def _emptied_order(run: Run) -> Arguments:
    made = ordered(run)
    asked = {CART: made[CART], "proMaterialId": made["products"][0]["proMaterialId"]}
    run.client.must("deleteProduct", asked)
    return {"orderIds": [made["orderId"]]}


def _finished(run: Run) -> Any:
    return open_order(run, "beginCheckout", "finishOrder")


def _finished_ids(run: Run) -> Arguments:
    return {"orderIds": [_finished(run)["orderId"]]}


def _unreceived(run: Run) -> Arguments:
    made = new_order(run)
    del made["expectedReceiptDateTime"]
    return {"orderIds": [run.client.must("createOrder", {"orders": [made]}).at("[].orderId")]}


def _set(**changes: Any) -> _Asked:
    return lambda run: {**_order_ids(run), "expectedReceiptDateTime": receipt(**changes)}


def _changes(ids: _Asked) -> Iterator[tuple[str, _Asked]]:
    """Give every change of an order, for these orders."""
    yield "upsertExpectedReceiptDateTime", lambda run: {**_RECEIVED, **ids(run)}
    yield "upsertStore", lambda run: {"store": {"code": user(run)["stores"][0]["code"]}, **ids(run)}
    yield "beginCheckout", ids
    yield "finishOrder", ids


_READS: tuple[tuple[str, str, _Asked], ...] = (
    ("PAGE_NEGATIVE", "productsearch", lambda _run: {"page": {"page": -1}}),
    ("SIZE_INVALID", "productsearch", lambda _run: {"page": {"size": 0}}),
    ("SIZE_INVALID", "productsearch", lambda _run: {"page": {"size": 101}}),
    ("FILTER_INVALID", "productsearch", _filtered(operator="EQ")),
    ("FILTER_INVALID", "productsearch", _filtered(operator="GTE", values=["long"])),
    ("FILTER_INVALID", "productsearch", _filtered(operator="GTE", values=[1], unit="QM-PARSEC")),
    ("DELIVERY_TYPE_UNKNOWN", "productsearch", lambda _run: {"priceCalculation": {"deliveryType": "Brieftaube"}}),
    ("PROJECT_UNKNOWN", "productsearch", lambda _run: {"priceCalculation": {"project": "Luftschloss"}}),
    (
        "DELIVERY_TYPE_UNKNOWN",
        "pricesearch",
        lambda run: {**_price(run), "calculation": {"deliveryType": "Brieftaube"}},
    ),
    ("PROJECT_UNKNOWN", "pricesearch", lambda run: {**_price(run), "calculation": {"project": "Luftschloss"}}),
    ("PRODUCT_UNKNOWN", "pricesearch", lambda run: _price(run, productId="nobody:nothing")),
    ("PRODUCT_UNKNOWN", "pricesearch", lambda run: _price(run, productId=products(run, SECOND)[0]["id"])),
    ("QUANTITY_TOO_SMALL", "pricesearch", lambda run: _price(run, quantity=0)),
    ("QUANTITY_TOO_LARGE", "pricesearch", lambda run: _price(run, quantity=100_001)),
    ("CART_UNKNOWN", "shoppingcart", lambda _run: {CART: NOBODY}),
)
_CARTS: tuple[tuple[str, str, _Asked], ...] = (
    ("GATE_UNKNOWN", "upsertProduct", _changed(distributionGateCode="nobody")),
    ("GATE_FOREIGN", "upsertProduct", lambda run: _changed(distributionGateCode=gate(run, SECOND)["code"])(run)),
    ("CLIENT_UNKNOWN", "upsertProduct", _changed(email="nobody@example.com")),
    ("CLIENT_UNKNOWN", "upsertProduct", _changed(clientNumber="0")),
    ("CHANNEL_UNKNOWN", "upsertProduct", _changed(distributionChannel="nothing")),
    ("CART_UNKNOWN", "upsertProduct", _changed(shoppingCartId=NOBODY)),
    ("PRODUCT_UNKNOWN", "upsertProduct", _changed(proMaterialId="PM-NOTHING")),
    ("PRODUCT_UNKNOWN", "upsertProduct", _changed(productGateCode="nobody")),
    ("ORDER_UNIT_UNKNOWN", "upsertProduct", _changed(productOrderDetails={"orderUnit": {"code": "QM-PARSEC"}})),
    ("QUANTITY_TOO_SMALL", "upsertProduct", _quantity(0)),
    ("QUANTITY_TOO_LARGE", "upsertProduct", _quantity(100_001)),
    ("PRICE_CHANGED", "upsertProduct", _stale),
    ("PRICE_CHANGED", "upsertProduct", _in_currency),
    ("TAX_INVALID", "upsertProduct", _taxed(100.5)),
    ("TAX_INVALID", "upsertProduct", _taxed(-1)),
    ("CART_ORDERED", "upsertProduct", lambda run: line(run, products(run)[0], shoppingCartId=_finished(run)[CART])),
    ("CART_UNKNOWN", "deleteProduct", lambda _run: _OF_NOBODY),
    ("CART_PRODUCT_UNKNOWN", "deleteProduct", lambda run: {**_cart_id(run), "proMaterialId": "PM-NOTHING"}),
    ("CART_ORDERED", "deleteProduct", lambda run: {CART: _finished(run)[CART], "proMaterialId": "PM-NOTHING"}),
)
_ORDERS: tuple[tuple[str, str, _Asked], ...] = (
    ("CART_UNKNOWN", "createOrder", lambda run: {"orders": [new_order(run, shoppingCartId=NOBODY)]}),
    ("CART_EMPTY", "createOrder", lambda run: {"orders": [new_order(run, shoppingCartId=_emptied(run))]}),
    ("CART_ORDERED", "createOrder", lambda run: {"orders": [new_order(run, shoppingCartId=ordered(run)[CART])]}),
    ("CART_ORDERED", "createOrder", lambda run: {"orders": [new_order(run)] * 2}),
    ("SITE_UNKNOWN", "createOrder", lambda run: {"orders": [new_order(run, constructionSite={"code": "Luftschloss"})]}),
    (
        "RECEIPT_INVALID",
        "createOrder",
        lambda run: {"orders": [new_order(run, expectedReceiptDateTime=receipt(timeFrame="noon"))]},
    ),
    ("RECEIPT_INVALID", "upsertExpectedReceiptDateTime", _set(timeFrame="12-8")),
    ("RECEIPT_INVALID", "upsertExpectedReceiptDateTime", _set(to="2037-12-23T00:00:00Z")),
    (
        "RECEIPT_INVALID",
        "upsertExpectedReceiptDateTime",
        _set(**{"from": "2001-12-24T00:00:00Z", "to": "2001-12-24T00:00:00Z"}),
    ),
    ("STORE_UNKNOWN", "upsertStore", lambda run: {**_order_ids(run), "store": {"code": "nowhere"}}),
    (
        "STORE_UNKNOWN",
        "upsertStore",
        lambda run: {**_order_ids(run), "store": {"code": gate(run, SECOND)["defaultStore"]}},
    ),
    ("RECEIPT_MISSING", "beginCheckout", _unreceived),
    ("CART_EMPTY", "beginCheckout", _emptied_order),
    ("ORDER_NOT_IN_CHECKOUT", "finishOrder", _order_ids),
    *(
        (code, operation, arguments)
        for code, ids in (("ORDER_UNKNOWN", _always(_NOTHING)), ("ORDER_CLOSED", _finished_ids))
        for operation, arguments in _changes(ids)
    ),
)

PROVOCATIONS: tuple[Provocation, ...] = (
    *_HTTP,
    *_TOKENS,
    *_ACCESS,
    *(Provocation(code, operation, arguments) for code, operation, arguments in _READS),
    *(
        Provocation(code, operation, arguments, changes_state=True)
        for code, operation, arguments in (*_CARTS, *_ORDERS)
    ),
)
