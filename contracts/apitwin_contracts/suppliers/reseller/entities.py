"""What of a platform's entities the contract works with: goods that can be ordered many times, and orders of them."""

from collections.abc import Mapping
from decimal import Decimal
from hashlib import blake2b
from itertools import count
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.contract import Arguments
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.paths import at, every
from apitwin_contracts.run import Run

_PREFIX = "apitwin-"
__all__ = [
    "ALL",
    "basket",
    "decimal",
    "fresh_id",
    "have_orders",
    "is_sellable",
    "line",
    "order_arguments",
    "orders",
    "product_where",
    "products",
    "required",
    "sellable",
]

ALL = 1000
"""The largest page."""

_MOST_GOODS, _MOST_LINES, _MOST_PIECES = 6, 3, 3
_PLENTY = 40
_LISTED_ORDERS = 23


def decimal(value: Any) -> Decimal:
    """Read an amount exactly as it was written."""
    return Decimal(str(value))


def products(run: Run) -> list[Any]:
    """Give the products of the largest page."""
    found = [product for product in run.items("list_products", "data[]", [("pageSize", ALL)]) if _is_readable(product)]
    if not found:
        raise NothingToExamine("no product has what an order needs")
    return found


def _is_readable(product: Any) -> bool:
    numbers = ("productID", "customerStoreProductID", "totalStock", "salePrice", "status")
    return (
        isinstance(product, dict)
        and all(isinstance(product.get(name), (int, float)) for name in numbers)
        and all(name in product for name in ("regionList", "saleMinCount", "saleMaxCount"))
        and all(isinstance(product.get(name), list) for name in ("productRequire", "purchaseRequire"))
    )


def product_where(run: Run, fits: Any, what: str) -> Mapping[str, Any]:
    """Give the first product that fits; raises `NothingToExamine` when there is none."""
    found: Mapping[str, Any] | None = next((product for product in products(run) if fits(product)), None)
    if found is None:
        raise NothingToExamine(f"no product {what}")
    return found


def is_sellable(product: Mapping[str, Any]) -> bool:
    """Tell whether the default account can order a product from the default region."""
    regions = product["regionList"]
    return product["status"] == 1 and not product["purchaseRequire"] and (regions is None or "TR" in regions)


def sellable(run: Run) -> list[Any]:
    """Give a few cheap products of which there is plenty; raises `NothingToExamine` when there are none."""
    found = [product for product in products(run) if is_sellable(product) and product["totalStock"] >= _PLENTY]
    found = [product for product in found if (product["saleMinCount"] or 1) == 1 and (product["saleMaxCount"] or 9) > 1]
    found.sort(key=lambda product: product["salePrice"])
    if not found:
        raise NothingToExamine("no product can be ordered by this account, and is there often enough")
    return found[:_MOST_GOODS]


def required(product: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give a fitting value for everything that a product's delivery asks for."""
    return [
        {"ProductRequireID": asked["productRequireID"], "Identifier": asked["identifier"], "Value": _value(asked)}
        for asked in product["productRequire"]
    ]


def _value(asked: Mapping[str, Any]) -> str:
    if asked["options"]:
        return str(asked["options"][0])
    return "12341234"[: asked["max_length"] or 8].ljust(asked["min_length"] or 1, "0")


def fresh_id(run: Run) -> str:
    """Give an identifier that no order on the target has: made of the target's time, the seed and a count of this run."""
    numbers = run.remember("deliver ids", lambda: count(1))
    start = run.remember("deliver ids start", lambda: run.target.clock.now().isoformat())
    scope = run.remember("deliver ids scope", lambda: _scope(run))
    digest = blake2b(f"{start}|{scope}|{run.seed}|{next(numbers)}".encode(), digest_size=10).hexdigest()
    return f"{_PREFIX}{digest}"


def _scope(run: Run) -> str:
    """Tell this run from earlier ones on a mock whose time stands still."""
    latest = run.client.must("list_orders", {"pageSize": 1})
    return str(latest.at("data[].OrderID"))


def line(run: Run, product: Mapping[str, Any], quantity: int = 1, **more: Any) -> dict[str, Any]:
    """Make a line of a basket with an identifier of its own."""
    made = {
        "DeliverID": fresh_id(run),
        "CustomerStoreProductID": product["customerStoreProductID"],
        "Quantity": quantity,
        "RequireData": required(product),
        **more,
    }
    return {name: value for name, value in made.items() if value is not None}


def order_arguments(*lines: Mapping[str, Any], **more: Any) -> Arguments:
    """Make the arguments of `create_order`."""
    return {"body": {"basketData": list(lines), **more}}


def orders(run: Run, most_lines: int = _MOST_LINES) -> SearchStrategy[Arguments]:
    """Generate orders of different goods that the account can pay; identifiers are fresh each time."""
    goods = sellable(run)
    price = max(decimal(product["salePrice"]) for product in goods) * _MOST_PIECES * most_lines
    account = run.client.must("account_details")
    if decimal(account.at("data.balance")) < price * 4:
        raise NothingToExamine("the account's balance is too small for orders")
    chosen = st.lists(st.sampled_from(goods), min_size=1, max_size=most_lines, unique_by=lambda one: one["productID"])
    counted = chosen.flatmap(
        lambda some: st.tuples(*(st.tuples(st.just(one), st.integers(1, _most(one))) for one in some))
    )
    return counted.map(lambda some: order_arguments(*(line(run, product, number) for product, number in some)))


def _most(product: Mapping[str, Any]) -> int:
    return min(_MOST_PIECES, product["saleMaxCount"] or _MOST_PIECES)


def basket(arguments: Mapping[str, Any]) -> list[Any]:
    """Give the lines of an order's arguments."""
    lines: list[Any] = arguments["body"]["basketData"]
    return lines


def have_orders(run: Run) -> None:
    """Give back what earlier cases left open, and nobody else's, and see to it that there are orders for more than one page of a list."""
    listed = run.client.ask("list_orders", {"pageSize": 100})
    if not listed.ok:
        return
    for order in listed.every("data[]"):
        if _is_ours(order) and any(status is None for status in every(order, "details[].Status")):
            run.client.ask("cancel_order", {"body": {"OrderID": at(order, "OrderID")}})
    missing = _LISTED_ORDERS - len(listed.every("data[]"))
    if missing > 0 and "orders made" not in run.known:
        run.known["orders made"] = True
        for _ in range(missing):
            made = run.client.ask("create_order", order_arguments(line(run, sellable(run)[0])))
            run.client.ask("cancel_order", {"body": {"OrderID": made.at("data.OrderID") if made.ok else 1}})


def _is_ours(order: Any) -> bool:
    names = list(every(order, "details[].DeliverID"))
    return bool(names) and all(str(name).startswith(_PREFIX) for name in names)
