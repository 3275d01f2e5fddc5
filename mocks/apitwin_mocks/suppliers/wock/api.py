"""The supplier's wire: GraphQL at `/graphql`, the authority's three addresses, and the archives of keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ariadne import MutationType, QueryType
from graphql import GraphQLError, GraphQLResolveInfo, ListValueNode, Node, ObjectValueNode

from apitwin_fixtures import Fixtures, Reply
from apitwin_fixtures.sdl import wire_sdl
from apitwin_mocks.kit.additions import extend_schema
from apitwin_mocks.kit.call import Call
from apitwin_mocks.kit.errors import Refusal
from apitwin_mocks.kit.graphql import asks_for_page, explorer_page
from apitwin_mocks.kit.rest import RestEndpoint, Route

from . import filtered, sorting
from .archives import download_archive
from .auth import GRAPHQL_PATH, Principal
from .authority import configuration, grant_token, keys
from .deliveries import Delivery, find_delivery
from .domain import Wock
from .endpoint import HotChocolate
from .entities import Order, OrderLine, Partner, Product
from .errors import Code
from .filters import NullOperand, compile_filter
from .hot_chocolate import HttpRefusalError, negotiate, read_request
from .ordering import AskedLine, create_order, delete_order
from .scalars import SCALARS
from .segments import Segment, page_size

__all__ = ["answer", "operation_of", "owns"]

_Info = GraphQLResolveInfo[Call]
_TITLE = "World of CD Keys"
_ALL_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

_query = QueryType()
_mutation = MutationType()


def _world(info: _Info) -> Wock:
    """Give the state; raises `Refusal` AUTH_… where fields are guarded one by one and the client may not see them."""
    principal: Principal = info.context.principal
    if principal.client is None:
        raise Refusal(Code.NOT_AUTHENTICATED)
    if not principal.authorized:
        raise Refusal(Code.NOT_AUTHORIZED)
    world: Wock = info.context.world
    return world


def _partner(info: _Info) -> tuple[Wock, Partner]:
    world = _world(info)
    world.settle()
    return world, world.partner_of(info.context.principal.partner)


@dataclass(frozen=True)
class _Listing:
    """A list that can be filtered, sorted and paged."""

    field: str
    segment: str
    filter: filtered.Filter
    keys: sorting.Keys

    def page(self, info: _Info, rows: Sequence[Any], arguments: Mapping[str, Any]) -> Segment:
        """Filter, then sort, then cut; a filter that is refused leaves an empty page with its errors."""
        settings = info.context.world.settings
        take = page_size(settings, arguments.get("take"), self.field, self.segment)
        skip = arguments.get("skip") or 0
        where = compile_filter(self.filter, arguments.get("where"))
        if where.problems:
            return Segment((), 0, skip, take, [_null_operand(info, problem) for problem in where.problems])
        found = rows if where.predicate is None else list(filter(where.predicate, rows))
        ordered = sorting.sort_rows(self.keys, found, arguments.get("order"), max(skip, 0) + take)
        return Segment(ordered, len(found), skip, take)


_PRODUCTS = _Listing("products", "ProductsCollectionSegment", filtered.PRODUCT, sorting.PRODUCT)
_ORDERS = _Listing("orders", "OrdersCollectionSegment", filtered.ORDER, sorting.ORDER)


def _null_operand(info: _Info, problem: NullOperand) -> GraphQLError:
    values = {"filter": problem.filter, "filterType": problem.filter_type, "expectedType": problem.expected}
    node = _value_at(info, problem.path)
    nodes = [node] if node else None
    return GraphQLError("", nodes, path=info.path.as_list(), original_error=Refusal(Code.FILTER_NULL, **values))


def _value_at(info: _Info, path: Sequence[str | int]) -> Node | None:
    """Find a literal inside the argument `where`; None inside a variable."""
    node: Any = next((one.value for one in info.field_nodes[0].arguments or () if one.name.value == "where"), None)
    for step in path:
        if isinstance(node, ObjectValueNode):
            node = next((one.value for one in node.fields if one.name.value == step), None)
        elif isinstance(node, ListValueNode):
            node = node.values[int(step)]
        elif step != 0:
            return None
    return node if isinstance(node, Node) and node.kind == "null_value" else None


@_query.field("delivery")
def _delivery(
    _: object,
    info: _Info,
    orderId: str | None = None,  # noqa: N803 - the wire's name
    legacyOrderId: str | None = None,  # noqa: N803 - the wire's name
) -> Delivery | None:
    world, partner = _partner(info)
    return find_delivery(world, partner, orderId, legacyOrderId, _base(info.context))


@_query.field("orders")
def _orders(_: object, info: _Info, **arguments: Any) -> Segment:
    world, partner = _partner(info)
    return _ORDERS.page(info, world.orders_of(partner), arguments)


@_query.field("partner")
def _own_partner(_: object, info: _Info) -> Partner:
    return _partner(info)[1]


@_query.field("product")
def _product(_: object, info: _Info, id: int | None = None) -> Product | None:  # noqa: A002 - the wire's name
    return _world(info).products.get(str(id))


@_query.field("products")
def _products(_: object, info: _Info, **arguments: Any) -> Segment:
    return _PRODUCTS.page(info, _world(info).product_rows(), arguments)


@_mutation.field("createOrder")
def _create_order(_: object, info: _Info, input: dict[str, Any]) -> "_CreatedOrder":  # noqa: A002 - the wire's name
    world, partner = _partner(info)
    if partner.partner_type != "External":
        raise Refusal(Code.NOT_AUTHORIZED)
    return _CreatedOrder(create_order(world, partner, [_asked_line(line) for line in input["products"]]))


@_mutation.field("deleteOrder")
def _delete_order(_: object, info: _Info, orderId: str) -> bool:  # noqa: N803 - the wire's name
    return delete_order(*_partner(info), orderId)


@dataclass(frozen=True)
class _CreatedOrder:
    """An order as createOrder answers it; the wire has no way to send a partner's own order id."""

    order: Order
    partner_order_id: None = None

    @property
    def order_id(self) -> str:
        return self.order.id

    @property
    def products(self) -> Sequence[OrderLine]:
        return self.order.lines


def _asked_line(line: Mapping[str, Any]) -> AskedLine:
    return AskedLine(
        line["productId"], line["quantity"], line["unitPrice"], line.get("keyType"), line.get("partnerProductId")
    )


def _base(call: Call) -> str:
    """Give the address under which this session's mock was called."""
    host = call.request.header("host") or "localhost"
    scheme = call.request.header("x-forwarded-proto") or "http"
    session = "" if call.session.name == "default" else f"/s/{call.session.name}"
    return f"{scheme}://{host}{session}/{call.supplier.name}"


def _archive(call: Call, order: str) -> Reply:
    content = download_archive(call.world, order, call.request.parameters.get("sig"))
    disposition = ("content-disposition", f'attachment; filename="{order}.zip"')
    return Reply(200, (("content-type", "application/zip"), disposition), content)


def _configuration(call: Call, tenant: str) -> Reply:
    return configuration(call, tenant, _base(call))


_rest = RestEndpoint(
    [
        Route(_ALL_METHODS, "/{tenant}/oauth2/v2.0/token", "token", grant_token),
        Route(("GET",), "/{tenant}/v2.0/.well-known/openid-configuration", "configuration", _configuration),
        Route(("GET",), "/{tenant}/discovery/v2.0/keys", "keys", keys),
        Route(("GET",), "/archives/{order}.zip", "archive", _archive),
    ],
    not_found=Code.ROUTE_UNKNOWN,
    method_not_allowed=Code.ROUTE_UNKNOWN,
)


def _endpoint(fixtures: Fixtures) -> HotChocolate:
    return HotChocolate(
        wire_sdl(fixtures.text("schema.graphql")),
        (_query, _mutation, *SCALARS),
        fixtures.errors,
        settings_of=lambda call: call.world.settings,
        correlation_of=lambda call: call.world.ids.hex("correlation", 32),
        extend=lambda schema: extend_schema(schema, fixtures.additions, "schema.graphql"),
    )


_graphql = _endpoint(Fixtures.of("wock"))


def answer(call: Call) -> Reply:
    """Answer a call of any surface; raises the `Refusal` of a request that none of them answers."""
    if call.request.path != GRAPHQL_PATH:
        return _rest(call)
    return explorer_page(call, _TITLE) if asks_for_page(call.request) else _graphql(call)


def owns(path: str) -> bool:
    """Tell whether a path is one of this supplier's."""
    return path == GRAPHQL_PATH or _rest.operation_of("GET", path) is not None


def operation_of(call: Call) -> str | None:
    """Name what a call asks for; None for a request that asks for nothing known."""
    if call.request.path != GRAPHQL_PATH:
        return _rest.operation_of(call.request.method, call.request.path)
    try:
        request = read_request(call.request, negotiate(None, "latest"))
    except HttpRefusalError:
        return None
    return ",".join(_graphql.read(request.query).plan.root_fields(request.operation_name)) or None
