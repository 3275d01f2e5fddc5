"""A supplier's folder in the making: all that is known so far, and its files."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from string import Template
from typing import Any

from apitwin_contracts.record.scrubbing import Scrubber
from apitwin_contracts.record.writing import write_recording
from apitwin_fixtures import Cassette, Exchange, Reply, Request
from apitwin_fixtures.blueprint import Blueprint

from .prose import confirm_text, source_text
from .refusals import Refusals

__all__ = ["Draft"]

_JSON = (("content-type", "application/json"),)
_MOCK = '''"""The mock of {title}: what it knows stands in the data beside it, and nobody has to edit this file."""

from pathlib import Path

from apitwin_mocks.generic import supplier_of

__all__ = ["SUPPLIER"]

SUPPLIER = supplier_of(Path(__file__).parent)
'''
_CONTRACT = '''"""The contract of {title}: what it holds stands in the data beside it, and nobody has to edit this file."""

from pathlib import Path

from apitwin_contracts.generic import contract_of

__all__ = ["CONTRACT"]

CONTRACT = contract_of(Path(__file__).parent)
'''


@dataclass
class Draft:
    """What is known: the schema's file and text, the guesses, the refusals, the things and exchanges that were seen, when and where.

    `shown` holds what operations answered besides their recordings; it is written nowhere.
    """

    schema: tuple[str, str]
    blueprint: Blueprint
    refusals: Refusals
    day: str
    seen_at: str
    entities: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    recordings: dict[str, list[Exchange]] = field(default_factory=dict)
    shown: dict[str, list[Any]] = field(default_factory=dict)

    def save(self, folder: Path) -> None:
        """Write everything but the recordings."""
        title = self.blueprint.title.replace('"', "'").replace("\\", "/")
        files = {
            self.schema[0]: self.schema[1],
            "operations.json": self.blueprint.text(),
            "errors.json": _dumped({"format": "apitwin/errors/1", "errors": list(self.refusals.entries.values())}),
            "credentials.json": _dumped({"default": self._credentials()}),
            "SOURCE.md": source_text(self.blueprint, self.day, self.seen_at, sorted(self.recordings)),
            "CONFIRM.md": confirm_text(self.blueprint, list(self.refusals.entries.values())),
            "mock.py": _MOCK.format(title=title),
            "contract.py": _CONTRACT.format(title=title),
        }
        for resource in self.blueprint.resources.values():
            if self.entities.get(resource.name):
                files[resource.file] = _dumped(self.entities[resource.name])
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8")

    def _credentials(self) -> dict[str, str]:
        names = [name for way in self.blueprint.ways for name in Template(way.value).get_identifiers()]
        return {name: f"development-{name.replace('_', '-')}" for name in names} or {"about": "nothing is needed"}

    def record(self, folder: Path, scrubber: Scrubber) -> None:
        """Scrub and write what was recorded; nothing that is secret or personal stays in guesses and things either."""
        cassettes = [self._cassette(name, exchanges) for name, exchanges in sorted(self.recordings.items())]
        for cassette in cassettes:
            scrubber.discover(cassette.exchanges)
        self.entities = _scrubbed(scrubber, self.entities)
        self.refusals.entries = _scrubbed(scrubber, self.refusals.entries)
        self.refusals.values = _scrubbed(scrubber, self.refusals.values)
        self.blueprint = _scrubbed_blueprint(scrubber, self.blueprint)
        write_recording(folder / "cassettes", cassettes, scrubber)

    def _cassette(self, operation: str, exchanges: Sequence[Exchange]) -> Cassette:
        metadata = {
            "supplier": self.blueprint.supplier,
            "operation": operation,
            "source": {"kind": "observed", "where": f"cassettes/{operation}.json"},
            "recorded": self.day,
            "title": f"{operation}, as the first recording saw it",
            "target": self.seen_at,
            "credential": "default",
            "volatile": [],
            "corrected": [],
        }
        return Cassette(operation, tuple(exchanges), metadata)


def _dumped(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _scrubbed(scrubber: Scrubber, value: Any) -> Any:
    """Give a value as it would stand in a recording."""
    if not value:
        return value
    reply = Reply(200, _JSON, json.dumps(value, ensure_ascii=False).encode())
    [exchange] = scrubber.scrub([Exchange(Request("GET", "/"), reply)])
    return json.loads(exchange.reply.body)


def _scrubbed_blueprint(scrubber: Scrubber, blueprint: Blueprint) -> Blueprint:
    examples: Mapping[str, Any] = _scrubbed(
        scrubber, {act.name: dict(act.example) for act in blueprint.acts if act.example}
    )
    acts = tuple(replace(act, example=examples.get(act.name, {})) for act in blueprint.acts)
    return replace(blueprint, acts=acts, provoked=_scrubbed(scrubber, dict(blueprint.provoked)))
