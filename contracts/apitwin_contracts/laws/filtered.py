"""Laws of filtered pages: the pages of what a filter finds are counted and joined like those of everything."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Contract
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.paths import at

from .cursors import CursorPages, chain
from .filters import Filter, items_of
from .paging import NumberedPages

__all__ = ["CHECKS"]

_VALUES = 3


@dataclass(frozen=True)
class _Filtered:
    """A filter of an operation that is paged."""

    filter: Filter
    paged: NumberedPages | CursorPages

    @property
    def name(self) -> str:
        return self.filter.name

    @property
    def operation(self) -> str:
        return self.filter.operation


def _popular(examination: Examination, declared: Filter) -> list[tuple[str, set[Any]]]:
    """Give the values that find most, each with the keys of what it finds; only of a whole that is known."""
    items = items_of(examination, declared)
    if len(items) >= examination.run.profile.items:
        raise NothingToExamine(f"more than {len(items)} items: not counted in this profile")
    counted = Counter(declared.fold(value) for item in items for value in set(declared.values(item)) if value)
    usable = [
        value for value, count in counted.most_common() if not (declared.separator and declared.separator in value)
    ]
    found = [
        (value, {at(item, declared.key) for item in items if declared.fits(item, [value])})
        for value in usable[:_VALUES]
    ]
    if not found:
        raise NothingToExamine(f"no item has a value that {declared.argument} could find")
    return found


def _pages(examination: Examination, subject: _Filtered) -> None:
    paged, declared = subject.paged, subject.filter
    assert isinstance(paged, NumberedPages)  # noqa: S101 - `_of` gives no other
    for value, expected in _popular(examination, declared):
        size = max(1, len(expected) // 3) if paged.size else paged.default_size or len(expected)
        asked = {declared.argument: value}
        count = -(-len(expected) // size)
        pages = [
            examination.must(paged.operation, paged.arguments(page, size, **asked)) for page in range(1, count + 1)
        ]
        for page in pages:
            if paged.pages and page.at(paged.pages) != max(1, count):
                text = f"{max(1, count)} pages of {size} for the {len(expected)} items of {declared.argument} {value!r}"
                raise examination.broken([page], paged.pages, text, page.at(paged.pages), source=declared.source)
        _joined(examination, declared, pages, expected, value)


def _chain(examination: Examination, subject: _Filtered) -> None:
    paged, declared = subject.paged, subject.filter
    assert isinstance(paged, CursorPages)  # noqa: S101 - `_of` gives no other
    for value, expected in _popular(examination, declared):
        pages = chain(examination, paged, {declared.argument: value})
        _joined(examination, declared, pages, expected, value)


def _joined(examination: Examination, declared: Filter, pages: list[Answer], expected: set[Any], value: str) -> None:
    seen: set[Any] = set()
    for page in pages:
        keys = {at(item, declared.key) for item in page.every(declared.items)}
        wrong = sorted(map(str, keys - expected)) or sorted(map(str, keys & seen))
        if wrong:
            text = f"each item of {declared.argument} {value!r} once, and no other"
            raise examination.broken([page], declared.items, text, f"{wrong[0]} too", source=declared.source)
        seen |= keys
    missing = sorted(map(str, expected - seen))
    if missing:
        text = f"the {len(expected)} items of {declared.argument} {value!r} on {len(pages)} pages"
        raise examination.broken(pages[-2:], declared.items, text, f"{missing[0]} is missing", source=declared.source)


def _of(kind: type[Any]) -> Any:
    def subjects(contract: Contract) -> Iterator[_Filtered]:
        paged = {one.operation: one for one in contract.declared(kind)}
        for declared in contract.declared(Filter):
            if declared.operation in paged:
                yield _Filtered(declared, paged[declared.operation])

    return subjects


CHECKS = (
    Check(
        "paging.filtered",
        "paging",
        "What a filter finds is paged like everything.",
        _of(NumberedPages),
        _pages,
        presupposes=("filter.single",),
    ),
    Check(
        "cursor.filtered",
        "paging",
        "A filter holds on every page.",
        _of(CursorPages),
        _chain,
        presupposes=("filter.single",),
    ),
)
