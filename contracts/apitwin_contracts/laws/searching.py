"""Laws of a filter language and of sorting: every operator, soundness, completeness, complement, null, order."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graphql import GraphQLInputObjectType, GraphQLSchema
from hypothesis import strategies as st

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Contract
from apitwin_contracts.paths import at
from apitwin_fixtures import ASSUMED, Source

from .offsets import OffsetPages, known_items, outline, settled
from .predicates import Language, Where, operators_of
from .selections import ask_for, must_for
from .telling import Clause, joined_clauses, leaves, telling_clauses, window

__all__ = ["CHECKS", "Searchable", "Sorted"]

_CLAUSES = {"quick": 1, "ci": 2}
_TAKES_NULL = ("eq", "neq")


@dataclass(frozen=True)
class Searchable:
    """A paged operation with a `where`; `refused_null` is the code for null where an operator takes none, `neutral` are filters that ask nothing."""

    paged: OffsetPages
    schema: GraphQLSchema
    where_type: str
    where: str = "where"
    any_case: bool = True
    depth: int = 4
    refused_null: str | None = None
    neutral: tuple[Where | None, ...] = (None, {})
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

    def within(self, items: Sequence[Any], where: Where) -> Where:
        """Give a predicate that finds among these items only."""
        return {"and": [{self.paged.key: {"in": [at(item, self.paged.key) for item in items]}}, where]}

    def fitting(self, items: Sequence[Any], where: Where) -> list[Any]:
        """Give the keys of the items that satisfy a predicate."""
        return [at(item, self.paged.key) for item in items if self.language.fits(self.kind, where, item)]


def _first(examination: Examination, declared: Searchable, where: Where | None) -> Answer:
    return outline(examination, declared.paged, 0, declared.paged.maximum_take, **{declared.where: where})


def _is_whole(examination: Examination, items: Sequence[Any]) -> bool:
    return len(items) < examination.run.profile.items


def _hold(examination: Examination, declared: Searchable, answer: Answer, fitting: list[Any], clause: Clause) -> None:
    """Hold an answer against the keys that must be found, in the order of the list."""
    paged, place = declared.paged, f"{declared.where}.{clause.place}" if clause.place else declared.where
    found, expected = paged.keys(answer), fitting[: paged.maximum_take]
    strange, missing = [key for key in found if key not in fitting], [key for key in expected if key not in found]
    if strange or missing:
        observed = f"{strange[:5]} too" if strange else f"missing {missing[:5]}"
        text = f"all items that satisfy {clause.where}, and no other"
        raise examination.broken([answer], place, text, observed, source=declared.source)
    if answer.at(paged.total) != len(fitting):
        text = f"{len(fitting)} items in all that satisfy {clause.where}"
        raise examination.broken([answer], paged.total, text, answer.at(paged.total), source=declared.source)
    more = len(fitting) > paged.maximum_take
    if answer.at(paged.more) is not more:
        text = f"{more} for {clause.where}"
        raise examination.broken([answer], paged.more, text, answer.at(paged.more), source=declared.source)


def _operators(examination: Examination, declared: Searchable) -> None:
    settled(examination, declared.paged, lambda: _operators_hold(examination, declared))


def _operators_hold(examination: Examination, declared: Searchable) -> None:
    items = window(known_items(examination, declared.paged), declared.paged.maximum_take)
    _window_holds(examination, declared, items)
    most = _CLAUSES.get(examination.run.profile.name, 4)
    clauses = list(telling_clauses(declared.language, declared.kind, items, most))
    joined = joined_clauses(declared.language, declared.kind, items, clauses)
    for clause in (*clauses, *joined):
        answer = _first(examination, declared, declared.within(items, clause.where))
        _hold(examination, declared, answer, declared.fitting(items, clause.where), clause)


def _window_holds(examination: Examination, declared: Searchable, items: Sequence[Any]) -> None:
    """Some items are found by their keys, and the cut of two such sets by both: all that follows asks within such a set."""
    key, half = declared.paged.key, len(items) // 2
    whole = {key: {"in": [at(item, key) for item in items]}}
    _hold(
        examination,
        declared,
        _first(examination, declared, whole),
        declared.fitting(items, whole),
        Clause(f"{key}.in", whole),
    )
    cut = declared.within(items[: half + 1], {key: {"in": [at(item, key) for item in items[half:]]}})
    _hold(examination, declared, _first(examination, declared, cut), declared.fitting(items, cut), Clause("and", cut))


def _predicate(examination: Examination, declared: Searchable) -> None:
    settled(examination, declared.paged, lambda: _predicate_holds(examination, declared))


def _predicate_holds(examination: Examination, declared: Searchable) -> None:
    items = known_items(examination, declared.paged)
    asked = items if _is_whole(examination, items) else window(items, declared.paged.maximum_take)

    def examine(where: Where) -> None:
        sent = where if asked is items else declared.within(asked, where)
        _hold(
            examination,
            declared,
            _first(examination, declared, sent),
            declared.fitting(asked, where),
            Clause("", where),
        )

    near = window(items, declared.paged.maximum_take)
    for depth in range(1, declared.depth + 1):
        examination.run.explore(declared.language.predicates(declared.kind, near, depth + 1), examine, 0.5)


def _complement(examination: Examination, declared: Searchable) -> None:
    paged = declared.paged
    near = window(known_items(examination, paged), paged.maximum_take)

    def examine(where: Where) -> None:
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

    examination.run.explore(declared.language.predicates(declared.kind, near, 3), examine, 0.5)


def _neutral(examination: Examination, declared: Searchable) -> None:
    paged = declared.paged
    plain = must_for(examination, paged.operation, paged.arguments(0, paged.maximum_take), paged.outline)
    for where in declared.neutral:
        asked = {**paged.arguments(0, paged.maximum_take), declared.where: where}
        same = must_for(examination, paged.operation, asked, paged.outline)
        for path in paged.outline:
            if same.every(path) != plain.every(path):
                text, observed = f"the same as without {declared.where} for {where}", same.every(path)[:5]
                raise examination.broken([plain, same], path, text, observed, source=declared.source)


def _nulls(examination: Examination, declared: Searchable) -> None:
    paged = declared.paged
    for clause in _null_clauses(declared):
        arguments = {**paged.arguments(0, 5), declared.where: clause.where}
        answer = ask_for(examination.client, paged.operation, arguments, paged.outline)
        if answer.outcome != declared.refused_null:
            text, observed = f"{declared.refused_null} for {clause.where}", answer.recognition.detail or answer.outcome
            raise examination.broken(
                [answer], f"{declared.where}.{clause.place}", text, observed, source=declared.source
            )


def _null_clauses(declared: Searchable) -> Iterator[Clause]:
    """Give null for each operator of each kind of scalar once."""
    seen: set[str] = set()
    for leaf in leaves(declared.kind):
        if leaf.kind.name not in seen:
            seen.add(leaf.kind.name)
            for operator in operators_of(leaf.kind):
                if operator not in _TAKES_NULL:
                    yield Clause(".".join((*leaf.path, operator)), leaf.asked({operator: None}))


@dataclass(frozen=True)
class Sorted:
    """A paged operation with an `order` of several keys; `nulls` says at which end of an ascending order a missing value stands."""

    paged: OffsetPages
    keys: tuple[str, ...]
    order: str = "order"
    where: str = "where"
    any_case: bool = True
    nulls: str = "first"
    source: Source = ASSUMED

    @property
    def name(self) -> str:
        return self.paged.operation

    def sorted(self, items: Sequence[Any], keys: Sequence[tuple[str, str]]) -> list[Any]:
        """Give the items in an order."""
        found = list(items)
        for name, direction in reversed(keys):
            found.sort(key=lambda item, name=name: self._comparable(at(item, name)), reverse=direction == "DESC")  # type: ignore[misc] # a sort key of its own for each name
        return found

    def _comparable(self, value: Any) -> tuple[bool, Any]:
        if value is None:
            return self.nulls == "last", 0
        return self.nulls != "last", value.casefold() if self.any_case and isinstance(value, str) else value


_Keys = Sequence[tuple[str, str]]


def _order(examination: Examination, declared: Sorted) -> None:
    settled(examination, declared.paged, lambda: _order_holds(examination, declared))


def _order_holds(examination: Examination, declared: Sorted) -> None:
    items = known_items(examination, declared.paged)
    seen = window(items, declared.paged.maximum_take)

    def examine(keys: _Keys) -> None:
        _hold_order(examination, declared, seen, keys, {declared.where: _among(declared.paged, seen)})

    for keys in _telling_orders(declared, seen):
        _hold_order(examination, declared, seen, keys, {declared.where: _among(declared.paged, seen)}, starts=1)
    key = st.tuples(st.sampled_from(declared.keys), st.sampled_from(["ASC", "DESC"]))
    several = st.lists(key, min_size=1, max_size=4, unique_by=lambda pair: pair[0])
    if _is_whole(examination, items):
        examination.run.explore(several, lambda keys: _hold_order(examination, declared, items, keys, {}), 0.5)
    examination.run.explore(several, examine, 0.5)


def _among(paged: OffsetPages, items: Sequence[Any]) -> Where:
    return {paged.key: {"in": [at(item, paged.key) for item in items]}}


def _telling_orders(declared: Sorted, items: Sequence[Any]) -> Iterator[_Keys]:
    """Give each key alone in both directions, and as the second after the first key that leaves it most to decide."""
    for name in declared.keys:
        yield from ([(name, "ASC")], [(name, "DESC")])
        others = [other for other in declared.keys if other != name]
        first = max(others, key=lambda other: _decided(items, other, name), default=None)
        if first:
            yield from ([(first, "ASC"), (name, "DESC")], [(first, "DESC"), (name, "ASC")])


def _decided(items: Sequence[Any], first: str, second: str) -> int:
    """Count the values of the second key among items that the first finds equal."""
    values: dict[str, set[str]] = {}
    for item in items:
        values.setdefault(repr(at(item, first)), set()).add(repr(at(item, second)))
    return sum(len(group) - 1 for group in values.values())


def _hold_order(
    examination: Examination,
    declared: Sorted,
    items: Sequence[Any],
    keys: _Keys,
    more: Mapping[str, Any],
    starts: int = 2,
) -> None:
    paged = declared.paged
    order = [_nested(name, direction) for name, direction in keys]
    names = [name for name, _ in keys]
    expected = [[at(item, name) for name in names] for item in declared.sorted(items, keys)]
    for start in (0, max(0, len(items) - paged.maximum_take // 2))[:starts]:
        arguments = {**more, paged.skip: start, paged.take: paged.maximum_take, declared.order: order}
        answer = must_for(examination, paged.operation, arguments, (f"{paged.items}.{name}" for name in names))
        found = [[at(item, name) for name in names] for item in answer.every(paged.items)]
        for place, (wanted, observed) in enumerate(zip(expected[start:], found, strict=False)):
            for name, right, wrong in zip(names, wanted, observed, strict=True):
                if _differ(right, wrong, any_case=declared.any_case):
                    text, shown = f"{right!r} at place {start + place} of items ordered by {order}", repr(wrong)
                    path = f"{paged.items}.{name}"
                    raise examination.broken([answer], path, text, shown, source=declared.source)


def _differ(one: Any, other: Any, *, any_case: bool) -> bool:
    if any_case and isinstance(one, str) and isinstance(other, str):
        return one.casefold() != other.casefold()
    return bool(one != other)


def _nested(path: str, direction: str) -> dict[str, Any]:
    head, _, rest = path.partition(".")
    return {head: _nested(rest, direction) if rest else direction}


def _of(kind: type[Any]) -> Callable[[Contract], tuple[Any, ...]]:
    return lambda contract: contract.declared(kind)


def _refusing_null(contract: Contract) -> tuple[Searchable, ...]:
    return tuple(declared for declared in contract.declared(Searchable) if declared.refused_null)


CHECKS = (
    Check(
        "where.operators",
        "paging",
        "Each operator of each field finds what its name says, alone and joined with others.",
        _of(Searchable),
        _operators,
    ),
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
    Check("where.neutral", "paging", "A filter that asks nothing takes nothing away.", _of(Searchable), _neutral),
    Check("where.null", "error", "Null is refused by an operator that takes none.", _refusing_null, _nulls),
    Check("order.keys", "paging", "Items stand in the order that was asked for.", _of(Sorted), _order),
)
