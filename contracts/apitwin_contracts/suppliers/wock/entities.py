"""What requests to World of CD Keys are made of: products and orders found on the target, and new orders."""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.contract import Arguments
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.run import Run

__all__ = [
    "DELIVERED",
    "IMAGE",
    "NOBODY",
    "TEXT",
    "affordable",
    "amount",
    "bundle",
    "disabled",
    "few",
    "have_orders",
    "line",
    "order_id",
    "orders",
    "plenty",
    "product",
    "scarce",
    "spendable",
    "stocked",
    "telling_order",
    "tier_price",
    "tiered",
]

IMAGE, TEXT = 10, 20
DELIVERED = timedelta(minutes=2)
"""After this long an order is delivered."""

NOBODY = str(uuid.UUID(int=0))
_ENOUGH_STOCK = 30
_TAKE = 50
_LISTED_ORDERS = 8
_KINDS = {IMAGE: "image", TEXT: "text"}


def amount(value: Any) -> Decimal:
    """Read an amount exactly as it was written."""
    return Decimal(str(value))


def _found(run: Run, name: str, where: Any) -> list[Any]:
    """Give the first products that satisfy a filter, asked once."""
    asked = {"order": [{"id": "ASC"}], "take": _TAKE, "where": where}
    answered: list[Any] = run.remember(name, lambda: run.client.must("products", asked).every("items[]"))
    return [found for found in answered if found]


def _usable(name: str, found: list[Any]) -> Any:
    if not found:
        raise NothingToExamine(f"the target has no {name}")
    return min(found, key=lambda one: tier_price(one, 1))


def spendable(run: Run) -> Decimal:
    """Give what the partner may still spend."""
    return amount(run.client.must("partner").at("available"))


def disabled(run: Run) -> Any:
    """Give a product that is listed and cannot be ordered."""
    return _usable(
        "disabled product", _found(run, "disabled", {"isDisabled": {"eq": True}, "quantity": {"all": {"gt": 0}}})
    )


def scarce(run: Run, key_type: int) -> tuple[Any, str]:
    """Give a product with fewer keys of a type than one order may ask for, and more of the other type."""
    kind, other = _KINDS[key_type], _KINDS[IMAGE if key_type == TEXT else TEXT]
    where = {"isDisabled": {"eq": False}, "quantity": {kind: {"gt": 0, "lt": 90}, other: {"gt": 90}}}
    return _usable(f"product with few keys of type {key_type}", _found(run, f"scarce {kind}", where)), kind


def few(run: Run, key_type: int | None = None) -> Any:
    """Give a product whose keys, all or of a type, nobody else here orders and one order can take to the last."""
    kind = _KINDS.get(key_type or 0, "all")
    where = {"isDisabled": {"eq": False}, "quantity": {kind: {"gt": 0, "lt": _ENOUGH_STOCK}}}
    return _usable(f"product with few keys of type {key_type}", _found(run, f"few {kind}", where))


def plenty(run: Run, most: int, besides: int = 0) -> Any:
    """Give the cheapest product with more keys than one order may ask for, or the next one `besides` that for another number."""
    where = {"isDisabled": {"eq": False}, "quantity": {"all": {"gt": most + _ENOUGH_STOCK}}}
    other = plenty(run, besides)["id"] if besides else None
    return _usable(
        f"product with {most} keys", [one for one in _found(run, f"plenty {most}", where) if one["id"] != other]
    )


def tiered(run: Run) -> tuple[Any, int]:
    """Give a product with a second tier that the stock reaches, and the quantity at which it begins."""
    where = {
        "isDisabled": {"eq": False},
        "quantity": {"all": {"gt": 60}},
        "bulkPrices": {"some": {"minimumQuantity": {"gt": 2, "lt": 25}}},
    }
    found = _usable("product with tiers", _found(run, "tiered", where))
    return found, min(tier["minimumQuantity"] for tier in found["bulkPrices"] if tier["minimumQuantity"] > 1)


def bundle(run: Run) -> Any:
    """Give a bundle that can be ordered many times."""
    where = {"isDisabled": {"eq": False}, "isBundle": {"eq": True}, "quantity": {"text": {"gt": _ENOUGH_STOCK}}}
    return _usable("bundle", _found(run, "bundle", where))


def stocked(run: Run) -> list[Any]:
    """Give the cheapest products that can be ordered many times."""
    found = _found(run, "stocked", {"isDisabled": {"eq": False}, "quantity": {"all": {"gt": _ENOUGH_STOCK}}})
    if not found:
        raise NothingToExamine("no product has enough stock")
    return sorted(found, key=lambda product: tier_price(product, 1))[:12]


def affordable(run: Run) -> list[Any]:
    """Give the products of which one costs at most a thousandth of what the partner may still spend."""
    available = spendable(run)
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
    return amount(best["price"])


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


def telling_order(run: Run) -> Arguments:
    """Make an order that shows most of what a delivery can be: a tier reached, images, a bundle, a name of one's own on some lines."""
    wanted, quantity = tiered(run)
    lines = [line(wanted, quantity, partnerProductId="Größe/ß 7")]
    images = [
        found for found in stocked(run) if found["quantity"]["image"] > _ENOUGH_STOCK and found["id"] != wanted["id"]
    ]
    if images:
        lines.append(line(images[0], 2, keyType=IMAGE))
    parts = bundle(run)
    if parts["id"] not in [one["productId"] for one in lines]:
        lines.append(line(parts, 2, keyType=TEXT, partnerProductId="SKU-1"))
    return {"input": {"products": lines}}


def have_orders(run: Run) -> None:
    """See to it that the partner has some delivered orders that differ in what can be searched and sorted."""
    if (
        not run.target.clock.movable
        or run.remember("orders made", lambda: run.client.must("orders").at("totalCount")) >= _LISTED_ORDERS
    ):
        return
    run.known["orders made"] = _LISTED_ORDERS
    goods = affordable(run)
    for number in range(_LISTED_ORDERS):
        chosen = [goods[(number * step) % len(goods)] for step in range(1, 2 + number % 3)]
        unique = {found["id"]: found for found in chosen}.values()
        lines = [line(found, 1 + (number + place) % 3) for place, found in enumerate(unique)]
        parts = bundle(run)
        if number % 4 == 1 and parts["id"] not in [one["productId"] for one in lines]:
            lines.append(line(parts, 1))
        made = run.client.must("createOrder", {"input": {"products": lines}})
        run.advance(DELIVERED + timedelta(seconds=number, milliseconds=137 * number))
        if number % 2:
            run.client.must("delivery", {"orderId": made.at("orderId")})
