"""Answers of operations that keep nothing: as they were recorded for the same question, or else for the nearest, or made of the schema."""

from collections.abc import Mapping
from typing import Any

from apitwin_fixtures import Cassette, Exchange, Fixtures

__all__ = ["Recordings"]


class Recordings:
    """The recorded exchanges of each operation."""

    def __init__(self, fixtures: Fixtures) -> None:
        self._fixtures = fixtures
        self._by_operation: dict[str, list[Exchange]] | None = None

    def _of(self, operation: str) -> list[Exchange]:
        if self._by_operation is None:
            self._by_operation = {}
            for cassette in self._fixtures.cassettes:
                self._by_operation.setdefault(cassette.operation, []).extend(_told(cassette))
        return self._by_operation.get(operation, [])

    def nearest(self, operation: str, query: Mapping[str, str], body: bytes = b"") -> Exchange | None:
        """Give the successful exchange that asked most alike; None where none was recorded."""

        def alike(exchange: Exchange) -> int:
            asked = exchange.request.parameters
            shared = sum(asked.get(name) == value for name, value in query.items())
            return 3 * (exchange.request.body == body) + shared - abs(len(asked) - len(query))

        return max(self._of(operation), key=alike, default=None)

    def first(self, operation: str) -> Any:
        """Give the JSON of the first successful answer; None where there is none."""
        found = self._of(operation)
        try:
            return found[0].reply.json if found else None
        except ValueError:
            return None


def _told(cassette: Cassette) -> list[Exchange]:
    return [exchange for exchange in cassette.exchanges if exchange.reply.status < 300]  # noqa: PLR2004 - HTTP's last success
