"""Accepted news as files: cassettes, schemas, entities and additions of the project's own fixtures, which the mock reads at its next start."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from apitwin_contracts.contract import Contract
from apitwin_contracts.errors import UsageError
from apitwin_contracts.nearest import unknown
from apitwin_contracts.record.scrubbing import Scrubber
from apitwin_contracts.record.writing import place_files, write_recording
from apitwin_fixtures import Cassette
from apitwin_fixtures.additions import ADDITIONS_FILE, Addition, Additions, KeyAddition
from apitwin_fixtures.age import SEEN_FILE, SEEN_FORMAT

from .change import GONE, Change, Edit
from .comparison import Terms, compare, spelled
from .documents import edited_document, with_property
from .fixtures import FixtureNews, told_by, with_edits
from .following import Followed, Wanted, follow, wanted_of
from .learning import addition_of
from .mocked import MockOver, entities_of
from .run import News
from .schemas import SchemaNews
from .sdl_edits import edited_sdl

__all__ = ["Choice", "Written", "accept"]

_OPENAPI = "openapi.json"


@dataclass(frozen=True)
class Choice:
    """Which changes are accepted: everything, or those of some fingerprints."""

    everything: bool = False
    fingerprints: frozenset[str] = frozenset()

    def check(self, news: News) -> None:
        """Raise `UsageError` for a fingerprint that no change has."""
        known = [change.fingerprint for change in news.changes]
        for one in sorted(self.fingerprints - set(known)):
            raise UsageError(unknown("change", one, known))

    def of(self, changes: Iterable[Change]) -> list[Change]:
        """Give those that are accepted."""
        return [change for change in changes if self.everything or change.fingerprint in self.fingerprints]


@dataclass(frozen=True)
class Written:
    """What was written, as names in the supplier's folder, and what the mock follows; `left` says of other changes why it does not.

    `otherwise` counts further values of which the mock says something else than the target, as where its world is another.
    """

    files: tuple[str, ...] = ()
    followed: tuple[str, ...] = ()
    left: Mapping[str, str] = field(default_factory=dict)
    otherwise: int = 0


def accept(contract: Contract, news: News, choice: Choice, folder: Path, scrubber: Scrubber, today: date) -> Written:
    """Write what is accepted into a supplier's folder, each file whole or not at all; raises `UsageError`, and `LeakError` with nothing written."""
    choice.check(news)
    acceptance = _Acceptance(contract, news, choice, today)
    cassettes, files = acceptance.cassettes(), acceptance.files()
    # Every other file holds our own words beside what stands in the cassettes, and of these every byte is looked at.
    scrubber.look(files.get(ADDITIONS_FILE, b""), ADDITIONS_FILE)
    folder.mkdir(parents=True, exist_ok=True)
    recorded = write_recording(folder / "cassettes", cassettes, scrubber) if cassettes else []
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
    place_files({folder / name: content for name, content in files.items()})
    names = (*(f"cassettes/{path.name}" for path in recorded), *files)
    return Written(names, tuple(acceptance.followed), acceptance.left, acceptance.otherwise)


class _Acceptance:
    """Turns news into files of one supplier."""

    def __init__(self, contract: Contract, news: News, choice: Choice, today: date) -> None:
        self._contract = contract
        self._news = news
        self._choice = choice
        self._today = today
        self.followed: list[str] = []
        self.left: dict[str, str] = {}
        self.otherwise = 0

    def cassettes(self) -> list[Cassette]:
        """Give the cassettes that become the target's, whole or as far as is accepted."""
        return [cassette for news in self._news.fixtures for cassette in self._cassette(news)]

    def _cassette(self, news: FixtureNews) -> Iterator[Cassette]:
        taken = self._choice.of(news.changes)
        if len(taken) == len(news.changes) and (taken or self._choice.everything):
            yield news.after
        elif taken:
            edits = [instance.edit for change in taken for instance in change.instances if instance.edit]
            yield replace(with_edits(news.before, edits), metadata=news.after.metadata)

    def files(self) -> dict[str, bytes]:
        """Give every other file."""
        documents = {news.fixture: self._schema(news) for news in self._news.schemas}
        additions = self._additions(documents)
        entities = self._entities()
        changed: dict[str, Any] = {name: text for name, text in documents.items() if text is not None} | dict(entities)
        files = {name: _bytes(content) for name, content in changed.items()}
        if additions != self._contract.fixtures.additions:
            files[ADDITIONS_FILE] = _bytes(additions.as_json())
        seen = self._seen(entities)
        return files | ({SEEN_FILE: _bytes(seen)} if seen else {})

    def _schema(self, news: SchemaNews) -> Any:
        taken = self._choice.of(news.changes)
        if not taken:
            return None
        if news.schema is None:
            return edited_document(self._contract.fixtures.json(news.fixture), taken)
        return edited_sdl(self._contract.fixtures.text(news.fixture), news.schema, taken, self._news.target)

    def _additions(self, documents: dict[str, Any]) -> Additions:
        fields: dict[str, dict[str, Addition]] = {}
        inputs: dict[str, tuple[str, ...]] = {}
        for news in self._news.schemas:
            taken = [change.place for change in self._choice.of(news.changes) if change.kind == "new"]
            learned = self._news.learned.fields.get(news.fixture, {})
            fields[news.fixture] = {place: learned[place] for place in taken if place in learned}
            inputs[news.fixture] = tuple(place for place in taken if "." in place and place not in learned)
        self.left |= dict.fromkeys(
            (place for found in fields.values() for place in found if place in self._news.learned.unseen),
            "no recorded request asks its type, so the mock answers the emptiest value that it may",
        )
        self.followed += [place for found in fields.values() for place in found if place not in self.left]
        newer = Additions(
            {name: found for name, found in fields.items() if found},
            {name: found for name, found in inputs.items() if found},
            tuple(self._keys(documents)),
        )
        return self._contract.fixtures.additions.merged(newer)

    def _keys(self, documents: dict[str, Any]) -> Iterator[KeyAddition]:
        for news in self._news.fixtures:
            for change in self._choice.of(news.changes):
                if change.kind == "new" and change.what == "key new" and not change.place.startswith("#"):
                    yield self._key(news, change, documents)

    def _key(self, news: FixtureNews, change: Change, documents: dict[str, Any]) -> KeyAddition:
        edits = [instance.edit for instance in change.instances if instance.edit]
        place = spelled(edits[0].place[1:], generic=True)
        path, _, key = place.rpartition(".")
        told = [told_by(exchange.reply) for exchange in news.before.exchanges]
        seen = [(_scalars(_holder(told, edit.place)), edit.value) for edit in edits]
        operation = news.before.operation
        if _OPENAPI in documents:
            document = documents[_OPENAPI] or self._contract.fixtures.json(_OPENAPI)
            if with_property(document, operation, path, key, edits[0].value, self._news.target):
                documents[_OPENAPI] = document
        self.followed.append(f"{news.fixture} {place}")
        return KeyAddition(operation, path, key, addition_of(seen))

    def _entities(self) -> Mapping[str, Any]:
        cassettes = {news.before.name: news.before for news in self._news.fixtures}
        mock, entities = MockOver(self._contract, cassettes), entities_of(self._contract)
        wanted = [one for news in self._news.fixtures for one in self._wanted(news, mock, entities)]
        found: Followed = follow(entities, wanted, mock)
        self.followed += [_named(one) for one in found.followed]
        asked = {change.fixture + " " + change.place for change in self._news.changes}
        # What nobody was shown as a change is another world's value, and only counted.
        told = [one for one in found.left if _generic(one) in asked]
        self.left |= {_named(one): "no entity of the mock was found to say it" for one in told}
        self.otherwise = len(found.left) - len(told)
        return found.files

    def _wanted(self, news: FixtureNews, mock: MockOver, entities: Mapping[str, Any]) -> list[Wanted]:
        taken = self._choice.of(news.changes)
        gone = [change for change in taken if change.kind == "gone" and not change.place.startswith("#")]
        self.left |= {f"{news.fixture} {change.place}": "what is gone stays in the mock" for change in gone}
        if self._choice.everything:
            told = mock(entities, news.before.name)
            after = [told_by(exchange.reply) for exchange in news.after.exchanges]
            pairs = enumerate(zip(told, after, strict=False))
            edits = [edit for number, (body, wanted) in pairs for edit in _values(number, body, wanted, news.free)]
            return list(wanted_of(news.before.name, edits, told))
        told = [told_by(exchange.reply) for exchange in news.before.exchanges]
        listed = [change for change in taken if change.what != "key new"]
        edits = [instance.edit for change in listed for instance in change.instances if instance.edit]
        return list(wanted_of(news.before.name, edits, told))

    def _seen(self, entities: Mapping[str, Any]) -> dict[str, Any]:
        today = self._today.isoformat()
        looked = [news for news in self._news.schemas if not news.unseen]
        whole = [
            news.fixture
            for news in looked
            if len(self._choice.of(news.changes)) == len(news.changes) and (news.changes or self._choice.everything)
        ]
        noted = {name: {"written": today, "seen": today} for name in (*whole, *entities)}
        if not noted:
            return {}
        overlay = self._contract.fixtures.layers()[-1]
        before = overlay.json(SEEN_FILE)["files"] if overlay.has(SEEN_FILE) else {}
        return {"format": SEEN_FORMAT, "files": dict(sorted({**before, **noted}.items()))}


def _values(number: int, told: Any, wanted: Any, free: Terms) -> Iterator[Edit]:
    """Give each value that both have and that is another."""
    for seen in compare(told, wanted, free):
        if seen.kind in ("value", "form") and GONE not in (seen.before, seen.after):
            yield Edit((number, *seen.place), seen.after)


def _named(one: Wanted) -> str:
    return f"cassettes/{one.cassette} {spelled(one.place[1:])}"


def _generic(one: Wanted) -> str:
    return f"cassettes/{one.cassette} {spelled(one.place[1:], generic=True)}"


def _holder(told: Any, place: tuple[Any, ...]) -> Any:
    for part in place[:-1]:
        told = told[part]
    return told


def _scalars(holder: Any) -> dict[str, Any]:
    listed = holder.items() if isinstance(holder, dict) else ()
    return {key: value for key, value in listed if isinstance(value, str | int) and not key.startswith("#")}


def _bytes(content: Any) -> bytes:
    return content.encode() if isinstance(content, str) else orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n"
