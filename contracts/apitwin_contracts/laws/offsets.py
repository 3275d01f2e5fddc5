"""Laws of pages cut by an offset: concatenation, total count, page information, default, maximum, end."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Contract
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.paths import at
from apitwin_fixtures import ASSUMED, Source

__all__ = ["CHECKS", "OffsetPages", "slices"]


@dataclass(frozen=True)
class OffsetPages:
    """An operation cut by `skip` and `take`; `ordered` are the arguments under which its order is total."""

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
    source: Source = ASSUMED

    @property
    def name(self) -> str:
        return self.operation

    def arguments(self, skip: int | None = None, take: int | None = None, **more: Any) -> Arguments:
        """Make the arguments that ask for a slice."""
        asked = {**self.ordered, **more, self.skip: skip, self.take: take}
        return {name: value for name, value in asked.items() if value is not None}

    def keys(self, answer: Answer) -> list[Any]:
        """Give the keys of the items of a slice."""
        return [at(item, self.key) for item in answer.every(self.items)]


def slices(examination: Examination, paged: OffsetPages, **filters: Any) -> list[Any]:
    """Read all items in slices of the largest size, or as many as the profile allows."""
    found: list[Any] = []
    while True:
        answer = examination.must(paged.operation, paged.arguments(len(found), paged.maximum_take, **filters))
        items = answer.every(paged.items)
        found += items
        if len(items) < paged.maximum_take or len(found) >= examination.run.profile.items:
            return found


def _known(examination: Examination, paged: OffsetPages) -> list[Any]:
    found: list[Any] = examination.run.remember(("slices", paged.operation), lambda: slices(examination, paged))
    if not found:
        raise NothingToExamine(f"{paged.operation} answers no items")
    return found


def _concatenation(examination: Examination, paged: OffsetPages) -> None:
    total = len(_known(examination, paged))

    def examine(drawn: tuple[int, int]) -> None:
        start, size = drawn
        first = examination.must(paged.operation, paged.arguments(start, size))
        second = examination.must(paged.operation, paged.arguments(start + size, size))
        both = examination.must(paged.operation, paged.arguments(start, 2 * size))
        joined, expected = paged.keys(first) + paged.keys(second), paged.keys(both)
        if joined != expected:
            text = f"items {start} to {start + 2 * size}: {expected}"
            raise examination.broken([both, first, second], paged.items, text, joined, source=paged.source)

    most = paged.maximum_take // 2
    examination.run.explore(st.tuples(st.integers(0, total), st.integers(1, most)), examine, 0.5)


def _total(examination: Examination, paged: OffsetPages) -> None:
    total = len(_known(examination, paged))
    if total >= examination.run.profile.items:
        raise NothingToExamine(f"more than {total} items: not counted in this profile")

    def examine(drawn: tuple[int, int]) -> None:
        start, size = drawn
        answer = examination.must(paged.operation, paged.arguments(start, size))
        observed = answer.at(paged.total)
        # A list that grows while it is read may have gained items, and never lost any.
        if not isinstance(observed, int) or observed < total:
            raise examination.broken([answer], paged.total, f"{total} items in all", observed, source=paged.source)

    examination.run.explore(st.tuples(st.integers(0, total + 5), st.integers(1, paged.maximum_take)), examine, 0.4)


def _information(examination: Examination, paged: OffsetPages) -> None:
    total = len(_known(examination, paged))

    def examine(drawn: tuple[int, int]) -> None:
        start, size = drawn
        answer = examination.must(paged.operation, paged.arguments(start, size))
        expected = {paged.more: start + size < (answer.at(paged.total) or total), paged.earlier: start > 0}
        for path, wanted in expected.items():
            if answer.at(path) != wanted:
                raise examination.broken([answer], path, wanted, answer.at(path), source=paged.source)
        count = len(answer.every(paged.items))
        wanted_count = max(0, min(size, (answer.at(paged.total) or total) - start))
        if count != wanted_count:
            raise examination.broken(
                [answer], paged.items, f"{wanted_count} items", f"{count} items", source=paged.source
            )

    near_end = st.tuples(st.integers(max(0, total - paged.maximum_take), total + 2), st.integers(1, paged.maximum_take))
    anywhere = st.tuples(st.integers(0, total), st.integers(1, paged.maximum_take))
    examination.run.explore(near_end | anywhere, examine)


def _default(examination: Examination, paged: OffsetPages) -> None:
    plain = examination.must(paged.operation, paged.arguments())
    asked = examination.must(paged.operation, paged.arguments(0, paged.default_take))
    if paged.keys(plain) != paged.keys(asked):
        expected = f"the first {paged.default_take} items"
        raise examination.broken(
            [asked, plain], paged.items, expected, f"{len(paged.keys(plain))} items", source=paged.source
        )


def _maximum(examination: Examination, paged: OffsetPages) -> None:
    over = examination.client.ask(paged.operation, paged.arguments(0, paged.maximum_take + 1))
    if over.outcome != paged.over_maximum:
        expected = f"{paged.over_maximum} above {paged.maximum_take} items"
        raise examination.broken([over], "", expected, over.recognition.detail or over.outcome, source=paged.source)
    examination.must(paged.operation, paged.arguments(0, paged.maximum_take))


def _repetition(examination: Examination, paged: OffsetPages) -> None:
    asked = paged.arguments(0, paged.maximum_take)
    first, second = examination.must(paged.operation, asked), examination.must(paged.operation, asked)
    if paged.keys(first) != paged.keys(second):
        raise examination.broken(
            [first, second], paged.items, "the same slice twice", "another slice", source=paged.source
        )


def _declared(contract: Contract) -> tuple[OffsetPages, ...]:
    return contract.declared(OffsetPages)


CHECKS = (
    Check("offset.concatenation", "paging", "Slices joined must be the whole.", _declared, _concatenation),
    Check("offset.total", "paging", "The total counts all items, whatever slice is asked.", _declared, _total),
    Check(
        "offset.information",
        "paging",
        "A client reads on as long as it is told that there is more.",
        _declared,
        _information,
    ),
    Check("offset.default", "paging", "Clients rely on the default size.", _declared, _default),
    Check(
        "offset.maximum", "paging", "The largest slice must work, and above it the known refusal.", _declared, _maximum
    ),
    Check("offset.repetition", "paging", "The same slice asked twice is the same slice.", _declared, _repetition),
)
