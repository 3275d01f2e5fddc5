"""Drifts of pages, filters and the order of lists."""

from dataclasses import replace
from typing import Any

import orjson

from apitwin_contracts.mutants.mutant import Mutant
from apitwin_contracts.mutants.suppliers.reseller.tools import breaking, ruled, twisted
from apitwin_fixtures import Exchange, Request
from apitwin_mocks.suppliers.reseller import api, domain, reading

__all__ = ["MUTANTS"]

_LISTS = "list_products list_orders"
_NOT_ENFORCED = "equations.paging:"


def _paging(
    name: str, operations: str, place: str, stage: Any, of: str = "", by: str = "paging.", also: Any = ()
) -> Mutant:
    return breaking("paging", name, operations, place, by, stage, of, also)


def _pages(change: Any) -> Any:
    return ruled((api, "page_of", lambda original: lambda rows, page, size: change(original, rows, page, size)))


def _kept(change: Any) -> Any:
    return ruled(
        (domain.Platform, "find_products", lambda original: lambda world, wanted: change(original, world, wanted))
    )


def _sized(most: int) -> Any:
    return _pages(lambda original, rows, page, size: original(rows, page, min(size, most)))


def _prefix(_original: Any, world: Any, wanted: Any) -> Any:
    text = (wanted.search or "").casefold()
    rows = world.products.values()
    return [row for row in rows if replace(wanted, search=None).keeps(row) and row.name.casefold().startswith(text)]


def _cased(_original: Any, world: Any, wanted: Any) -> Any:
    rows = world.products.values()
    return [row for row in rows if replace(wanted, search=None).keeps(row) and (wanted.search or "") in row.name]


def _last_for_ever(original: Any, rows: Any, page: int, size: int) -> Any:
    return original(rows, max(1, min(page, -(-len(rows) // size))), size)


def _overlapping(original: Any, rows: Any, page: int, size: int) -> Any:
    found = original(rows, page, size)
    start = max(0, (page - 1) * size - (page > 1))
    return replace(found, rows=rows[start : start + size])


def _shuffled() -> "_Shuffled":
    return _Shuffled()


_PAGING = (
    _paging("overlap", _LISTS, "data[]", _pages(_overlapping), "page_overlap"),
    _paging(
        "gap",
        _LISTS,
        "data[]",
        _pages(
            lambda original, rows, page, size: original(
                [*rows[:size], *rows[size + 1 :]] if page > 1 else rows, page, size
            )
        ),
    ),
    _paging("max-size", _LISTS, "data[]", _sized(30), "page_max_size"),
    _paging("default", _LISTS, "data[]", ruled((api, "_DEFAULT_SIZE", lambda _: 10)), "page_default"),
    _paging("default-reads", _LISTS, "data[]", ruled((api, "_DEFAULT_SIZE", lambda _: 50)), "gql_default_changed"),
    _paging("past-the-end", _LISTS, "data[]", _pages(_last_for_ever), "page_has_next"),
    _paging(
        "larger-than-allowed",
        _LISTS,
        "list_",
        ruled((api, "_LARGEST_SIZE", lambda _: 10**6)),
        "",
        "paging.maximum error.provoked:VALIDATION",
        ("error",),
    ),
    _paging(
        "smaller-maximum", _LISTS, "list_", ruled((api, "_LARGEST_SIZE", lambda _: 500)), "", "paging.", ("error",)
    ),
    _paging(
        "short-pages",
        _LISTS,
        "data[]",
        _pages(
            lambda original, rows, page, size: (
                original(rows, page, size) if size < 3 else original(rows, page, size - 1)
            )
        ),
        "gql_total_count",
    ),
    _paging("unstable", "list_products", "data[]", twisted(_shuffled)),
    _paging(
        "category-ignored",
        "list_products",
        "",
        _kept(lambda original, world, wanted: original(world, replace(wanted, category=None))),
        "filter_ignored",
        "filter.",
    ),
    _paging(
        "type-ignored",
        "list_products",
        "",
        _kept(lambda original, world, wanted: original(world, replace(wanted, type=None))),
        "",
        "filter.",
    ),
    _paging(
        "product-by-shop-number",
        "list_products",
        "",
        _kept(
            lambda original, world, wanted: original(
                world, replace(wanted, product=wanted.product and wanted.product + 264)
            )
        ),
        "",
        "filter.",
    ),
    _paging(
        "filters-either",
        "list_products",
        "",
        _kept(
            lambda original, world, wanted: (
                original(world, replace(wanted, category=None)) if wanted.type else original(world, wanted)
            )
        ),
        "",
        "filter.",
    ),
    _paging("search-cased", "list_products", "productName", _kept(_cased), "gql_filter_case", _NOT_ENFORCED),
    _paging("search-prefix", "list_products", "productName", _kept(_prefix), "", _NOT_ENFORCED),
    _paging(
        "search-ignored",
        "list_products",
        "productName",
        _kept(lambda original, world, wanted: original(world, replace(wanted, search=None))),
        "",
        _NOT_ENFORCED,
    ),
    _paging(
        "zero-is-a-number",
        "list_products",
        "data[]",
        _kept(
            lambda original, world, wanted: (
                [] if 0 in (wanted.category, wanted.product, wanted.type) else original(world, wanted)
            )
        ),
        "",
        _NOT_ENFORCED,
    ),
    _paging(
        "orders-oldest-first",
        "list_orders",
        "data[]",
        ruled((domain.Platform, "orders_of", lambda original: lambda world, customer: original(world, customer)[::-1])),
        "sort_dir_ignored",
        _NOT_ENFORCED,
    ),
    _paging(
        "products-by-name",
        "list_products",
        "data[]",
        _kept(lambda original, world, wanted: sorted(original(world, wanted), key=lambda row: row.name)),
        "",
        _NOT_ENFORCED,
    ),
    _paging(
        "body-wins",
        _LISTS,
        "data[]",
        ruled(
            (
                api,
                "listing",
                lambda _: (
                    lambda request: (reading.json_body(request) if request.body else reading.Fields({})).over(
                        reading.query(request)
                    )
                ),
            )
        ),
        "",
        _NOT_ENFORCED,
    ),
    _paging(
        "body-ignored",
        _LISTS,
        "data[]",
        ruled((api, "listing", lambda _: reading.query)),
        "",
        _NOT_ENFORCED,
    ),
    _paging(
        "detail-stale",
        "get_product create_order",
        "totalStock",
        ruled(
            (
                domain.Platform,
                "product",
                lambda original: lambda world, number: world.catalogue.products[str(original(world, number).store_id)],
            )
        ),
        "",
        "state.conservation",
        ("state",),
    ),
    _paging(
        "others-orders-listed",
        "account_details",
        "customerID",
        ruled(
            (
                domain.Platform,
                "orders_of",
                lambda _: lambda world, _customer: list(reversed(tuple(world.orders.values()))),
            )
        ),
        "",
        "equations.state:account_details.others",
        ("state",),
    ),
)


class _Shuffled:
    """Gives the products in the other order each other time."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, operation: str, request: Request, forward: Any) -> Exchange:
        exchange: Exchange = forward(request)
        self.count += operation == "list_products"
        if operation != "list_products" or exchange.reply.status != 200 or self.count % 2:
            return exchange
        body = orjson.loads(exchange.reply.body)
        body["data"].reverse()
        return replace(exchange, reply=replace(exchange.reply, body=orjson.dumps(body)))


MUTANTS = _PAGING
