"""Finding secrets in bytes: as they are, and in every view of the bytes."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from .packed import packed_views
from .views import Edit, View, edited, escape_views

__all__ = ["DEPTH", "Finder", "Needle", "each_view", "finder", "found", "replaced", "views"]

DEPTH = 3
_ROUNDS = 8
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


def finder(needles: Iterable[Needle]) -> Finder:
    """Give a finder of all needles, the longest first."""
    ordered = sorted(needles, key=lambda needle: -len(needle.sought))

    def edits(data: bytes) -> list[Edit]:
        lowered = data.lower() if any(needle.any_case for needle in ordered) else b""
        return [edit for needle in ordered for edit in needle.edits(data, lowered)]

    return edits


def views(data: bytes) -> Iterator[View]:
    """Give every view of the bytes."""
    yield from escape_views(data)
    yield from packed_views(data)


def each_view(data: bytes, depth: int = DEPTH) -> Iterator[bytes]:
    """Give the bytes and what they are in every view of at most `depth` encodings."""
    yield data
    if depth:
        for view in views(data):
            yield from each_view(view.data, depth - 1)


def found(data: bytes, find: Finder, depth: int = DEPTH) -> list[Edit]:
    """Give the edits of all places, each with the encodings under which it lies."""
    edits = find(data)
    if depth:
        for view in views(data):
            inner = found(view.data, find, depth - 1)
            named = [Edit(edit.start, edit.end, edit.text, f"{edit.why} in {view.name}") for edit in inner]
            edits += view.raised(named) if named else []
    return edits


def replaced(data: bytes, find: Finder, depth: int = DEPTH) -> bytes:
    """Give the bytes with the needles' texts in place of what they seek; what only then comes to light, too."""
    for _ in range(_ROUNDS):
        edits = found(data, find, depth)
        if not edits:
            break
        data = edited(data, edits)
    return data
