"""Values at a path of a payload: `products[].category.id`, or `[].id` where the payload is a list itself."""

from collections.abc import Iterator
from typing import Any

__all__ = ["at", "difference", "every", "leaves"]


def every(value: Any, path: str) -> Iterator[Any]:
    """Give each value at a path, `[]` standing for every item of a list; what is absent gives nothing."""
    if not path:
        yield value
        return
    head, _, rest = path.partition(".")
    name = head.removesuffix("[]")
    if name and not (isinstance(value, dict) and name in value):
        return
    inner = value[name] if name else value
    if not head.endswith("[]"):
        yield from every(inner, rest)
        return
    for item in inner if isinstance(inner, list) else ():
        yield from every(item, rest)


def at(value: Any, path: str) -> Any:
    """Give the first value at a path, None when there is none."""
    return next(every(value, path), None)


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Give each value that is neither an object nor a list, with its path."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, f"{path}[]")
    else:
        yield path, value


def difference(one: Any, other: Any, where: str = "") -> tuple[str, Any, Any]:
    """Give the innermost place where two values differ, written as a path's end, with what is there in each."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in (*one, *other):
            if key not in one or key not in other:
                return f"{where}.{key}", one.get(key, "absent"), other.get(key, "absent")
            if one[key] != other[key]:
                return difference(one[key], other[key], f"{where}.{key}")
    if isinstance(one, list) and isinstance(other, list):
        for first, second in zip(one, other, strict=False):
            if first != second:
                return difference(first, second, f"{where}[]")
        return f"{where}[]", f"{len(one)} items", f"{len(other)} items"
    return where, one, other
