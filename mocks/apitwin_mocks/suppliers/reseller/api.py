"""The platform's REST surface: eleven operations, their document and a page to browse it; paths are compared without regard to case."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from apitwin_fixtures import Fixtures, Reply
from apitwin_mocks.kit.call import Call
from apitwin_mocks.kit.errors import Refusal
from apitwin_mocks.kit.explorer import EXPLORER_OPERATIONS, explorer_routes
from apitwin_mocks.kit.paging import page_of
from apitwin_mocks.kit.rest import RestEndpoint, Route

from . import shapes
from .auth import admit, require_integration, sign_in
from .domain import Platform, Wanted
from .edits import is_web_address
from .entities import Basket, BasketLine, Order
from .errors import Code
from .ordering import Problem, RejectedError
from .reading import Fields, json_body, listing, malformed, number_of, query, whole_number

__all__ = ["answer", "authenticate", "explain", "operation_of", "owns"]

_TOKEN = "generate_token"  # noqa: S105 - an operation, not a secret
_ROOTS = ("/login/customer/api/", "/categories", "/products/", "/order/", "/customer/")
_REGION = re.compile(r"[A-Z]{2}")
_DEFAULT_SIZE, _LARGEST_SIZE = 20, 1000
_MOST_LINES, _MOST_DATA, _MOST_QUANTITY = 100, 20, 10_000
_LONGEST_DELIVER_ID, _LONGEST_URL, _LONGEST_VALUE = 64, 2_000, 1_000
_LARGEST_NUMBER = 2**53 - 1
_FIXTURES = Fixtures.of("reseller")


def _generate_token(call: Call) -> object:
    sent = json_body(call.request)
    _region(call)
    email = _needed(sent, "Email", sent.text("Email", 254, 1))
    password = _needed(sent, "Password", sent.text("Password", 128, 1))
    callback_data = sent.text("callbackData", _LONGEST_VALUE)
    grant = sign_in(call.world, email, password, call.session.clock.now())
    return shapes.done(shapes.granted(grant, callback_data))


def _region(call: Call) -> str:
    region = call.request.header("h-region-code")
    if region is None:
        return "TR"
    if not _REGION.fullmatch(region):
        raise malformed("h-region-code", "must be two capital letters")
    return region


def _needed(fields: Fields, name: str, value: Any) -> Any:
    if value is None:
        raise fields.refuse(name, "is required")
    return value


def _list_categories(call: Call) -> object:
    platform: Platform = call.world
    return shapes.done([shapes.category(row) for row in platform.catalogue.categories])


def _list_category_types(call: Call) -> object:
    platform: Platform = call.world
    return shapes.done([shapes.category_type(row) for row in platform.catalogue.types])


def _list_products(call: Call) -> object:
    asked = listing(call.request)
    page, size = _page(asked)
    wanted = Wanted(
        category=asked.whole("productCategoryID", 0),
        product=asked.whole("productID", 0),
        type=asked.whole("typeID", 0),
        search=asked.text("search", 200),
    )
    detailed = asked.flag("detailed") is not False
    platform: Platform = call.world
    rows = page_of(platform.find_products(wanted), page, size).rows
    return shapes.done([shapes.product(row, detailed=detailed) for row in rows])


def _page(asked: Fields) -> tuple[int, int]:
    return asked.whole("page", 1) or 1, asked.whole("pageSize", 1, _LARGEST_SIZE) or _DEFAULT_SIZE


def _get_product(call: Call, productID: str) -> object:  # noqa: N803 - the path's own name
    platform: Platform = call.world
    return shapes.done(shapes.product(platform.product(_number("productID", productID))))


def _number(field: str, text: str) -> int:
    number = number_of(text)
    if number is None or not 1 <= number <= _LARGEST_NUMBER:
        raise malformed(field, "must be a whole number of at least 1")
    return number


def _create_order(call: Call) -> object:
    sent = json_body(call.request)
    region = _region(call)
    platform: Platform = call.world
    try:
        order = platform.create(call.principal, _basket(sent), region)
    except RejectedError as rejected:
        raise Refusal(rejected.code, items=[_rejected(problem) for problem in rejected.problems]) from None
    return shapes.done(shapes.created(order, platform.lines_of(order)))


def _basket(sent: Fields) -> Basket:
    rows = _needed(sent, "basketData", sent.rows("basketData", _MOST_LINES))
    lines = tuple(_basket_line(row) for row in rows)
    if not lines:
        raise sent.refuse("basketData", "must have a line")
    billing_address = sent.whole("BillingAddressID", -_LARGEST_NUMBER, _LARGEST_NUMBER)
    url = sent.text("NotifyURL", _LONGEST_URL)
    if url is not None and not is_web_address(url):
        raise sent.refuse("NotifyURL", "must be an http or https URL")
    basket = Basket(lines, billing_address, url)
    if len(set(basket.deliver_ids)) != len(basket.deliver_ids):
        raise sent.refuse("basketData", "must not have a DeliverID twice")
    return basket


def _basket_line(row: Fields) -> BasketLine:
    sent = row.raw("CustomerStoreProductID")
    product = whole_number(sent)
    usable = product is not None and 0 < product <= _LARGEST_NUMBER
    return BasketLine(
        deliver_id=row.text("DeliverID", _LONGEST_DELIVER_ID, 1),
        product=product if usable or sent is None else str(sent),
        quantity=_needed(row, "Quantity", row.whole("Quantity", 1, _MOST_QUANTITY)),
        data=tuple(_required_value(value) for value in row.rows("RequireData", _MOST_DATA) or ()),
    )


def _required_value(row: Fields) -> tuple[int, str | None, str]:
    number = _needed(row, "ProductRequireID", row.whole("ProductRequireID", -_LARGEST_NUMBER, _LARGEST_NUMBER))
    identifier = row.text("Identifier", _LONGEST_VALUE)
    return number, identifier, _needed(row, "Value", row.text("Value", _LONGEST_VALUE))


def _rejected(problem: Problem) -> dict[str, object]:
    body: Any = _FIXTURES.errors[problem.code].body
    product = problem.line.product
    return {
        "DeliverID": problem.line.deliver_id,
        "CustomerStoreProductID": product if isinstance(product, int) else None,
        "ErrorCode": body["ErrorCode"],
        "Message": body["message"],
    }


def _list_orders(call: Call) -> object:
    page, size = _page(listing(call.request))
    platform: Platform = call.world
    return shapes.done(
        [_shown(platform, order) for order in page_of(platform.orders_of(call.principal), page, size).rows]
    )


def _shown(platform: Platform, order: Order) -> dict[str, object]:
    return shapes.order(order, platform.lines_of(order))


def _get_order(call: Call) -> object:
    asked = query(call.request)
    number = _needed(asked, "orderID", asked.whole("orderID", 1))
    platform: Platform = call.world
    return shapes.done(_shown(platform, platform.order(call.principal, number)))


def _get_order_detail(call: Call, orderDetailID: str) -> object:  # noqa: N803 - the path's own name
    platform: Platform = call.world
    return shapes.done(shapes.order_line(platform.line(call.principal, _number("orderDetailID", orderDetailID))))


def _cancel_order(call: Call) -> object:
    sent = json_body(call.request)
    line, order = sent.whole("OrderDetailID", 1), sent.whole("OrderID", 1)
    quantity = sent.whole("Quantity", 1)
    platform: Platform = call.world
    if line is None and order is None:
        raise sent.refuse("OrderDetailID", "is required where there is no OrderID")
    if order is None and line is not None:
        cancelled: Sequence[Any] = [platform.cancel_line(call.principal, line, quantity)]
        return shapes.done(shapes.cancellation(cancelled[0].line.order, cancelled))
    if order is None or line is not None or quantity is not None:
        raise sent.refuse("OrderID", "must stand alone")
    return shapes.done(shapes.cancellation(order, platform.cancel_order(call.principal, order)))


def _account_details(call: Call) -> object:
    platform: Platform = call.world
    return shapes.done(shapes.account(platform.customers[str(call.principal)]))


@cache
def _endpoint() -> RestEndpoint:
    routes = (
        Route(("POST",), "/Login/Customer/Api/Verify", _TOKEN, _generate_token),
        Route(("GET",), "/Categories", "list_categories", _list_categories),
        Route(("GET",), "/Categories/Types", "list_category_types", _list_category_types),
        Route(("POST",), "/Products/List", "list_products", _list_products),
        Route(("POST",), "/Products/Detail/{productID}", "get_product", _get_product),
        Route(("POST",), "/Order/create", "create_order", _create_order),
        Route(("POST",), "/Order/customer/list", "list_orders", _list_orders),
        Route(("GET",), "/Order/Get", "get_order", _get_order),
        Route(("GET",), "/Order/detail/{orderDetailID}", "get_order_detail", _get_order_detail),
        Route(("POST",), "/Order/cancel", "cancel_order", _cancel_order),
        Route(("GET",), "/Customer/Get", "account_details", _account_details),
        *explorer_routes(_FIXTURES.json("openapi.json"), not_found=Code.NOT_FOUND),
    )
    return RestEndpoint(routes, not_found=Code.NOT_FOUND, method_not_allowed=Code.METHOD_NOT_ALLOWED, ignore_case=True)


def authenticate(call: Call) -> None:
    """Let the call in or refuse it; what no route takes passes, so that it gets its 404 or 405."""
    operation = operation_of(call)
    if operation is None or operation in EXPLORER_OPERATIONS:
        return
    call.operation = operation
    require_integration(call)
    call.world.tick()
    if operation != _TOKEN:
        call.principal = admit(call)


def answer(call: Call) -> Reply:
    """Answer a call that was let in."""
    return _endpoint()(call)


def operation_of(call: Call) -> str | None:
    """Name the operation that a call asks for."""
    return _endpoint().operation_of(call.request.method, call.request.path)


def owns(path: str) -> bool:
    """Tell whether a path is the platform's also without its mount."""
    return path.lower().startswith(_ROOTS)


def explain(call: Call) -> Mapping[str, object]:
    """Give what every refusal's text may need: a trace id of its own, and what a fault on order cannot know."""
    platform: Platform = call.world
    trace = f"00-{platform.ids.hex('trace', 32)}-{platform.ids.hex('span', 16)}-01"
    return {"traceId": trace, "items": [], "retryAfter": "60"}
