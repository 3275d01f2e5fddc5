"""Views of what is packed as a whole: base64, hexadecimal, gzip and deflate, wherever in the bytes it begins."""

import gzip
import re
import zlib
from base64 import b64encode
from binascii import a2b_base64, hexlify, unhexlify
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from .views import Edit, View, edited

__all__ = ["inflated", "packed_views"]

# Lines of one width are one text, as MIME wraps it; shorter words stand for themselves.
_RUN = re.compile(rb"(?:[A-Za-z0-9+/_-]{40,}\r?\n)+[A-Za-z0-9+/_-]+={0,2}|[A-Za-z0-9+/_-]{6,}={0,2}")
_HEX_RUN = re.compile(rb"[0-9a-fA-F]{8,}")
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
_TO_URL_SAFE = bytes.maketrans(b"+/", b"-_")
# The shortest secret, in UTF-8, or what begins something that was packed; what is read from a wrong place seldom looks so.
_LEGIBLE = re.compile(
    rb"(?:[\t\n\r\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}){4}"
    rb"|\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]"
)
_GZIP = b"\x1f\x8b\x08"
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_LARGEST = 64 * 1024 * 1024
_GROUP, _CODED_GROUP = 3, 4


@dataclass(frozen=True)
class _Run:
    """A stretch of encoded bytes from `start` to `end`, and what it means, which lies at `at` in the view."""

    start: int
    end: int
    meaning: bytes
    at: int = 0


class _RunsView:
    """The meanings of those runs that mean something, one after another; an edit of one run writes that run anew."""

    name = "runs"
    cost = 2

    def __init__(self, raw: bytes, runs: Iterable[_Run]) -> None:
        self._raw = raw
        self._runs: list[_Run] = []
        at = 0
        for run in runs:
            if _LEGIBLE.search(run.meaning):
                self._runs.append(replace(run, at=at))
                at += len(run.meaning) + 1
        self.data = b"\0".join(run.meaning for run in self._runs)

    def raised(self, edits: Sequence[Edit]) -> list[Edit]:
        found = []
        for run in self._runs:
            end = run.at + len(run.meaning)
            own = [edit for edit in edits if run.at <= edit.start and edit.end <= end]
            if own:
                moved = [Edit(edit.start - run.at, edit.end - run.at, edit.text) for edit in own]
                found.append(Edit(run.start, run.end, self._anew(run, moved), own[0].why))
        return found

    def _anew(self, run: _Run, edits: Sequence[Edit]) -> bytes:
        raise NotImplementedError


_Coded = tuple[int, int, bytes]
"""Where a run of base64 begins and ends, and its characters in the standard alphabet."""


class _Base64View(_RunsView):
    """What the runs mean when the first `skipped` characters of each are not part of it."""

    name = "base64"

    def __init__(self, raw: bytes, coded: Iterable[_Coded], skipped: int) -> None:
        self._skipped = skipped
        super().__init__(raw, (_Run(start, end, _meaning(text[skipped:])) for start, end, text in coded))

    def _anew(self, run: _Run, edits: Sequence[Edit]) -> bytes:
        written = self._raw[run.start : run.end]
        flat = _unwrapped(written)
        kept, coded = flat[: self._skipped], flat[self._skipped :]
        meaning = edited(run.meaning, edits)
        if len(meaning) == len(run.meaning):
            first, last = min(edit.start for edit in edits) // _GROUP, -(-max(edit.end for edit in edits) // _GROUP)
            part, begin = _coded(meaning[first * _GROUP : last * _GROUP], written), first * _CODED_GROUP
            # What follows stays as it is written: it need not be base64 at all.
            new = coded[:begin] + part + coded[begin + len(part) :]
        else:
            new = _coded(meaning, written)
        padding = b"=" * (-len(new) % _CODED_GROUP) if written.endswith(b"=") else b""
        return _wrapped(kept + new + padding, written)


def _unwrapped(written: bytes) -> bytes:
    return written.translate(None, b"\r\n").rstrip(b"=")


def _meaning(coded: bytes) -> bytes:
    # A last character alone holds less than a byte.
    whole = coded[:-1] if len(coded) % _CODED_GROUP == 1 else coded
    return a2b_base64(whole + b"=" * (-len(whole) % _CODED_GROUP))


def _coded(meaning: bytes, written: bytes) -> bytes:
    coded = b64encode(meaning).rstrip(b"=")
    return coded.translate(_TO_URL_SAFE) if b"-" in written or b"_" in written else coded


def _wrapped(coded: bytes, written: bytes) -> bytes:
    if b"\n" not in written:
        return coded
    line_end = b"\r\n" if b"\r\n" in written else b"\n"
    width = written.index(line_end)
    return line_end.join(coded[at : at + width] for at in range(0, len(coded), width))


class _HexView(_RunsView):
    """What the runs of hexadecimal digits mean, the first of each left out when `skipped` is 1."""

    name = "hexadecimal"

    def __init__(self, raw: bytes, spans: Iterable[tuple[int, int]], skipped: int) -> None:
        moved = ((start + skipped, end - (end - start - skipped) % 2) for start, end in spans)
        super().__init__(raw, (_Run(start, end, unhexlify(raw[start:end])) for start, end in moved))

    def _anew(self, run: _Run, edits: Sequence[Edit]) -> bytes:
        written = self._raw[run.start : run.end]
        made = hexlify(edited(run.meaning, edits))
        return made if written == written.lower() else made.upper()


class _DeflatedView:
    """One gzip or zlib stream inside the bytes; it hardly ever goes without base64 around it."""

    cost = 1

    def __init__(self, name: str, start: int, end: int, data: bytes) -> None:
        self.name = name
        self.data = data
        self._start, self._end = start, end

    def raised(self, edits: Sequence[Edit]) -> list[Edit]:
        meaning = edited(self.data, edits)
        packed = gzip.compress(meaning, mtime=0) if self.name == "gzip" else zlib.compress(meaning)
        return [Edit(self._start, self._end, packed, edits[0].why)] if edits else []


def inflated(data: bytes, window: int) -> tuple[bytes, int] | None:
    """Give what a stream at the beginning of the bytes holds, as far as it is whole, and its length; None for no stream.

    `window` is zlib's: 31 for gzip, 15 for zlib, -15 for bare deflate. What is larger than 64 MB is no stream.
    """
    machine = zlib.decompressobj(window)
    try:
        meaning = machine.decompress(data, _LARGEST)
    except zlib.error:
        return None
    if machine.unconsumed_tail:
        return None
    return (meaning, len(data) - len(machine.unused_data)) if meaning else None


def _deflated(data: bytes) -> Iterator[View]:
    for mark, name, window in ((_GZIP, "gzip", 31), *((mark, "deflate", 15) for mark in _ZLIB)):
        at = data.find(mark)
        while at >= 0:
            found = inflated(data[at:], window)
            if found:
                yield _DeflatedView(name, at, at + found[1], found[0])
            at = data.find(mark, at + (found[1] if found else 1))


def packed_views(data: bytes) -> Iterator[View]:
    """Give a view for each way in which some of the bytes can be unpacked."""
    yield from _deflated(data)
    coded = [(*run.span(), _unwrapped(run[0]).translate(_TO_STANDARD)) for run in _RUN.finditer(data)]
    digits = [run.span() for run in _HEX_RUN.finditer(data)]
    skips = [_Base64View(data, coded, skipped) for skipped in range(_CODED_GROUP)] if coded else []
    shifts = [_HexView(data, digits, skipped) for skipped in range(2)] if digits else []
    yield from (view for view in (*skips, *shifts) if view.data)
