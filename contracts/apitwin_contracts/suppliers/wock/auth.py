"""How World of CD Keys lets a client in: a token that Azure AD grants for client credentials."""

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import quote_plus, urlencode

from apitwin_contracts.client import Answer, Client
from apitwin_contracts.contract import AuthFault, Credentials
from apitwin_contracts.errors import UnreachableError
from apitwin_contracts.surfaces.entries import json_of
from apitwin_contracts.surfaces.surface import OK, Recognition
from apitwin_fixtures import Exchange, Request, Source

from .forgery import confused, forged, resigned, unsigned

__all__ = ["WockAuth", "basic_token_request", "bearer", "token_request"]

_BEARER = Source("documented", "003:14")
_ASP_NET = Source("assumed", "SOURCE.md#asp-net")
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


def basic_token_request(credentials: Credentials) -> Request:
    """Make the request for a token with the client's id and secret as HTTP Basic."""
    plain = token_request(credentials, client_id=None, client_secret=None)
    pair = f"{quote_plus(credentials['client_id'])}:{quote_plus(credentials['client_secret'])}"
    return replace(plain, headers=(*plain.headers, ("authorization", f"Basic {b64encode(pair.encode()).decode()}")))


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
        """Name the wrong ways of presenting a token, and the unusual one that is right."""
        refused = "UNAUTHENTICATED"

        def header(change: Callable[[str], str]) -> Any:
            return lambda client, request: bearer(request, change(client.sign_in()))

        def token(change: Callable[[str], str]) -> Any:
            return header(lambda granted: f"Bearer {change(granted)}")

        yield AuthFault("no-token", refused, lambda _client, request: request, _BEARER)
        yield AuthFault("no-prefix", refused, header(lambda granted: granted), _BEARER)
        yield AuthFault("other-scheme", refused, header(lambda granted: f"Basic {granted}"), _BEARER)
        yield AuthFault("scheme-in-lower-case", None, header(lambda granted: f"bearer {granted}"), _ASP_NET)
        yield AuthFault("malformed", refused, token(lambda _granted: "x"), _BEARER)
        yield AuthFault("wrong-signature", refused, token(resigned), _BEARER)
        yield AuthFault("unsigned", refused, token(unsigned), _BEARER)
        yield AuthFault("public-key-as-secret", refused, token(confused), _ASP_NET)
        for name, changes in _FORGED.items():
            yield AuthFault(name, refused, token(partial(forged, **changes)), _ASP_NET)


_FORGED: Mapping[str, Mapping[str, Any]] = {
    "expired": {"iat": -7200, "nbf": -7200, "exp": -7200},
    "not-yet-valid": {"nbf": 3600, "exp": 3600},
    "other-audience": {"aud": "00000003-0000-0000-c000-000000000000"},
    "other-issuer": {"iss": "https://login.microsoftonline.com/00000000-0000-4000-8000-000000000000/v2.0"},
}
