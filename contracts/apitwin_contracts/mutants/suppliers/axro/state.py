"""AXRO's state drifts: stock, totals, orders, addresses, shipments, and what one place says of another."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from apitwin_contracts.mutants.mutant import Mutant, family
from apitwin_contracts.mutants.suppliers.axro.tools import rule
from apitwin_mocks.kit.errors import Refusal
from apitwin_mocks.suppliers.axro import api, orders

__all__ = ["MUTANTS"]
_make = family("axro", "state")
_WRITE, _KEPT, _COUNT, _DUE, _SUMS, _VIEWS = (
    "state.read-your-write",
    "state.no-effect",
    "state.conservation",
    "state.due",
    "equations.state",
    "agreement.views",
)


def _stock(change: Any) -> Any:
    """Give a rule that leaves another stock of each line: change(stock before, line, index)."""

    def make(original: Any) -> Any:

        def place(world: Any, customer: str, quote: Any, reference: str | None) -> Any:
            before = {line.product.number: world.products[line.product.number].stock for line in quote.lines}
            order = original(world, customer, quote, reference)
            for index, line in enumerate(quote.lines):
                number = line.product.number
                world.products.put(number, replace(world.products[number], stock=change(before[number], line, index)))
            return order

        return place

    return rule((api, "place_order", make))


def _later(seconds: float) -> Any:

    def make(original: Any) -> Any:
        return lambda world, customer: [
            order
            for order in original(world, customer)
            if not order.address or world.clock.now() - order.placed >= timedelta(seconds=seconds)
        ]

    return rule((api, "orders_of", make))


def _deduplicated(original: Any) -> Any:

    def place(world: Any, customer: str, quote: Any, reference: str | None) -> Any:
        known = [
            order
            for order in world.orders.changed.values()
            if order.commission == reference and order.lines == orders.lines_of(quote)
        ]
        return known[0] if known else original(world, customer, quote, reference)

    return place


_STOCK = (
    _make(
        "stock-kept",
        "breaking",
        "orderCreate",
        "quantity",
        _COUNT,
        _stock(lambda before, _line, _index: before),
        of="state_stock",
    ),
)
_MONEY = ()
_ORDERS = (
    _make("order-not-visible", "breaking", "orderList", "orders[]", _WRITE, _later(2), of="state_not_visible"),
    _make(
        "order-deduplicated",
        "breaking",
        "orderList",
        "orders[]",
        "state.repeat",
        rule((api, "place_order", _deduplicated)),
        of="state_idempotency",
    ),
)


def _updated(change: Any) -> Any:
    return rule(
        (
            api,
            "update_address",
            lambda original: lambda world, customer, key, changes: change(original, world, customer, key, changes),
        )
    )


def _unknown_taken(original: Any, world: Any, customer: str, key: str, changes: Any) -> Any:
    try:
        return original(world, customer, key, changes)
    except Refusal as refusal:
        if refusal.code != "SHIPPING_UNKNOWN":
            raise
        return next(row for row in world.addresses.values() if row.customer == customer)


_ADDRESSES = (
    _make(
        "update-of-unknown",
        "breaking",
        "shippingUpdate",
        "SHIPPING_UNKNOWN",
        "error.provoked",
        _updated(_unknown_taken),
        of="gql_delete_unknown",
        also=("error",),
    ),
)
_SHIPMENTS = ()
_CONSTANTS = ()
MUTANTS: tuple[Mutant, ...] = (*_STOCK, *_MONEY, *_ORDERS, *_ADDRESSES, *_SHIPMENTS, *_CONSTANTS)
