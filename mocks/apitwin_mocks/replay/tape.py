"""Recordings that answer: the one that means the same as a request, or the nearest and what differs."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from graphql import GraphQLSchema

from apitwin_fixtures import Cassette, Reply, Request

from .facts import Secrets, request_facts

__all__ = ["Difference", "Found", "Missing", "Recording", "Tape", "recordings_of"]

_ABSENT = "absent"
_REFUSED = (401, 403)
_FIRST_REFUSAL, _SELDOM = 400, 2
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
    """The recordings that mean the same as a request, in recorded order, and a name for the group; `apart` names what was otherwise."""

    recordings: tuple[Recording, ...]
    group: tuple[int, ...]
    apart: tuple[str, ...] = ()


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
    """Immutable recordings, looked up by what a request means: layout, order and credentials' values do not matter.

    What was asked with several credentials, and with others now, is answered as it was to those with which most was asked.
    """

    def __init__(
        self, recordings: Iterable[Recording], secrets: Secrets | None = None, schemas: Sequence[GraphQLSchema] = ()
    ) -> None:
        self.recordings = tuple(recordings)
        self._secrets = secrets or Secrets()
        self._schemas = schemas
        read = [request_facts(recording.request, self._secrets, schemas) for recording in self.recordings]
        self._facts = [facts for facts, _ in read]
        self._credentials = [credentials for _, credentials in read]
        asked = zip(self.recordings, self._credentials, strict=True)
        self._usual = Counter((one.request.path, *pair) for one, credentials in asked for pair in credentials.items())
        self._most: Counter[tuple[str, str]] = Counter()
        for (path, place, _), count in self._usual.items():
            self._most[path, place] = max(self._most[path, place], count)
        self._places: dict[frozenset[tuple[str, str]], list[int]] = defaultdict(list)
        for index, facts in enumerate(self._facts):
            self._places[frozenset(facts.items())].append(index)

    @property
    def paths(self) -> frozenset[str]:
        """Every recorded path."""
        return frozenset(recording.request.path for recording in self.recordings)

    def find(self, request: Request) -> Found | Missing:
        """Give the recordings of a request; among several, those that were asked with the same headers and credentials."""
        asked, credentials = request_facts(request, self._secrets, self._schemas)
        same = self._places.get(frozenset(asked.items()))
        if not same:
            return self._missing(asked)
        chosen = self._alike(request, credentials, same)
        apart = tuple(self._apart(request, credentials, chosen[0]))
        return Found(tuple(self.recordings[index] for index in chosen), chosen, apart)

    def _apart(self, request: Request, credentials: dict[str, str], index: int) -> Iterator[str]:
        """Name the headers that were others, and the credentials where a refusal of other ones need not be theirs."""
        ours, theirs = (set(_meaning(one)) for one in (request, self.recordings[index].request))
        yield from sorted({name for name, _ in ours ^ theirs})
        if credentials != self._credentials[index] and _refuses(self.recordings[index].reply):
            path = request.path
            shown = self._credentials[index].items()
            usual = all(self._usual[path, *pair] * _SELDOM > self._most[path, pair[0]] for pair in shown)
            if not usual or self.recordings[index].reply.status in _REFUSED:
                yield "credentials"

    def _alike(self, request: Request, credentials: dict[str, str], places: list[int]) -> tuple[int, ...]:
        ranked = {index: self._rank(request, credentials, index) for index in places}
        first = min(places, key=lambda index: (ranked[index], index))
        best = (index for index in places if ranked[index] == ranked[first])
        return tuple(index for index in best if self._credentials[index] == self._credentials[first])

    def _rank(self, request: Request, credentials: dict[str, str], index: int) -> tuple[int, bool, bool, int]:
        recording, shown = self.recordings[index], self._credentials[index]
        other = shown != credentials
        ours, theirs = (set(_meaning(one)) for one in (request, recording.request))
        usual = sum(self._usual[recording.request.path, *pair] for pair in shown.items()) if other else 0
        return len(ours ^ theirs), other, other and recording.reply.status in _REFUSED, -usual

    def _missing(self, asked: dict[str, str]) -> Missing:
        if not self.recordings:
            return Missing(None, ())
        told = [tuple(_differences(facts, asked)) for facts in self._facts]
        index = min(range(len(told)), key=lambda index: (_distance(told[index]), index))
        return Missing(self.recordings[index], told[index])


def _refuses(reply: Reply) -> bool:
    if reply.status >= _FIRST_REFUSAL:
        return True
    try:
        body = reply.json
    except ValueError:
        return False
    return isinstance(body, dict) and bool(body.get("errors"))


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
