"""Recordings that answer: the one that means the same as a request, or the nearest and what differs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from apitwin_fixtures import Cassette, Reply, Request

from .facts import Secrets, request_facts

__all__ = ["Difference", "Found", "Missing", "Recording", "Tape", "recordings_of"]

_ABSENT = "absent"
_REFUSED = (401, 403)
_CARRIERS = frozenset({
    "accept-encoding", "connection", "content-length", "host", "transfer-encoding", "user-agent", "date", "cookie", "authorization",
    "accept-language", "traceparent", "tracestate", "x-request-id",
})  # fmt: skip


@dataclass(frozen=True)
class Recording:
    """One recorded exchange: the cassette's name, its operation, the request and the reply."""

    cassette: str
    operation: str
    request: Request
    reply: Reply


@dataclass(frozen=True)
class Difference:
    """One place in which a request is not as recorded; what is not there reads `absent`."""

    path: str
    recorded: str
    asked: str


@dataclass(frozen=True)
class Found:
    """The recordings that mean the same as a request, in recorded order, and a name for this group."""

    recordings: tuple[Recording, ...]
    group: tuple[int, ...]


@dataclass(frozen=True)
class Missing:
    """No recording means the same: the nearest one and what differs, or nothing was recorded at all."""

    nearest: Recording | None
    differences: tuple[Difference, ...]


def recordings_of(cassettes: Iterable[Cassette]) -> Iterator[Recording]:
    """Give every exchange of cassettes, the earliest recorded first as far as their metadata tell."""
    for cassette in sorted(cassettes, key=lambda one: (str(one.metadata.get("when", "")), one.name)):
        for exchange in cassette.exchanges:
            yield Recording(cassette.name, cassette.operation, exchange.request, exchange.reply)


class Tape:
    """Immutable recordings, looked up by what a request means: layout, order and credentials' values do not matter."""

    def __init__(self, recordings: Iterable[Recording], secrets: Secrets | None = None) -> None:
        self.recordings = tuple(recordings)
        self._secrets = secrets or Secrets()
        self._facts = [request_facts(recording.request, self._secrets) for recording in self.recordings]
        self._places: dict[frozenset[tuple[str, str]], list[int]] = defaultdict(list)
        for index, facts in enumerate(self._facts):
            self._places[frozenset(facts.items())].append(index)

    @property
    def paths(self) -> frozenset[str]:
        """Every recorded path."""
        return frozenset(recording.request.path for recording in self.recordings)

    def find(self, request: Request) -> Found | Missing:
        """Give the recordings of a request; among several, those that were asked with the same headers and credentials."""
        asked = request_facts(request, self._secrets)
        same = self._places.get(frozenset(asked.items()))
        if not same:
            return self._missing(asked)
        chosen = self._alike(request, same)
        return Found(tuple(self.recordings[index] for index in chosen), chosen)

    def _alike(self, request: Request, places: list[int]) -> tuple[int, ...]:
        ranked = sorted(places, key=lambda index: (self._rank(request, index), index))
        _, best = next(groupby(ranked, key=lambda index: self._rank(request, index)))
        return tuple(best)

    def _rank(self, request: Request, index: int) -> tuple[int, bool, bool]:
        recording = self.recordings[index]
        other = recording.request.header("authorization") != request.header("authorization")
        ours, theirs = (set(_meaning(one)) for one in (request, recording.request))
        return len(ours ^ theirs), other and recording.reply.status in _REFUSED, other

    def _missing(self, asked: dict[str, str]) -> Missing:
        if not self.recordings:
            return Missing(None, ())
        told = [tuple(_differences(facts, asked)) for facts in self._facts]
        index = min(range(len(told)), key=lambda index: (_distance(told[index]), index))
        return Missing(self.recordings[index], told[index])


def _meaning(request: Request) -> Iterator[tuple[str, str]]:
    return ((name, value.replace(" ", "").lower()) for name, value in request.headers if name not in _CARRIERS)


def _differences(recorded: dict[str, str], asked: dict[str, str]) -> Iterator[Difference]:
    for place in (*recorded, *(place for place in asked if place not in recorded)):
        one, other = recorded.get(place, _ABSENT), asked.get(place, _ABSENT)
        if one != other:
            yield Difference(place, one, other)


def _distance(differences: tuple[Difference, ...]) -> float:
    # Another path or root field is another question; another value is the same one asked of something else.
    return sum(
        20 if one.path in ("path", "method") else 1 if _ABSENT in (one.recorded, one.asked) else 0.5
        for one in differences
    )
