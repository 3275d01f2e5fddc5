"""A whole refresh up to where nothing is written yet: what a live target says now of each fixture and schema."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from apitwin_contracts.contract import Contract, Credentials
from apitwin_contracts.record.scrubbing import Scrubber
from apitwin_contracts.record.session import stamp
from apitwin_contracts.record.signing_in import SIGN_IN
from apitwin_contracts.record.tour import Stop, Toured, stops, tour
from apitwin_contracts.run import Run
from apitwin_fixtures import Cassette, Exchange

from .asking import Asker
from .change import Change
from .fixtures import FixtureNews, Recordings, first_news, fixture_news, words_of
from .learning import Learned, Learner
from .schemas import SchemaNews, schema_news

__all__ = ["News", "Visit", "scrubber_of"]

_PERSONAL = frozenset({"user", "username", "email", "login"})
_DEFAULT = "default"
_KEPT = ("supplier", "operation", "title", "credential")


@dataclass(frozen=True)
class News:
    """What became of a supplier's fixtures: by cassette and by schema, with what was learned of new fields."""

    supplier: str
    target: str
    started: str
    fixtures: tuple[FixtureNews, ...]
    schemas: tuple[SchemaNews, ...]
    not_asked: Mapping[str, str] = field(default_factory=dict)
    learned: Learned = field(default_factory=Learned)
    exchanges: int = 0

    @property
    def changes(self) -> tuple[Change, ...]:
        """Every change in meaning, schemas first."""
        of_schemas = [change for news in self.schemas for change in news.changes]
        return (*of_schemas, *(change for news in self.fixtures for change in news.changes))

    @property
    def volatile(self) -> tuple[Change, ...]:
        """What only varies."""
        return tuple(change for news in self.fixtures for change in news.volatile)


class Visit:
    """One visit to a live target on behalf of a supplier's fixtures, as the customers of a run; `now` is when."""

    def __init__(self, run: Run, scrubber: Scrubber, now: datetime) -> None:
        self._run = run
        self._contract = run.contract
        self._scrubber = scrubber
        self._now = now
        # A mock's time may be another than the world's, and what it tells of days is told by its own.
        self._moment = {"moment": stamp(run.target.clock.now())} if run.target.clock.movable else {}
        credentials = {_DEFAULT: run.credentials, **run.others}
        self._asker = Asker(self._contract, run.target, credentials, _pseudonyms(self._contract, credentials, scrubber))

    def look(self) -> News:
        """Ask everything again and compare; raises `UnreachableError`, and `LeakError` where a secret cannot be told from data."""
        contract = self._contract
        cassettes = {cassette.name: cassette for cassette in contract.fixtures.cassettes}
        planned = {stop.name: stop for stop in stops(contract)}
        toured = Toured()
        if planned.keys() & cassettes.keys():
            toured = self._toured([stop for name, stop in planned.items() if name not in cassettes or _is_remade(stop)])
        remade = {stop.name for stop in planned.values() if _is_remade(stop)}
        others = [cassette for name, cassette in cassettes.items() if name not in remade]
        asked = self._asker.ask(others, writes=not self._run.read_only)
        schemas = tuple(schema_news(self._asker.default))
        learned = Learner(self._asker.default, self._scrubber).learn(schemas, [cassettes[name] for name in asked.first])
        writes = {name for name, stop in planned.items() if stop.writes}
        recorded = {one.name: Recordings(one.exchanges, (), self._again(one, writes)) for one in toured.cassettes}
        recorded |= {name: Recordings(raw, (), asked.second.get(name)) for name, raw in asked.first.items()}
        return News(
            contract.supplier,
            self._run.target.url,
            stamp(self._now),
            tuple(self._fixtures(cassettes, recorded, {cassette.name: cassette for cassette in toured.cassettes})),
            schemas,
            {**toured.skipped, **asked.skipped},
            learned,
            self._run.exchanges + self._asker.exchanges,
        )

    def _toured(self, planned: Iterable[Stop]) -> Toured:
        last = Toured()
        for toured in tour(self._run, planned, {}):
            last = toured
        return last

    def _again(self, cassette: Cassette, writes: Collection[str]) -> tuple[Exchange, ...] | None:
        if cassette.name in writes or cassette.operation == SIGN_IN:
            return None
        return tuple(self._run.client.exchange(exchange.request, cassette.operation) for exchange in cassette.exchanges)

    def _fixtures(
        self, cassettes: Mapping[str, Cassette], recorded: Mapping[str, Recordings], toured: Mapping[str, Cassette]
    ) -> Iterator[FixtureNews]:
        for one in recorded.values():
            self._learn_tokens(one.raw)
            self._scrubber.discover(one.raw)
            self._scrubber.discover(one.again or ())
        words = words_of(self._contract.fixtures)
        for name, one in sorted(recorded.items()):
            told = toured.get(name, cassettes.get(name))
            if told is None:
                continue
            metadata = self._metadata(told)
            scrubbed = replace(one, scrubbed=self._scrubber.scrub(one.raw))
            if name in toured:
                scrubbed = replace(scrubbed, unsteady=tuple(told.metadata["volatile"]))
            before = cassettes.get(name)
            if before is None:
                yield first_news(self._contract.supplier, name, scrubbed, metadata)
            else:
                yield fixture_news(self._contract.supplier, before, scrubbed, metadata, words)

    def _learn_tokens(self, exchanges: Iterable[Exchange]) -> None:
        # Whatever was shown as a token is a secret, however it was spoilt before.
        for exchange in exchanges:
            for token in (exchange.request.header("authorization") or "").split()[-1:]:
                self._scrubber.learn("token", token)

    def _metadata(self, before: Cassette) -> dict[str, Any]:
        kept = {name: before.metadata[name] for name in _KEPT if name in before.metadata}
        return {
            **kept,
            "source": {"kind": "observed", "where": self._run.target.url},
            "recorded": self._now.date().isoformat(),
            "when": stamp(self._now),
            **self._moment,
            "target": self._run.target.url,
            "corrected": [],
        }


def _is_remade(stop: Stop) -> bool:
    """Tell whether a stop is made anew: what was a plain question is asked as it was recorded, what makes or spoils something is not."""
    return stop.writes or stop.kind in ("error", "auth")


def _pseudonyms(
    contract: Contract, credentials: Mapping[str, Credentials], scrubber: Scrubber
) -> list[tuple[str, str]]:
    """Pair what stands in recordings for the run's own secrets with these."""
    pairs: list[tuple[str, str]] = []
    for given in credentials.values():
        for name, secret in given.items():
            if name in contract.auth.secret or name in _PERSONAL:
                shown = scrubber.learn("secret" if name in contract.auth.secret else "user", secret)
                pairs.append((shown, secret))
    return [(shown, secret) for shown, secret in pairs if shown != secret]


def scrubber_of(contract: Contract, credentials: Mapping[str, Credentials]) -> Scrubber:
    """Make the scrubber of a run's credentials."""
    named = {
        name if customer == _DEFAULT else f"{customer}.{name}": secret
        for customer, given in credentials.items()
        for name, secret in given.items()
    }
    return Scrubber(contract, named)
