"""Laws of a filter language and of sorting: soundness, completeness, complement, order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any

from graphql import GraphQLInputObjectType, GraphQLSchema
from hypothesis import strategies as st

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Contract
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.paths import at
from apitwin_fixtures import ASSUMED, Source

from .offsets import OffsetPages, slices
from .predicates import Language

__all__ = ["CHECKS", "Searchable", "Sorted"]


@dataclass(frozen=True)
class Searchable:
    """A paged operation with a `where`; `excluded` names fields that the filter's items do not show."""

    paged: OffsetPages
    schema: GraphQLSchema
    where_type: str
    where: str = "where"
    any_case: bool = True
    depth: int = 4
    source: Source = ASSUMED

    @property
    def name(self) -> str:
        return self.paged.operation

    @cached_property
    def language(self) -> Language:
        """The filter language."""
        return Language(self.schema, any_case=self.any_case)

    @cached_property
    def kind(self) -> GraphQLInputObjectType:
        """The type of `where`."""
        return self.language.kind(self.where_type)


@dataclass(frozen=True)
class Sorted:
    """A paged operation with an `order` of several keys; texts are compared without regard to case when `any_case` says so."""

    paged: OffsetPages
    keys: tuple[str, ...]
    order: str = "order"
    any_case: bool = True
    source: Source = ASSUMED

    @property
    def name(self) -> str:
        return self.paged.operation


def _items(examination: Examination, paged: OffsetPages) -> list[Any]:
    found: list[Any] = examination.run.remember(("slices", paged.operation), lambda: slices(examination, paged))
    if not found:
        raise NothingToExamine(f"{paged.operation} answers no items")
    return found


def _first(examination: Examination, declared: Searchable, where: Any) -> Answer:
    return examination.must(
        declared.paged.operation, declared.paged.arguments(0, declared.paged.maximum_take, **{declared.where: where})
    )


def _predicate(examination: Examination, declared: Searchable) -> None:
    items, paged = _items(examination, declared.paged), declared.paged

    def examine(where: Any) -> None:
        answer = _first(examination, declared, where)
        for item in answer.every(paged.items):
            if not declared.language.fits(declared.kind, where, item):
                key = at(item, paged.key)
                raise examination.broken(
                    [answer], paged.items, f"only items that satisfy {where}", f"{key} too", source=declared.source
                )
        fitting = [at(item, paged.key) for item in items if declared.language.fits(declared.kind, where, item)]
        whole = len(items) < examination.run.profile.items
        missing = set(map(str, fitting)).difference(str(key) for key in paged.keys(answer))
        if whole and missing and len(paged.keys(answer)) < paged.maximum_take:
            text = f"all items that satisfy {where}"
            raise examination.broken(
                [answer], paged.items, text, f"missing {sorted(missing)[:5]}", source=declared.source
            )
        if whole and answer.at(paged.total) != len(fitting) and len(fitting) <= len(items):
            raise examination.broken(
                [answer], paged.total, f"{len(fitting)} for {where}", answer.at(paged.total), source=declared.source
            )

    for depth in range(1, declared.depth + 1):
        examination.run.explore(declared.language.predicates(declared.kind, items, depth + 1), examine, 0.5)


def _complement(examination: Examination, declared: Searchable) -> None:
    items, paged = _items(examination, declared.paged), declared.paged

    def examine(where: Any) -> None:
        opposite = declared.language.negation(declared.kind, where)
        asked = [_first(examination, declared, part) for part in (where, opposite, None)]
        counts = [answer.at(paged.total) for answer in asked]
        if counts[0] + counts[1] != counts[2]:
            text = f"{where} and its opposite {opposite} to add up to {counts[2]}"
            raise examination.broken(asked, paged.total, text, f"{counts[0]} + {counts[1]}", source=declared.source)
        shared = set(map(str, paged.keys(asked[0]))).intersection(map(str, paged.keys(asked[1])))
        if shared:
            text = f"{where} and its opposite {opposite} to share nothing"
            raise examination.broken(asked[:2], paged.items, text, sorted(shared)[:5], source=declared.source)

    examination.run.explore(declared.language.predicates(declared.kind, items, 3), examine)


def _order(examination: Examination, declared: Sorted) -> None:
    paged = declared.paged
    _items(examination, paged)
    key = st.tuples(st.sampled_from(declared.keys), st.sampled_from(["ASC", "DESC"]))
    keys = st.lists(key, min_size=1, max_size=3, unique_by=lambda pair: pair[0])

    def examine(drawn: list[tuple[str, str]]) -> None:
        order = [_nested(name, direction) for name, direction in drawn]
        answer = examination.must(paged.operation, {paged.take: paged.maximum_take, declared.order: order})
        found = answer.every(paged.items)
        for before, after in pairwise(found):
            wrong = _misplaced(drawn, before, after, any_case=declared.any_case)
            if wrong:
                pair = f"{at(before, wrong)!r} before {at(after, wrong)!r}"
                place = f"{paged.items}.{wrong}"
                raise examination.broken([answer], place, f"items ordered by {order}", pair, source=declared.source)

    examination.run.explore(keys, examine)


def _nested(path: str, direction: str) -> dict[str, Any]:
    head, _, rest = path.partition(".")
    return {head: _nested(rest, direction) if rest else direction}


def _misplaced(keys: list[tuple[str, str]], before: Any, after: Any, *, any_case: bool) -> str | None:
    """Name the key by which two neighbours stand the wrong way round; a null may stand at either end."""
    for name, direction in keys:
        first, second = (_comparable(at(item, name), any_case=any_case) for item in (before, after))
        if first is None or second is None:
            return None
        if first != second:
            return None if (first < second) == (direction == "ASC") else name
    return None


def _comparable(value: Any, *, any_case: bool) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return Decimal(str(value))
    try:
        return datetime.fromisoformat(value).isoformat()
    except ValueError:
        return value.casefold() if any_case else value


def _of(kind: type[Any]) -> Callable[[Contract], tuple[Any, ...]]:
    return lambda contract: contract.declared(kind)


CHECKS = (
    Check(
        "where.predicate",
        "paging",
        "A predicate finds all items that satisfy it, and no other.",
        _of(Searchable),
        _predicate,
    ),
    Check(
        "where.complement",
        "paging",
        "A predicate and its opposite share nothing and make the whole.",
        _of(Searchable),
        _complement,
    ),
    Check("order.keys", "paging", "Items stand in the order that was asked for.", _of(Sorted), _order),
)
