"""A whole refresh up to where nothing is written yet: what a live target says now of each fixture and schema."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from apitwin_contracts.contract import Contract, Credentials
from apitwin_contracts.record.scrubbing import Scrubber
from apitwin_contracts.targets import Target
from apitwin_fixtures import Cassette

from .asking import Asked, Asker
from .change import Change
from .fixtures import FixtureNews, Recordings, fixture_news, words_of
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
    """One visit to a live target on behalf of a supplier's fixtures; `now` is when."""

    def __init__(
        self,
        contract: Contract,
        target: Target,
        credentials: Mapping[str, Credentials],
        scrubber: Scrubber,
        now: datetime,
    ) -> None:
        self._contract = contract
        self._target = target
        self._scrubber = scrubber
        self._now = now
        self._asker = Asker(contract, target, credentials, _pseudonyms(contract, credentials, scrubber))

    def look(self, *, writes: bool = False) -> News:
        """Ask everything again and compare; raises `UnreachableError`, and `LeakError` where a secret cannot be told from data."""
        contract = self._contract
        cassettes = {cassette.name: cassette for cassette in contract.fixtures.cassettes}
        asked = self._asker.ask(cassettes.values(), writes=writes)
        client = self._asker.default
        schemas = tuple(schema_news(client))
        learned = Learner(client, self._scrubber).learn(schemas, [cassettes[name] for name in asked.first])
        return News(
            contract.supplier,
            self._target.url,
            self._now.isoformat(timespec="seconds").replace("+00:00", "Z"),
            tuple(self._fixtures(cassettes, asked)),
            schemas,
            asked.skipped,
            learned,
            self._asker.exchanges,
        )

    def _fixtures(self, cassettes: Mapping[str, Cassette], asked: Asked) -> Iterator[FixtureNews]:
        for exchanges in (*asked.first.values(), *asked.second.values()):
            self._scrubber.discover(exchanges)
        words = words_of(self._contract.fixtures)
        for name, raw in asked.first.items():
            recorded = Recordings(raw, self._scrubber.scrub(raw), asked.second.get(name))
            yield fixture_news(
                self._contract.supplier, cassettes[name], recorded, self._metadata(cassettes[name]), words
            )

    def _metadata(self, before: Cassette) -> dict[str, Any]:
        kept = {name: before.metadata[name] for name in _KEPT if name in before.metadata}
        return {
            **kept,
            "source": {"kind": "observed", "where": self._target.url},
            "recorded": self._now.date().isoformat(),
            "when": self._now.isoformat(timespec="seconds"),
            "target": self._target.url,
            "corrected": [],
        }


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
