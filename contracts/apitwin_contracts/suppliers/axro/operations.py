"""AXRO's operations, each with arguments that must succeed."""

from typing import Any

from hypothesis import strategies as st
from hypothesis_graphql import nodes

from apitwin_contracts.contract import Arguments, Operation
from apitwin_contracts.run import Run
from apitwin_contracts.surfaces.graphql import GraphQLSurface
from apitwin_fixtures import Fixtures, Source

from .entities import order_number, sellable, shipment_number, usable_address
from .provocations import PATH

__all__ = ["FIXTURES", "OPERATIONS", "SURFACE"]

_ADDRESS = {
    "company": "Example Corp",
    "department": "Warehouse",
    "street": "Ballindamm 40",
    "zip": "",
    "city": "",
    "country": "DE",
}


FIXTURES = Fixtures.of("axro")


def _surface() -> GraphQLSurface:
    numbers = st.integers(1, 50)
    return GraphQLSurface(FIXTURES, PATH, {"IntOrString": numbers.map(nodes.Int) | numbers.map(nodes.String)})


def _order(run: Run) -> Arguments:
    cart = [{"productNumber": sellable(run)[0], "quantity": 1}]
    return {"order": {"shippingAddressId": usable_address(run), "cart": cart}, "place": False}


def _numbered(argument: str, find: Any) -> Any:
    return lambda run: {argument: find(run)}


def _read(name: str, line: int, examples: Any = lambda _run: {}) -> Operation:
    return Operation(name, "read", Source("documented", f"002:{line}"), examples)


def _write(name: str, line: int, examples: Any) -> Operation:
    return Operation(name, "write", Source("documented", f"002:{line}"), examples)


SURFACE = _surface()
OPERATIONS = (
    _read("products", 36, lambda _run: {"page": 1, "limit": 5}),
    _read("categories", 100),
    _read("brands", 133),
    _read("userInfo", 159),
    _read("billingAddress", 202),
    _read("shippingAddresses", 234),
    _read("orderList", 278),
    _read("orderDetails", 325, _numbered("orderNumber", order_number)),
    _read("shipmentList", 418),
    _read("shipmentDetails", 477, _numbered("shipmentNumber", shipment_number)),
    _read("trackingHistory", 546, _numbered("shipmentNumber", shipment_number)),
    _write("shippingCreate", 611, lambda _run: {"input": _ADDRESS, "check": True}),
    _write("shippingUpdate", 713, lambda run: {"id": usable_address(run), "input": {}}),
    _write("orderCreate", 756, _order),
)
