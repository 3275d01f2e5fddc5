"""Things put into the envelope in which a supplier shows them."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["NOT_SHOWN", "as_deleted", "with_items", "with_value"]

NOT_SHOWN = "-"


def as_deleted(envelope: Any, path: str, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give a deleted thing as one was shown: what is told of it, and what is told of every deleted thing."""
    like = _at(envelope, path)
    return {name: row.get(name, value) for name, value in like.items()} if isinstance(like, Mapping) and like else row


def with_items(envelope: Any, path: str, rows: Sequence[Any]) -> Any:
    """Put rows where a path such as `data[]` or `edges[].node` says that the items stand."""
    before, _, after = path.partition("[]")
    inside = after.removeprefix(".")
    like = _at(envelope, before)
    edge = like[0] if inside and isinstance(like, list) and like else {}
    return with_value(envelope, before, [with_value(edge, inside, row) for row in rows] if inside else list(rows))


def with_value(envelope: Any, path: str, value: Any) -> Any:
    """Put a value at a path of a copy of the envelope; an empty path is the envelope itself."""
    if not path:
        return value
    made = copy.deepcopy(envelope) if isinstance(envelope, dict) else {}
    inner = made
    *outer, last = path.split(".")
    for part in outer:
        if not isinstance(inner.get(part), dict):
            inner[part] = {}
        inner = inner[part]
    inner[last] = value
    return made


def _at(envelope: Any, path: str) -> Any:
    for part in path.split(".") if path else ():
        envelope = envelope.get(part) if isinstance(envelope, Mapping) else None
    return envelope
