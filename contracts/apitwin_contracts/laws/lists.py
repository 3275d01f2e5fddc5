"""Laws of lists in any form: cut by page or offset, narrowed by an argument of any type, ordered by a field, shown in detail one by one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from hypothesis import strategies as st

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Contract
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.paths import at
from apitwin_contracts.run import Run
from apitwin_fixtures import ASSUMED, Source

__all__ = ["CHECKS", "Cut", "Detailed", "Listing", "Narrowed", "Ordered", "placed"]

_MOST_PAGES, _FAR = 8, 100_000
_SIZES = (1, 2, 3, 5)


@dataclass(frozen=True)
class Listing:
    """An operation that lists things; `asked` gives the arguments without which it cannot be asked, `moving` what may differ between two sights."""

    operation: str
    items: str
    key: str
    asked: Callable[[Run], Arguments] = field(default=lambda _run: {})
    moving: tuple[str, ...] = ()
    source: Source = ASSUMED

    def keys(self, answer: Answer) -> list[Any]:
        """Give the keys of the things in an answer."""
        return [at(item, self.key) for item in answer.every(self.items)]


@dataclass(frozen=True)
class Cut:
    """A list that is cut: `at` names the argument for the page or the offset, `size` the one for how many; pages count from `first`."""

    listing: Listing
    at: str
    size: str
    by: Literal["page", "offset"] = "page"
    first: int = 1
    total: str = ""

    @property
    def name(self) -> str:
        return f"{self.listing.operation}.{self.at}"

    def arguments(self, run: Run, number: int, size: int) -> Arguments:
        """Give the arguments that ask for the n-th part, counted from 0."""
        place = number * size if self.by == "offset" else self.first + number
        return placed(placed(self.listing.asked(run), self.size, size), self.at, place)


@dataclass(frozen=True)
class Narrowed:
    """An argument that keeps the things whose `field` has its value."""

    listing: Listing
    argument: str
    field: str

    @property
    def name(self) -> str:
        return f"{self.listing.operation}.{self.argument}"


@dataclass(frozen=True)
class Ordered:
    """Arguments that put a list in the order of a field, upwards or downwards."""

    listing: Listing
    field: str
    ascending: Mapping[str, Any]
    descending: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.listing.operation}.by-{self.field}"


@dataclass(frozen=True)
class Detailed:
    """Another operation that shows one thing of the list by its key, with the same values in the fields that both show."""

    listing: Listing
    operation: str
    argument: str
    item: str = ""
    asked: Callable[[Run], Arguments] = field(default=lambda _run: {})

    @property
    def name(self) -> str:
        return f"{self.listing.operation}-{self.operation}"


def placed(arguments: Mapping[str, Any], path: str, value: Any) -> Arguments:
    """Give the arguments with a value at a path such as `filter.title`."""
    head, _, rest = path.partition(".")
    inner = arguments.get(head)
    return {**arguments, head: placed(inner if isinstance(inner, Mapping) else {}, rest, value) if rest else value}


def _items(examination: Examination, listing: Listing) -> tuple[Answer, list[Any]]:
    answer = examination.must(listing.operation, listing.asked(examination.run))
    items = answer.every(listing.items)
    if not items:
        raise NothingToExamine(f"{listing.operation} lists nothing")
    return answer, items


def _pages(examination: Examination, declared: Cut) -> None:
    listing = declared.listing
    _items(examination, listing)

    def read(size: int) -> tuple[list[Any], list[Answer], bool]:
        keys: list[Any] = []
        answers: list[Answer] = []
        for number in range(_MOST_PAGES):
            answers.append(examination.must(listing.operation, declared.arguments(examination.run, number, size)))
            found = listing.keys(answers[-1])
            if len(found) > size:
                text, source = f"at most {size} items", listing.source
                raise examination.broken([answers[-1]], listing.items, text, f"{len(found)} items", source=source)
            keys += found
            if len(found) < size:
                return keys, answers, True
        return keys, answers, False

    def examine(sizes: tuple[int, int]) -> None:
        (one, first, _), (other, second, whole) = read(sizes[0]), read(sizes[1])
        _once(examination, listing, other, second)
        if one[: len(other)] != other[: len(one)] or (whole and len(one) > len(other)):
            text = f"pages of {sizes[1]} to hold, joined, what pages of {sizes[0]} hold: {one[: len(other)]}"
            answers = [*first[:3], *second[:3]]
            raise examination.broken(answers, listing.items, text, str(other[: len(one)]), source=listing.source)
        if declared.total and whole and second[0].at(declared.total) != len(other):
            observed = second[0].at(declared.total)
            raise examination.broken(second[:1], declared.total, str(len(other)), str(observed), source=listing.source)

    examination.run.explore(
        st.sampled_from([(one, two) for one in _SIZES for two in _SIZES if one < two]), examine, 0.2
    )
    beyond = examination.ask(listing.operation, **declared.arguments(examination.run, _FAR, 5))
    if beyond.ok and beyond.every(listing.items):
        raise examination.broken([beyond], listing.items, "nothing past the end", "items", source=listing.source)


def _once(examination: Examination, listing: Listing, keys: list[Any], answers: list[Answer]) -> None:
    twice = [key for place, key in enumerate(keys) if key in keys[:place]]
    if twice:
        text = "each item on one page"
        raise examination.broken(answers[:3], listing.items, text, f"{twice[0]} twice", source=listing.source)


def _narrowed(examination: Examination, declared: Narrowed) -> None:
    listing = declared.listing
    plain, items = _items(examination, listing)
    values = {repr(at(item, declared.field)): at(item, declared.field) for item in items}
    usable = [value for value in values.values() if isinstance(value, str | int | float) and value != ""]
    if not usable:
        raise NothingToExamine(f"no item has a {declared.field} to ask for")

    def examine(value: Any) -> None:
        answer = examination.must(listing.operation, placed(listing.asked(examination.run), declared.argument, value))
        for item in answer.every(listing.items):
            if at(item, declared.field) != value:
                path, observed = f"{listing.items}.{declared.field}", repr(at(item, declared.field))
                raise examination.broken([answer], path, f"only {value!r}", observed, source=listing.source)
        found = listing.keys(answer)
        wanted = [at(item, listing.key) for item in items if at(item, declared.field) == value]
        missing = [key for key in wanted if key not in found]
        # A page that is full may hold what fits on its next one.
        if missing and len(found) < len(items):
            text = f"all items whose {declared.field} is {value!r}"
            raise examination.broken(
                [plain, answer], listing.items, text, f"{missing[0]} is missing", source=listing.source
            )

    examination.run.explore(st.sampled_from(sorted(usable, key=str)), examine, 0.3)


def _ordered(examination: Examination, declared: Ordered) -> None:
    listing = declared.listing
    for arguments, downwards in ((declared.ascending, False), (declared.descending, True)):
        asked = listing.asked(examination.run)
        for path, value in arguments.items():
            asked = placed(asked, path, value)
        answer = examination.must(listing.operation, asked)
        values = [at(item, declared.field) for item in answer.every(listing.items)]
        present = [value for value in values if value is not None]
        if len({repr(value) for value in present}) < 2:  # noqa: PLR2004 - of one value every order is right
            raise NothingToExamine(f"{listing.operation} has no two values of {declared.field}")
        if present not in (sorted(present, reverse=downwards), _counted(present, downwards=downwards)):
            path, text = f"{listing.items}.{declared.field}", "downwards" if downwards else "upwards"
            raise examination.broken([answer], path, f"values {text}", str(present[:10]), source=listing.source)


def _counted(values: list[Any], *, downwards: bool) -> list[Any]:
    """Give texts in the order of the numbers that they are; a supplier may order keys such as `10` either way."""
    return sorted(values, key=int, reverse=downwards) if all(str(value).isdecimal() for value in values) else []


def _detailed(examination: Examination, declared: Detailed) -> None:
    listing = declared.listing
    listed, items = _items(examination, listing)

    def examine(item: Any) -> None:
        key = at(item, listing.key)
        asked = placed(declared.asked(examination.run), declared.argument, key)
        answer = examination.must(declared.operation, asked)
        shown = answer.at(declared.item)
        for name, value in item.items() if isinstance(item, Mapping) else ():
            found = shown.get(name, value) if isinstance(shown, Mapping) else None
            if name not in listing.moving and not isinstance(value, dict | list) and found != value:
                path = f"{declared.item}.{name}".strip(".")
                text = f"{value!r}, as in {listing.operation}"
                raise examination.broken([listed, answer], path, text, repr(found), source=listing.source)

    examination.run.explore(st.sampled_from(items), examine, 0.2)


def _of(kind: type[Any]) -> Callable[[Contract], Iterator[Any]]:
    return lambda contract: iter(contract.declared(kind))


CHECKS = (
    Check("list.pages", "paging", "Parts joined are the whole, whatever their size.", _of(Cut), _pages),
    Check("list.filter", "paging", "A filter keeps what fits, all of it and nothing else.", _of(Narrowed), _narrowed),
    Check("list.order", "paging", "A list that is put in order is in order.", _of(Ordered), _ordered),
    Check("list.detail", "state", "A thing is the same in the list and by itself.", _of(Detailed), _detailed),
)
