"""The mock over entities that are not written yet, asked what cassettes hold."""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from apitwin_contracts.contract import Contract
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.targets.credentials import development
from apitwin_contracts.targets.mock import mock_targets
from apitwin_fixtures import Cassette
from apitwin_fixtures.settings import FIXTURES_VARIABLE

from .asking import Asker
from .fixtures import told_by

__all__ = ["MockOver", "entities_of"]

_PRODUCTS = 60


def entities_of(contract: Contract) -> dict[str, Any]:
    """Read a supplier's entities by file."""
    fixtures = contract.fixtures
    names = [name for name in fixtures.names() if name.startswith("entities/") and name.endswith(".json")]
    return {name: fixtures.json(name) for name in names}


class MockOver:
    """Answers cassettes' requests by the supplier's mock, made anew for each set of entities."""

    def __init__(self, contract: Contract, cassettes: Mapping[str, Cassette]) -> None:
        self._contract = contract
        self._cassettes = cassettes
        self._known: dict[tuple[bytes, str], Sequence[Any]] = {}

    def __call__(self, entities: Mapping[str, Any], cassette: str) -> Sequence[Any]:
        """Give the replies; none where the mock cannot be asked."""
        key = (orjson.dumps(entities), cassette)
        if key not in self._known:
            self._known[key] = self._answered(entities, self._cassettes[cassette])
        return self._known[key]

    def _answered(self, entities: Mapping[str, Any], cassette: Cassette) -> Sequence[Any]:
        supplier = self._contract.supplier
        with _staged(self._contract, entities):
            target = mock_targets([supplier], 0, _PRODUCTS)[supplier]
            try:
                asked = Asker(self._contract, target, development(self._contract)).once(cassette)
            except NothingToExamine:
                return ()
        return [told_by(exchange.reply) for exchange in asked]


@contextmanager
def _staged(contract: Contract, entities: Mapping[str, Any]) -> Iterator[None]:
    """Let the mock find these entities for a while, over the project's own fixtures."""
    before = os.environ.get(FIXTURES_VARIABLE)
    with TemporaryDirectory(prefix="apitwin-") as name:
        folder = Path(name) / contract.supplier
        own = contract.fixtures.overlay
        if own and own.is_dir():
            shutil.copytree(own, folder)
        for file, data in entities.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(orjson.dumps(data))
        os.environ[FIXTURES_VARIABLE] = name
        try:
            yield
        finally:
            del os.environ[FIXTURES_VARIABLE]
            if before is not None:
                os.environ[FIXTURES_VARIABLE] = before
