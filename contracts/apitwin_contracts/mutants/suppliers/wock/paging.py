"""World of CD Keys' paging drifts: slices, totals, what lies on either side, sizes, orders."""

from collections.abc import Callable
from typing import Any

from apitwin_contracts.mutants.asked import Asked
from apitwin_contracts.mutants.mutant import Mutant, Stage
from apitwin_contracts.mutants.suppliers.wock.tools import making, page_of, rule, settings, twisted, value_changed
from apitwin_contracts.mutants.twist import Forward, Twist, answered
from apitwin_fixtures import Exchange, Request
from apitwin_mocks.suppliers.wock import api
from apitwin_mocks.suppliers.wock.segments import PageInfo, Segment

__all__ = ["MUTANTS"]

_make = making("paging")

_BOTH = "products orders"

_WALK = "offset.walk"


def _cut(change: Callable[[Segment, Any, int, int, int], None]) -> Stage:
    """Give a stage on which slices are changed: `change` gets the slice, all rows that were found, their number, skip and take."""

    def made(original: type[Segment]) -> Any:
        def segment(rows: Any, total: int, skip: int, take: int, problems: Any = ()) -> Segment:
            made = original(rows, total, skip, take, problems)
            change(made, rows, total, max(skip, 0), max(take, 0))
            return made

        return segment

    return rule((api, "Segment", made))


def _overlapping(page: Segment, rows: Any, _total: int, skip: int, take: int) -> None:
    first = max(0, skip - (skip > 0))
    page.items = rows[first : first + take]


def _gapped(page: Segment, rows: Any, _total: int, skip: int, take: int) -> None:
    page.items = rows[skip + (skip > 0) : skip + (skip > 0) + take]


def _told(more: Any = None, earlier: Any = None) -> Any:
    def change(page: Segment, _rows: Any, total: int, skip: int, take: int) -> None:
        info = page.page_info
        page.page_info = PageInfo(
            has_next_page=more(total, skip, take, len(page.items)) if more else info.has_next_page,
            has_previous_page=earlier(total, skip, take) if earlier else info.has_previous_page,
        )

    return change


def _totalled(count: Any) -> Any:
    def change(page: Segment, _rows: Any, total: int, skip: int, take: int) -> None:
        page.total_count = count(total, skip, take, len(page.items))

    return change


def _behind(change: Any) -> Any:
    def changed(page: Segment, rows: Any, total: int, skip: int, take: int) -> None:
        if skip >= 100:
            change(page, rows, total, skip, take)

    return changed


def _shuffled(page: Segment, _rows: Any, _total: int, skip: int, _take: int) -> None:
    page.items = page.items[::-1] if skip else page.items


def _last_again(page: Segment, rows: Any, total: int, skip: int, take: int) -> None:
    if skip >= total and total:
        page.items = rows[max(0, total - take) : total]


def _twice(page: Segment, _rows: Any, _total: int, skip: int, _take: int) -> None:
    if len(page.items) > 5 and skip:
        page.items = [*page.items[:-1], page.items[0]]


def _sized(change: Callable[[int | None], int | None]) -> Stage:
    return rule((api, "page_size", lambda original: lambda server, take, *more: original(server, change(take), *more)))


def _sized_after(change: Callable[[int], int]) -> Stage:
    return rule((api, "page_size", lambda original: lambda *given: change(original(*given))))


def _of_orders(change: Callable[[int], int]) -> Stage:
    return rule(
        (
            api,
            "page_size",
            lambda original: (
                lambda server, take, field, *more: (
                    change(original(server, take, field, *more))
                    if field == "orders"
                    else original(server, take, field, *more)
                )
            ),
        )
    )


def _alternating() -> Twist:
    count = [0]

    def shorter(payload: Any) -> Any:
        count[0] += 1
        return (
            {**payload, "items": payload["items"][:-1]}
            if count[0] % 2 and len(payload.get("items", ())) == 50
            else payload
        )

    return answered("products", shorter)


def _behind_first(asked: Asked) -> bool:
    return int(asked.arguments.get("skip") or 0) >= 50


def _once() -> Twist:
    seen: set[bytes] = set()

    def twist(asked: Asked, request: Request, forward: Forward) -> Exchange:
        is_again = request.body in seen
        seen.add(request.body)
        if not (is_again and asked.operation == "products" and asked.arguments.get("take") == 50):
            return forward(request)
        return answered("products", lambda payload: {**payload, "items": []} if "items" in payload else payload)(
            asked, request, forward
        )

    return twist


_PAGES = (
    _make("overlap", "breaking", _BOTH, "items[]", _WALK, _cut(_overlapping), of="page_overlap"),
    _make(
        "overlap-behind-hundred",
        "breaking",
        "products",
        "items[]",
        _WALK,
        _cut(_behind(_overlapping)),
        of="page_overlap",
    ),
    _make("gap", "breaking", _BOTH, "items[]", "offset.concatenation offset.walk", _cut(_gapped)),
    _make(
        "has-next-at-the-end",
        "breaking",
        _BOTH,
        "hasNextPage",
        _WALK,
        _cut(_told(more=lambda total, skip, take, _n: skip + take <= total)),
        of="page_has_next",
    ),
    _make(
        "has-next-always",
        "breaking",
        _BOTH,
        "hasNextPage",
        _WALK,
        _cut(_told(more=lambda *_given: True)),
        of="page_has_next",
    ),
    _make(
        "has-next-by-full-page",
        "breaking",
        _BOTH,
        "hasNextPage",
        _WALK,
        _cut(_told(more=lambda _total, _skip, take, count: count == take)),
    ),
    _make(
        "has-next-never-behind-hundred",
        "breaking",
        "products",
        "hasNextPage",
        _WALK,
        _cut(_behind(_told(more=lambda *_given: False))),
    ),
    _make(
        "has-previous-never", "breaking", _BOTH, "hasPreviousPage", _WALK, _cut(_told(earlier=lambda *_given: False))
    ),
    _make(
        "has-previous-by-page",
        "breaking",
        _BOTH,
        "hasPreviousPage",
        _WALK,
        _cut(_told(earlier=lambda _total, skip, take: skip >= take)),
    ),
    _make(
        "total-of-the-page",
        "breaking",
        _BOTH,
        "totalCount",
        "offset.total offset.walk",
        _cut(_totalled(lambda _total, _skip, _take, count: count)),
        of="gql_total_count",
    ),
    _make(
        "total-left",
        "breaking",
        _BOTH,
        "totalCount",
        "offset.total offset.walk",
        _cut(_totalled(lambda total, skip, _take, _count: max(0, total - skip))),
    ),
    _make(
        "total-of-hundred",
        "breaking",
        "products",
        "totalCount",
        "offset.total offset.walk",
        _cut(_totalled(lambda total, *_given: min(100, total))),
    ),
    _make(
        "total-one-less",
        "breaking",
        "products",
        "totalCount",
        "offset.total offset.walk",
        _cut(_totalled(lambda total, *_given: total - (total > 100))),
    ),
    _make(
        "total-zero-behind-the-end",
        "breaking",
        _BOTH,
        "totalCount",
        "offset.total",
        _cut(_totalled(lambda total, skip, *_given: total if skip < total else 0)),
    ),
    _make(
        "total-before-the-filter",
        "breaking",
        _BOTH,
        "totalCount",
        "where.operators where.predicate",
        rule((api._Listing, "page", lambda _original: _unfiltered_total)),
        of="gql_total_count",
    ),
    _make(
        "skip-ignored-when-filtered",
        "breaking",
        _BOTH,
        "",
        "where.operators order.keys",
        rule((api._Listing, "page", lambda _original: _unskipped)),
    ),
    _make(
        "skip-capped",
        "breaking",
        "products",
        "items[]",
        "offset.walk",
        rule(
            (
                api,
                "Segment",
                lambda original: (
                    lambda rows, total, skip, take, problems=(): original(rows, total, min(skip, 200), take, problems)
                ),
            )
        ),
    ),
    _make("page-reversed", "breaking", _BOTH, "items[]", "offset.concatenation", _cut(_shuffled)),
    _make(
        "behind-the-end-last-again", "breaking", _BOTH, "items[]", "offset.walk offset.concatenation", _cut(_last_again)
    ),
    _make("item-twice", "breaking", _BOTH, "items[]", "offset.walk offset.concatenation", _cut(_twice)),
    _make(
        "every-other-reply-shorter",
        "breaking",
        "products",
        "items",
        "offset.walk offset.repetition",
        twisted(_alternating),
    ),
    _make(
        "asked-once-only", "dangerous", "products", "items", "offset.repetition", twisted(_once), of="gql_cursor_once"
    ),
    _make(
        "other-values-on-page-two",
        "breaking",
        "products",
        "name",
        "agreement.same-item where.operators order.keys",
        value_changed("products", "items[].name", str.upper, when=_behind_first),
        also=("state",),
    ),
    _make(
        "items-without-total-empty",
        "breaking",
        "products",
        "items",
        "equivalence.selection order.keys",
        twisted(
            lambda: answered(
                "products", lambda payload: payload if "totalCount" in payload else {**payload, "items": []}
            )
        ),
        also=("schema",),
    ),
)

_SIZES = (
    _make(
        "capped",
        "breaking",
        _BOTH,
        "items",
        "offset.walk offset.concatenation",
        _sized_after(lambda take: min(take, 30)),
        of="page_max_size",
        also=("limits",),
    ),
    _make(
        "capped-for-orders",
        "breaking",
        "orders",
        "items",
        "offset.walk offset.concatenation offset.default",
        _of_orders(lambda take: min(take, 5)),
        also=("limits",),
    ),
    _make(
        "maximum-smaller",
        "breaking",
        _BOTH,
        "",
        "offset.maximum offset.walk",
        settings(max_page_size=40),
        of="page_max_size",
        also=("limits", "error"),
    ),
    _make(
        "maximum-larger",
        "dangerous",
        _BOTH,
        "",
        "offset.maximum error.provoked",
        settings(max_page_size=100),
        also=("limits", "error"),
    ),
    _make(
        "over-maximum-capped",
        "breaking",
        _BOTH,
        "",
        "offset.maximum error.provoked",
        _sized(lambda take: take and min(take, 50)),
        also=("limits", "error"),
    ),
    _make(
        "far-over-maximum-capped",
        "breaking",
        _BOTH,
        "",
        "offset.maximum",
        _sized(lambda take: 50 if take and take >= 500 else take),
        also=("limits", "error"),
    ),
    _make(
        "default-doubled",
        "dangerous",
        _BOTH,
        "items",
        "offset.default",
        settings(default_page_size=20),
        of="page_default",
    ),
    _make(
        "default-halved",
        "dangerous",
        _BOTH,
        "items",
        "offset.default",
        settings(default_page_size=5),
        of="page_default",
    ),
    _make(
        "null-take-is-nothing",
        "dangerous",
        _BOTH,
        "items",
        "offset.default",
        rule(
            (
                api._Listing,
                "page",
                lambda original: (
                    lambda self, info, rows, given: original(
                        self, info, rows, {**given, "take": 0} if "take" in given and given["take"] is None else given
                    )
                ),
            )
        ),
    ),
    _make(
        "boundaries-required",
        "breaking",
        _BOTH,
        "",
        "offset.default schema.generated error.generated",
        settings(require_paging_boundaries=True),
        also=("error",),
    ),
    _make(
        "negative-skip-refused",
        "dangerous",
        _BOTH,
        "",
        "offset.edges",
        rule(
            (
                api,
                "Segment",
                lambda original: (
                    lambda rows, total, skip, take, problems=(): original(
                        rows[skip:] if skip < 0 else rows, total, skip, take, problems
                    )
                ),
            )
        ),
    ),
    _make("take-zero-is-default", "dangerous", _BOTH, "items", "offset.edges", _sized(lambda take: take or None)),
)


def _unfiltered_total(self: Any, _info: Any, rows: Any, arguments: Any) -> Segment:
    page = page_of(self, rows, arguments)
    page.total_count = len(rows)
    return page


def _unskipped(self: Any, _info: Any, rows: Any, arguments: Any) -> Segment:
    return page_of(self, rows, {**arguments, "skip": 0} if arguments.get("where") else arguments)


MUTANTS: tuple[Mutant, ...] = (*_PAGES, *_SIZES)
