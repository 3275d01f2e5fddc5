"""Recorded requests asked again of a live target: the seam between cassettes that are and cassettes that would be."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, quote_plus, unquote_plus

from apitwin_contracts.client import Client
from apitwin_contracts.contract import Contract, Credentials
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.surfaces.rest import RestOperation, RestSurface
from apitwin_contracts.surfaces.several import part_of
from apitwin_contracts.targets import Target
from apitwin_fixtures import Cassette, Exchange, Request

__all__ = ["Asked", "Asker"]

_DEFAULT = "default"
_MUTATION = re.compile(rb'"query"\s*:\s*"\s*mutation\b')
_BARE = ("authorization", "cookie", "content-length", "host")
_SHORTEST = 4
_ALONE = "/graphql"


@dataclass
class Asked:
    """What a target said: the exchanges of each cassette, asked twice where that changes nothing, and why others were not asked."""

    first: dict[str, tuple[Exchange, ...]] = field(default_factory=dict)
    second: dict[str, tuple[Exchange, ...]] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)


class Asker:
    """Asks a target what cassettes hold, with the run's own credentials; `pseudonyms` are what stands in the cassettes for them, by secret."""

    def __init__(
        self,
        contract: Contract,
        target: Target,
        credentials: Mapping[str, Credentials],
        pseudonyms: Iterable[tuple[str, str]] = (),
    ) -> None:
        self._contract = contract
        self._target = target
        self._clients = {
            name: Client(contract, target, given, lambda _finding: None) for name, given in credentials.items()
        }
        self._revealed = [*pseudonyms, *_development(contract, credentials)]

    @property
    def default(self) -> Client:
        """The client of the run's own customer."""
        return self._clients[_DEFAULT]

    @property
    def exchanges(self) -> int:
        """How many requests were sent."""
        return sum(client.exchanges for client in self._clients.values())

    def ask(self, cassettes: Iterable[Cassette], *, writes: bool = False) -> Asked:
        """Ask again; what changes the target's state is asked once and only if `writes` says so. Raises `UnreachableError`."""
        asked = Asked()
        for cassette in cassettes:
            reason = self._unaskable(cassette, writes=writes)
            if reason:
                asked.skipped[cassette.name] = reason
                continue
            try:
                asked.first[cassette.name] = self._again(cassette)
                if not self._changes_state(cassette):
                    asked.second[cassette.name] = self._again(cassette)
            except NothingToExamine as error:
                asked.skipped[cassette.name] = str(error)
        return asked

    def once(self, cassette: Cassette) -> tuple[Exchange, ...]:
        """Ask one cassette's requests, once; raises `NothingToExamine` for those that cannot be asked of this target."""
        reason = self._unaskable(cassette, writes=False)
        if reason:
            raise NothingToExamine(reason)
        return self._again(cassette)

    def client(self, cassette: Cassette) -> Client:
        """Give the client of a cassette's customer; that of the default one where the cassette names none."""
        return self._clients[cassette.metadata.get("credential") or _DEFAULT]

    def _unaskable(self, cassette: Cassette, *, writes: bool) -> str:
        customer = cassette.metadata.get("credential")
        if customer and customer not in self._clients:
            return f"no credentials {customer!r} are given for this target"
        if cassette.metadata.get("settings"):
            return "recorded under settings that only a mock can be given"
        if cassette.metadata.get("placeholders"):
            return "holds placeholders of the document, which no target knows"
        if self._changes_state(cassette) and not writes:
            return "changes the target's state; --writes asks it again, too"
        return ""

    def _changes_state(self, cassette: Cassette) -> bool:
        kinds = {operation.name: operation.kind for operation in self._contract.operations}
        asked = {cassette.operation, *(self._route(exchange.request) for exchange in cassette.exchanges)}
        if any(kinds.get(name) == "write" for name in asked):
            return True
        return any(_MUTATION.search(exchange.request.body) for exchange in cassette.exchanges)

    def _route(self, request: Request) -> str:
        """Name the REST operation whose path a request has; empty for none."""
        surface = self._contract.surface
        if not isinstance(surface, RestSurface):
            return ""
        fitting = [one for one in surface.operations.values() if _has_path(one, request.path)]
        exact = [one for one in fitting if one.method == request.method]
        return next((one.name for one in (*exact, *fitting)), "")

    def _again(self, cassette: Cassette) -> tuple[Exchange, ...]:
        return tuple(self._exchange(cassette, exchange.request) for exchange in cassette.exchanges)

    def _exchange(self, cassette: Cassette, recorded: Request) -> Exchange:
        client = self.client(cassette)
        if cassette.metadata.get("credential") is None:
            return client.exchange(self._in_place(cassette, recorded), cassette.operation)
        request = self._with_own_secrets(recorded)
        if not _signs_in(request):
            return client.exchange(client.signed(self._in_place(cassette, _bare(request))), cassette.operation)
        # Where a token is granted, the credentials are the request.
        text = unquote_plus(request.body.decode("utf-8", "replace"))
        if not any(client.credentials.get(name, "\0") in text for name in self._contract.auth.secret):
            raise NothingToExamine("signs in with credentials that are not this run's")
        return client.exchange_token(request)

    def _in_place(self, cassette: Cassette, request: Request) -> Request:
        """Give a request at the path where the target has the operation, which a document may show at a host of its own."""
        part = part_of(self._contract.surface, cassette.operation)
        if request.path != _ALONE or part is None or part[1] not in part[0].operations():
            return request
        return replace(request, path=part[0].path)

    def _with_own_secrets(self, request: Request) -> Request:
        def own(text: str) -> str:
            for shown, secret in self._revealed:
                for written in (str, quote, quote_plus):
                    text = text.replace(written(shown), written(secret))
            return text

        body = own(request.body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
        return replace(request, path=own(request.path), query=own(request.query), body=body)


def _signs_in(request: Request) -> bool:
    text = request.body.decode("utf-8", "replace").lower()
    return any(word in text for word in ('"password"', "password=", "client_secret", "grant_type"))


def _has_path(operation: RestOperation, path: str) -> bool:
    pattern = re.sub(r"\\\{[^/]+?\\\}", "[^/]+", re.escape(operation.path))
    return re.fullmatch(pattern, path, re.IGNORECASE) is not None


def _bare(request: Request) -> Request:
    return replace(request, headers=tuple(pair for pair in request.headers if pair[0] not in _BARE))


def _development(contract: Contract, credentials: Mapping[str, Credentials]) -> list[tuple[str, str]]:
    """Pair what stands in the shipped cassettes with what the run was given in its place."""
    pairs: list[tuple[str, str]] = []
    for customer, given in credentials.items():
        shipped: Mapping[str, Any] = contract.fixtures.credentials.get(customer, {})
        for name, secret in given.items():
            shown = shipped.get(name)
            if isinstance(shown, str) and len(shown) >= _SHORTEST and shown != secret:
                pairs.append((shown, secret))
    return sorted(pairs, key=lambda pair: -len(pair[0]))
