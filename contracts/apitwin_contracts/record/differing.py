"""What differs between two replies to the same request, although nothing was changed in between."""

from collections.abc import Iterator
from typing import Any

import orjson

from apitwin_fixtures import Reply

__all__ = ["differing"]


def differing(one: Reply, other: Reply) -> Iterator[str]:
    """Give the places of two JSON bodies that differ, items of lists taken together: `errors[].extensions.correlationId`."""
    seen: set[str] = set()
    for place in _places(_json(one.body), _json(other.body), ""):
        if place not in seen:
            seen.add(place)
            yield place


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def _places(one: Any, other: Any, place: str) -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in one.keys() & other.keys():
            yield from _places(one[key], other[key], f"{place}.{key}" if place else str(key))
        yield from (f"{place}.{key}" if place else str(key) for key in one.keys() ^ other.keys())
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for left, right in zip(one, other, strict=True):
            yield from _places(left, right, f"{place}[]")
    elif one != other and place:
        yield place
