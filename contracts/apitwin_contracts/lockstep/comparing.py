"""Two replies to the same request, compared as meaning: JSON by value, identities as pairs, times by their distance from now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

from apitwin_contracts.checks.introspection import differences as schema_differences
from apitwin_contracts.surfaces.entries import json_of
from apitwin_fixtures import Reply

from .difference import Difference, Kind
from .forms import ABSENT, form, is_identity, is_schema, kind, shown
from .noise import Noise
from .pairs import Pairs, claims

__all__ = ["Comparison", "compare_replies", "compare_seconds"]

# What carries the reply on its way, and says nothing of it.
_HOP = frozenset(
    {
        "date",
        "server",
        "connection",
        "content-length",
        "transfer-encoding",
        "keep-alive",
        "via",
        "content-encoding",
        "age",
    }
)
_MOST, _LONGEST, _SHORTEST_NUMBER = 12, 300, 6
_EARLIEST = datetime.min.replace(tzinfo=UTC)
_TIME = "9999-99-99"
_NUMBERS = {"integer", "number"}
_SLOW, _TIMES_SLOWER = 0.5, 10


@dataclass
class Comparison:
    """What comparing needs besides two replies: the pairs that were met, what is volatile, each side's time, and how much values count."""

    pairs: Pairs = field(default_factory=Pairs)
    noise: Noise = field(default_factory=Noise)
    now: tuple[datetime, datetime] = (_EARLIEST, _EARLIEST)
    by_value: bool = True


def compare_replies(operation: str, here: Reply, there: Reply, by: Comparison) -> list[Difference]:
    """Give where the target's reply differs from the mock's; where the statuses do, nothing else is looked at."""
    return list(_Trees(operation, by).replies(here, there))[:_MOST]


def compare_seconds(operation: str, here: float, there: float) -> list[Difference]:
    """Give a difference when the target took grossly longer: over half a second, and ten times what the mock took."""
    if there <= _SLOW or there < _TIMES_SLOWER * here:
        return []
    return [Difference(operation, "#seconds", "slow", f"{here:.2f} s", f"{there:.2f} s")]


class _Trees:
    """One comparison at work."""

    def __init__(self, operation: str, by: Comparison) -> None:
        self.operation = operation
        self.by = by

    def _one(self, place: str, what: Kind, expected: str, observed: str) -> Iterator[Difference]:
        if not self.by.noise.covers(self.operation, place, what):
            yield Difference(self.operation, place, what, _said(expected), _said(observed))

    def replies(self, here: Reply, there: Reply) -> Iterator[Difference]:
        """Compare two replies."""
        if here.status != there.status:
            yield from self._one("#status", "status", _told(here), _told(there))
            return
        first, second = json_of(here), json_of(there)
        if first is None and second is None:
            yield from self._plain(here, there)
        elif first is None or second is None:
            yield from self._one("#body", "body", _opening(here), _opening(there))
        elif isinstance(first, dict) and isinstance(second, dict) and is_schema(first) and is_schema(second):
            yield from self._schemas(first, second)
        elif _fate(first) != _fate(second):
            yield from self._one("#outcome", "status", _opening(here, first), _opening(there, second))
        else:
            yield from self.values("", first, second)
        yield from self._headers(here, there)

    def _headers(self, here: Reply, there: Reply) -> Iterator[Difference]:
        first, second = _grouped(here), _grouped(there)
        for name in sorted(first.keys() | second.keys()):
            place, one, other = f"#{name}", first.get(name, []), second.get(name, [])
            what: Kind = "media" if name == "content-type" else "header"
            if len(one) != len(other):
                yield from self._one(place, what, ", ".join(one) or ABSENT, ", ".join(other) or ABSENT)
            for before, after in zip(one, other, strict=False):
                if before != after and not self._alike(before, after) and not self._related(before, after):
                    yield from self._one(place, what, before, after)

    def _related(self, before: str, after: str) -> bool:
        return before.isdigit() and after.isdigit() and not self.by.by_value

    def _plain(self, here: Reply, there: Reply) -> Iterator[Difference]:
        if here.body == there.body:
            return
        one, other = here.text.split(), there.text.split()
        binary = b"\0" in here.body and b"\0" in there.body and here.body[:4] == there.body[:4]
        if binary or (not self.by.by_value and bool(one) == bool(other)):
            return
        first = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if not self._alike(a, b)), None)
        if first is not None or len(one) != len(other):
            place = first if first is not None else min(len(one), len(other))
            yield from self._one("#body", "body", " ".join(one[place : place + 8]), " ".join(other[place : place + 8]))

    def _schemas(self, here: Mapping[str, Any], there: Mapping[str, Any]) -> Iterator[Difference]:
        for coordinate, _severity, expected, observed in schema_differences(here["data"], there["data"]):
            what: Kind = "absent" if observed == ABSENT else "added" if expected == ABSENT else "type"
            yield from self._one(coordinate, what, expected, observed)

    def values(self, place: str, here: Any, there: Any) -> Iterator[Difference]:
        """Compare two values."""
        first, second = kind(here), kind(there)
        if first != second and not self.by.by_value and ("null" in (first, second) or {first, second} == _NUMBERS):
            return
        if first != second:
            yield from self._one(place, "type", f"{first} {shown(here)}", f"{second} {shown(there)}")
        elif isinstance(here, dict):
            yield from self._objects(place, here, there)
        elif isinstance(here, list):
            yield from self._lists(place, here, there)
        elif here != there:
            yield from self._scalars(place, here, there)

    def _objects(self, place: str, here: Mapping[str, Any], there: Mapping[str, Any]) -> Iterator[Difference]:
        if _is_table(here) and _is_table(there) and (here or there):
            yield from self._tables(place, here, there)
            return
        missing = [key for key in here if key not in there]
        extra = [key for key in there if key not in here]
        # A table whose keys are identities has other keys on each side, in the same order.
        partners = dict(zip(filter(_is_drawn, missing), filter(_is_drawn, extra), strict=False))
        for key in (*here, *(key for key in extra if key not in partners.values())):
            name = "*" if _is_drawn(key) else key
            inner, other = f"{place}.{name}" if place else name, partners.get(key, key)
            if other not in there:
                yield from self._one(inner, "absent", shown(here[key]), ABSENT)
            elif key not in here:
                yield from self._one(inner, "added", ABSENT, shown(there[key]))
            else:
                yield from self.values(inner, here[key], there[other])

    def _tables(self, place: str, here: Mapping[str, Any], there: Mapping[str, Any]) -> Iterator[Difference]:
        """Compare two objects that are lists in their server's language: by what stands in them, in order."""
        if len(here) != len(there) and self.by.by_value:
            yield from self._one(f"{place}.*", "count", f"{len(here)} entries", f"{len(there)} entries")
        for one, other in zip(here.values(), there.values(), strict=False):
            yield from self.values(f"{place}.*", one, other)

    def _lists(self, place: str, here: list[Any], there: list[Any]) -> Iterator[Difference]:
        if len(here) != len(there) and self.by.by_value:
            yield from self._one(f"{place}[]", "count", f"{len(here)} items", f"{len(there)} items")
        elif self.by.by_value and here != there and _sorted(here) == _sorted(there):
            if not _is_set(here):
                yield from self._one(f"{place}[]", "order", shown(here), shown(there))
            return
        for one, other in zip(here, there, strict=False):
            yield from self.values(f"{place}[]", one, other)

    def _scalars(self, place: str, here: Any, there: Any) -> Iterator[Difference]:
        if self._alike(here, there):
            return
        tokens = claims(here), claims(there)
        if all(tokens):
            yield from self.values(f"{place}(token)", *tokens)
        elif form(here) != form(there) and (self.by.by_value or _TIME in form(here) + form(there)):
            yield from self._one(place, "form", shown(here), shown(there))
        elif self.by.by_value:
            yield from self._one(place, "value", shown(here), shown(there))

    def _alike(self, here: Any, there: Any) -> bool:
        return bool(here == there) or self.by.pairs.match(here, there, self.by.now)


def _is_table(value: Mapping[str, Any]) -> bool:
    return all(key.isdigit() for key in value)


def _is_drawn(key: str) -> bool:
    return (key.isdigit() and len(key) >= _SHORTEST_NUMBER) or is_identity(key)


def _said(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _grouped(reply: Reply) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in reply.headers:
        if name not in _HOP:
            found.setdefault(name, []).append(value)
    return found


def _opening(reply: Reply, body: Any = None) -> str:
    errors = body.get("errors") if isinstance(body, dict) else None
    return orjson.dumps(errors[0]).decode() if isinstance(errors, list) and errors else reply.text[:200] or "nothing"


def _told(reply: Reply) -> str:
    return f"status {reply.status}: {reply.text[:150]}"


def _fate(body: Any) -> tuple[bool, Any]:
    """Tell how a GraphQL reply ended: with data, and with errors of which first code."""
    if not isinstance(body, dict) or not ({"data", "errors"} & body.keys()):
        return True, None
    errors = body.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else errors
    code = (first.get("extensions") or {}).get("code") if isinstance(first, dict) else None
    return bool(errors), code


def _sorted(items: list[Any]) -> list[bytes]:
    return sorted(orjson.dumps(item, option=orjson.OPT_SORT_KEYS) for item in items)


def _is_set(items: list[Any]) -> bool:
    """Tell whether the order of a list means nothing: an OpenAPI document's parameters and required names."""
    return all(isinstance(item, dict) and {"in", "name"} <= item.keys() for item in items)
