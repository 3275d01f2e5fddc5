"""The platform's operations, each with arguments that must succeed."""

from typing import Any

from apitwin_contracts.contract import Arguments, Operation
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.run import Run
from apitwin_contracts.surfaces.rest import RestSurface
from apitwin_fixtures import Fixtures, Source

from .entities import line, order_arguments, sellable

__all__ = ["CLIENTS", "FIXTURES", "OPERATIONS", "PAGES", "SURFACE", "cancellable", "new_order"]

FIXTURES = Fixtures.of("reseller")
SURFACE = RestSurface(FIXTURES)
CLIENTS = Source("observed", "public clients, SOURCE.md#clients")
PAGES = {
    "categories": Source("documented", "documentation page list-product-categories, SOURCE.md#pages"),
    "create": Source("documented", "documentation page create-order, SOURCE.md#pages"),
    "delivery": Source("documented", "documentation page order-delivery-webhook, SOURCE.md#pages"),
    "errors": Source("documented", "documentation page guides/errors, SOURCE.md#pages"),
}
_TYPES = Source("assumed", "SOURCE.md#category-types")


def new_order(run: Run, quantity: int = 1) -> Arguments:
    """Make the arguments of an order of the cheapest goods."""
    return order_arguments(line(run, sellable(run)[0], quantity))


def cancellable(run: Run, quantity: int = 1) -> Any:
    """Order something and give its line, which nobody has processed yet."""
    return _ordered(run, quantity).at("data.details[]")


def _product(run: Run) -> Arguments:
    return {"productID": sellable(run)[0]["productID"]}


def _order(run: Run) -> Arguments:
    return {"orderID": run.client.must("list_orders").at("data[].OrderID") or _ordered(run).at("data.OrderID")}


def _ordered(run: Run, quantity: int = 1) -> Any:
    if run.read_only:
        raise NothingToExamine("there is no order to look at, and none may be placed here")
    return run.client.must("create_order", new_order(run, quantity))


def _order_line(run: Run) -> Arguments:
    listed = run.client.must("list_orders")
    return {"orderDetailID": listed.at("data[].details[].OrderDetailID") or cancellable(run)["OrderDetailID"]}


def _cancellation(run: Run) -> Arguments:
    return {"body": {"OrderDetailID": cancellable(run)["OrderDetailID"]}}


OPERATIONS = (
    Operation("list_categories", "read", PAGES["categories"]),
    Operation("list_category_types", "read", _TYPES),
    Operation("list_products", "read", CLIENTS),
    Operation("get_product", "read", CLIENTS, _product),
    Operation("list_orders", "read", CLIENTS),
    Operation("get_order", "read", CLIENTS, _order),
    Operation("get_order_detail", "read", CLIENTS, _order_line),
    Operation("account_details", "read", CLIENTS),
    Operation("create_order", "write", PAGES["create"], new_order),
    Operation("cancel_order", "write", CLIENTS, _cancellation),
)
