"""Views of bytes: what they are once an encoding is taken off, with the way back for what is changed there."""

import html
import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote_from_bytes, quote_plus, unquote_to_bytes

__all__ = ["Edit", "View", "edited", "escape_views"]


@dataclass(frozen=True)
class Edit:
    """The bytes from `start` to `end` are to become `text`; `why` says what was found there."""

    start: int
    end: int
    text: bytes
    why: str = ""


class View(Protocol):
    """Bytes with an encoding taken off."""

    @property
    def name(self) -> str:
        """The encoding, as a message names it."""
        ...

    @property
    def data(self) -> bytes:
        """What the bytes mean."""
        ...

    @property
    def cost(self) -> int:
        """How much of the depth to which is looked it takes."""
        ...

    def raised(self, edits: Sequence[Edit]) -> list[Edit]:
        """Give the edits of the encoded bytes that make these edits of what they mean."""
        ...


def edited(data: bytes, edits: Iterable[Edit]) -> bytes:
    """Make edits; of two that overlap the earlier one is made, of two that begin together the longer one."""
    parts, done = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if edit.start >= done:
            parts += [data[done : edit.start], edit.text]
            done = edit.end
    return b"".join([*parts, data[done:]])


@dataclass(frozen=True)
class _Escapes:
    """An encoding that writes single characters as escapes."""

    name: str
    pattern: re.Pattern[bytes]
    meaning: Callable[[bytes], bytes]
    written: Callable[[bytes], bytes]


class _EscapesView:
    """Bytes with each escape replaced by what it means."""

    cost = 2

    def __init__(self, raw: bytes, escapes: _Escapes, found: Sequence[re.Match[bytes]]) -> None:
        self.name = escapes.name
        self._written = escapes.written
        parts: list[bytes] = []
        # Where each escape begins and ends, in what it means and as it is written.
        self._meant: list[tuple[int, int]] = []
        self._raw = [match.span() for match in found]
        done = length = 0
        for match in found:
            literal, meaning = raw[done : match.start()], escapes.meaning(match[0])
            parts += [literal, meaning]
            length += len(literal)
            self._meant.append((length, length + len(meaning)))
            length += len(meaning)
            done = match.end()
        self.data = b"".join([*parts, raw[done:]])
        self._starts = [start for start, _ in self._meant]

    def raised(self, edits: Sequence[Edit]) -> list[Edit]:
        return [
            Edit(self._place(edit.start, 0), self._place(edit.end - 1, 1), self._written(edit.text), edit.why)
            for edit in edits
        ]

    def _place(self, position: int, side: int) -> int:
        """Give where the character at a position begins (side 0) or ends (1) as it is written."""
        at = bisect_right(self._starts, position) - 1
        if at < 0:
            return position + side
        if position < self._meant[at][1]:
            return self._raw[at][side]
        return position - self._meant[at][1] + self._raw[at][1] + side


def _unescaped(escape: bytes) -> bytes:
    text = escape.decode("ascii")
    if text[1] in "ux":
        digits = re.findall(r"[0-9a-fA-F]{2,8}", text.replace("\\u", " ").replace("\\x", " "))
        units = b"".join(_utf16(int(unit, 16)) for unit in digits)
        return units.decode("utf-16-be", "replace").encode()
    return str(json.loads(f'"{text}"')).encode()


def _utf16(unit: int) -> bytes:
    return unit.to_bytes(2, "big") if unit < 1 << 16 else chr(min(unit, 0x10FFFF)).encode("utf-16-be")


def _in_json(text: bytes) -> bytes:
    return json.dumps(text.decode("utf-8", "replace"))[1:-1].encode()


def _form_meaning(escape: bytes) -> bytes:
    return b" " if escape == b"+" else unquote_to_bytes(escape)


_JSON = _Escapes(
    "JSON",
    re.compile(
        rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]{1,6}\}|x[0-9a-fA-F]{2}|[\"\\/bfnrt])"
    ),
    _unescaped,
    _in_json,
)
_PERCENT = _Escapes(
    "URL encoding",
    re.compile(rb"%[0-9a-fA-F]{2}"),
    unquote_to_bytes,
    lambda text: quote_from_bytes(text, safe="").encode(),
)
_FORM = _Escapes(
    "form encoding",
    re.compile(rb"%[0-9a-fA-F]{2}|\+"),
    _form_meaning,
    lambda text: quote_plus(text).encode(),
)
_MARKUP = _Escapes(
    "HTML entities",
    re.compile(rb"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"),
    lambda escape: html.unescape(escape.decode("ascii")).encode("utf-8", "replace"),
    lambda text: html.escape(text.decode("utf-8", "replace")).encode(),
)
_MARKS = ((b"\\", _JSON), (b"%", _PERCENT), (b"+", _FORM), (b"&", _MARKUP))


def escape_views(data: bytes) -> Iterator[View]:
    """Give a view for each encoding by escapes of which the bytes hold some."""
    for mark, escapes in _MARKS:
        if mark in data and (found := list(escapes.pattern.finditer(data))):
            yield _EscapesView(data, escapes, found)
