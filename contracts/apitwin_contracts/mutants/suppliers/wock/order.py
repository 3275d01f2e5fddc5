"""World of CD Keys' drifts of order: directions, several keys, cases, nulls."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from apitwin_contracts.mutants.mutant import Mutant, Stage
from apitwin_contracts.mutants.suppliers.wock.tools import making, page_of, rule
from apitwin_mocks.suppliers.wock import api, sorting
from apitwin_mocks.suppliers.wock.segments import Segment

__all__ = ["MUTANTS"]

_make = making("paging")

_BOTH = "products orders"


def _steps(change: Callable[[list[Any]], list[Any]]) -> Stage:
    """Give a stage on which the keys of one object of `order` are others; a step is (key, descending)."""
    return rule((sorting, "_steps", lambda original: lambda keys, item: change(list(original(keys, item)))))


def _whole_order(change: Callable[[Any], Any]) -> Stage:
    return rule(
        (
            sorting,
            "sort_rows",
            lambda original: lambda keys, rows, order, wanted: original(keys, rows, change(order), wanted),
        )
    )


def _keyed(name: str, key: Any) -> Stage:
    """Give a stage on which a key of products' order is another."""
    return rule(
        (api, "_PRODUCTS", lambda original: replace(original, keys={**original.keys, name: key(original.keys[name])}))
    )


def _within_page(_original: Any) -> Any:
    """Sort what stands on the page and not what was found."""

    def page(self: Any, _info: Any, rows: Any, arguments: Any) -> Segment:
        right = page_of(self, rows, {**arguments, "order": None})
        right.items = sorting.sort_rows(self.keys, right.items, arguments.get("order"), len(right.items))
        return right

    return page


def _nulls_last(original: Any) -> Any:
    return lambda row: (not (key := original(row))[0], key[1])


_ORDERS = (
    _make(
        "direction-ignored",
        "breaking",
        _BOTH,
        "",
        "order.keys",
        _steps(lambda steps: [(key, False) for key, _ in steps]),
        of="sort_dir_ignored",
    ),
    _make(
        "descending-ignored-for-dates",
        "breaking",
        "products",
        "lastUpdateDateTime",
        "order.keys",
        _steps(lambda steps: [(key, descending and "date_time" not in repr(key)) for key, descending in steps]),
    ),
    _make("order-ignored", "breaking", _BOTH, "", "order.keys", _whole_order(lambda _order: None)),
    _make("second-key-ignored", "breaking", _BOTH, "", "order.keys", _whole_order(lambda order: order and order[:1])),
    _make("last-key-first", "breaking", _BOTH, "", "order.keys", _whole_order(lambda order: order and order[::-1])),
    _make(
        "second-key-ascending",
        "breaking",
        _BOTH,
        "",
        "order.keys",
        _whole_order(
            lambda order: (
                order
                and [
                    order[0],
                    *(
                        {name: "ASC" if isinstance(value, str) else value for name, value in item.items()}
                        for item in order[1:]
                    ),
                ]
            )
        ),
    ),
    _make("third-key-ignored", "breaking", _BOTH, "", "order.keys", _whole_order(lambda order: order and order[:2])),
    _make(
        "nested-key-ignored",
        "breaking",
        "products",
        "quantity",
        "order.keys",
        _whole_order(lambda order: order and [item for item in order if "quantity" not in item]),
    ),
    _make(
        "image-stock-by-all",
        "breaking",
        "products",
        "quantity.image",
        "order.keys",
        _keyed("quantity", lambda keys: {**keys, "image": keys["all"]}),
    ),
    _make(
        "platform-by-name",
        "breaking",
        "products",
        "platform",
        "order.keys",
        rule(
            (
                api,
                "_PRODUCTS",
                lambda original: replace(original, keys={**original.keys, "platform": original.keys["name"]}),
            )
        ),
    ),
    _make(
        "numbers-ordered-as-text",
        "breaking",
        "products",
        "",
        "order.keys",
        _keyed("quantity", lambda keys: {**keys, "all": lambda row: str(keys["all"](row))}),
    ),
    _make(
        "ids-as-text",
        "breaking",
        "products",
        "",
        "order.keys offset.walk",
        _keyed("id", lambda key: lambda row: str(key(row))),
    ),
    _make(
        "booleans-reversed",
        "breaking",
        "products",
        "isDisabled",
        "order.keys",
        _keyed("isDisabled", lambda key: lambda row: not key(row)),
    ),
    _make(
        "nulls-last", "dangerous", "products", "productPartnerId", "order.keys", _keyed("productPartnerId", _nulls_last)
    ),
    _make("within-the-page", "breaking", _BOTH, "", "order.keys", rule((api._Listing, "page", _within_page))),
    _make(
        "lost-when-filtered",
        "breaking",
        _BOTH,
        "",
        "order.keys",
        rule(
            (
                api._Listing,
                "page",
                lambda original: (
                    lambda self, info, rows, given: original(
                        self, info, rows, {**given, "order": None} if given.get("where") else given
                    )
                ),
            )
        ),
    ),
    _make(
        "lost-behind-page-one",
        "breaking",
        _BOTH,
        "",
        "order.keys offset.walk",
        rule(
            (
                api._Listing,
                "page",
                lambda original: (
                    lambda self, info, rows, given: original(
                        self,
                        info,
                        rows,
                        {**given, "order": None}
                        if (given.get("skip") or 0) >= 25 and given.get("order") != [{"id": "ASC"}]
                        else given,
                    )
                ),
            )
        ),
    ),
    _make(
        "orders-status-ignored",
        "breaking",
        "orders",
        "status",
        "order.keys",
        rule((api, "_ORDERS", lambda original: replace(original, keys={**original.keys, "status": lambda _row: 0}))),
    ),
    _make(
        "orders-oldest-first",
        "breaking",
        "orders",
        "createdAt",
        "order.keys",
        rule(
            (
                api,
                "_ORDERS",
                lambda original: replace(
                    original, keys={**original.keys, "createdAt": lambda row: -row.created_at.timestamp()}
                ),
            )
        ),
    ),
)


MUTANTS: tuple[Mutant, ...] = _ORDERS
