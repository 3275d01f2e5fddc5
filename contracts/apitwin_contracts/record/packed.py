"""Views of what is packed as a whole: base64, hexadecimal, gzip and deflate, wherever in the bytes it begins."""

import gzip
import re
import zlib
from base64 import b64encode
from binascii import a2b_base64, hexlify, unhexlify
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

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


_Meanings = tuple[bytes, ...]
"""What a run means with none, one, two … characters before it left out; empty where that is not legible."""

_Reading = Callable[[bytes], _Meanings]


@dataclass(frozen=True)
class _Run:
    """Encoded bytes, the places where they stand, and what they mean, which lies at `at` in the view."""

    written: bytes
    starts: Sequence[int]
    meaning: bytes = b""
    at: int = 0


class _RunsView:
    """The meanings of those runs that mean something, one after another and each once; an edit of a run writes it anew wherever it stands."""

    name = "runs"
    cost = 2

    def __init__(self, meant: Iterable[tuple[_Run, _Meanings]], skipped: int) -> None:
        self._skipped = skipped
        self._runs: list[_Run] = []
        at = 0
        for run, meanings in meant:
            meaning = meanings[skipped]
            if meaning:
                self._runs.append(_Run(run.written, run.starts, meaning, at))
                at += len(meaning) + 1
        self.data = b"\0".join(run.meaning for run in self._runs)

    def raised(self, edits: Sequence[Edit]) -> list[Edit]:
        found = []
        for run in self._runs:
            end = run.at + len(run.meaning)
            own = [edit for edit in edits if run.at <= edit.start and edit.end <= end]
            if own:
                new = self._anew(run, [Edit(edit.start - run.at, edit.end - run.at, edit.text) for edit in own])
                found += [Edit(start, start + len(run.written), new, own[0].why) for start in run.starts]
        return found

    def _anew(self, run: _Run, edits: Sequence[Edit]) -> bytes:
        raise NotImplementedError


class _Base64View(_RunsView):
    """What the runs mean when the first `skipped` characters of each are not part of it."""

    name = "base64"

    def _anew(self, run: _Run, edits: Sequence[Edit]) -> bytes:
        written = run.written
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


def _base64_meanings(written: bytes) -> _Meanings:
    coded = _unwrapped(written).translate(_TO_STANDARD)
    return _legible(_meaning(coded[skipped:]) for skipped in range(_CODED_GROUP))


def _hex_meanings(written: bytes) -> _Meanings:
    return _legible(unhexlify(_even(written, skipped)) for skipped in range(2))


def _even(written: bytes, skipped: int) -> bytes:
    return written[skipped : len(written) - (len(written) - skipped) % 2]


def _legible(meanings: Iterable[bytes]) -> _Meanings:
    found = tuple(meaning if _LEGIBLE.search(meaning) else b"" for meaning in meanings)
    return found if any(found) else ()


# Short runs are mostly words, and the same ones in every reply.
_known_base64, _known_hex = lru_cache(1 << 16)(_base64_meanings), lru_cache(1 << 12)(_hex_meanings)
_LONGEST_KNOWN = 64


def _meant(
    data: bytes, pattern: re.Pattern[bytes], known: _Reading, read: _Reading
) -> Iterator[tuple[_Run, _Meanings]]:
    """Give each run that means something once, with all its places: a reply says the same words over and over."""
    places: dict[bytes, list[int]] = defaultdict(list)
    for match in pattern.finditer(data):
        places[match[0]].append(match.start())
    for written, starts in places.items():
        meanings = (known if len(written) <= _LONGEST_KNOWN else read)(written)
        if meanings:
            yield _Run(written, starts), meanings


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

    def _anew(self, run: _Run, edits: Sequence[Edit]) -> bytes:
        digits = _even(run.written, self._skipped)
        made = hexlify(edited(run.meaning, edits))
        new = made if digits == digits.lower() else made.upper()
        return run.written[: self._skipped] + new + run.written[self._skipped + len(digits) :]


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
    coded = list(_meant(data, _RUN, _known_base64, _base64_meanings))
    digits = list(_meant(data, _HEX_RUN, _known_hex, _hex_meanings))
    skips = [_Base64View(coded, skipped) for skipped in range(_CODED_GROUP)] if coded else []
    shifts = [_HexView(digits, skipped) for skipped in range(2)] if digits else []
    yield from (view for view in (*skips, *shifts) if view.data)
