"""AXRO's wire: GraphQL at `/gql/v1`, each resolver one rule of the domain, and the token endpoint beside it."""

from collections.abc import Sequence
from typing import Any, TypeVar

from ariadne import MutationType, ObjectType, QueryType
from graphql import GraphQLResolveInfo

from apitwin_fixtures import Fixtures, Reply
from apitwin_fixtures.sdl import wire_sdl
from apitwin_mocks.kit.additions import extend_schema
from apitwin_mocks.kit.call import Call
from apitwin_mocks.kit.errors import Refusal
from apitwin_mocks.kit.graphql import GraphQLEndpoint, GraphQLRequest
from apitwin_mocks.kit.paging import page_of
from apitwin_mocks.kit.rest import RestEndpoint, Route

from . import shapes
from .addresses import NewAddress, addresses_of, check_address, create_address, update_address
from .auth import grant_token, require_customer
from .bmecat import catalogue_xml
from .catalogue import FILTERS
from .domain import Axro
from .errors import Code
from .orders import order_of, orders_of, place_order, quote_order
from .products import find_products, positive_number
from .scalars import INT_OR_STRING, JSON
from .shipments import shipment_of, shipments_of, tracking_of

__all__ = ["GRAPHQL_PATH", "TOKEN_PATH", "answer", "operation_of", "owns"]

GRAPHQL_PATH = "/gql/v1"
TOKEN_PATH = "/api/v1/auth/token"  # noqa: S105 - a path, not a secret

_Info = GraphQLResolveInfo[Call]
_Body = dict[str, Any]
_ROWS_A_PAGE = 50
_Row = TypeVar("_Row")

_query = QueryType()
_mutation = MutationType()


def _asked(info: _Info) -> tuple[Axro, str]:
    return info.context.world, info.context.principal


@_query.field("products")
def _products(_: object, info: _Info, **arguments: Any) -> _Body:
    world, _customer = _asked(info)
    filters = {name: arguments[name] for name in FILTERS if arguments.get(name) is not None}
    form = arguments.get("format")
    page = find_products(world, filters, arguments.get("page"), arguments.get("limit"), form)
    categories = world.catalogue.categories

    def xml(_info: _Info) -> str | None:
        return catalogue_xml(page.rows, categories, world.clock.now()) if form == "xml" else None

    return {
        "totalPages": page.pages,
        "products": [shapes.product_body(product, categories) for product in page.rows],
        "xml": xml,
    }


@_query.field("categories")
def _categories(_: object, info: _Info) -> list[_Body]:
    world, _customer = _asked(info)
    return [shapes.category_body(category) for category in world.catalogue.categories.values()]


@_query.field("brands")
def _brands(_: object, info: _Info) -> _Body:
    world, _customer = _asked(info)
    return {"brands": world.catalogue.brands}


@_query.field("userInfo")
def _user_info(_: object, info: _Info) -> _Body:
    world, number = _asked(info)
    customer = world.catalogue.customers[number]
    return {
        "email": customer.email,
        "customer": {"company": customer.company},
        "billingAddress": shapes.billing_body(customer.billing),
    }


@_query.field("billingAddress")
def _billing_address(_: object, info: _Info) -> _Body:
    world, customer = _asked(info)
    return shapes.billing_body(world.catalogue.customers[customer].billing)


@_query.field("shippingAddresses")
def _shipping_addresses(_: object, info: _Info) -> list[_Body]:
    world, customer = _asked(info)
    return [shapes.address_info(world, address) for address in addresses_of(world, customer)]


@_query.field("orderList")
def _order_list(_: object, info: _Info, page: int | None = None) -> _Body:
    rows, pages = _page(orders_of(*_asked(info)), page)
    return {"orders": [shapes.order_item(order) for order in rows], "totalPages": pages}


@_query.field("orderDetails")
def _order_details(_: object, info: _Info, orderNumber: str) -> _Body:  # noqa: N803 - the wire's name
    world, customer = _asked(info)
    order = order_of(world, customer, orderNumber)
    return {"orderNumber": order.number, "order": shapes.order_details(world, order)}


@_query.field("shipmentList")
def _shipment_list(
    _: object,
    info: _Info,
    page: int | None = None,
    orderNumber: str | None = None,  # noqa: N803 - the wire's name
) -> _Body:
    rows, pages = _page(shipments_of(*_asked(info), orderNumber), page)
    return {"shipments": [shapes.shipment_item(shipment) for shipment in rows], "totalPages": pages}


@_query.field("shipmentDetails")
def _shipment_details(_: object, info: _Info, shipmentNumber: str) -> _Body:  # noqa: N803 - the wire's name
    shipment = shipment_of(*_asked(info), shipmentNumber)
    return {"shipmentNumber": shipment.number, "shipment": shapes.shipment_details(shipment)}


@_query.field("trackingHistory")
def _tracking_history(_: object, info: _Info, shipmentNumber: str) -> _Body:  # noqa: N803 - the wire's name
    return {"shipmentNumber": shipmentNumber, "history": tracking_of(*_asked(info), shipmentNumber)}


@_mutation.field("shippingCreate")
def _shipping_create(_: object, info: _Info, input: _Body, check: bool | None = False) -> _Body:  # noqa: A002, FBT001, FBT002 - the wire's
    world, customer = _asked(info)
    new = NewAddress(**input)
    if check:
        return shapes.suggestion_body(check_address(world, new))
    return shapes.address_info(world, create_address(world, customer, new))


@_mutation.field("shippingUpdate")
def _shipping_update(_: object, info: _Info, id: str, input: _Body) -> _Body:  # noqa: A002 - the wire's names
    world, customer = _asked(info)
    return shapes.address_info(world, update_address(world, customer, id, input))


@_mutation.field("orderCreate")
def _order_create(_: object, info: _Info, order: _Body, place: bool | None = False) -> _Body:  # noqa: FBT001, FBT002 - the wire's
    world, customer = _asked(info)
    cart = [(line["productNumber"], line["quantity"]) for line in order["cart"]]
    reference, remark = order.get("customReference"), order.get("additionalInformation")
    quote = quote_order(world, customer, order["shippingAddressId"], cart)
    if place:
        place_order(world, customer, quote, reference)
    return shapes.order_body(quote, reference, remark, placed=bool(place))


def _page(rows: Sequence[_Row], page: int | None) -> tuple[Sequence[_Row], int]:
    number = positive_number(1 if page is None else page)
    if number is None:
        raise Refusal(Code.INFORMATION_PAGE)
    found = page_of(rows, number, _ROWS_A_PAGE)
    return found.rows, max(found.pages, 1)


def _result(name: str, **missing: object) -> ObjectType:
    """Bind a result type whose fields have a value even where a rejection left them out."""
    kind = ObjectType(name)
    for field, value in missing.items():
        kind.set_field(field, lambda body, _info, field=field, value=value: body.get(field, value))
    return kind


_RESULTS = (
    _result("OrderListResult", orders=[], totalPages=1),
    _result("ShipmentListResult", shipments=[], totalPages=1),
    _result("TrackingHistoryResult", history={}),
)


def _graphql_endpoint(fixtures: Fixtures) -> GraphQLEndpoint:
    return GraphQLEndpoint(
        wire_sdl(fixtures.text("schema.graphql")),
        (_query, _mutation, JSON, INT_OR_STRING, *_RESULTS),
        fixtures.errors,
        title="AXRO",
        admit=require_customer,
        extend=lambda schema: extend_schema(schema, fixtures.additions, "schema.graphql"),
    )


_graphql = _graphql_endpoint(Fixtures.of("axro"))
_rest = RestEndpoint(
    [Route(("POST",), GRAPHQL_PATH, "graphql", _graphql), Route(("POST",), TOKEN_PATH, "token", grant_token)],
    not_found=Code.ROUTE_UNKNOWN,
    method_not_allowed=Code.TOKEN_METHOD_NOT_ALLOWED,
)


def answer(call: Call) -> Reply:
    """Answer a call of either surface; raises the `Refusal` of a request that is none."""
    return _graphql(call) if call.request.path == GRAPHQL_PATH else _rest(call)


def owns(path: str) -> bool:
    """Tell whether a path is one of AXRO's."""
    return path in (GRAPHQL_PATH, TOKEN_PATH)


def operation_of(call: Call) -> str | None:
    """Name what a call asks for; None for a request that asks for nothing known."""
    if call.request.path != GRAPHQL_PATH:
        return _rest.operation_of(call.request.method, call.request.path)
    try:
        request = GraphQLRequest.of(call.request.body)
    except Refusal:
        return None
    return ",".join(_graphql.plan(request.query).root_fields(request.operation_name)) or None
