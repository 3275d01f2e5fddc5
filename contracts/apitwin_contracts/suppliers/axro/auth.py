"""How AXRO lets a client in: a bearer token, given or fetched from the (assumed) token endpoint."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson

from apitwin_contracts.client import Answer, Client
from apitwin_contracts.contract import AuthFault
from apitwin_contracts.errors import UnreachableError
from apitwin_contracts.surfaces.entries import json_of
from apitwin_contracts.surfaces.problems import schema_problems, validator
from apitwin_contracts.surfaces.surface import OK, Recognition
from apitwin_fixtures import Exchange, Request, Source

__all__ = ["TOKEN_PATH", "AxroAuth", "bearer", "token_request"]

TOKEN_PATH = "/api/v1/auth/token"  # noqa: S105 - a path
_BEARER = Source("documented", "002:12")
_TOKEN = Source("assumed", "SOURCE.md#token")
_REFUSED = 400


def bearer(request: Request, value: str) -> Request:
    """Give a request with an Authorization header."""
    return replace(request, headers=(*request.headers, ("authorization", value)))


def token_request(body: Any) -> Request:
    """Make the request that asks for a token."""
    return Request("POST", TOKEN_PATH, headers=(("content-type", "application/json"),), body=orjson.dumps(body))


class AxroAuth:
    """A token of the credentials, or one granted for `username` and `password`."""

    needed = ("token",)
    instead = (("username", "password"),)
    secret = frozenset({"token", "password"})
    lifetime = 3600
    lifetime_source = _TOKEN

    def sign_in(self, client: Client) -> str:
        """Give the token; raises `UnreachableError` when none is given and none is granted."""
        token = client.credentials.get("token")
        return token or self._granted(client)[1]

    @staticmethod
    def _granted(client: Client) -> tuple[Exchange, str]:
        body = {"username": client.credentials.get("username"), "password": client.credentials.get("password")}
        exchange = client.exchange_token(token_request(body))
        data = json_of(exchange.reply)
        token = data.get("access_token") if isinstance(data, dict) else None
        if exchange.reply.status >= _REFUSED or not isinstance(token, str):
            raise UnreachableError(f"AXRO grants no token: status {exchange.reply.status}, {exchange.reply.text[:200]}")
        client.scribe.learn("AXRO_TOKEN", token)
        return exchange, token

    def sign(self, request: Request, grant: str, now: datetime) -> Request:  # noqa: ARG002 - a bearer token carries no time
        """Add the bearer token."""
        return bearer(request, f"Bearer {grant}")

    def granted_lifetime(self, client: Client) -> tuple[Answer, int] | None:
        """Ask the token endpoint how long its tokens live."""
        if "username" not in client.credentials:
            return None
        exchange, _ = self._granted(client)
        data = exchange.reply.json
        answer = client.taken_for("token", exchange, Recognition(OK, data))
        schema = client.contract.fixtures.json("json-schemas/tokenGrant.json")
        for problem in schema_problems(validator(schema), schema, data, "token", _TOKEN):
            client.note("token", problem, [answer])
        seconds = data.get("expires_in") if isinstance(data, dict) else None
        return answer, seconds if isinstance(seconds, int) else -1

    def sign_anew(self, client: Client, request: Request) -> Request:
        """Sign with a token that was granted just now."""
        return bearer(request, f"Bearer {self._granted(client)[1]}")

    def faults(self) -> Iterable[AuthFault]:
        """Name the wrong ways of presenting a token."""

        def with_token(form: str) -> Any:
            return lambda client, request: bearer(request, form.format(token=client.sign_in()))

        return (
            AuthFault("no-token", "TOKEN_MISSING", lambda _client, request: request, _BEARER),
            AuthFault("no-prefix", "TOKEN_PREFIX", with_token("{token}"), _BEARER),
            AuthFault("other-scheme", "TOKEN_PREFIX", with_token("Basic {token}"), _BEARER),
            AuthFault("malformed", "TOKEN_MALFORMED", with_token("Bearer {{{token}"), _BEARER),
            AuthFault("unknown", "TOKEN_UNKNOWN", with_token("Bearer X{token}"), _BEARER),
            AuthFault("expired", "TOKEN_EXPIRED", with_token("Bearer {token}"), _TOKEN, customer="expired"),
        )
