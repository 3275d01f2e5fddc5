"""Laws of the record: an entity that was recorded, and that the target has, is still told as it was recorded."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.client import Client
from apitwin_contracts.contract import Contract
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.paths import every
from apitwin_fixtures import Cassette, Request

__all__ = ["CHECKS", "Recorded"]

_PART = re.compile(r"\[\d*\]|[^.\[\]]+")
_Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Recorded:
    """A cassette whose answer is about an entity: where the target's answer has the recorded one's `identity`, the rest is as recorded.

    `moving` names paths that change in an entity's life, beside what the cassette itself calls volatile or scrubbed or corrects; `part` is where in
    the reply the operation's own payload lies.
    """

    cassette: str
    identity: Callable[[Any], Any]
    moving: tuple[str, ...] = ()
    part: str = ""
    prepare: Callable[[Client, Request], Request] = field(default=lambda client, request: client.signed(request))
    changes_state: bool = False

    @property
    def name(self) -> str:
        return self.cassette


def _recorded(examination: Examination, declared: Recorded) -> None:
    cassette = _cassette(examination.run.contract, declared.cassette)
    exchange, client = cassette.exchanges[0], examination.client
    if cassette.metadata["credential"] != "default":
        client = examination.run.customer(cassette.metadata["credential"])
    bare = tuple(pair for pair in exchange.request.headers if pair[0] != "authorization")
    request = declared.prepare(client, replace(exchange.request, headers=bare))
    answered = client.exchange(request, cassette.operation)
    recognition = client.recognised(cassette.operation, answered)
    answer = client.taken_for(cassette.operation, answered, recognition)
    expected, observed = _part(exchange.reply.json, declared.part), _part(_json(answered.reply), declared.part)
    if not answer.ok or not observed or declared.identity(expected) != declared.identity(observed):
        raise NothingToExamine(f"the target does not have what {declared.cassette} recorded")
    terms = _Terms(cassette.metadata, declared)
    for path, wanted, seen in terms.differences((), expected, observed):
        place = _spelled(path)
        raise examination.broken([answer], place, f"{wanted!r}, as recorded", repr(seen), source=cassette.source)


def _json(reply: Any) -> Any:
    try:
        return reply.json
    except ValueError:
        return None


def _cassette(contract: Contract, name: str) -> Cassette:
    return next(cassette for cassette in contract.fixtures.cassettes if cassette.name == name)


def _part(body: Any, path: str) -> Any:
    return next(every(body, path), None) if path else body


def _spelled(path: _Path) -> str:
    return "".join("[]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


class _Terms:
    """Which places of a recorded answer may differ."""

    def __init__(self, metadata: Mapping[str, Any], declared: Recorded) -> None:
        prefix = f"{declared.part}." if declared.part else ""
        own = [
            text.removeprefix(prefix)
            for text in (
                *metadata["volatile"],
                *metadata.get("scrubbed", ()),
                *(one["path"] for one in metadata["corrected"]),
            )
        ]
        self._free = [tuple(_PART.findall(text)) for text in (*own, *declared.moving)]

    def differences(self, path: _Path, expected: Any, observed: Any) -> Iterator[tuple[_Path, Any, Any]]:
        """Give each place that must be as recorded and is not."""
        if any(_fits(path, pattern) for pattern in self._free):
            return
        if isinstance(expected, dict) and isinstance(observed, dict):
            for key in (*expected, *(key for key in observed if key not in expected)):
                yield from self.differences((*path, key), expected.get(key, "absent"), observed.get(key, "absent"))
        elif isinstance(expected, list) and isinstance(observed, list) and len(expected) == len(observed):
            for place, (one, other) in enumerate(zip(expected, observed, strict=True)):
                yield from self.differences((*path, place), one, other)
        elif expected != observed:
            yield path, expected, observed


def _fits(path: _Path, pattern: tuple[str, ...]) -> bool:
    return len(path) == len(pattern) and all(
        wanted in ("[]", f"[{part}]") if isinstance(part, int) else wanted in ("*", part)
        for part, wanted in zip(path, pattern, strict=True)
    )


def _declared(contract: Contract) -> tuple[Recorded, ...]:
    return contract.declared(Recorded)


CHECKS = (
    Check("agreement.recorded", "state", "What was recorded of an entity is still told of it.", _declared, _recorded),
)
