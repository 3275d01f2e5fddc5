"""Values at a path of a JSON value, changed."""

from collections.abc import Callable
from typing import Any

__all__ = ["ABSENT", "Change", "at", "moved", "renamed"]

Change = Callable[[Any], Any]
ABSENT = object()
"""What a change gives for a key or an item that is to be left out."""


def renamed(old: str, new: str) -> Change:
    """Give an object with a key renamed."""
    return lambda item: {new if key == old else key: value for key, value in item.items()}


def moved(one: str, other: str) -> Change:
    """Give an object with two values swapped."""
    return lambda item: {**item, one: item[other], other: item[one]} if {one, other} <= item.keys() else item


def at(value: Any, path: str, change: Change) -> Any:
    """Give a value with everything at a path changed; `[]` is every item, `[2]` one, `*` every key; absent keys stay absent."""
    if not path:
        return change(value)
    head, _, rest = path.partition(".")
    name, bracket, index = head.partition("[")
    inner = f"[{index}" + (f".{rest}" if rest else "") if bracket and name else rest
    if name == "*":
        return {key: at(part, inner, change) for key, part in value.items()} if isinstance(value, dict) else value
    if name:
        return _at_key(value, name, inner, change)
    return _at_items(value, index[:-1], rest, change)


def _at_key(value: Any, name: str, rest: str, change: Change) -> Any:
    if not isinstance(value, dict) or name not in value:
        return value
    changed = at(value[name], rest, change)
    return {
        key: changed if key == name else part for key, part in value.items() if key != name or changed is not ABSENT
    }


def _at_items(value: Any, index: str, rest: str, change: Change) -> Any:
    if not isinstance(value, list):
        return value
    chosen = range(len(value)) if not index else [range(len(value))[int(index)]] if _has(value, int(index)) else []
    changed = [at(item, rest, change) if place in chosen else item for place, item in enumerate(value)]
    return [item for item in changed if item is not ABSENT]


def _has(items: list[Any], index: int) -> bool:
    return -len(items) <= index < len(items)
