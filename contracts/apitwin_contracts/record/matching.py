"""Finding secrets in bytes: as they are, and in every view of the bytes."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from .packed import packed_views
from .views import Edit, View, edited, escape_views

__all__ = ["Cleaner", "Finder", "Needle", "each_view", "finder", "found", "views"]

# Five encodings, one in the other, and more where some are compression.
_DEPTH = 10
_ROUNDS = 8
_BEGINNING, _FEW = 3, 2
_LONG = 20_000
_MOST_KNOWN = 64 * 1024 * 1024
_WORD = re.compile(rb"[A-Za-z0-9_\x80-\xff]")
_KEY_END = re.compile(rb"\\?[\"']\s*[:=]|\s*[:=(){}]")

Finder = Callable[[bytes], list[Edit]]


@dataclass(frozen=True)
class Needle:
    """A text to find: anywhere, as whole words only, or as whole words that are no key; `text` stands in its place."""

    sought: bytes
    text: bytes
    why: str
    whole: bool = False
    value_only: bool = False
    any_case: bool = False

    def edits(self, data: bytes, lowered: bytes) -> Iterator[Edit]:
        """Give an edit for each place where it stands; `lowered` is the data in lower case."""
        haystack, sought = (lowered, self.sought.lower()) if self.any_case else (data, self.sought)
        at = haystack.find(sought)
        while at >= 0:
            end = at + len(sought)
            if not self.whole or self._is_whole(data, at, end):
                yield Edit(at, end, self.text, self.why)
            at = haystack.find(sought, end)

    def _is_whole(self, data: bytes, start: int, end: int) -> bool:
        if _WORD.match(data[end : end + 1]) or _WORD.match(data[max(0, start - 1) : start]):
            return False
        return not (self.value_only and _KEY_END.match(data[end : end + 8]))


class _Index:
    """Needles by their beginnings, so that many are sought as fast as one."""

    def __init__(self, needles: Iterable[Needle]) -> None:
        self._needles = sorted(needles, key=lambda needle: -len(needle.sought))
        self._beginnings: dict[bytes, list[Needle]] = {}
        for needle in self._needles:
            beginning = (needle.sought.lower() if needle.any_case else needle.sought)[:_BEGINNING]
            self._beginnings.setdefault(beginning, []).append(needle)
        self._any_case = any(needle.any_case for needle in self._needles)
        # What is shorter than a beginning begins nothing.
        self._indexed = all(len(needle.sought) >= _BEGINNING for needle in self._needles)

    def edits(self, data: bytes) -> list[Edit]:
        lowered = data.lower() if self._any_case else b""
        return [edit for needle in self._candidates(data, lowered) for edit in needle.edits(data, lowered)]

    def _candidates(self, data: bytes, lowered: bytes) -> Sequence[Needle]:
        """Give the needles of which the beginning is in the data; in a long text it is as fast to ask for each."""
        if not self._indexed or len(data) > _LONG:
            return self._needles
        windows = {data[at : at + _BEGINNING] for at in range(len(data) - _BEGINNING + 1)}
        if self._any_case:
            windows.update(lowered[at : at + _BEGINNING] for at in range(len(lowered) - _BEGINNING + 1))
        named = windows & self._beginnings.keys()
        if len(named) < _FEW:
            return [needle for beginning in sorted(named) for needle in self._beginnings[beginning]]
        return [needle for needle in self._needles if needle.sought[:_BEGINNING] in named or needle.any_case]


def finder(needles: Iterable[Needle]) -> Finder:
    """Give a finder of all needles."""
    return _Index(needles).edits


def views(data: bytes) -> Iterator[View]:
    """Give every view of the bytes."""
    yield from escape_views(data)
    yield from packed_views(data)


def each_view(data: bytes, depth: int = _DEPTH) -> Iterator[bytes]:
    """Give the bytes and what they are in every view to a depth: 2 for each encoding."""
    return _each_view(data, depth, {})


_Depths = dict[bytes, int]
"""How deep bytes were looked into: encodings that are taken off in another order show the same bytes once more."""


def _each_view(data: bytes, depth: int, looked: _Depths) -> Iterator[bytes]:
    if looked.get(data, -1) < max(depth, 0):
        looked[data] = max(depth, 0)
        yield data
        for view in views(data) if depth > 0 else ():
            yield from _each_view(view.data, depth - view.cost, looked)


def found(data: bytes, find: Finder, depth: int = _DEPTH) -> list[Edit]:
    """Give the edits of all places, each with the encodings under which it lies."""
    return _found(data, find, depth, {})


def _found(data: bytes, find: Finder, depth: int, clean: _Depths) -> list[Edit]:
    if clean.get(data, -1) >= max(depth, 0):
        return []
    edits = find(data)
    for view in views(data) if depth > 0 else ():
        inner = _found(view.data, find, depth - view.cost, clean)
        named = [Edit(edit.start, edit.end, edit.text, f"{edit.why} in {view.name}") for edit in inner]
        edits += view.raised(named) if named else []
    if not edits:
        clean[data] = max(depth, 0)
    return edits


class Cleaner:
    """Puts the needles' texts in place of what they seek; what was cleaned once is known."""

    def __init__(self, needles: Iterable[Needle]) -> None:
        self._find = finder(needles)
        self._known: dict[bytes, bytes] = {}
        self._size = 0

    def clean(self, data: bytes) -> bytes:
        """Give the bytes without anything to be found in them, also what only comes to light when something else is replaced."""
        if data not in self._known:
            self._make_room(len(data))
            made = data
            for _ in range(_ROUNDS):
                edits = found(made, self._find)
                if not edits:
                    self._known[made] = made
                    break
                made = edited(made, edits)
            self._known[data] = made
            return made
        return self._known[data]

    def _make_room(self, length: int) -> None:
        self._size += length
        if self._size > _MOST_KNOWN:
            self._known.clear()
            self._size = length

    def left(self, data: bytes) -> list[Edit]:
        """Give what is still to be found."""
        return [] if self._known.get(data) == data else found(data, self._find)
