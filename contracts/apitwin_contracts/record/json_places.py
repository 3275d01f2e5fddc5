"""The strings of a JSON text with their places, read so that everything else stays as it is written."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["Leaf", "json_leaves"]

# A colon tells nothing that the order of the rest does not.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],]|[^\s{}\[\]:,"]+', re.DOTALL)
_NUMBER = re.compile(r"-?[0-9]{4,}")


@dataclass(slots=True)
class _Frame:
    """An object or an array that is open."""

    place: tuple[str, ...]
    is_object: bool
    names: set[str] = field(default_factory=set)
    key: str | None = None

    @property
    def inner(self) -> tuple[str, ...]:
        """Where the next value in it stands."""
        return self.place if self.key is None else (*self.place, self.key)


@dataclass(frozen=True, slots=True)
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
    top = stack[0]
    for match in _TOKEN.finditer(text):
        word = match[0]
        if word == ",":
            top.key = None if top.is_object else top.key
        elif word in "{[":
            top = _Frame(top.inner, word == "{")
            stack.append(top)
        elif word in "}]":
            stack[1:] = stack[1:-1]
            top = stack[-1]
        elif word[0] == '"' and top.is_object and top.key is None:
            top.key = _read(word)
            top.names.add(top.key)
        elif word[0] == '"' or _NUMBER.fullmatch(word):
            is_text = word[0] == '"'
            yield Leaf(top.inner, top.names, match.start(), match.end(), _read(word) if is_text else word, is_text)


def _read(token: str) -> str:
    if "\\" not in token:
        return token[1:-1]
    try:
        return str(json.loads(token, strict=False))
    except ValueError:
        return token[1:-1]
