"""How World of CD Keys lets a client in: a token that Azure AD grants for client credentials."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from apitwin_contracts.client import Answer, Client
from apitwin_contracts.contract import AuthFault, Credentials
from apitwin_contracts.errors import UnreachableError
from apitwin_contracts.surfaces.entries import json_of
from apitwin_contracts.surfaces.surface import OK, Recognition
from apitwin_fixtures import Exchange, Request, Source

__all__ = ["WockAuth", "bearer", "token_request"]

_BEARER = Source("documented", "003:14")
_REFUSED = 400


def bearer(request: Request, value: str) -> Request:
    """Give a request with an Authorization header."""
    return replace(request, headers=(*request.headers, ("authorization", value)))


def token_request(credentials: Credentials, **changes: str | None) -> Request:
    """Make the request for a token; a change to None leaves the field out."""
    tenant = changes.pop("tenant", None) or credentials["tenant"]
    form: Mapping[str, str | None] = {
        "grant_type": "client_credentials",
        "client_id": credentials["client_id"],
        "client_secret": credentials["client_secret"],
        "scope": credentials["scope"],
        **changes,
    }
    body = urlencode({name: value for name, value in form.items() if value is not None}).encode()
    headers = (("content-type", "application/x-www-form-urlencoded"),)
    return Request("POST", f"/{tenant}/oauth2/v2.0/token", headers=headers, body=body)


class WockAuth:
    """Client credentials against the tenant's token endpoint; the token is sent as a bearer token."""

    needed = ("tenant", "client_id", "client_secret", "scope")
    secret = frozenset({"client_secret"})
    lifetime_source = Source("documented", "003:22")

    def __init__(self, lifetime: int) -> None:
        self.lifetime: int | None = lifetime

    def sign_in(self, client: Client) -> str:
        """Give a token; raises `UnreachableError` when none is granted."""
        return self._granted(client)[1]

    @staticmethod
    def _granted(client: Client) -> tuple[Exchange, str]:
        exchange = client.exchange_token(token_request(client.credentials))
        data = json_of(exchange.reply)
        token = data.get("access_token") if isinstance(data, dict) else None
        if exchange.reply.status >= _REFUSED or not isinstance(token, str):
            raise UnreachableError(
                f"Azure AD grants no token: status {exchange.reply.status}, {exchange.reply.text[:200]}"
            )
        client.scribe.learn("WOCK_TOKEN", token)
        return exchange, token

    def sign(self, request: Request, grant: str, now: datetime) -> Request:  # noqa: ARG002 - a bearer token carries its own time
        """Add the bearer token."""
        return bearer(request, f"Bearer {grant}")

    def granted_lifetime(self, client: Client) -> tuple[Answer, int] | None:
        """Ask the token endpoint how long its tokens live."""
        exchange, _ = self._granted(client)
        data = exchange.reply.json
        seconds = data.get("expires_in") if isinstance(data, dict) else None
        return client.taken_for("token", exchange, Recognition(OK, data)), seconds if isinstance(seconds, int) else -1

    def sign_anew(self, client: Client, request: Request) -> Request:
        """Sign with a token that was granted just now."""
        return bearer(request, f"Bearer {self._granted(client)[1]}")

    def faults(self) -> Iterable[AuthFault]:
        """Name the wrong ways of presenting a token."""
        refused = "UNAUTHENTICATED"

        def header(change: Callable[[str], str]) -> Any:
            return lambda client, request: bearer(request, change(client.sign_in()))

        return (
            AuthFault("no-token", refused, lambda _client, request: request, _BEARER),
            AuthFault("no-prefix", refused, header(lambda token: token), _BEARER),
            AuthFault("other-scheme", refused, header(lambda token: f"Basic {token}"), _BEARER),
            AuthFault("malformed", refused, header(lambda _token: "Bearer x"), _BEARER),
            AuthFault("wrong-signature", refused, header(_resigned), _BEARER),
            AuthFault("unsigned", refused, header(_unsigned), _BEARER),
        )


def _resigned(token: str) -> str:
    head, _, signature = token.rpartition(".")
    # The first character: the last one holds bits that no decoder looks at.
    spoilt = ("B" if signature[:1] == "A" else "A") + signature[1:]
    return f"Bearer {head}.{spoilt}"


def _unsigned(token: str) -> str:
    # The head says that no algorithm signs this token.
    return f"Bearer eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{token.split('.')[1]}."
