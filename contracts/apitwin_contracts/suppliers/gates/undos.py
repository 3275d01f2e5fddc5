"""What operations at the gates make: products in carts, which can be taken out again, and orders, which cannot be."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from apitwin_contracts.client import Client
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.undoing import GONE, Sought, Undo

from .entities import CART, ask_at

__all__ = ["UNDOS"]

_BETWEEN = "|"
# What is in the cart of an order that was passed on cannot be taken out: the order itself is what is told of.
_TAKEN_OUT = frozenset({"CART_PRODUCT_UNKNOWN", "CART_ORDERED"})


def _line(product: Mapping[str, Any], cart: str) -> str:
    return _BETWEEN.join((cart, product["proMaterialId"], product["distributionGateCode"]))


def _put(payload: Any, arguments: Mapping[str, Any]) -> Iterator[str]:
    yield _line(arguments["product"], payload[CART])


def _found(_client: Client, sought: Sought) -> Iterator[str]:
    if not sought.reference:
        raise NothingToExamine("a new cart's id stands in the answer alone, and no operation lists carts")
    yield sought.reference


def _taken_out(client: Client, sought: Sought) -> str:
    cart, product, gate = sought.handle.split(_BETWEEN)
    answer = ask_at(client, gate, "deleteProduct", {CART: cart, "proMaterialId": product})
    if answer.outcome == "CART_UNKNOWN":
        return GONE
    return "" if answer.ok or answer.outcome in _TAKEN_OUT else answer.recognition.detail or answer.outcome


def _totals(client: Client, arguments: Mapping[str, Any]) -> Decimal | None:
    listed = client.ask("orders", {"orderIds": list(arguments["orderIds"])})
    found = [line["productPrice"]["amount"] for line in listed.every("[].products[]")] if listed.ok else []
    counts = [line["productOrderDetails"]["quantity"] for line in listed.every("[].products[]")] if listed.ok else []
    return sum((Decimal(str(one)) * count for one, count in zip(found, counts, strict=True)), Decimal(0))


def _ordered(client: Client, sought: Sought) -> Iterator[str]:
    for order in client.must("orders").every("[]"):
        if order[CART] in sought.reference:
            yield order["orderId"]


UNDOS = (
    Undo(
        "upsertProduct",
        _put,
        back=_taken_out,
        find=_found,
        reference=lambda arguments: (
            _line(arguments["product"], arguments["product"][CART]) if arguments["product"].get(CART) else None
        ),
    ),
    Undo(
        "createOrder",
        lambda payload, _arguments: [order["orderId"] for order in payload],
        "the gates have no operation that deletes an order; without products it can never be passed on",
        find=_ordered,
        reference=lambda arguments: [order[CART] for order in arguments["orders"]],
    ),
    Undo(
        "finishOrder",
        lambda payload, _arguments: [order["orderId"] for order in payload],
        "it was passed on to the distributor, and no operation calls it back",
        reference=lambda arguments: list(arguments["orderIds"]),
        price=_totals,
    ),
)
