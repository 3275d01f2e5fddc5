"""The gates' wire: three GraphQL surfaces with GraphiQL beside each, and Auth0's token endpoint."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from ariadne import MutationType, QueryType
from ariadne.explorer import ExplorerGraphiQL
from ariadne.types import SchemaBindable
from graphql import GraphQLResolveInfo

from apitwin_fixtures import Fixtures, Reply
from apitwin_fixtures.sdl import wire_sdl
from apitwin_mocks.kit.additions import extend_schema
from apitwin_mocks.kit.call import Call
from apitwin_mocks.kit.errors import Refusal
from apitwin_mocks.kit.graphql import GraphQLEndpoint, GraphQLRequest
from apitwin_mocks.kit.replies import html_reply
from apitwin_mocks.kit.rest import RestEndpoint, Route

from . import shapes
from .auth import BUSINESS_MANAGER, GATES, grant_token, key_set, require_principal, require_scope
from .carts import NewLine, cart_of, delete_product, upsert_product
from .domain import Gates
from .entities import Receipt, Tax
from .errors import Code
from .orders import NewOrder, begin_checkout, create_orders, finish_orders, orders_of, set_receipt, set_store
from .prices import calculation_of, net_price
from .principal import Principal
from .scalars import BIG_DECIMAL, DATE_TIME, UNIVERSAL_TYPE_VALUE
from .search import Condition, find_offers

__all__ = ["answer", "operation_of", "owns"]

"""GraphiQL of the surface from which a client finds all the others."""

_OWN = re.compile(r"/(bm|bg|dg/[^/]+)/(graphql|api)|/oauth/token|/\.well-known/jwks\.json")
_HOST = re.compile(r"[A-Za-z0-9.\-_:\[\]]{1,255}")

_Info = GraphQLResolveInfo[Call]
_Body = dict[str, Any]

_manager = QueryType()
_distribution = QueryType()
_booking = QueryType()
_booking_changes = MutationType()


def _asked(info: _Info, scope: str) -> tuple[Gates, Principal]:
    return info.context.world, require_scope(info.context, scope)


@_manager.field("connectedDistributionGates")
def _connected_distribution_gates(_: object, info: _Info) -> list[_Body]:
    world, _principal = _asked(info, "read:connecteddistributiongates")
    here = _base_url(info.context)
    return [shapes.gate_body(gate, f"{here}/dg/{gate.code}", here) for gate in world.catalogue.gates.values()]


def _base_url(call: Call) -> str:
    """Give the URL at which the client reaches this mock in its session."""
    host = call.request.header("host") or ""
    prefix = "" if call.session.name == "default" else f"/s/{call.session.name}"
    return f"http://{host if _HOST.fullmatch(host) else 'localhost'}{prefix}/{call.supplier.name}"


@_distribution.field("productsearch")
def _productsearch(_: object, info: _Info, **arguments: Any) -> _Body:
    world, principal = _asked(info, "read:products")
    account = world.account_of(principal)
    page = arguments.get("page") or {}
    number, size = (_or(page.get(name), default) for name, default in (("page", 0), ("size", 10)))
    conditions = [_condition(condition) for condition in (arguments.get("universalTypes") or {}).get("AND") or ()]
    found = find_offers(world, account.gate, arguments.get("query") or "", conditions, number, size)
    asked = arguments.get("priceCalculation")
    pricing: shapes.Pricing = lambda listed, _quantity: listed  # noqa: E731 - one of two ways to price
    if asked is not None:
        pricing = calculation_of(world, account, asked.get("deliveryType"), asked.get("project")).at
    return {
        "content": [shapes.product_body(world.catalogue, offer, pricing) for offer in found.offers],
        "pageInfo": {"hasNextPage": found.has_next, "totalCount": found.total},
    }


def _or(value: int | None, default: int) -> int:
    return default if value is None else value


def _condition(asked: _Body) -> Condition:
    return Condition(asked["operator"], asked["code"], tuple(asked.get("values") or ()), asked.get("unit"))


@_distribution.field("pricesearch")
def _pricesearch(_: object, info: _Info, calculation: _Body, products: Sequence[_Body]) -> _Body:
    world, principal = _asked(info, "read:products")
    account = world.account_of(principal)
    made = calculation_of(world, account, calculation.get("deliveryType"), calculation.get("project"))
    pairs = [(product["productId"], product["quantity"]) for product in products]
    prices = [(name, quantity, net_price(world, made, name, quantity)) for name, quantity in pairs]
    return {"prices": [shapes.price_body(*price) for price in prices]}


@_distribution.field("getUser")
def _get_user(_: object, info: _Info) -> _Body:
    world: Gates = info.context.world
    return shapes.user_body(world.catalogue, world.account_of(info.context.principal))


@_booking.field("shoppingcart")
def _shoppingcart(_: object, info: _Info, shoppingCartId: str) -> _Body:  # noqa: N803 - the wire's name
    return shapes.cart_body(cart_of(*_asked(info, "read:shoppingCart"), shoppingCartId))


@_booking.field("orders")
def _orders(_: object, info: _Info, orderIds: Sequence[str] | None = None) -> list[_Body]:  # noqa: N803 - the wire's name
    world, principal = _asked(info, "read:order")
    return [shapes.order_body(world, order) for order in orders_of(world, principal, orderIds)]


@_booking_changes.field("upsertProduct")
def _upsert_product(_: object, info: _Info, product: _Body) -> _Body:
    world, principal = _asked(info, "write:shoppingCart")
    return shapes.cart_body(upsert_product(world, principal, _new_line(product)))


def _new_line(asked: _Body) -> NewLine:
    price, details = asked["productPrice"], asked.get("productOrderDetails") or {}
    tax = price.get("taxDetails")
    return NewLine(
        cart=asked.get("shoppingCartId"),
        product=asked["proMaterialId"],
        maker=asked["productGateCode"],
        gate=asked["distributionGateCode"],
        channel=asked["distributionChannel"],
        price=price["amount"],
        currency=price["currency"],
        tax=Tax(tax["taxType"], tax["taxAmount"]) if tax else None,
        unit=(details.get("orderUnit") or {}).get("code"),
        quantity=details.get("quantity"),
        email=asked["email"],
        client_number=asked["clientNumber"],
    )


@_booking_changes.field("deleteProduct")
def _delete_product(_: object, info: _Info, shoppingCartId: str, proMaterialId: str) -> _Body:  # noqa: N803 - the wire's names
    return shapes.cart_body(delete_product(*_asked(info, "write:shoppingCart"), shoppingCartId, proMaterialId))


@_booking_changes.field("createOrder")
def _create_order(_: object, info: _Info, orders: Sequence[_Body]) -> list[_Body]:
    world, principal = _asked(info, "write:order")
    asked = [_new_order(order) for order in orders]
    return [shapes.order_body(world, order) for order in create_orders(world, principal, asked)]


def _new_order(asked: _Body) -> NewOrder:
    when = asked.get("expectedReceiptDateTime")
    return NewOrder(asked["shoppingCartId"], asked["constructionSite"]["code"], _receipt(when) if when else None)


def _receipt(asked: _Body) -> Receipt:
    return Receipt(asked["type"], asked["from"], asked["to"], asked["timeFrame"])


@_booking_changes.field("upsertExpectedReceiptDateTime")
def _upsert_receipt(
    _: object,
    info: _Info,
    orderIds: Sequence[str],  # noqa: N803 - the wire's name
    expectedReceiptDateTime: _Body,  # noqa: N803 - the wire's name
) -> list[_Body]:
    world, principal = _asked(info, "write:order")
    orders = set_receipt(world, principal, orderIds, _receipt(expectedReceiptDateTime))
    return [shapes.order_body(world, order) for order in orders]


@_booking_changes.field("upsertStore")
def _upsert_store(_: object, info: _Info, orderIds: Sequence[str], store: _Body) -> list[_Body]:  # noqa: N803 - the wire's name
    world, principal = _asked(info, "write:order")
    return [shapes.order_body(world, order) for order in set_store(world, principal, orderIds, store["code"])]


@_booking_changes.field("beginCheckout")
def _begin_checkout(_: object, info: _Info, orderIds: Sequence[str]) -> list[_Body]:  # noqa: N803 - the wire's name
    world, principal = _asked(info, "write:order")
    return [shapes.order_body(world, order) for order in begin_checkout(world, principal, orderIds)]


@_booking_changes.field("finishOrder")
def _finish_order(_: object, info: _Info, orderIds: Sequence[str]) -> list[_Body]:  # noqa: N803 - the wire's name
    world, principal = _asked(info, "write:order")
    return [shapes.order_body(world, order) for order in finish_orders(world, principal, orderIds)]


_TITLES = {"bm": "BusinessManager", "dg": "DistributionGate", "bg": "BookingGate"}


def _surface(surface: str, document: str, *bindables: SchemaBindable) -> GraphQLEndpoint:
    fixtures = Fixtures.of("gates")
    return GraphQLEndpoint(
        wire_sdl(fixtures.text(document)),
        bindables,
        fixtures.errors,
        title=_TITLES[surface],
        extend=lambda schema: extend_schema(schema, fixtures.additions, document),
    )


_SURFACES = {
    "bm": _surface("bm", "business-manager.graphql", _manager),
    "dg": _surface("dg", "distribution-gate.graphql", _distribution, BIG_DECIMAL, UNIVERSAL_TYPE_VALUE),
    "bg": _surface("bg", "booking-gate.graphql", _booking, _booking_changes, BIG_DECIMAL, DATE_TIME),
}


def _graphql(surface: str, audience: str, call: Call, gate: str | None = None) -> Reply:
    """Answer at an endpoint: every request needs a token, one that only asks for the schema too."""
    _check_gate(call, gate)
    call.operation = _root_fields(surface, call)
    require_principal(call, audience, gate)
    endpoint = _SURFACES[surface]
    return endpoint.execute(call, endpoint.request_of(call))


def _explorer(surface: str, call: Call, gate: str | None = None) -> Reply:
    """Show GraphiQL, which asks the endpoint beside it; its page needs no token, its questions do."""
    _check_gate(call, gate)
    page = ExplorerGraphiQL(title=_TITLES[surface]).html(None)
    return html_reply(page.replace("url: window.location.href,", 'url: "graphql",'))


def _check_gate(call: Call, gate: str | None) -> None:
    if gate is not None and gate not in call.world.catalogue.gates:
        raise Refusal(Code.ROUTE_UNKNOWN, path=call.request.path)


def _root_fields(surface: str, call: Call) -> str | None:
    try:
        request = GraphQLRequest.of(call.request.body)
    except Refusal:
        return None
    return ",".join(_SURFACES[surface].plan(request.query).root_fields(request.operation_name)) or None


def _routes(surface: str, path: str, audience: str) -> tuple[Route, Route]:
    endpoint: Callable[..., Reply] = partial(_graphql, surface, audience)
    page: Callable[..., Reply] = partial(_explorer, surface)
    return (
        Route(("POST",), f"{path}/graphql", "graphql", endpoint),
        Route(("GET",), f"{path}/api", "explorer", page),
    )


_rest = RestEndpoint(
    (
        *_routes("bm", "/bm", BUSINESS_MANAGER),
        *_routes("dg", "/dg/{gate}", GATES),
        *_routes("bg", "/bg", GATES),
        Route(("POST",), "/oauth/token", "token", grant_token),
        Route(("GET",), "/.well-known/jwks.json", "jwks", key_set),
    ),
    not_found=Code.ROUTE_UNKNOWN,
    method_not_allowed=Code.METHOD_NOT_ALLOWED,
)


def answer(call: Call) -> Reply:
    """Answer a call of any surface; raises the `Refusal` of a request that is none."""
    return _rest(call)


def owns(path: str) -> bool:
    """Tell whether a path is one of the gates'."""
    return _OWN.fullmatch(path) is not None


def operation_of(call: Call) -> str | None:
    """Name what a call asks for; None for a request that asks for nothing known."""
    named = _rest.operation_of(call.request.method, call.request.path)
    return _root_fields(call.request.path[1:3], call) if named == "graphql" else named
