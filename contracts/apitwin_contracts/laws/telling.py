"""Filters that tell a right server from one that reads them wrongly: every operator of every field, every quantifier, every way of joining."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from graphql import GraphQLInputObjectType

from .comparisons import comparison, misreadings, reader
from .predicates import COMBINATORS, QUANTIFIERS, Language, Where, input_of, is_list, is_scalar, operators_of

__all__ = ["Clause", "Leaf", "joined_clauses", "leaves", "telling_clauses", "window"]

_GONE = object()
_FEW = ("eq", "nin", "contains", "gt")
_MOST_VALUES, _MOST_CLAUSES = 60, 18


@dataclass(frozen=True)
class Leaf:
    """A scalar that can be asked about: the fields and quantifiers that lead to it, and its operators' input."""

    path: tuple[str, ...]
    kind: GraphQLInputObjectType
    lists: tuple[int, ...] = ()

    @property
    def quantifiers(self) -> tuple[str, ...]:
        """The quantifiers on the way; `lists` are their places, for a field may be called as one of them."""
        return tuple(self.path[place] for place in self.lists)

    def asked(self, clause: Where) -> Where:
        """Give the predicate that asks a clause of this scalar."""
        for step in reversed(self.path):
            clause = {step: clause}
        return clause


@dataclass(frozen=True)
class Clause:
    """A predicate with the place in the filter language that it examines."""

    place: str
    where: Where


def leaves(kind: GraphQLInputObjectType, path: tuple[str, ...] = (), lists: tuple[int, ...] = ()) -> Iterator[Leaf]:
    """Give every scalar below an input: lists by each quantifier, lists inside lists by `some` alone."""
    if is_scalar(kind):
        yield Leaf(path, kind, lists)
        return
    inside = is_list(kind)
    for name in kind.fields:
        if name in COMBINATORS or (inside and name == "any"):
            continue
        if not inside or not lists or (len(lists) == 1 and name == path[lists[0]] == "some"):
            yield from leaves(input_of(kind, name), (*path, name), (*lists, len(path)) if inside else lists)


def _lists(kind: GraphQLInputObjectType, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name in kind.fields:
        if name in COMBINATORS or is_scalar(kind) or is_list(kind):
            continue
        inner = input_of(kind, name)
        if is_list(inner):
            yield (*path, name)
        elif not is_scalar(inner):
            yield from _lists(inner, (*path, name))


def window(items: Sequence[Any], most: int) -> list[Any]:
    """Give so many items, the odd ones first: of each field some items with its rarest values."""
    chosen: dict[int, Any] = {}
    names = {name for item in items for name in item}
    for name in sorted(names):
        alike: dict[str, list[int]] = {}
        for place, item in enumerate(items):
            alike.setdefault(repr(item.get(name)), []).append(place)
        for places in sorted(alike.values(), key=len)[:2] + sorted(alike.values(), key=len)[-1:]:
            chosen.setdefault(places[0], items[places[0]])
    step = max(1, len(items) // most)
    chosen |= {place: items[place] for place in range(0, len(items), step)} | chosen if len(chosen) < most else {}
    return [chosen[place] for place in list(chosen)[:most]]


class _Sight:
    """What a leaf's clauses see of some items: each item's own values by number, so that a reading is a set of numbers."""

    def __init__(self, leaf: Leaf, items: Sequence[Any]) -> None:
        self._numbers: dict[str, int] = {}
        self.values: list[Any] = []
        self._seen = [self._look(item, leaf, 0) for item in items]
        self._quantifiers = leaf.quantifiers
        self._fitting: dict[Any, tuple[bool, ...]] = {}

    def _look(self, value: Any, leaf: Leaf, place: int) -> Any:
        if place == len(leaf.path):
            return self._number(value)
        if place in leaf.lists:
            return [self._look(part, leaf, place + 1) for part in value or ()]
        return self._look(value.get(leaf.path[place]), leaf, place + 1) if isinstance(value, dict) else _GONE

    def _number(self, value: Any) -> int:
        key = repr(value)
        if key not in self._numbers:
            self._numbers[key] = len(self.values)
            self.values.append(value)
        return self._numbers[key]

    def fitting(self, truth: Sequence[bool], quantifiers: Sequence[str] | None = None) -> tuple[bool, ...]:
        """Tell of each item whether it fits, when of its values those do."""
        asked = self._quantifiers if quantifiers is None else tuple(quantifiers)
        key = (tuple(truth), asked)
        if key not in self._fitting:
            self._fitting[key] = tuple(_holds(seen, asked, truth) for seen in self._seen)
        return self._fitting[key]


def _holds(seen: Any, quantifiers: Sequence[str], truth: Sequence[bool]) -> bool:
    if seen is _GONE:
        return False
    if not isinstance(seen, list):
        return bool(truth[seen])
    inner = [_holds(part, quantifiers[1:], truth) for part in seen]
    wanted = quantifiers[0] if quantifiers else "some"
    return {"some": any(inner), "all": all(inner), "none": not any(inner)}[wanted]


class _Teller:
    """Finds the operands of one leaf's operators that tell most misreadings."""

    def __init__(self, language: Language, leaf: Leaf, items: Sequence[Any]) -> None:
        self._language = language
        self._leaf = leaf
        self._sight = _Sight(leaf, items)
        self._truths: dict[tuple[str, str], list[bool]] = {}
        read = reader(leaf.kind.name, any_case=language.any_case)
        self._read = [read(value) for value in self._sight.values]

    def clauses(self, operator: str, most: int, *, thoroughly: bool) -> Iterator[Clause]:
        """Give the clauses of an operator, at most so many, that tell more misreadings than those before, or else more operators."""
        leaf, told = self._leaf, set[object]()
        operands = self._language.operands(leaf.kind, operator, self._sight.values)
        answers = [(operand, self._told(operator, operand)) for operand in operands]
        for _ in range(most):
            operand, better = max(answers, key=lambda answer: len(answer[1] - told), default=(None, set()))
            news = better - told
            if not news or (told and not thoroughly and not any(isinstance(name, str) for name in news)):
                return
            told |= better
            yield Clause(".".join((*leaf.path, operator)), leaf.asked({operator: operand}))

    def _told(self, operator: str, operand: Any) -> set[object]:
        """Name the misreadings whose answers differ from the right one."""
        own = self._sight.fitting(self._truth(operator, operand))
        return {name for name, answer in self._wrong(operator, operand) if answer != own}

    def _truth(self, operator: str, operand: Any) -> list[bool]:
        key = (operator, repr(operand))
        if key not in self._truths:
            holds, read = comparison(operator), reader(self._leaf.kind.name, any_case=self._language.any_case)
            wanted = read(operand)
            self._truths[key] = [holds(own, wanted) for own in self._read]
        return self._truths[key]

    def _wrong(self, operator: str, operand: Any) -> Iterator[tuple[object, tuple[bool, ...]]]:
        sight, leaf = self._sight, self._leaf
        several, number = isinstance(operand, list), len(sight.values)
        for other in operators_of(leaf.kind):
            if (other.removeprefix("n") == "in") == several and (operand is not None or other.endswith("eq")):
                yield other, sight.fitting(self._truth(other, operand))
        if operand is not None:
            yield from enumerate(map(sight.fitting, self._misread(operator, operand)))
        truth, every = self._truth(operator, operand), ("all",) * len(leaf.quantifiers)
        yield from ((other, sight.fitting(truth, other)) for other in _other_quantifiers(leaf))
        yield "not all", tuple(not fits for fits in sight.fitting(truth, every))
        yield "everything", sight.fitting([True] * number, every)
        yield "nothing", sight.fitting([False] * number, ("some",) * len(every))

    def _misread(self, operator: str, operand: Any) -> Iterator[list[bool]]:
        for wrong in misreadings(self._leaf.kind.name, operator, any_case=self._language.any_case):
            wanted = wrong.read_operand(operand)
            yield [wrong.compare(wrong.read(own), wanted) for own in self._sight.values]


def telling_clauses(
    language: Language, root: GraphQLInputObjectType, items: Sequence[Any], most: int
) -> Iterator[Clause]:
    """Give for every operator the clauses whose answers differ from every misreading's that can be told, at most so many.

    What is misread is mostly an operator taken for another; the rarer misreadings are told of the first field of each kind.
    """
    seen: set[tuple[str, bool]] = set()
    for leaf in leaves(root):
        teller = _Teller(language, leaf, items)
        like = (leaf.kind.name, bool(leaf.lists))
        wholly = set(leaf.quantifiers) <= {"some"} and len(leaf.lists) <= 1
        is_first = like not in seen and wholly
        for operator in operators_of(leaf.kind):
            if wholly or operator in _FEW:
                told = list(teller.clauses(operator, most, thoroughly=is_first))
                seen |= {like} if told and is_first else set()
                yield from told
    for path in _lists(root):
        yield from (
            Clause(".".join((*path, "any")), Leaf(path, root).asked({"any": wanted})) for wanted in (True, False)
        )


def _other_quantifiers(leaf: Leaf) -> Iterator[tuple[str, ...]]:
    if leaf.quantifiers:
        own = leaf.quantifiers[-1]
        yield from ((*leaf.quantifiers[:-1], other) for other in QUANTIFIERS if other != own)


def joined_clauses(
    language: Language, root: GraphQLInputObjectType, items: Sequence[Any], clauses: Iterable[Clause]
) -> Iterator[Clause]:
    """Give every way of joining three clauses, at the top, inside an object or list, and inside a scalar, so chosen that the ways differ."""
    owners: dict[tuple[str, ...], _Owner] = {}
    scalars: set[str] = set()
    for clause in clauses:
        for owner in _owners(language, root, items, clause.where):
            known = owners.setdefault(owner.path, owner)
            known.pool += owner.pool
    for owner in owners.values():
        # One scalar of each kind stands for all: its joining is the operators', not the field's.
        if not is_scalar(owner.kind) or owner.kind.name not in scalars:
            scalars |= {owner.kind.name} if is_scalar(owner.kind) else set()
            yield from owner.joined(language, root)


@dataclass
class _Owner:
    """Something whose clauses can be joined: an input, the way to it, the values it is asked of, and clauses that ask it."""

    path: tuple[str, ...]
    kind: GraphQLInputObjectType
    values: Sequence[Any]
    pool: list[Where]

    def joined(self, language: Language, root: GraphQLInputObjectType) -> Iterator[Clause]:
        """Give every way of joining the three clauses whose joinings differ most."""
        values = self.values[:: max(1, len(self.values) // _MOST_VALUES)]
        pool = self.pool[:: max(1, len(self.pool) // _MOST_CLAUSES)]
        masks = [_mask(language.fits(self.kind, where, value) for value in values) for where in pool]
        heads = [next(iter(where)) for where in pool]
        places = max(
            combinations(range(len(pool)), 3),
            key=lambda three: (_kinds([masks[place] for place in three]), len({heads[place] for place in three})),
            default=(),
        )
        if places:
            asked = Leaf(self.path, root).asked
            ways = _ways(*(pool[place] for place in places))
            yield from (Clause(".".join((*self.path, name)), asked(way)) for name, way in ways)


def _owners(
    language: Language,
    kind: GraphQLInputObjectType,
    values: Sequence[Any],
    where: Where,
    path: tuple[str, ...] = (),
) -> Iterator[_Owner]:
    if "and" in kind.fields:
        yield _Owner(path, kind, values, [where])
    [(name, operand)] = where.items()
    if is_scalar(kind) or not isinstance(operand, dict) or (is_list(kind) and name != "some"):
        return
    parts = [part for value in values for part in value or ()] if is_list(kind) else None
    inner = [value.get(name) for value in values if isinstance(value, dict)] if parts is None else parts
    yield from _owners(language, input_of(kind, name), inner, operand, (*path, name))


def _mask(bits: Iterable[bool]) -> int:
    return sum(1 << place for place, bit in enumerate(bits) if bit)


def _kinds(masks: Sequence[int]) -> int:
    """Count how many different answers the ways of joining three clauses have."""
    one, two, three = masks
    either, both = two | three, two & three
    ways = (
        one & both,
        one | either,
        one & either,
        one | both,
        one & two,
        one | two,
        (one & two) | three,
        one,
        two,
        three,
        both,
        either,
        0,
    )
    return len(set(ways))


def _ways(one: Where, two: Where, three: Where) -> Iterator[tuple[str, Where]]:
    yield "and", {"and": [one, two, three]}
    yield "or", {"or": [one, two, three]}
    yield "and.or", {"and": [one, {"or": [two, three]}]}
    yield "or.and", {"or": [one, {"and": [two, three]}]}
    yield "or-beside", {**one, "or": [two, three]}
    yield "and-beside", {**one, "and": [two, three]}
    yield "and-beside-or", {"and": [one], "or": [two, three]}
    yield "or.or", {"or": [{"or": [one, two]}, {"and": [{"or": [three]}]}]}
    if len(one.keys() | two.keys()) > 1:
        yield "beside", {**one, **two}
        yield "or.beside", {"or": [{**one, **two}, three]}
