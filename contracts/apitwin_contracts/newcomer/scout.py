"""Asks a target what no contract says yet, and keeps every exchange by its operation."""

from collections.abc import Mapping
from typing import Any

from apitwin_contracts.errors import UnreachableError
from apitwin_contracts.generic.surfaces import OpenGraphQL, OpenRest
from apitwin_contracts.surfaces.entries import json_of
from apitwin_contracts.targets import Target
from apitwin_fixtures import Exchange, Headers, Request

__all__ = ["Scout"]

_FIRST_NO_SUCCESS, _TOO_MANY, _FIRST_FAILURE = 300, 429, 500


class Scout:
    """One target, asked with the user's headers; `seen` holds the answers that are worth keeping, `blessed` those that were successes."""

    def __init__(self, target: Target, surface: OpenGraphQL | OpenRest, headers: Headers) -> None:
        self._target = target
        self._headers = headers
        self.surface = surface
        self.blessed: dict[str, list[Exchange]] = {}
        self.count = 0
        self._statuses: set[int] = set()

    @property
    def is_graphql(self) -> bool:
        """Whether a payload lies in `data`."""
        return isinstance(self.surface, OpenGraphQL)

    def send(self, request: Request, headers: Headers | None = None) -> Exchange:
        """Send a request with the user's headers, or with others; raises `UnreachableError` for a target that takes no more requests."""
        own = self._headers if headers is None else headers
        self.count += 1
        exchange = self._target.send(
            Request(request.method, request.path, request.query, (*request.headers, *own), request.body)
        )
        status = exchange.reply.status
        if status == _TOO_MANY:
            raise UnreachableError(f"{self._target.url} is down: it answers {status} to {request.path}")
        self._statuses.add(status)
        return exchange

    def check_alive(self) -> None:
        """Raise `UnreachableError` where all that was asked so far failed."""
        if self._statuses and min(self._statuses) >= _FIRST_FAILURE:
            told = ", ".join(map(str, sorted(self._statuses)))
            raise UnreachableError(f"{self._target.url} is down: it answers {told} to everything")

    def ask(self, operation: str, arguments: Mapping[str, Any], *, keep: bool = True) -> Exchange:
        """Ask an operation."""
        plain = {name: value for name, value in arguments.items() if value is not None}
        exchange = self.send(self.surface.request(operation, plain))
        if keep and self.succeeded(operation, exchange):
            self.blessed.setdefault(operation, []).append(exchange)
        return exchange

    def succeeded(self, operation: str, exchange: Exchange) -> bool:
        """Tell whether an answer gives what was asked."""
        if exchange.reply.status >= _FIRST_NO_SUCCESS:
            return False
        if not self.is_graphql:
            return True
        body = json_of(exchange.reply)
        return isinstance(body, dict) and not body.get("errors") and operation in (body.get("data") or {})

    def payload(self, operation: str, exchange: Exchange) -> Any:
        """Give an operation's own part of an answer."""
        body = json_of(exchange.reply)
        if not self.is_graphql:
            return body
        data = body.get("data") if isinstance(body, dict) else None
        return data.get(operation) if isinstance(data, dict) else None
