"""How the gates let a client in: a token of Auth0 for the BusinessManager, and another for each gate that it names."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import orjson

from apitwin_contracts.client import Answer, Client
from apitwin_contracts.contract import AuthFault, Credentials
from apitwin_contracts.errors import NothingToExamine, UnreachableError
from apitwin_contracts.surfaces.entries import json_of
from apitwin_contracts.surfaces.graphql import GraphQLSurface
from apitwin_contracts.surfaces.problems import schema_problems, validator
from apitwin_contracts.surfaces.surface import OK, Recognition
from apitwin_fixtures import ASSUMED, Exchange, Fixtures, Request, Source

from .paths import BUSINESS_MANAGER, FIRST, at_gate, gate_of

__all__ = ["GatesAuth", "Grants", "bearer", "token_request"]

_MANAGER, _GATES = "http://bm.promaterial.com/api", "http://mdg.promaterial.com/api"
_TOKEN = Source("documented", "SOURCE.md#page-graphiql")
_NEEDED = Source("documented", "000:41")
_LIFETIME = 86_400
_REFUSED = 400
_NAMED = "{ connectedDistributionGates { code auth0ClientId auth0ClientSecret } }"


def bearer(request: Request, value: str) -> Request:
    """Give a request with an Authorization header."""
    return replace(request, headers=(*request.headers, ("authorization", value)))


def token_request(credentials: Credentials, **changes: str | None) -> Request:
    """Make the request for a token; a change to None leaves the field out."""
    with_user = {name: credentials[name] for name in ("username", "password") if name in credentials}
    body: Mapping[str, str | None] = {
        "client_id": credentials["client_id"],
        "client_secret": credentials["client_secret"],
        "audience": credentials.get("audience", _MANAGER),
        "grant_type": "password" if with_user else "client_credentials",
        **with_user,
        **changes,
    }
    given = {name: value for name, value in body.items() if value is not None}
    return Request("POST", "/oauth/token", headers=(("content-type", "application/json"),), body=orjson.dumps(given))


@dataclass
class Grants:
    """A client's tokens: at the BusinessManager its own, at each gate one of the client that the BusinessManager hands out.

    A client that has a gate of its own uses its own token everywhere.
    """

    client: Client
    own: str
    gates: Mapping[str, Credentials] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def code(self, place: str) -> str:
        """Give a gate's code by its place, `{first}` or `{second}`; raises `NothingToExamine` when there is none."""
        named = list(self.gates)
        at = 0 if place == FIRST else 1
        if not place.startswith("{"):
            return place
        if len(named) <= at:
            raise NothingToExamine("the BusinessManager names too few DistributionGates")
        return named[at]

    def token(self, path: str) -> str:
        """Give the token for a path; raises `NothingToExamine` when the gate's client is refused."""
        if path == BUSINESS_MANAGER or "gate" in self.client.credentials:
            return self.own
        code = self.code(gate_of(path) or FIRST)
        if code not in self.gates:
            code = self.code(FIRST)
        if code not in self.tokens:
            self.tokens[code] = self._granted(code)
        return self.tokens[code]

    def _granted(self, code: str) -> str:
        try:
            return _granted(self.client, self.gates[code])[1]
        except UnreachableError as reason:
            # The target let us in: that a client which it handed out is refused is a finding of the law about named gates.
            raise NothingToExamine(f"the client of {code} is refused: {reason}") from None

    def placed(self, request: Request) -> Request:
        """Give a request whose path names its gate by code."""
        return replace(request, path=at_gate(request.path, self.code))


class GatesAuth:
    """Client credentials at Auth0; a gate's client is the one that connectedDistributionGates tells."""

    needed = ("client_id", "client_secret")
    secret = frozenset({"client_secret", "password"})
    lifetime: int | None = _LIFETIME
    lifetime_source = _TOKEN

    def sign_in(self, client: Client) -> Grants:
        """Give the tokens; raises `UnreachableError` when the client's own is refused."""
        own = _granted(client, client.credentials)[1]
        gate = client.credentials.get("gate")
        named = {gate: client.credentials} if gate else _named(client, own)
        return Grants(client, own, named)

    def sign(self, request: Request, grant: Grants, now: datetime) -> Request:  # noqa: ARG002 - a bearer token carries its own time
        """Add the bearer token that the path needs."""
        return bearer(grant.placed(request), f"Bearer {grant.token(request.path)}")

    def granted_lifetime(self, client: Client) -> tuple[Answer, int] | None:
        """Ask Auth0 how long its tokens live."""
        exchange, _ = _granted(client, client.credentials)
        data = exchange.reply.json
        seconds = data.get("expires_in") if isinstance(data, dict) else None
        return client.taken_for("token", exchange, Recognition(OK, data)), seconds if isinstance(seconds, int) else -1

    def sign_anew(self, client: Client, request: Request) -> Request:
        """Sign with tokens that are granted just now."""
        client.forget_grant()
        return client.signed(request)

    def faults(self) -> Iterable[AuthFault]:
        """Name the wrong ways of presenting a token."""

        def header(change: Callable[[str], str]) -> Any:
            def spoil(client: Client, request: Request) -> Request:
                grants: Grants = client.sign_in()
                return bearer(grants.placed(request), change(grants.token(request.path)))

            return spoil

        return (
            AuthFault("no-token", "TOKEN_MISSING", lambda client, request: client.sign_in().placed(request), _NEEDED),
            AuthFault("no-prefix", "TOKEN_PREFIX", header(lambda token: token), _TOKEN),
            AuthFault("other-scheme", "TOKEN_PREFIX", header(lambda token: f"Basic {token}"), _TOKEN),
            AuthFault("malformed", "TOKEN_MALFORMED", header(lambda _token: "Bearer {}"), ASSUMED),
            AuthFault("unknown", "TOKEN_UNKNOWN", header(lambda _token: "Bearer x"), ASSUMED),
            AuthFault("wrong-signature", "TOKEN_UNKNOWN", header(_resigned), Source("documented", "000:45")),
            AuthFault("unsigned", "TOKEN_UNKNOWN", header(_unsigned), Source("documented", "000:45")),
            AuthFault(
                "other-audience", "TOKEN_AUDIENCE", _crossed, Source("documented", "SOURCE.md#page-business-manager")
            ),
        )


def _granted(client: Client, credentials: Credentials) -> tuple[Exchange, str]:
    exchange = client.exchange_token(token_request(credentials))
    data = json_of(exchange.reply)
    token = data.get("access_token") if isinstance(data, dict) else None
    if exchange.reply.status >= _REFUSED or not isinstance(token, str):
        raise UnreachableError(f"Auth0 grants no token: status {exchange.reply.status}, {exchange.reply.text[:200]}")
    client.scribe.learn("GATES_TOKEN", token)
    _hold(client, exchange)
    return exchange, token


def _hold(client: Client, exchange: Exchange) -> None:
    """Hold a granted token against its schema."""
    answer = client.taken_for("token", exchange, Recognition(OK))
    for problem in schema_problems(_CHECKER, _SCHEMA, exchange.reply.json, "token", _TOKEN):
        client.note("token", problem, [answer])


_SCHEMA = Fixtures.of("gates").json("json-schemas/token.json")
_CHECKER = validator(_SCHEMA)


def _named(client: Client, token: str) -> Mapping[str, Credentials]:
    """Ask for the gates' clients; what is not told as promised gives no gate here, and is a finding where it is asked for."""
    exchange = client.exchange(bearer(GraphQLSurface.post(BUSINESS_MANAGER, _NAMED), f"Bearer {token}"))
    try:
        rows = exchange.reply.json["data"]["connectedDistributionGates"]  # type: ignore[index] # anything else is caught
        found = {row["code"]: (row["auth0ClientId"], row["auth0ClientSecret"]) for row in rows}
    except (ValueError, KeyError, TypeError):
        return {}
    for code, (_, secret) in found.items():
        client.scribe.learn(f"GATES_CLIENT_SECRET_OF_{str(code).upper()}", str(secret))
    return {
        code: {"client_id": name, "client_secret": secret, "audience": _GATES} for code, (name, secret) in found.items()
    }


def _crossed(client: Client, request: Request) -> Request:
    """Show the BusinessManager a gate's token, and a gate the BusinessManager's."""
    grants: Grants = client.sign_in()
    token = grants.token(FIRST) if request.path == BUSINESS_MANAGER else grants.own
    return bearer(grants.placed(request), f"Bearer {token}")


def _resigned(token: str) -> str:
    head, _, signature = token.rpartition(".")
    # The first character: the last one holds bits that no decoder looks at.
    spoilt = ("B" if signature[:1] == "A" else "A") + signature[1:]
    return f"Bearer {head}.{spoilt}"


def _unsigned(token: str) -> str:
    # The head says that no algorithm signs this token.
    return f"Bearer eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{token.split('.')[1]}."
