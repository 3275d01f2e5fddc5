"""AXRO's paging drifts: pages, sizes, counts, filters and orders."""

from typing import Any

from apitwin_contracts.mutants.mutant import Mutant, family
from apitwin_contracts.mutants.suppliers.axro.tools import rule
from apitwin_mocks.kit.paging import Page
from apitwin_mocks.suppliers.axro import api, products
from apitwin_mocks.suppliers.axro.catalogue import Catalogue

__all__ = ["MUTANTS"]
_make = family("axro", "paging")
_SINGLE, _SEVERAL, _COUNT, _JOINED = ("filter.single", "filter.several", "paging.count", "paging.concatenation")
_LISTS = "orderList shipmentList"


def _paged(change: Any) -> Any:
    """Give a rule that cuts pages by another function (rows, number, size)."""
    return lambda _original: change


def _overlapping(rows: Any, number: int, size: int) -> Page[Any]:
    first = max(0, (number - 1) * size - (number > 1))
    return Page(rows[first : first + size], len(rows), -(-len(rows) // size))


def _one_more(rows: Any, number: int, size: int) -> Page[Any]:
    first = (number - 1) * size
    return Page(rows[first : first + size], len(rows), -(-len(rows) // size) + 1)


def _of_the_page(rows: Any, number: int, size: int) -> Page[Any]:
    first = (number - 1) * size
    return Page(rows[first : first + size], len(rows), -(-len(rows[first : first + size]) // size))


def _capped(most: int) -> Any:

    def cut(rows: Any, number: int, size: int) -> Page[Any]:
        size = min(size, most)
        return Page(rows[(number - 1) * size : number * size], len(rows), -(-len(rows) // size))

    return cut


_PAGES = (
    _make(
        "overlap",
        "breaking",
        "products",
        "products[]",
        _JOINED,
        rule((products, "page_of", _paged(_overlapping))),
        of="page_overlap",
    ),
    _make(
        "overlap-in-orders",
        "breaking",
        _LISTS,
        "[]",
        _JOINED,
        rule((api, "page_of", _paged(_overlapping))),
        of="page_overlap",
    ),
    _make(
        "one-page-too-many",
        "breaking",
        "products",
        "totalPages",
        _COUNT,
        rule((products, "page_of", _paged(_one_more))),
        of="page_has_next",
    ),
    _make(
        "one-page-too-many-of-orders",
        "breaking",
        _LISTS,
        "totalPages",
        _COUNT,
        rule((api, "page_of", _paged(_one_more))),
        of="page_has_next",
    ),
    _make(
        "total-of-the-page",
        "breaking",
        "products",
        "totalPages",
        _COUNT,
        rule((products, "page_of", _paged(_of_the_page))),
        of="gql_total_count",
    ),
    _make(
        "limit-capped",
        "breaking",
        "products",
        "products[]",
        "paging.size",
        rule((products, "page_of", _paged(_capped(300)))),
        of="page_max_size",
        also=("limits",),
    ),
    _make(
        "default-halved",
        "dangerous",
        "products",
        "products[]",
        "paging.default",
        rule((products, "USUAL_PAGE", lambda _: 50)),
        of="page_default",
    ),
    _make(
        "rows-a-page-of-orders",
        "dangerous",
        _LISTS,
        "[]",
        "paging.default",
        rule((api, "_ROWS_A_PAGE", lambda _: 20)),
        of="page_default",
    ),
)


def _filtered(change: Any) -> Any:
    """Give a rule that changes the filters before products are looked for."""
    return rule((Catalogue, "numbers", lambda original: lambda self, filters: change(original, self, dict(filters))))


def _without(name: str) -> Any:
    return _filtered(
        lambda original, self, filters: original(self, {key: value for key, value in filters.items() if key != name})
    )


def _cased(name: str) -> Any:

    def change(original: Any, self: Catalogue, filters: dict[str, str]) -> Any:
        found = original(self, filters)
        wanted = {part.strip() for part in filters.get(name, "").split(",")}
        value_of = {"brand": "brand", "oem": "oem", "productNumber": "number"}[name]
        return (
            [number for number in found if getattr(self.products[number], value_of) in wanted]
            if filters.get(name)
            else found
        )

    return _filtered(change)


_FILTERS = (
    _make("category-ignored", "breaking", "products", "products[]", _SINGLE, _without("category"), of="filter_ignored"),
    _make("filter-case", "breaking", "products", "products[]", "filter.case", _cased("brand"), of="gql_filter_case"),
)


def _sorted_by(change: Any) -> Any:
    return lambda original: lambda *arguments: change(original(*arguments))


_ORDERS = (
    _make(
        "oldest-first",
        "breaking",
        "orderList",
        "orders[]",
        "equations.paging",
        rule((api, "orders_of", _sorted_by(lambda rows: rows[::-1]))),
        of="sort_dir_ignored",
        also=("state",),
    ),
)
MUTANTS: tuple[Mutant, ...] = (*_PAGES, *_FILTERS, *_ORDERS)
