"""Laws of numbered pages: concatenation, size, count, end, default, maximum, repetition."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Contract
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.paths import at, difference
from apitwin_fixtures import ASSUMED, Source

__all__ = ["CHECKS", "NumberedPages", "whole", "whole_pages"]

_TIMES = 3


@dataclass(frozen=True)
class NumberedPages:
    """An operation paged by a number from 1; `size` is None where the supplier fixes the size, `over_maximum` the code above the maximum.

    `moving` names what may differ between two sights of one item.
    """

    operation: str
    items: str
    key: str
    page: str = "page"
    size: str | None = None
    default_size: int | None = None
    maximum_size: int | None = None
    over_maximum: str | None = None
    pages: str | None = None
    fixed: Arguments = field(default_factory=dict)
    moving: tuple[str, ...] = ()
    source: Source = ASSUMED

    @property
    def name(self) -> str:
        return self.operation

    def arguments(self, page: int | None = None, size: int | None = None, **more: Any) -> Arguments:
        """Make the arguments that ask for a page."""
        asked = {**self.fixed, **more}
        if page is not None:
            asked[self.page] = page
        if size is not None and self.size:
            asked[self.size] = size
        return asked

    def keys(self, answer: Answer) -> list[Any]:
        """Give the keys of the items on a page."""
        return [at(item, self.key) for item in answer.every(self.items)]

    def still(self, item: Any) -> Any:
        """Give what of an item may not differ between two sights of it."""
        return {key: value for key, value in item.items() if key not in self.moving} if isinstance(item, dict) else item


def whole(examination: Examination, paged: NumberedPages, **filters: Any) -> list[Any]:
    """Read all items, or as many as the profile allows; raises `NothingToExamine` when there are none."""
    limit = examination.run.profile.items
    size = min(paged.maximum_size or limit, limit) if paged.size else None
    found: list[Any] = []
    for page in range(1, 1000):
        answer = examination.must(paged.operation, paged.arguments(page, size, **filters))
        items = answer.every(paged.items)
        found += items
        last = not items or (size is not None and len(items) < size) or answer.at(paged.pages or "-") == page
        if last or len(found) >= limit:
            break
    if not found and not filters:
        _must_be_empty(examination, paged, size)
    return found


def _must_be_empty(examination: Examination, paged: NumberedPages, size: int | None) -> None:
    single = examination.must(paged.operation, paged.arguments(1, 1))
    if single.every(paged.items):
        large = examination.must(paged.operation, paged.arguments(1, size))
        text = f"items on page 1 of {size or 'the usual size'}, as on page 1 of 1"
        raise examination.broken([single, large], paged.items, text, "none", source=paged.source)
    raise NothingToExamine(f"{paged.operation} answers no items")


def whole_pages(examination: Examination, paged: NumberedPages) -> list[Answer]:
    """Read all pages of the supplier's own size, or as many items as the profile allows."""
    pages = [examination.must(paged.operation, paged.arguments(1))]
    count = pages[0].at(paged.pages or "-")
    limit = examination.run.profile.items
    while len(pages) < (count or 1) and sum(len(page.every(paged.items)) for page in pages) < limit:
        pages.append(examination.must(paged.operation, paged.arguments(len(pages) + 1)))
    return pages


def _total(examination: Examination, paged: NumberedPages) -> int:
    total: int = examination.run.view(("total", paged.operation), lambda: len(whole(examination, paged)))
    return total


def _concatenation(examination: Examination, paged: NumberedPages) -> None:
    if not paged.size:
        _fixed_concatenation(examination, paged)
        return
    total = _total(examination, paged)
    # Four pages in one must not be more than one page may hold.
    most = max(2, min(40, total, (paged.maximum_size or 160) // 4))

    def examine(drawn: tuple[int, int]) -> None:
        size, count = drawn
        single = examination.must(paged.operation, paged.arguments(1, size * count))
        pages = [examination.must(paged.operation, paged.arguments(number, size)) for number in range(1, count + 1)]
        joined = [key for page in pages for key in paged.keys(page)]
        expected = paged.keys(single)
        if joined != expected:
            text = f"{count} pages of {size} to be the first {size * count} items {expected}"
            raise examination.broken([single, *pages], paged.items, text, joined, source=paged.source)
        _same_items(examination, paged, single, pages)

    examination.run.explore(st.tuples(st.integers(1, most), st.integers(2, 4)), examine, 0.5)


def _same_items(examination: Examination, paged: NumberedPages, single: Answer, pages: list[Answer]) -> None:
    shown = [(page, item) for page in pages for item in page.every(paged.items)]
    for whole_item, (page, item) in zip(single.every(paged.items), shown, strict=False):
        if paged.still(item) != paged.still(whole_item):
            where, expected, observed = difference(paged.still(whole_item), paged.still(item))
            text = f"{expected!r}, as on a page of another size"
            place = f"{paged.items}{where}"
            raise examination.broken([single, page], place, text, repr(observed), source=paged.source)


def _fixed_concatenation(examination: Examination, paged: NumberedPages) -> None:
    second = examination.must(paged.operation, paged.arguments(2))
    if not paged.keys(second):
        raise NothingToExamine(f"{paged.operation} has one page")
    pages = whole_pages(examination, paged)
    every_key = [key for page in pages for key in paged.keys(page)]
    twice = sorted(str(key) for key, times in Counter(every_key).items() if times > 1)
    if twice:
        text = f"again: {twice[:5]}"
        raise examination.broken(pages[:2], paged.items, "each item on one page", text, source=paged.source)


def _page_count(examination: Examination, paged: NumberedPages) -> None:
    if not paged.size:
        _fixed_page_count(examination, paged)
        return
    total = _total(examination, paged)
    if total >= examination.run.profile.items:
        raise NothingToExamine(f"more than {total} items: not counted in this profile")

    def examine(size: int) -> None:
        answer = examination.must(paged.operation, paged.arguments(1, size))
        expected, observed = max(1, -(-total // size)), answer.at(paged.pages or "")
        if observed != expected:
            text = f"{expected} pages of {size} for {total} items"
            raise examination.broken([answer], paged.pages or "", text, observed, source=paged.source)

    examination.run.explore(st.integers(1, max(2, min(total + 1, paged.maximum_size or total + 1))), examine, 0.4)


def _fixed_page_count(examination: Examination, paged: NumberedPages) -> None:
    first = examination.must(paged.operation, paged.arguments(1))
    count = first.at(paged.pages or "")
    last = examination.must(paged.operation, paged.arguments(count)) if isinstance(count, int) and count > 0 else first
    beyond = examination.must(paged.operation, paged.arguments(count + 1)) if isinstance(count, int) else last
    if first.every(paged.items) and not last.every(paged.items):
        raise examination.broken(
            [first, last], paged.pages or "", "items on the last page", "none", source=paged.source
        )
    if beyond.every(paged.items):
        raise examination.broken(
            [first, beyond], paged.pages or "", f"{count} pages", f"items on page {count + 1}", source=paged.source
        )


def _size(examination: Examination, paged: NumberedPages) -> None:
    total = _total(examination, paged)

    def examine(size: int) -> None:
        answer = examination.must(paged.operation, paged.arguments(1, size))
        observed = len(answer.every(paged.items))
        if observed != min(size, total):
            raise examination.broken(
                [answer], paged.items, f"{min(size, total)} items", f"{observed} items", source=paged.source
            )

    largest = min(paged.maximum_size or total, total)
    for size in (largest, 1):
        examine(size)
    examination.run.explore(st.integers(1, largest), examine, 0.4)


def _end(examination: Examination, paged: NumberedPages) -> None:
    size = 50 if paged.size else None
    first = examination.must(paged.operation, paged.arguments(1, size))
    beyond = examination.must(paged.operation, paged.arguments(100_000, size))
    if first.every(paged.items) and beyond.every(paged.items):
        raise examination.broken([first, beyond], paged.items, "no items past the end", "items", source=paged.source)


def _default(examination: Examination, paged: NumberedPages) -> None:
    plain = examination.must(paged.operation, paged.arguments())
    if paged.size:
        asked = examination.must(paged.operation, paged.arguments(1, paged.default_size))
        expected = paged.keys(asked)
        if paged.keys(plain) != expected:
            text = f"page 1 of {paged.default_size} items, {len(expected)} here"
            raise examination.broken(
                [asked, plain], paged.items, text, f"{len(paged.keys(plain))} items", source=paged.source
            )
        return
    _fixed_default(examination, paged, plain)


def _fixed_default(examination: Examination, paged: NumberedPages, plain: Answer) -> None:
    first = examination.must(paged.operation, paged.arguments(1))
    if paged.keys(first) != paged.keys(plain):
        raise examination.broken(
            [first, plain], paged.items, "page 1 when no page is asked", "another page", source=paged.source
        )
    pages = first.at(paged.pages or "-")
    length = len(paged.keys(first))
    full = isinstance(pages, int) and pages > 1
    if (full and length != paged.default_size) or length > (paged.default_size or length):
        raise examination.broken(
            [first], paged.items, f"{paged.default_size} items a page", f"{length} items", source=paged.source
        )


def _maximum(examination: Examination, paged: NumberedPages) -> None:
    largest = paged.maximum_size or 0
    over = examination.client.ask(paged.operation, paged.arguments(1, largest + 1))
    if over.outcome != (paged.over_maximum or "ok"):
        expected = f"{paged.over_maximum or 'success'} above {largest} items"
        raise examination.broken([over], "", expected, over.recognition.detail or over.outcome, source=paged.source)
    examination.must(paged.operation, paged.arguments(1, largest))


def _repetition(examination: Examination, paged: NumberedPages) -> None:
    asked = paged.arguments(1, 20 if paged.size else None)
    first, *others = (examination.must(paged.operation, asked) for _ in range(_TIMES))
    for other in others:
        if paged.keys(first) != paged.keys(other):
            raise examination.broken(
                [first, other], paged.items, "the same page each time", "another page", source=paged.source
            )


def _declared(contract: Contract) -> tuple[NumberedPages, ...]:
    return contract.declared(NumberedPages)


def _that(has: Callable[[NumberedPages], object]) -> Callable[[Contract], tuple[NumberedPages, ...]]:
    return lambda contract: tuple(paged for paged in _declared(contract) if has(paged))


CHECKS = (
    Check(
        "paging.concatenation",
        "paging",
        "Pages joined must be the whole, or a client misses or doubles items.",
        _declared,
        _concatenation,
    ),
    Check(
        "paging.count",
        "paging",
        "A client that reads as many pages as it is told must see everything.",
        _that(lambda paged: paged.pages),
        _page_count,
    ),
    Check(
        "paging.size",
        "paging",
        "A page must have as many items as were asked for.",
        _that(lambda paged: paged.size),
        _size,
    ),
    Check("paging.end", "paging", "Past the last page there is nothing.", _declared, _end),
    Check(
        "paging.default",
        "paging",
        "Clients rely on the documented default.",
        _that(lambda paged: paged.default_size),
        _default,
    ),
    Check(
        "paging.maximum",
        "paging",
        "The largest page must work, and above it the documented refusal.",
        _that(lambda paged: paged.size and paged.maximum_size),
        _maximum,
    ),
    Check("paging.repetition", "paging", "The same page asked twice is the same page.", _declared, _repetition),
)
