"""The form of values that were seen, as a JSON Schema."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["form_of"]

_MOST_KEYS = 60
_LIKE_A_KEY = re.compile(r"\d+|[0-9a-f]{8}-[0-9a-f-]{27}|.*[/@ :].*")
_KINDS: Mapping[type, str] = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}


def form_of(values: Sequence[Any]) -> dict[str, Any]:
    """Give the schema that all values fit; keys that no value has are not allowed, keys that all have are required."""
    kinds = {_KINDS.get(type(value), "object" if isinstance(value, dict) else "array") for value in values}
    if kinds >= {"integer", "number"}:
        kinds.discard("integer")
    parts: dict[str, Any] = {}
    objects = [value for value in values if isinstance(value, dict)]
    if objects:
        parts.update(_object(objects))
    items = [item for value in values if isinstance(value, list) for item in value]
    if items:
        parts["items"] = form_of(items)
    listed = sorted(kinds)
    return {"type": listed[0] if len(listed) == 1 else listed, **parts} if listed else {}


def _object(objects: list[dict[str, Any]]) -> dict[str, Any]:
    names = list(dict.fromkeys(name for value in objects for name in value))
    # Keys that are data, such as identifiers or paths, promise nothing about the next answer.
    if not names or len(names) > _MOST_KEYS or any(_LIKE_A_KEY.fullmatch(name) for name in names):
        return {}
    properties = {name: form_of([value[name] for value in objects if name in value]) for name in names}
    required = [name for name in names if all(name in value for value in objects)]
    return {"properties": properties, "required": required, "additionalProperties": False}
