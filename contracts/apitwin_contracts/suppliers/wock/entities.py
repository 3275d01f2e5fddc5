"""What requests to World of CD Keys are made of: products and orders found on the target, and new orders."""

import uuid
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.contract import Arguments
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.run import Run

__all__ = ["IMAGE", "NOBODY", "TEXT", "affordable", "line", "order_id", "orders", "product", "stocked", "tier_price"]

IMAGE, TEXT = 10, 20
NOBODY = str(uuid.UUID(int=0))
_ENOUGH_STOCK = 30
_TAKE = 50


def stocked(run: Run) -> list[Any]:
    """Give the cheapest products that can be ordered many times."""
    asked = [
        ("order", [{"id": "ASC"}]),
        ("take", _TAKE),
        ("where", {"isDisabled": {"eq": False}, "quantity": {"all": {"gt": _ENOUGH_STOCK}}}),
    ]
    found: list[Any] = run.remember("stocked", lambda: run.client.must("products", dict(asked)).every("items[]"))
    if not found:
        raise NothingToExamine("no product has enough stock")
    return sorted(found, key=lambda product: tier_price(product, 1))[:12]


def affordable(run: Run) -> list[Any]:
    """Give the products of which one costs at most a thousandth of what the partner may still spend."""
    available = Decimal(str(run.client.must("partner").at("available")))
    found = [product for product in stocked(run) if tier_price(product, 1) * 1000 <= available]
    return found or stocked(run)[:1]


def product(run: Run) -> int:
    """Give the id of a product that the target has."""
    return int(stocked(run)[0]["id"])


def order_id(run: Run) -> str:
    """Give the id of one of the partner's orders."""
    answer = run.client.must("orders", {"take": 1, "order": [{"createdAt": "ASC"}]})
    if not answer.every("items[]"):
        raise NothingToExamine("the partner has no orders")
    return str(answer.at("items[].id"))


def tier_price(found: Any, quantity: int) -> Decimal:
    """Give the unit price of the highest tier that the quantity reaches."""
    tiers = [tier for tier in found["bulkPrices"] if tier["minimumQuantity"] <= quantity]
    best = max(tiers, key=lambda tier: tier["minimumQuantity"])
    return Decimal(str(best["price"]))


def line(found: Any, quantity: int, **more: Any) -> dict[str, Any]:
    """Make a line of an order."""
    return {"productId": found["id"], "quantity": quantity, "unitPrice": float(tier_price(found, quantity)), **more}


def orders(run: Run) -> SearchStrategy[Arguments]:
    """Generate orders of one to three lines that must be accepted."""
    pool = st.sampled_from(affordable(run))
    chosen = st.lists(pool, min_size=1, max_size=3, unique_by=lambda found: found["id"])
    return chosen.flatmap(lambda products: st.tuples(*(_line(found) for found in products))).map(
        lambda lines: {"input": {"products": list(lines)}}
    )


def _line(found: Any) -> SearchStrategy[dict[str, Any]]:
    types: list[int | None] = [None]
    if found["quantity"]["text"] >= _ENOUGH_STOCK:
        types.append(TEXT)
    if found["quantity"]["image"] >= _ENOUGH_STOCK:
        types.append(IMAGE)
    own = st.none() | st.sampled_from(["SKU-1", "Größe/ß", "x" * 64])

    def made(quantity: int, key_type: int | None, name: str | None) -> dict[str, Any]:
        more = {"keyType": key_type, "partnerProductId": name}
        return line(found, quantity, **{key: value for key, value in more.items() if value is not None})

    return st.builds(made, st.integers(1, 3), st.sampled_from(types), own)
