"""Entities edited so that the mock answers as recorded: each changed value is traced to the row it comes from by trying, with the mock as judge."""

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher
from typing import Any

from .change import GONE, Edit, Place
from .comparison import identity_of, is_identity

__all__ = ["Followed", "Wanted", "follow", "wanted_of"]

Entities = Mapping[str, Any]
Answers = Callable[[Entities, str], Sequence[Any]]
_Spot = tuple[str, Place, Any]
_TRIES = 12
_MOST_TRIES = 300
_FACTORS = (Decimal(1), Decimal(100), Decimal("0.01"))
_SHORTEST_HINT = 2


@dataclass(frozen=True)
class Wanted:
    """One value that a fixture now has: which exchange of which cassette, where and what it is.

    `around` is how each item on the way is told apart, `owners` are the identities of the objects that hold the value.
    """

    cassette: str
    place: Place
    after: Any
    around: tuple[Any, ...] = ()
    owners: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Followed:
    """Entities after the search: the files that changed, and which wanted values the mock now answers or does not."""

    files: Mapping[str, Any] = field(default_factory=dict)
    followed: tuple[Wanted, ...] = ()
    left: tuple[Wanted, ...] = ()


@dataclass(frozen=True)
class _Leaf:
    file: str
    place: Place
    value: Any
    score: float
    write: Callable[[Any], Any]


def follow(entities: Entities, wanted: Sequence[Wanted], answers: Answers) -> Followed:
    """Edit entities until the mock answers what is wanted, as far as it can be made to.

    `answers` gives the mock's replies to a cassette's requests over given entities. An edit is kept only if it makes the mock answer
    the wanted value and takes no other wanted value away.
    """
    search = _Search(copy.deepcopy(dict(entities)), wanted, answers)
    for index in range(len(wanted)):
        search.try_to_follow(index)
    return search.result(entities)


class _Search:
    def __init__(self, entities: dict[str, Any], wanted: Sequence[Wanted], answers: Answers) -> None:
        self._entities = entities
        self._wanted = wanted
        self._answers = answers
        self._met = self._all_met(entities)
        self._near = _by_hint(entities)
        self._tries = _MOST_TRIES

    def _all_met(self, entities: Entities) -> frozenset[int]:
        told = {name: self._told(entities, name) for name in dict.fromkeys(one.cassette for one in self._wanted)}
        return frozenset(
            index for index, one in enumerate(self._wanted) if _equal(_at(told[one.cassette], one), one.after)
        )

    def _told(self, entities: Entities, cassette: str) -> Sequence[Any]:
        try:
            return self._answers(entities, cassette)
        except Exception:  # noqa: BLE001 - an edit that the mock cannot be made of is a wrong edit
            return ()

    def try_to_follow(self, index: int) -> None:
        """Edit the entities for one wanted value, where an edit is found that does."""
        one = self._wanted[index]
        if index in self._met or self._near.keys().isdisjoint(one.owners):
            return
        now = _at(self._told(self._entities, one.cassette), one)
        for leaf in self._candidates(now, one):
            self._tries -= 1
            edited = _edited(self._entities, leaf, one.after)
            # The one cassette first: most candidates are wrong, and all cassettes are many requests.
            if edited is None or not _equal(_at(self._told(edited, one.cassette), one), one.after):
                continue
            met = self._all_met(edited)
            if self._met <= met:
                self._entities, self._met, self._near = edited, met, _by_hint(edited)
                return

    def _candidates(self, now: Any, one: Wanted) -> list[_Leaf]:
        if now is GONE:
            return []
        leaves = _leaves(self._near, now, one)
        return sorted(leaves, key=lambda leaf: -leaf.score)[: min(_TRIES, max(0, self._tries))]

    def result(self, before: Entities) -> Followed:
        files = {name: data for name, data in self._entities.items() if data != before[name]}
        followed = tuple(one for index, one in enumerate(self._wanted) if index in self._met)
        return Followed(files, followed, tuple(one for index, one in enumerate(self._wanted) if index not in self._met))


def _at(told: Sequence[Any], one: Wanted) -> Any:
    """Find in the mock's replies what stands at a wanted place; items are found by what is around, wherever they stand."""
    value: Any = told
    around = list(one.around)
    for part in one.place:
        key = around.pop(0) if isinstance(part, int) and around else None
        if isinstance(value, list | tuple) and isinstance(part, int):
            value = _item(value, part, key)
        elif isinstance(value, dict) and part in value:
            value = value[part]
        else:
            return GONE
        if value is GONE:
            return GONE
    return value


def _item(items: Sequence[Any], index: int, identity: tuple[str, Any] | None) -> Any:
    if identity is not None:
        name, wanted = identity
        return next((item for item in items if isinstance(item, dict) and item.get(name) == wanted), GONE)
    return items[index] if index < len(items) else GONE


def _edited(entities: Mapping[str, Any], leaf: _Leaf, value: Any) -> dict[str, Any] | None:
    written = leaf.write(value)
    if written is GONE or _equal(written, leaf.value):
        return None
    edited = dict(entities)
    whole = edited[leaf.file] = copy.deepcopy(entities[leaf.file])
    for part in leaf.place[:-1]:
        whole = whole[part]
    whole[leaf.place[-1]] = written
    return edited


def _by_hint(entities: Entities) -> dict[str, list[_Spot]]:
    """Give every leaf of the entities under each value that its row says."""
    found: dict[str, list[_Spot]] = {}
    for file, data in entities.items():
        for place, value, row in _walk(data):
            for hint in row:
                found.setdefault(hint, []).append((file, place, value))
    return found


def _leaves(near: Mapping[str, Sequence[_Spot]], now: Any, one: Wanted) -> Iterator[_Leaf]:
    """Give each place that may be where the mock's present answer comes from; a row that shares no identity with it is another entity's."""
    name = next((str(part) for part in reversed(one.place) if isinstance(part, str)), "")
    shared: dict[tuple[str, Place], tuple[int, Any]] = {}
    for hint in one.owners:
        for file, place, value in near.get(hint, ()):
            shared[file, place] = (shared.get((file, place), (0, None))[0] + 1, value)
    for (file, place), (count, value) in shared.items():
        write = _writer(value, now)
        if write is not None:
            key = next((str(part) for part in reversed(place) if isinstance(part, str)), "")
            alike = SequenceMatcher(None, key.lower(), name.lower()).ratio()
            yield _Leaf(file, place, value, 10 * count + 3 * alike, write)


def _walk(
    value: Any, place: Place = (), row: frozenset[str] = frozenset()
) -> Iterator[tuple[Place, Any, frozenset[str]]]:
    if isinstance(value, dict):
        row |= {
            str(part) for part in value.values() if isinstance(part, str | int) and len(str(part)) >= _SHORTEST_HINT
        }
        for key, part in value.items():
            if key not in ("source", "x-source"):
                yield from _walk(part, (*place, key), row)
    elif isinstance(value, list):
        yield place, value, row
        for index, part in enumerate(value):
            yield from _walk(part, (*place, index), row)
    else:
        yield place, value, row


def _writer(stored: Any, told: Any) -> Callable[[Any], Any] | None:
    """Give how a told value is stored, if what is stored can be what is told; None if it cannot."""
    if _equal(stored, told):
        return lambda value: value
    number, shown = _number(stored), _number(told)
    if number is None or shown is None:
        return None
    factor = next((factor for factor in _FACTORS if number == shown * factor), None)
    return None if factor is None else lambda value: _stored(stored, value, factor)


def _stored(stored: Any, value: Any, factor: Decimal) -> Any:
    number = _number(value)
    if number is None:
        return GONE
    scaled = number * factor
    if isinstance(stored, str):
        places = len(stored.partition(".")[2])
        return f"{scaled:.{places}f}"
    if isinstance(stored, int):
        return int(scaled) if scaled == int(scaled) else GONE
    return float(scaled)


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _equal(one: Any, other: Any) -> bool:
    return (type(one) is type(other) and one == other) or (
        isinstance(one, int | float) and isinstance(other, int | float) and not isinstance(one, bool) and one == other
    )


def wanted_of(cassette: str, edits: Sequence[Edit], bodies: Sequence[Any]) -> Iterator[Wanted]:
    """Give what edits of a cassette want of the mock; `bodies` are the fixture's replies, in which the edits' places are."""
    for edit in edits:
        if any(str(part).startswith("#") for part in edit.place) or edit.value is GONE:
            continue
        yield Wanted(cassette, edit.place, edit.value, _around(bodies, edit.place), _owners(bodies, edit.place))


def _owners(bodies: Any, place: Place) -> frozenset[str]:
    value: Any = bodies
    found: set[str] = set()
    for part in place[:-1]:
        value = value[part]
        listed = value.items() if isinstance(value, dict) else ()
        found |= {str(told) for key, told in listed if is_identity(key) and isinstance(told, str | int) and told != ""}
    return frozenset(found)


def _around(bodies: Any, place: Place) -> tuple[Any, ...]:
    """Give for each index of a place how the item there is told apart; None where its place in the list does."""
    value: Any = bodies
    found: list[Any] = []
    for depth, part in enumerate(place):
        if isinstance(part, int):
            key = identity_of(value) if depth and isinstance(value, list) else None
            found.append((key, value[part][key]) if key else None)
        inside: Any = value
        try:
            value = inside[part]
        except (KeyError, IndexError, TypeError):
            break
    return tuple(found)
