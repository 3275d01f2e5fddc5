"""Laws of pages cut by an offset: the walk from end to end, concatenation, page information, default, maximum, edges, repetition."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Contract
from apitwin_contracts.errors import NothingToExamine, Violation
from apitwin_contracts.paths import at, difference
from apitwin_fixtures import ASSUMED, Source

from .selections import ask_for, must_for

__all__ = ["CHECKS", "OffsetPages", "known_items", "outline", "settled", "slices"]

_STEP = 7
_PATIENCE = 4
_NEAR = 40
_LARGEST_INT = 2**31 - 1


@dataclass(frozen=True)
class OffsetPages:
    """An operation cut by `skip` and `take`; `ordered` are the arguments under which its order is total.

    `lenient` promises that a skip below zero is zero, and that a take below one is an empty page.
    """

    operation: str
    items: str
    key: str
    skip: str = "skip"
    take: str = "take"
    default_take: int = 10
    maximum_take: int = 50
    over_maximum: str = "HC0051"
    total: str = "totalCount"
    more: str = "pageInfo.hasNextPage"
    earlier: str = "pageInfo.hasPreviousPage"
    ordered: Arguments = field(default_factory=dict)
    lenient: bool = False
    source: Source = ASSUMED

    @property
    def name(self) -> str:
        return self.operation

    @property
    def outline(self) -> tuple[str, ...]:
        """The paths that tell a slice: its items' keys, the total and what lies on either side."""
        return f"{self.items}.{self.key}", self.total, self.more, self.earlier

    def arguments(self, skip: int | None = None, take: int | None = None, **more: Any) -> Arguments:
        """Make the arguments that ask for a slice."""
        asked = {**self.ordered, **more, self.skip: skip, self.take: take}
        return {name: value for name, value in asked.items() if value is not None}

    def keys(self, answer: Answer) -> list[Any]:
        """Give the keys of the items of a slice."""
        return [at(item, self.key) for item in answer.every(self.items)]


def slices(examination: Examination, paged: OffsetPages, **filters: Any) -> list[Any]:
    """Read all items in slices of the largest size, or as many as the profile allows; each slice must fit between its neighbours."""
    answers: list[Answer] = []
    count = 0
    while True:
        answers.append(examination.must(paged.operation, paged.arguments(count, paged.maximum_take, **filters)))
        size = len(answers[-1].every(paged.items))
        count += size
        if size < paged.maximum_take or count >= examination.run.profile.items:
            return [item for answer in answers for item in answer.every(paged.items)]


def known_items(examination: Examination, paged: OffsetPages) -> list[Any]:
    """Give what `slices` reads, read once; raises `NothingToExamine` when there are no items."""
    found: list[Any] = examination.run.view(("slices", paged.operation), lambda: slices(examination, paged))
    if not found:
        raise NothingToExamine(f"{paged.operation} answers no items")
    return found


def outline(examination: Examination, paged: OffsetPages, start: int, size: int, **more: Any) -> Answer:
    """Ask for a slice's outline."""
    return must_for(examination, paged.operation, paged.arguments(start, size, **more), paged.outline)


def settled(examination: Examination, paged: OffsetPages, work: Callable[[], None]) -> None:
    """Let a law look again at a list that it found wrong, as long as the list moves: an order that came meanwhile is no broken promise."""
    for _ in range(_PATIENCE):
        try:
            work()
        except Violation:
            before = examination.run.forget(("slices", paged.operation))
            if before is not None and before == known_items(examination, paged):
                raise
        else:
            return
    work()


def _walk(examination: Examination, paged: OffsetPages) -> None:
    """Walk from end to end twice, in the largest slices and, at both ends, in small ones."""
    settled(examination, paged, lambda: _walked(examination, paged))


def _walked(examination: Examination, paged: OffsetPages) -> None:
    total = len(known_items(examination, paged))
    starts = range(0, total + 1, paged.maximum_take)
    _hold_walk(examination, paged, [outline(examination, paged, place, paged.maximum_take) for place in starts])
    small = sorted(
        {*range(0, min(total, _NEAR), _STEP), *range(max(0, (total - _NEAR) // _STEP * _STEP), total + 1, _STEP)}
    )
    _hold_walk(examination, paged, [outline(examination, paged, place, _STEP) for place in small])


def _same_values(examination: Examination, paged: OffsetPages) -> None:
    """An item is the same on whatever slice it comes, at its beginning or in its middle."""
    settled(examination, paged, lambda: _values_stay(examination, paged))


def _values_stay(examination: Examination, paged: OffsetPages) -> None:
    known, half = known_items(examination, paged), paged.maximum_take // 2
    for start in sorted({half, max(0, len(known) // 2 - half), max(0, len(known) - half - 1)}):
        answer = examination.must(paged.operation, paged.arguments(start, paged.maximum_take))
        for item, other in zip(known[start:], answer.every(paged.items), strict=False):
            if item != other:
                where, expected, observed = difference(item, other)
                path, text = f"{paged.items}{where}", f"{expected!r}, as on another slice"
                raise examination.broken([answer], path, text, repr(observed), source=paged.source)


def _hold_walk(examination: Examination, paged: OffsetPages, walked: list[Answer]) -> None:
    seen: dict[Any, Answer] = {}
    for answer in walked:
        for key in paged.keys(answer):
            if key is None or key in seen:
                text, observed = "every item once", f"{key} twice" if key in seen else "an item without a key"
                raise examination.broken(
                    [*_seen_at(seen, key), answer], paged.items, text, observed, source=paged.source
                )
            seen[key] = answer
        _hold_information(examination, paged, answer)
    for before, after in pairwise(walked):
        if before.at(paged.total) != after.at(paged.total):
            raise examination.broken(
                [before, after], paged.total, before.at(paged.total), after.at(paged.total), source=paged.source
            )


def _seen_at(seen: dict[Any, Answer], key: Any) -> Iterable[Answer]:
    return [seen[key]] if key in seen else []


def _hold_information(examination: Examination, paged: OffsetPages, answer: Answer) -> None:
    start, size = answer.arguments[paged.skip], answer.arguments[paged.take]
    total = answer.at(paged.total)
    if not isinstance(total, int):
        raise examination.broken([answer], paged.total, "the number of all items", total, source=paged.source)
    count = len(answer.every(paged.items))
    for path, wanted, observed in (
        (paged.items, f"{max(0, min(size, total - start))} items", f"{count} items"),
        (paged.more, start + size < total, answer.at(paged.more)),
        (paged.earlier, start > 0, answer.at(paged.earlier)),
    ):
        if observed != wanted:
            raise examination.broken([answer], path, wanted, observed, source=paged.source)


def _concatenation(examination: Examination, paged: OffsetPages) -> None:
    total = len(known_items(examination, paged))

    def examine(drawn: tuple[int, int]) -> None:
        start, size = drawn
        first = outline(examination, paged, start, size)
        second = outline(examination, paged, start + size, size)
        both = outline(examination, paged, start, 2 * size)
        joined, expected = paged.keys(first) + paged.keys(second), paged.keys(both)
        if joined != expected:
            text = f"items {start} to {start + 2 * size}: {expected}"
            raise examination.broken([both, first, second], paged.items, text, joined, source=paged.source)
        for answer in (first, second, both):
            _hold_information(examination, paged, answer)

    most = paged.maximum_take // 2
    near_end = st.tuples(st.integers(max(0, total - paged.maximum_take), total + 2), st.integers(1, most))
    examination.run.explore(st.tuples(st.integers(0, total), st.integers(1, most)) | near_end, examine)


def _total(examination: Examination, paged: OffsetPages) -> None:
    total = len(known_items(examination, paged))
    if total >= examination.run.profile.items:
        raise NothingToExamine(f"more than {total} items: not counted in this profile")
    for start, size in ((0, 1), (total, 1), (total + 5, paged.maximum_take)):
        answer = outline(examination, paged, start, size)
        observed = answer.at(paged.total)
        # A list that grows while it is read may have gained items, and never lost any.
        if not isinstance(observed, int) or observed < total:
            raise examination.broken([answer], paged.total, f"{total} items in all", observed, source=paged.source)


def _default(examination: Examination, paged: OffsetPages) -> None:
    asked = outline(examination, paged, 0, paged.default_take)
    for plain in ({}, {paged.take: None}, {paged.skip: None}, {paged.skip: 0}, {paged.take: paged.default_take}):
        same = must_for(examination, paged.operation, {**paged.ordered, **plain}, paged.outline)
        if paged.keys(same) != paged.keys(asked):
            expected = f"the first {paged.default_take} items"
            observed = f"{len(paged.keys(same))} items"
            raise examination.broken([asked, same], paged.items, expected, observed, source=paged.source)
        _hold_same(examination, paged, asked, same)


def _hold_same(examination: Examination, paged: OffsetPages, one: Answer, other: Answer) -> None:
    for path in paged.outline[1:]:
        if one.at(path) != other.at(path):
            raise examination.broken([one, other], path, one.at(path), other.at(path), source=paged.source)


def _maximum(examination: Examination, paged: OffsetPages) -> None:
    for size in (paged.maximum_take + 1, 2 * paged.maximum_take, 20 * paged.maximum_take, _LARGEST_INT):
        # The total alone: a server may refuse so many items for what they cost, before it looks at their number.
        over = ask_for(examination.client, paged.operation, paged.arguments(0, size), (paged.total,))
        if over.outcome != paged.over_maximum:
            expected = f"{paged.over_maximum} above {paged.maximum_take} items"
            raise examination.broken([over], "", expected, over.recognition.detail or over.outcome, source=paged.source)
    examination.must(paged.operation, paged.arguments(0, paged.maximum_take))


def _edges(examination: Examination, paged: OffsetPages) -> None:
    first = outline(examination, paged, 0, 5)
    before = outline(examination, paged, -3, 5)
    if paged.keys(before) != paged.keys(first) or before.at(paged.earlier) is not False:
        raise examination.broken(
            [first, before], paged.items, paged.keys(first), paged.keys(before), source=paged.source
        )
    for take in (0, -1):
        empty = outline(examination, paged, 0, take)
        if paged.keys(empty) or empty.at(paged.total) != first.at(paged.total):
            raise examination.broken([empty], paged.items, "an empty page", paged.keys(empty), source=paged.source)


def _repetition(examination: Examination, paged: OffsetPages) -> None:
    asked = paged.arguments(0, paged.maximum_take)
    first, second = examination.must(paged.operation, asked), examination.must(paged.operation, asked)
    if paged.keys(first) != paged.keys(second):
        raise examination.broken(
            [first, second], paged.items, "the same slice twice", "another slice", source=paged.source
        )


def _declared(contract: Contract) -> tuple[OffsetPages, ...]:
    return contract.declared(OffsetPages)


def _lenient(contract: Contract) -> Iterator[OffsetPages]:
    return (paged for paged in _declared(contract) if paged.lenient)


CHECKS = (
    Check(
        "offset.walk",
        "paging",
        "From end to end every item comes once, and each slice says what is left.",
        _declared,
        _walk,
    ),
    Check("offset.concatenation", "paging", "Slices joined must be the whole.", _declared, _concatenation),
    Check("offset.values", "paging", "An item is the same on whatever slice it comes.", _declared, _same_values),
    Check("offset.total", "paging", "The total counts all items, whatever slice is asked.", _declared, _total),
    Check("offset.default", "paging", "Clients rely on the default size.", _declared, _default),
    Check(
        "offset.maximum", "paging", "The largest slice must work, and above it the known refusal.", _declared, _maximum
    ),
    Check("offset.edges", "paging", "A slice outside the list is empty, and no error.", _lenient, _edges),
    Check("offset.repetition", "paging", "The same slice asked twice is the same slice.", _declared, _repetition),
)
