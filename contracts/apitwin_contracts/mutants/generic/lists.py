"""Mutators of paged lists: pages that overlap or lack items, sizes, counts, cursors, filters and orders."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from apitwin_contracts.drift import Severity
from apitwin_contracts.mutants.asked import Asked
from apitwin_contracts.mutants.places import at
from apitwin_contracts.mutants.twist import Forward, Twist
from apitwin_contracts.paths import at as read_at
from apitwin_fixtures import Exchange, Request

from .ground import Ground
from .listings import Listing, listings
from .mutator import Mutator, NothingToDrift, Spot
from .rewriting import answering, carried, with_arguments

__all__ = ["LISTS"]

Items = list[Any]
Cut = Callable[[Listing, Mapping[str, Any], Items], Items]
"""Gives other items of a page, of what was asked and what is on it."""
Ask = Callable[[Listing, dict[str, Any]], dict[str, Any]]
"""Gives other arguments."""
Fits = Callable[[Listing], bool]


def _always(_listing: Listing) -> bool:
    return True


def _spots(
    make: Callable[[Ground, Listing], Twist], fits: Fits, missing: str, ground: Ground, *, equivalent: str = ""
) -> Iterator[Spot]:
    found = [listing for listing in listings(ground) if fits(listing)]
    if not found:
        raise NothingToDrift(missing)
    for listing in found:
        stage = answering(ground, partial(make, ground, listing))
        checks = (f"paging.concatenation:{listing.operation}",)
        yield Spot(listing.operation, (listing.operation,), stage, "", checks, equivalent)


def _cutting(make: Callable[[], Cut], ground: Ground, listing: Listing) -> Twist:
    cut = make()

    def twist(asked: Asked, request: Request, forward: Forward) -> Exchange:
        exchange = forward(request)
        if asked.operation != listing.operation:
            return exchange

        def other(items: Any) -> Any:
            return cut(listing, asked.arguments, items) if isinstance(items, list) else items

        reply = carried(ground, listing.operation, exchange.reply, lambda payload: at(payload, listing.whole, other))
        return replace(exchange, reply=reply)

    return twist


def _asking(ask: Ask, ground: Ground, listing: Listing) -> Twist:
    def twist(asked: Asked, request: Request, forward: Forward) -> Exchange:
        if asked.operation != listing.operation:
            return forward(request)
        return forward(with_arguments(ground, request, partial(ask, listing)))

    return twist


def _telling(
    path_of: Callable[[Listing], str], change: Callable[[Any, int], Any], ground: Ground, listing: Listing
) -> Twist:
    def twist(asked: Asked, request: Request, forward: Forward) -> Exchange:
        exchange = forward(request)
        if asked.operation != listing.operation:
            return exchange

        def other(payload: Any) -> Any:
            count = len(read_at(payload, listing.whole) or ())
            return at(payload, path_of(listing), lambda value: change(value, count))

        return replace(exchange, reply=carried(ground, listing.operation, exchange.reply, other))

    return twist


def _later(change: Callable[[Items], Items]) -> Callable[[], Cut]:
    return lambda: lambda listing, asked, items: change(items) if listing.is_later(asked) else items


def _every(change: Callable[[Items], Items]) -> Callable[[], Cut]:
    return lambda: lambda _listing, _asked, items: change(items)


def _overlapping() -> Cut:
    last: Items = []

    def cut(listing: Listing, asked: Mapping[str, Any], items: Items) -> Items:
        found = [*last, *items[:-1]] if listing.is_later(asked) and items and last else items
        last[:] = items[-1:]
        return found

    return cut


def _unsteady() -> Cut:
    count = [0]

    def cut(_listing: Listing, _asked: Mapping[str, Any], items: Items) -> Items:
        count[0] += 1
        place = count[0] % max(1, len(items))
        return items[place:] + items[:place]

    return cut


def _with_filter(change: Callable[[Items], Items]) -> Callable[[], Cut]:
    def make() -> Cut:
        return lambda listing, asked, items: (
            change(items) if any(asked.get(name) for name in listing.narrowing) else items
        )

    return make


def _soiled() -> Cut:
    """Answer with a filter what does not fit it."""
    seen: Items = []

    def cut(listing: Listing, asked: Mapping[str, Any], items: Items) -> Items:
        if not any(asked.get(name) for name in listing.narrowing):
            seen[:] = items or seen
            return items
        strange = [item for item in seen if item not in items]
        return [*items[:-1], strange[0]] if strange and items else items

    return cut


def _reread(keeps: Callable[[str, str], bool]) -> Callable[[], Cut]:
    """Let the filters keep less: what another reading of value and wanted text keeps."""

    def cut(listing: Listing, asked: Mapping[str, Any], items: Items) -> Items:
        for one in listing.filters:
            wanted, path = asked.get(one.argument), one.field.removeprefix(f"{one.items}.")
            if isinstance(wanted, str) and wanted:
                items = [item for item in items if keeps(str(read_at(item, path)), wanted)]
        return items

    return lambda: cut


def _reversing(ground: Ground) -> Iterator[Spot]:
    make = partial(_cutting, _with_filter(lambda items: items[::-1]))
    why = "no document says in which order comes what a filter finds"
    return _spots(make, lambda listing: bool(listing.narrowing), _NO_FILTER, ground, equivalent=why)


def _sorted_other_way() -> Cut:
    return lambda listing, asked, items: items[::-1] if any(asked.get(name) for name in listing.sorting) else items


def _capped(listing: Listing, asked: dict[str, Any]) -> dict[str, Any]:
    wanted = listing.asked(asked, listing.size)
    most = max(1, (listing.largest or listing.default) // 2)
    return listing.asking(asked, listing.size, most) if _number(wanted) > most else asked


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def _halved(listing: Listing, asked: dict[str, Any]) -> dict[str, Any]:
    if listing.asked(asked, listing.size) is not None:
        return asked
    return listing.asking(asked, listing.size, max(1, listing.default // 2))


def _larger_taken(listing: Listing, asked: dict[str, Any]) -> dict[str, Any]:
    above = _number(listing.asked(asked, listing.size)) > listing.largest
    return listing.asking(asked, listing.size, listing.largest) if above else asked


def _one_more(listing: Listing, asked: dict[str, Any]) -> dict[str, Any]:
    size = _number(listing.asked(asked, listing.size))
    return listing.asking(asked, listing.size, size + 1) if 0 < size < (listing.largest or 100) else asked


def _next_page(listing: Listing, asked: dict[str, Any]) -> dict[str, Any]:
    place = listing.asked(asked, listing.position)
    return listing.asking(asked, listing.position, _number(place) + 1) if listing.is_later(asked) else asked


def _first_page(listing: Listing, asked: dict[str, Any]) -> dict[str, Any]:
    return listing.asking(asked, listing.position, None) if listing.is_later(asked) else asked


def _below_first(listing: Listing, asked: dict[str, Any]) -> dict[str, Any]:
    place = listing.asked(asked, listing.position)
    below = place is not None and str(place).lstrip("-").isdigit() and _number(place) < listing.first
    return listing.asking(asked, listing.position, listing.first) if below else asked


def _usual_size(listing: Listing, asked: dict[str, Any]) -> dict[str, Any]:
    return listing.asking(asked, listing.size, None)


def _unfiltered(listing: Listing, asked: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in asked.items() if key not in listing.narrowing}


def _less_filtered(listing: Listing, asked: dict[str, Any]) -> dict[str, Any]:
    given = [name for name in listing.narrowing if asked.get(name)]
    return {key: value for key, value in asked.items() if len(given) < 2 or key != given[-1]}  # noqa: PLR2004 - of several the last


def _unsorted(listing: Listing, asked: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in asked.items() if key not in listing.sorting}


def _past_the_end(ground: Ground, listing: Listing) -> Twist:
    def twist(asked: Asked, request: Request, forward: Forward) -> Exchange:
        exchange = forward(request)
        if asked.operation != listing.operation or not listing.is_later(asked.arguments):
            return exchange
        body = exchange.reply.text
        is_empty = f'"{listing.whole.rpartition(".")[2]}":[]' in body
        return forward(with_arguments(ground, request, partial(_first_page, listing))) if is_empty else exchange

    return twist


def _once(ground: Ground, listing: Listing) -> Twist:
    """Answer a cursor that was used before as if it were none."""
    used: set[str] = set()

    def twist(asked: Asked, request: Request, forward: Forward) -> Exchange:
        is_later = asked.operation == listing.operation and listing.is_later(asked.arguments)
        cursor = str(listing.asked(asked.arguments, listing.position)) if is_later else ""
        again = cursor in used
        used.update([cursor] if is_later else [])
        return forward(with_arguments(ground, request, partial(_first_page, listing)) if again else request)

    return twist


def _has_size(listing: Listing) -> bool:
    return bool(listing.size)


def _has_number(listing: Listing) -> bool:
    return not listing.next


def _cut(
    name: str, severity: Severity, promise: str, make: Callable[[], Cut], fits: Fits = _always, missing: str = ""
) -> Mutator:
    return Mutator(name, "paging", severity, promise, partial(_spots, partial(_cutting, make), fits, missing))


def _ask(name: str, severity: Severity, promise: str, ask: Ask, fits: Fits, missing: str) -> Mutator:
    return Mutator(name, "paging", severity, promise, partial(_spots, partial(_asking, ask), fits, missing))


def _tell(
    name: str, promise: str, path_of: Callable[[Listing], str], change: Callable[[Any, int], Any], missing: str
) -> Mutator:
    make = partial(_telling, path_of, change)
    return Mutator(
        name, "paging", "breaking", promise, partial(_spots, make, lambda listing: bool(path_of(listing)), missing)
    )


_WHOLE, _SIZE, _FILTER = (
    "concatenated pages are the whole list, each item once",
    "a page has the size that was asked for",
    "a filter keeps what fits it, all of it and nothing else",
)
_NO_SIZE, _NO_FILTER, _NO_ORDER, _NO_TOTAL, _NO_CURSOR = (
    "the supplier fixes the size of its pages",
    "its lists declare no filter",
    "its lists declare no order to ask for",
    "its lists tell no total",
    "its lists have no cursor",
)
_NO_MAXIMUM, _NO_NUMBER = "its lists refuse no size", "its lists are paged by cursors"

LISTS: tuple[Mutator, ...] = (
    _cut("page-first-missing", "breaking", _WHOLE, _later(lambda items: items[1:])),
    _cut("page-last-missing", "breaking", _WHOLE, _every(lambda items: items[:-1] if len(items) > 1 else items)),
    _cut("page-overlap", "breaking", _WHOLE, _overlapping),
    _cut(
        "page-duplicate",
        "breaking",
        "a page has each item once",
        _every(lambda items: [*items[:-1], items[0]] if len(items) > 1 else items),
    ),
    _cut("page-one-more", "breaking", _SIZE, _every(lambda items: [*items, items[0]] if items else items)),
    _cut("page-reversed", "dangerous", "pages come in the list's order", _later(lambda items: items[::-1])),
    _cut("page-unsteady", "dangerous", "the same page is the same again", _unsteady),
    _cut("page-later-empty", "breaking", _WHOLE, _later(lambda _items: [])),
    _ask("page-ignored", "breaking", "another page is another part of the list", _first_page, _always, ""),
    _ask("page-skipped", "breaking", _WHOLE, _next_page, _has_number, _NO_NUMBER),
    _ask(
        "page-below-first",
        "dangerous",
        "a page that cannot be is answered as documented",
        _below_first,
        lambda listing: _has_number(listing) and not listing.lenient,
        "its lists are paged by cursors, or promise that below the first is the first",
    ),
    Mutator(
        "page-past-end",
        "paging",
        "breaking",
        "behind the last page there is nothing",
        partial(_spots, _past_the_end, _has_number, _NO_NUMBER),
    ),
    Mutator(
        "cursor-once",
        "paging",
        "dangerous",
        "a cursor may be used again",
        partial(_spots, _once, lambda listing: bool(listing.next), _NO_CURSOR),
    ),
    _ask("size-ignored", "breaking", _SIZE, _usual_size, _has_size, _NO_SIZE),
    _ask("size-capped", "breaking", "the largest documented page is given", _capped, _has_size, _NO_SIZE),
    _ask(
        "size-default",
        "dangerous",
        "a page has its documented size when none is asked for",
        _halved,
        lambda listing: _has_size(listing) and listing.default > 1,
        _NO_SIZE,
    ),
    _ask("size-one-more", "breaking", _SIZE, _one_more, _has_size, _NO_SIZE),
    _ask(
        "size-above-taken",
        "dangerous",
        "a page above the largest is refused",
        _larger_taken,
        lambda listing: listing.refuses_larger,
        _NO_MAXIMUM,
    ),
    _tell(
        "total-more",
        "a total is that of all items",
        lambda listing: listing.totals,
        lambda value, _count: value + 1,
        _NO_TOTAL,
    ),
    _tell(
        "total-fewer",
        "a total is that of all items",
        lambda listing: listing.totals,
        lambda value, _count: max(0, value - 1),
        _NO_TOTAL,
    ),
    _tell(
        "total-of-page",
        "a total is that of all items, not of the page",
        lambda listing: listing.totals,
        lambda _value, count: count,
        _NO_TOTAL,
    ),
    _tell(
        "more-flipped",
        "the last page says that it is the last",
        lambda listing: listing.more,
        lambda value, _count: not value,
        "its lists say not whether there is more",
    ),
    _tell(
        "more-always",
        "the last page says that it is the last",
        lambda listing: listing.more,
        lambda _value, _count: True,
        "its lists say not whether there is more",
    ),
    _tell(
        "cursor-stays",
        "every page but the last names the next",
        lambda listing: listing.next,
        lambda _value, _count: "",
        _NO_CURSOR,
    ),
    _ask("filter-ignored", "breaking", _FILTER, _unfiltered, lambda listing: bool(listing.narrowing), _NO_FILTER),
    _ask(
        "filter-second-ignored",
        "breaking",
        "filters narrow together",
        _less_filtered,
        lambda listing: len(listing.narrowing) > 1,
        "its lists have no two filters",
    ),
    _cut(
        "filter-incomplete",
        "breaking",
        _FILTER,
        _with_filter(lambda items: items[1:]),
        lambda listing: bool(listing.narrowing),
        _NO_FILTER,
    ),
    _cut("filter-soiled", "breaking", _FILTER, _soiled, lambda listing: bool(listing.narrowing), _NO_FILTER),
    Mutator("filter-reversed", "paging", "dangerous", "a filter leaves the order as it is", _reversing),
    _cut(
        "filter-case",
        "breaking",
        "a filter treats upper and lower case as documented",
        _reread(lambda value, wanted: wanted == wanted.lower() or value == wanted),
        lambda listing: any(one.case == "any" and not one.separator for one in listing.filters),
        "its filters declare no case",
    ),
    _ask(
        "order-ignored",
        "breaking",
        "a list comes in the order that was asked for",
        _unsorted,
        lambda listing: bool(listing.sorting),
        _NO_ORDER,
    ),
    _cut(
        "order-reversed",
        "breaking",
        "a list comes in the direction that was asked for",
        _sorted_other_way,
        lambda listing: bool(listing.sorting),
        _NO_ORDER,
    ),
)
