"""Replay a cassette against a fresh mock: same keys, types, formats and values, but where the cassette says volatile or corrected."""

import re
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from apitwin_fixtures import Cassette, Exchange, Reply, Request
from apitwin_mocks.server import Server

__all__ = ["Sign", "answer", "differences", "replay"]

Sign = Callable[[Request, Mapping[str, Any]], Request]
"""Puts a credential of the mock in the place of a recorded request's placeholders."""

Path = tuple[str | int, ...]
FORMATS = {
    "uuid": r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
    "instant": r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}.*",
    "day": r"\d{4}-\d{2}-\d{2}",
    "whole number": r"-?\d+",
    "decimal number": r"-?\d+\.\d+",
    "address": r"https?://\S+",
    "mail": r"[^@\s]+@[^@\s]+",
    "empty": r"",
}


def answer(server: Server, request: Request) -> Reply:
    """Send one request to a server in process."""
    asked: Coroutine[Any, Any, Reply] = server.answer(request)
    try:
        asked.send(None)
    except StopIteration as stop:
        reply: Reply = stop.value
        return reply
    message = "the mock waited for something, and nothing in a test does"
    raise AssertionError(message)


def replay(server: Server, cassette: Cassette, credentials: Mapping[str, Any], sign: Sign) -> list[str]:
    """Send a cassette's requests to a mock; give every place where it answers something else than it may."""
    supplier, name = cassette.metadata["supplier"], cassette.metadata["credential"]
    found = []
    for exchange in cassette.exchanges:
        request = sign(exchange.request, credentials[name]) if name else exchange.request
        mounted = Request(request.method, f"/{supplier}{request.path}", request.query, request.headers, request.body)
        found += differences(exchange, answer(server, mounted), cassette.metadata)
    return found


def differences(recorded: Exchange, reply: Reply, metadata: Mapping[str, Any]) -> list[str]:
    """Compare a reply with the recorded one by the cassette's terms; the first line is the most telling."""
    expected = recorded.reply
    if (expected.status, expected.media_type) != (reply.status, reply.media_type):
        return [f"{expected.status} {expected.media_type} became {reply.status} {reply.media_type}: {reply.text[:200]}"]
    if expected.media_type != "application/json":
        return [] if expected.text == reply.text else [f"{expected.text[:200]!r} became {reply.text[:200]!r}"]
    terms = _Terms(metadata["volatile"], metadata["corrected"])
    return [f"{_spelled(path)}: {problem}" for path, problem in terms.compare((), expected.json, reply.json)]


def _parsed(pattern: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\[\d*\]|[^.\[\]]+", pattern))


def _spelled(path: Path) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".") or "the body"


def _fits(path: Path, pattern: tuple[str, ...]) -> bool:
    return len(path) == len(pattern) and all(
        wanted in ("[]", f"[{part}]") if isinstance(part, int) else wanted in ("*", part)
        for part, wanted in zip(path, pattern, strict=True)
    )


@dataclass(frozen=True)
class _Correction:
    pattern: tuple[str, ...]
    to: object
    absent: bool

    def adds(self, path: Path) -> Iterator[str]:
        """Name the key below a path that this correction speaks of."""
        *parent, last = self.pattern
        if not self.absent and last not in ("*", "[]") and _fits(path, tuple(parent)):
            yield last


def _correction(entry: dict[str, Any]) -> _Correction:
    return _Correction(_parsed(entry["path"]), entry.get("to"), entry.get("absent", False))


class _Terms:
    """What a cassette lets differ: volatile places keep type and format, corrected ones have the corrected value."""

    def __init__(self, volatile: list[str], corrected: list[dict[str, Any]]) -> None:
        self._volatile = [_parsed(pattern) for pattern in volatile]
        self._corrections = [_correction(entry) for entry in corrected]

    def compare(self, path: Path, recorded: object, answered: object) -> Iterator[tuple[Path, str]]:
        """Give every place at or below a path that differs, with what is wrong there."""
        correction = next((entry for entry in self._corrections if _fits(path, entry.pattern)), None)
        if correction:
            if correction.to != answered or type(correction.to) is not type(answered):
                yield path, f"must be corrected to {correction.to!r}, is {answered!r}"
        elif any(_fits(path, pattern) for pattern in self._volatile):
            if not _alike(self._mended(path, recorded), answered):
                yield path, f"{answered!r} is not of the form of {recorded!r}"
        elif isinstance(recorded, dict) and isinstance(answered, dict):
            yield from self._compare_objects(path, recorded, answered)
        elif isinstance(recorded, list) and isinstance(answered, list):
            yield from self._compare_lists(path, recorded, answered)
        elif recorded != answered or type(recorded) is not type(answered):
            yield path, f"{recorded!r} became {answered!r}"

    def _mended(self, path: Path, recorded: object) -> object:
        """Give a recorded value with the corrections below it, for a volatile place of which only the form is compared."""
        if isinstance(recorded, list):
            return [self._mended((*path, place), item) for place, item in enumerate(recorded)]
        if not isinstance(recorded, dict):
            return recorded
        kept = {key: self._mended((*path, key), value) for key, value in recorded.items()}
        set_here = {entry.pattern[-1]: entry.to for entry in self._corrections for _ in entry.adds(path)}
        return {key: value for key, value in (kept | set_here).items() if not self._is_dropped((*path, key))}

    def _compare_objects(
        self, path: Path, recorded: dict[str, object], answered: dict[str, object]
    ) -> Iterator[tuple[Path, str]]:
        added = {key for entry in self._corrections for key in entry.adds(path)}
        dropped = {key for key in recorded if self._is_dropped((*path, key))}
        expected = (set(recorded) - dropped) | added
        for key in sorted(expected ^ set(answered)):
            yield (*path, key), "is missing" if key in expected else f"is new: {answered[key]!r}"
        for key in sorted(expected & set(answered)):
            yield from self.compare((*path, key), recorded.get(key), answered[key])

    def _is_dropped(self, path: Path) -> bool:
        return any(entry.absent and _fits(path, entry.pattern) for entry in self._corrections)

    def _compare_lists(self, path: Path, recorded: list[object], answered: list[object]) -> Iterator[tuple[Path, str]]:
        if len(recorded) != len(answered):
            yield path, f"{len(recorded)} items became {len(answered)}"
        for place, (before, now) in enumerate(zip(recorded, answered, strict=False)):
            yield from self.compare((*path, place), before, now)


def _alike(recorded: object, answered: object) -> bool:
    """Tell whether a volatile value has the recorded one's form; an item of a list, that of any recorded item."""
    if isinstance(recorded, dict) and isinstance(answered, dict):
        return set(recorded) == set(answered) and all(_alike(recorded[key], answered[key]) for key in recorded)
    if isinstance(recorded, list) and isinstance(answered, list):
        return not recorded or all(any(_alike(before, now) for before in recorded) for now in answered)
    return _kind(recorded) == _kind(answered)


def _kind(value: object) -> str:
    if not isinstance(value, str):
        return type(value).__name__
    return next((name for name, form in FORMATS.items() if re.fullmatch(form, value, re.DOTALL)), "text")
