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
    "emails",
    "foreign_address",
    "foreign_order",
    "foreign_shipment",
    "order_number",
    "order_numbers",
    "orders",
    "phones",
    "products",
    "rehearsals",
    "sellable",
    "shipment_number",
    "shipment_numbers",
    "usable_address",
]

LINE = 35
_ENOUGH_STOCK = 20
_MOST = 400_000_000
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzäöüß0123456789"
# Letters that can be written in two ways, blanks and signs that some layer between might change.
_TEXT = st.text(st.sampled_from(_LETTERS + "  é&<'\"/.,-e\u0301"), min_size=1, max_size=60)


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


def order_numbers(run: Run) -> list[str]:
    """Give the numbers of the customer's newest and oldest orders."""
    return _numbers(run, "orderList", "orders[]", "orderNumber")


def shipment_number(run: Run) -> str:
    """Give the number of one of the customer's shipments."""
    return str(run.items("shipmentList", "shipments[]")[-1]["shipmentNumber"])


def shipment_numbers(run: Run) -> list[str]:
    """Give the numbers of the customer's newest and oldest shipments."""
    return _numbers(run, "shipmentList", "shipments[]", "shipmentNumber")


def _numbers(run: Run, operation: str, items: str, key: str) -> list[str]:
    first = run.items(operation, items)
    pages = run.client.must(operation).at("totalPages") or 1
    last = run.items(operation, items, [("page", pages)]) if pages > 1 else []
    return list(dict.fromkeys(str(item[key]) for item in (*first, *last)))


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
    """Generate addresses that must be accepted, and kept as they are written."""
    line = _TEXT.map(lambda text: text[:LINE]).filter(str.strip) | _TEXT.map(lambda text: f" {text[:20]}x  y ")
    required: dict[str, SearchStrategy[str]] = {name: line for name in ("company", "department", "street", "city")}  # noqa: C420 - the type is wider
    required["zip"] = st.sampled_from(["20095", "1010", "SW1A 1AA", "00-950", "D-22525"])
    required["country"] = st.sampled_from(["DE", "AT", "CH", "US", "FR", "GB", "PL", "JP"])
    optional: dict[str, SearchStrategy[Any]] = {
        "firstname": _TEXT.filter(str.strip),
        "lastname": _TEXT.filter(str.strip),
        "phone": phones(),
        "email": emails(),
    }
    return st.fixed_dictionaries(required, optional=optional)


def phones() -> SearchStrategy[str]:
    """Generate phone numbers of the documented form."""
    return st.from_regex(r"\+[0-9]{5,20}", fullmatch=True)


def emails() -> SearchStrategy[str]:
    """Generate addresses of mail, long ones and unusual ones too."""
    plain = ["lager@example.com", "a.b+c@example.org", "UPPER@example.net", "o'neill_2@sub-domain.example.co.uk"]
    return st.sampled_from([*plain, f"{'long.' * 8}address@warehouse.example.com"])


def orders(run: Run, *, place: bool, country: str | None = None) -> SearchStrategy[Arguments]:
    """Generate orders of one to three lines that must be accepted."""
    numbers = st.lists(st.sampled_from(sellable(run)[:40]), min_size=1, max_size=3, unique=True)
    lines = numbers.flatmap(lambda chosen: st.tuples(*(_line(number) for number in chosen)))
    return _orders(run, lines, place=place, country=country)


def rehearsals(run: Run, country: str | None = None) -> SearchStrategy[Arguments]:
    """Generate orders that are only prepared: at the edges of price tiers and beyond what is in stock, one product twice, many lines."""
    priced = [product for product in products(run) if product["price"]]
    line = st.integers(0, len(priced) - 1).flatmap(lambda place: _bold_line(priced[place]))
    lines = st.lists(line, min_size=1, max_size=3)
    doubled = lines.map(lambda few: [*few, few[0]])
    many = st.builds(lambda: [{"productNumber": product["productNumber"], "quantity": 1} for product in priced[:30]])
    return _orders(run, st.one_of(lines, lines, doubled, many), place=False, country=country)


def _orders(run: Run, lines: SearchStrategy[Any], *, place: bool, country: str | None) -> SearchStrategy[Arguments]:
    address = usable_address(run, country)
    # The newest order of before tells this run from others on the same target, and the same state makes the same references.
    newest = run.items("orderList", "orders[]")[0]["orderNumber"]
    reference = st.builds(lambda: run.unique(f"PO-{newest} für <A&B>"))
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
        st.none() | st.sampled_from(["Leave at front desk", 'Rampe 3,  links & "hinten" ' + "- bitte klingeln " * 20]),
    )


def _line(number: str) -> SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"productNumber": st.just(number), "quantity": st.integers(1, 3)})


def _bold_line(product: Any) -> SearchStrategy[dict[str, Any]]:
    edges = {1, 2, product["stock"], product["stock"] + 5}
    edges |= {tier["fromQuantity"] + step for tier in product["price"] for step in (-1, 0, 1)}
    # Four lines of the dearest must stay below the largest total.
    fitting = sorted(edge for edge in edges if edge >= 1 and edge * product["price"][0]["price"] <= _MOST)
    quantity = st.sampled_from(fitting)
    return st.fixed_dictionaries({"productNumber": st.just(product["productNumber"]), "quantity": quantity})
