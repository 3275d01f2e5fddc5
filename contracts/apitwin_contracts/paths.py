"""Values at a path of a payload: `products[].category.id`, or `[].id` where the payload is a list itself."""

from collections.abc import Iterator
from typing import Any

__all__ = ["at", "every"]


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
