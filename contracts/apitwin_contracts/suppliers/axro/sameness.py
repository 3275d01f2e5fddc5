"""What means the same to AXRO."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.contract import Arguments, Declaration
from apitwin_contracts.laws.equivalence import Equivalent
from apitwin_contracts.run import Run
from apitwin_fixtures import Source

from .entities import order_numbers, products, sellable, usable_address

__all__ = ["DECLARATIONS"]

_Pair = tuple[Arguments, Arguments]
_FILTERS = ("productNumber", "oemNumber", "brand")
_ARGUMENTS = {"productNumber": "productNumber", "oemNumber": "oem", "brand": "brand"}


def _numbers(_run: Run) -> SearchStrategy[_Pair]:
    pages = st.tuples(st.integers(1, 4), st.integers(1, 40))
    return pages.map(
        lambda drawn: ({"page": drawn[0], "limit": drawn[1]}, {"page": str(drawn[0]), "limit": str(drawn[1])})
    )


def _pair(one: Arguments, other: Arguments) -> Any:
    return lambda _run: st.just((one, other))


def _values(run: Run) -> SearchStrategy[tuple[str, list[str]]]:
    """Generate an argument with two values that it finds."""
    fields = [field for field in _FILTERS if any("," not in str(product[field]) for product in products(run))]

    def values(field: str) -> SearchStrategy[tuple[str, list[str]]]:
        known = sorted({product[field] for product in products(run) if "," not in str(product[field])})
        return st.lists(st.sampled_from(known), min_size=2, max_size=2).map(lambda chosen: (_ARGUMENTS[field], chosen))

    return st.sampled_from(fields).flatmap(values)


def _spaced(run: Run) -> SearchStrategy[_Pair]:
    return _values(run).map(
        lambda drawn: ({drawn[0]: ",".join(drawn[1])}, {drawn[0]: f" {drawn[1][0]} ,  {drawn[1][1]} "})
    )


def _turned(run: Run) -> SearchStrategy[_Pair]:
    return _values(run).map(lambda drawn: ({drawn[0]: ",".join(drawn[1])}, {drawn[0]: ",".join(reversed(drawn[1]))}))


def _doubled(run: Run) -> SearchStrategy[_Pair]:
    return _values(run).map(lambda drawn: ({drawn[0]: drawn[1][0]}, {drawn[0]: f"{drawn[1][0]},{drawn[1][0]},"}))


def _shipments(run: Run) -> SearchStrategy[_Pair]:
    numbers = st.sampled_from(order_numbers(run))
    return numbers.map(lambda number: ({"orderNumber": number}, {"orderNumber": number, "page": 1}))


def _order(run: Run) -> SearchStrategy[_Pair]:
    cart = [{"productNumber": sellable(run)[0], "quantity": 1}]
    order = {"shippingAddressId": usable_address(run), "cart": cart}
    return st.just(({"order": order, "place": False}, {"order": order}))


_PAGING, _FILTERING = Source("assumed", "SOURCE.md#1"), Source("assumed", "SOURCE.md#paging")
DECLARATIONS: tuple[Declaration, ...] = (
    Equivalent("products.numbers-as-text", "products", _numbers, source=_PAGING),
    Equivalent("products.first-page", "products", _pair({}, {"page": 1, "limit": 100}), share=0.04, source=_PAGING),
    Equivalent(
        "products.json", "products", _pair({"limit": 5}, {"limit": 5, "format": "json"}), share=0.04, source=_PAGING
    ),
    Equivalent("products.blanks", "products", _spaced, source=_FILTERING),
    Equivalent("products.order-of-values", "products", _turned, source=_FILTERING),
    Equivalent("products.value-twice", "products", _doubled, source=_FILTERING),
    Equivalent(
        "products.empty-filter",
        "products",
        _pair({"limit": 20}, {"limit": 20, "brand": "", "oem": "", "category": " "}),
        share=0.04,
        source=_FILTERING,
    ),
    Equivalent("orderList.first-page", "orderList", _pair({}, {"page": 1}), share=0.04, source=_PAGING),
    Equivalent("shipmentList.first-page", "shipmentList", _shipments, share=0.1, source=_PAGING),
    Equivalent(
        "orderCreate.not-placed",
        "orderCreate",
        _order,
        share=0.04,
        changes_state=True,
        category="state",
        source=Source("documented", "002:763"),
    ),
)
