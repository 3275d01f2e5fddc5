"""The strings of a JSON text with their places, read so that everything else stays as it is written."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["Leaf", "json_leaves"]

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
_NUMBER = re.compile(r"-?[0-9]{4,}")


@dataclass
class _Frame:
    """An object or an array that is open."""

    place: tuple[str, ...]
    is_object: bool
    names: set[str] = field(default_factory=set)
    key: str | None = None


@dataclass(frozen=True)
class Leaf:
    """A string (or a long whole number) from `start` to `end`; `names` are the names in its object, complete once all is read."""

    place: tuple[str, ...]
    names: set[str]
    start: int
    end: int
    value: str
    is_text: bool = True


def json_leaves(text: str) -> Iterator[Leaf]:
    """Give the leaves in order; what is no JSON, or only the first half of some, gives what can be read."""
    stack = [_Frame((), is_object=False)]
    for match in _TOKEN.finditer(text):
        word, top = match[0], stack[-1]
        place = (*top.place, top.key) if top.key is not None else top.place
        if word in "{[":
            stack.append(_Frame(place, word == "{"))
        elif word in "}]":
            stack[1:] = stack[1:-1]
        elif word == ",":
            top.key = None if top.is_object else top.key
        elif word.startswith('"') and top.is_object and top.key is None:
            top.key = _read(word)
            top.names.add(top.key)
        elif word.startswith('"') or _NUMBER.fullmatch(word):
            is_text = word.startswith('"')
            yield Leaf(place, top.names, *match.span(), _read(word) if is_text else word, is_text)


def _read(token: str) -> str:
    try:
        return str(json.loads(token, strict=False))
    except ValueError:
        return token[1:-1]
