"""What requests to AXRO are made of: entities found on the target, and new addresses and orders."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.contract import Arguments
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.run import Run

__all__ = [
    "LINE",
    "addresses",
    "foreign_address",
    "foreign_order",
    "foreign_shipment",
    "order_number",
    "orders",
    "products",
    "sellable",
    "shipment_number",
    "usable_address",
]

LINE = 35
_ENOUGH_STOCK = 20
_TEXT = st.text(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzäöüß0123456789"), min_size=1)


def products(run: Run) -> list[Any]:
    """Give a page of products, asked once."""
    return run.items("products", "products[]", [("page", 1), ("limit", 100)])


def sellable(run: Run) -> list[str]:
    """Give the numbers of products that have a price and stock for many orders."""
    found = [
        product["productNumber"] for product in products(run) if product["price"] and product["stock"] > _ENOUGH_STOCK
    ]
    if not found:
        raise NothingToExamine("no product has a price and enough stock")
    return found


def usable_address(run: Run, country: str | None = None) -> str:
    """Give the id of an address that can be used, in a country if one is named."""
    listed = run.items("shippingAddresses", "[]")
    fitting = [address for address in listed if address["status"] == "USABLE" and country in (None, address["country"])]
    if not fitting:
        raise NothingToExamine(f"no usable shipping address in {country or 'any country'}")
    return str(fitting[0]["id"])


def order_number(run: Run) -> str:
    """Give the number of one of the customer's orders."""
    return str(run.items("orderList", "orders[]")[-1]["orderNumber"])


def shipment_number(run: Run) -> str:
    """Give the number of one of the customer's shipments."""
    return str(run.items("shipmentList", "shipments[]")[-1]["shipmentNumber"])


def foreign_order(run: Run) -> str:
    """Give the number of another customer's order."""
    return str(_foreign(run, "orderList", "orders[]", "orderNumber"))


def foreign_shipment(run: Run) -> str:
    """Give the number of another customer's shipment."""
    return str(_foreign(run, "shipmentList", "shipments[]", "shipmentNumber"))


def foreign_address(run: Run) -> str:
    """Give the id of another customer's shipping address."""
    return str(_foreign(run, "shippingAddresses", "[]", "id"))


def _foreign(run: Run, operation: str, items: str, key: str) -> Any:
    found = run.customer("other").must(operation).every(items)
    if not found:
        raise NothingToExamine(f"the other customer has nothing in {operation}")
    return found[0][key]


def addresses(run: Run) -> SearchStrategy[dict[str, Any]]:  # noqa: ARG001 - every strategy is made for a run
    """Generate addresses that must be accepted."""
    line = _TEXT.map(lambda text: text[:LINE])
    required = dict.fromkeys(("company", "department", "street", "city"), line)
    required["zip"] = st.from_regex(r"[0-9]{5}", fullmatch=True)
    required["country"] = st.sampled_from(["DE", "AT", "US", "FR"])
    optional: dict[str, SearchStrategy[Any]] = {
        "firstname": line,
        "lastname": line,
        "phone": st.from_regex(r"\+[0-9]{5,20}", fullmatch=True),
        "email": st.sampled_from(["lager@example.com", "a.b+c@example.org"]),
    }
    return st.fixed_dictionaries(required, optional=optional)


def orders(run: Run, *, place: bool, country: str | None = None) -> SearchStrategy[Arguments]:
    """Generate orders of one to three lines that must be accepted."""
    address = usable_address(run, country)
    numbers = st.lists(st.sampled_from(sellable(run)[:40]), min_size=1, max_size=3, unique=True)
    lines = numbers.flatmap(lambda chosen: st.tuples(*(_line(number) for number in chosen)))
    # The newest order of before tells this run from others on the same target, and the same state makes the same references.
    newest = run.items("orderList", "orders[]")[0]["orderNumber"]
    reference = st.builds(lambda: run.unique(f"PO-{newest}"))
    return st.builds(
        lambda cart, custom, note: {
            "order": {
                "shippingAddressId": address,
                "cart": list(cart),
                "customReference": custom,
                "additionalInformation": note,
            },
            "place": place,
        },
        lines,
        reference,
        st.none() | st.sampled_from(["Leave at front desk", "Rampe 3, links"]),
    )


def _line(number: str) -> SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"productNumber": st.just(number), "quantity": st.integers(1, 3)})
