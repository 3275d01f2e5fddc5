"""The lists of a supplier's contract, read from its declarations: where the items lie, what pages them, what filters and sorts them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from apitwin_contracts.laws.cursors import CursorPages
from apitwin_contracts.laws.filters import Filter
from apitwin_contracts.laws.offsets import OffsetPages
from apitwin_contracts.laws.paging import NumberedPages
from apitwin_contracts.laws.searching import Searchable, Sorted

from .ground import Ground
from .mutator import NothingToDrift

__all__ = ["Listing", "listings"]

_NONE = "it declares no paged list"


@dataclass(frozen=True)
class Listing:
    """One paged operation: `position` and `size` are arguments, inside the argument `nest` where that is not empty; `first` is the first position.

    `totals`, `more` and `next` are paths of the payload, empty where there is none; `lenient` promises that below the first is the first.
    """

    operation: str
    items: str
    key: str
    position: str
    size: str
    first: Any
    default: int
    largest: int
    refuses_larger: bool
    totals: str = ""
    more: str = ""
    next: str = ""
    nest: str = ""
    filters: tuple[Filter, ...] = ()
    narrowing: tuple[str, ...] = ()
    sorting: tuple[str, ...] = ()
    lenient: bool = False

    @property
    def whole(self) -> str:
        """The path of the list itself."""
        return self.items.removesuffix("[]")

    def asked(self, arguments: Mapping[str, Any], name: str) -> Any:
        """Give what was asked for a position or a size, None for nothing."""
        inner = (arguments.get(self.nest) or {}) if self.nest else arguments
        return inner.get(name) if isinstance(inner, Mapping) else None

    def asking(self, arguments: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
        """Give arguments with a position or a size; None leaves it out."""
        if self.nest:
            inner = {**(arguments.get(self.nest) or {}), name: value}
            return {**arguments, self.nest: {key: one for key, one in inner.items() if one is not None}}
        return {key: one for key, one in {**arguments, name: value}.items() if one is not None}

    def is_later(self, arguments: Mapping[str, Any]) -> bool:
        """Tell whether another page than the first was asked for."""
        found = self.asked(arguments, self.position)
        return found is not None and str(found) not in (str(self.first), "")


def listings(ground: Ground) -> list[Listing]:
    """Give a supplier's paged lists; raises `NothingToDrift` when it declares none."""
    found = {listing.operation: listing for listing in _found(ground)}
    if not found:
        raise NothingToDrift(_NONE)
    return list(found.values())


def _found(ground: Ground) -> Iterator[Listing]:
    for one in _paged(ground):
        found, name = _read(one), one.operation
        yield replace(
            found,
            filters=_filters(ground, name),
            narrowing=_narrowing(ground, name),
            sorting=_sorting(ground, name),
        )


def _read(one: Any) -> Listing:
    if isinstance(one, CursorPages):
        return _by_cursor(one)
    return _by_offset(one) if isinstance(one, OffsetPages) else _by_number(one)


def _by_cursor(one: CursorPages) -> Listing:
    named = (one.operation, one.items, one.key, one.cursor)
    return Listing(*named, "", one.end, one.page_size or 0, 0, refuses_larger=False, next=one.next)


def _by_offset(one: OffsetPages) -> Listing:
    named = (one.operation, one.items, one.key, one.skip, one.take)
    sizes = (one.default_take, one.maximum_take)
    return Listing(*named, 0, *sizes, refuses_larger=True, totals=one.total, more=one.more, lenient=one.lenient)


def _by_number(one: NumberedPages) -> Listing:
    nested = isinstance(one.arguments(2, 3).get("page"), dict)
    named = (one.operation, one.items, one.key, one.page, one.size or "")
    sizes = (0 if nested else 1, one.default_size or 0, one.maximum_size or 0)
    refuses, nest = bool(one.over_maximum), "page" if nested else ""
    return Listing(*named, *sizes, refuses_larger=refuses, totals=one.pages or "", nest=nest)


def _paged(ground: Ground) -> Iterator[Any]:
    for one in ground.contract.declarations:
        if isinstance(one, (NumberedPages, OffsetPages, CursorPages)):
            yield one


def _filters(ground: Ground, operation: str) -> tuple[Filter, ...]:
    return tuple(one for one in ground.contract.declared(Filter) if one.operation == operation)


def _narrowing(ground: Ground, operation: str) -> tuple[str, ...]:
    searched = [one.where for one in ground.contract.declared(Searchable) if one.paged.operation == operation]
    return (*(one.argument for one in _filters(ground, operation)), *searched)


def _sorting(ground: Ground, operation: str) -> tuple[str, ...]:
    return tuple(one.order for one in ground.contract.declared(Sorted) if one.paged.operation == operation)
