"""What the platform's operations make: orders, which can be cancelled until they are delivered, and which our own identifiers find again."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from apitwin_contracts.client import Client
from apitwin_contracts.paths import every
from apitwin_contracts.undoing import GONE, Sought, Undo

from .entities import ALL, decimal

__all__ = ["UNDOS"]


def _price(client: Client, arguments: Mapping[str, Any]) -> Decimal | None:
    listed = client.must("list_products", {"pageSize": ALL})
    prices = {one["customerStoreProductID"]: decimal(one["salePrice"]) for one in listed.every("data[]")}
    lines = [(line["CustomerStoreProductID"], int(line["Quantity"])) for line in arguments["body"]["basketData"]]
    known = all(product in prices for product, _ in lines)
    return sum((prices[product] * quantity for product, quantity in lines), Decimal(0)) if known else None


def _found(client: Client, sought: Sought) -> Iterator[str]:
    listed = client.must("list_orders", {"pageSize": 100})
    for order in listed.every("data[]"):
        if set(every(order, "details[].DeliverID")) & set(sought.reference or ()):
            yield str(order["OrderID"])


def _cancelled(client: Client, sought: Sought) -> str:
    answer = client.ask("cancel_order", {"body": {"OrderID": int(sought.handle)}})
    if answer.outcome == "ORDER_NOT_FOUND":
        return GONE
    return "" if answer.ok or answer.outcome == "ORDER_CANCELLED" else answer.recognition.detail or answer.outcome


UNDOS = (
    Undo(
        "create_order",
        lambda payload, _arguments: [payload["data"]["OrderID"]],
        back=_cancelled,
        find=_found,
        reference=lambda arguments: sorted(str(line["DeliverID"]) for line in arguments["body"]["basketData"]),
        price=_price,
    ),
)
