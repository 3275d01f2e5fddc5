"""How much of what two targets tell is the same: whether they show one catalogue or two."""

from collections.abc import Iterable, Iterator
from typing import Any

from apitwin_contracts.paths import leaves
from apitwin_contracts.surfaces.entries import json_of
from apitwin_fixtures import Reply

from .forms import is_identity, is_schema
from .sides import Track

__all__ = ["likeness"]

_SHORTEST, _SMALLEST = 4, 20
_Leaf = tuple[str, Any]


def likeness(tracks: Iterable[Iterable[Track]]) -> float:
    """Give how alike two targets are, 0 to 1: how many values both tell, wherever they stand, or how many of these and of the equal places.

    What a schema says is the same in every world, and counts for nothing. A drift changes few places or, where it shifts lists, few values;
    another catalogue changes most of what is told and leaves most places of small answers as they are.
    """
    pairs = [
        (list(_told(one.exchange.reply)), list(_told(other.exchange.reply)))
        for here, there in tracks
        for one, other in zip(here.sent, there.sent, strict=False)
    ]
    by_value = _by_value(pairs)
    return max(by_value, (_by_place(pairs) + by_value) / 2)


def _by_place(pairs: list[tuple[list[_Leaf], list[_Leaf]]]) -> float:
    places: dict[str, bool] = {}
    for here, there in pairs:
        for (place, one), (where, other) in zip(here, there, strict=False):
            if place == where:
                places[place] = places.get(place, True) and one == other
    return sum(places.values()) / len(places) if places else 1.0


def _by_value(pairs: list[tuple[list[_Leaf], list[_Leaf]]]) -> float:
    first = {leaf for here, _ in pairs for _, leaf in here if _is_telling(leaf)}
    second = {leaf for _, there in pairs for _, leaf in there if _is_telling(leaf)}
    return len(first & second) / len(first | second) if first | second else 1.0


def _is_telling(leaf: Any) -> bool:
    """Tell whether a value can tell two catalogues apart: neither a flag, nor short, nor drawn."""
    if isinstance(leaf, str):
        return len(leaf) >= _SHORTEST and not is_identity(leaf)
    return isinstance(leaf, int | float) and not isinstance(leaf, bool) and abs(leaf) > _SMALLEST


def _told(reply: Reply) -> Iterator[_Leaf]:
    body = json_of(reply)
    if not is_schema(body):
        yield from ((path, leaf) for path, leaf in leaves(body) if leaf is not None and not is_identity(leaf))
