"""What operations at World of CD Keys make: orders, which can be deleted until their keys are downloaded."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from apitwin_contracts.client import Client
from apitwin_contracts.undoing import GONE, Sought, Undo

from .entities import DELIVERED, amount

__all__ = ["UNDOS"]

_TAKE = 50
# A target's clock and what we know of it may differ.
_SKEW = timedelta(minutes=5)


def _lines(products: Any, key: str) -> list[list[int]]:
    return sorted([int(one[key]), int(one["quantity"])] for one in products)


def _price(_client: Client, arguments: Mapping[str, Any]) -> Decimal | None:
    lines = arguments["input"]["products"]
    return sum((amount(line["unitPrice"]) * int(line["quantity"]) for line in lines), Decimal(0))


def _found(client: Client, sought: Sought) -> Iterator[str]:
    """Find orders of the same lines that are no older; only ready ones are listed, so that it takes its time."""
    earliest = sought.since - _SKEW
    listed = client.must("orders", {"take": _TAKE, "order": [{"createdAt": "DESC"}]})
    for order in listed.every("items[]"):
        is_late = datetime.fromisoformat(order["createdAt"]) >= earliest
        if is_late and _lines(order["products"], "id") == sought.reference:
            yield order["id"]


def _deleted(client: Client, sought: Sought) -> str:
    answer = client.ask("deleteOrder", {"orderId": sought.handle})
    if answer.ok and answer.payload is True:
        return ""
    listed = client.must("orders", {"where": {"id": {"eq": sought.handle}}})
    return "its keys were downloaded, and such an order cannot be deleted" if listed.every("items[]") else GONE


UNDOS = (
    Undo(
        "createOrder",
        lambda payload, _arguments: [payload["orderId"]],
        back=_deleted,
        find=_found,
        reference=lambda arguments: _lines(arguments["input"]["products"], "productId"),
        price=_price,
        settles=DELIVERED,
    ),
)
