"""How the platform lets a reseller in: a JWT for e-mail and password, sent with `Bearer` before it or bare."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from apitwin_contracts.client import Answer, Client
from apitwin_contracts.contract import AuthFault, Credentials
from apitwin_contracts.errors import UnreachableError
from apitwin_contracts.surfaces.surface import OK, Problem
from apitwin_fixtures import ASSUMED, Exchange, Request, Source

__all__ = ["ResellerAuth", "authorized", "granted_to", "token_request"]

_TOKEN = "generate_token"  # noqa: S105 - an operation, not a secret
_PAGE = Source("documented", "documentation page generate-token, SOURCE.md#pages")
_BOTH = Source("documented", "001:12, 53-61, SOURCE.md#trap-1")
_REFUSED = Source("assumed", "SOURCE.md#errors")
_STATE = "apitwin"
_LIFETIME = timedelta(hours=24)
# Expiration is told in whole seconds, and the two clocks are read one after the other.
_TOLERANCE = 2


def authorized(request: Request, value: str) -> Request:
    """Give a request with an Authorization header."""
    return replace(request, headers=(*request.headers, ("authorization", value)))


def token_request(credentials: Credentials, **changes: Any) -> Request:
    """Make the request for a token; a change to None leaves the field out."""
    sent = {"Email": credentials["email"], "Password": credentials["password"], **changes}
    body = orjson.dumps({name: value for name, value in sent.items() if value is not None})
    headers = (("accept", "application/json"), ("content-type", "application/json"))
    return Request("POST", "/Login/Customer/Api/Verify", headers=headers, body=body)


def granted_to(client: Client) -> tuple[Exchange, str]:
    """Sign in and give the exchange with its token; raises `UnreachableError` when there is none."""
    request = token_request(client.credentials, callbackData=_STATE)
    exchange = client.exchange_token(request)
    try:
        data = exchange.reply.json["data"]  # type: ignore[index] # what is no object is caught
        token = data["Token"]
    except (ValueError, TypeError, KeyError):
        token = None
    if not isinstance(token, str):
        raise UnreachableError(f"no token is granted: status {exchange.reply.status}, {exchange.reply.text[:200]}")
    client.scribe.learn("RESELLER_TOKEN", token)
    return exchange, token


class ResellerAuth:
    """Signing in for a JWT; there is no refresh but to sign in again."""

    needed = ("email", "password")
    secret = frozenset({"password", "apikey"})
    lifetime: int | None = int(_LIFETIME.total_seconds())
    lifetime_source = Source("assumed", "SOURCE.md#token")

    def sign_in(self, client: Client) -> str:
        """Give a token; raises `UnreachableError` when none is granted."""
        return granted_to(client)[1]

    def sign(self, request: Request, grant: str, now: datetime) -> Request:  # noqa: ARG002 - a token carries its own time
        """Add the token, as the platform's own documentation page has it."""
        return authorized(request, f"Bearer {grant}")

    def granted_lifetime(self, client: Client) -> tuple[Answer, int] | None:
        """Sign in, hold the answer against its schema, and give the seconds until its Expiration."""
        exchange, _ = granted_to(client)
        surface = client.contract.surface
        answer = client.taken_for(_TOKEN, exchange, surface.recognise(_TOKEN, exchange.reply, client.contract.errors))
        if answer.outcome == OK:
            for problem in surface.problems(_TOKEN, exchange.request, exchange.reply):
                client.note(_TOKEN, problem, (answer,))
            if answer.at("data.callbackData") != _STATE:
                place, observed = f"{_TOKEN}.data.callbackData", repr(answer.at("data.callbackData"))
                problem = Problem("auth.callback", "wire", "breaking", place, repr(_STATE), observed, _PAGE)
                client.note(_TOKEN, problem, (answer,))
        return answer, self._seconds(answer, client.target.clock.now())

    def _seconds(self, answer: Answer, now: datetime) -> int:
        try:
            told = datetime.fromisoformat(answer.at("data.Expiration"))
            seconds = round((told - now).total_seconds())
        except (ValueError, TypeError):
            return -1
        known = self.lifetime or 0
        return known if abs(seconds - known) <= _TOLERANCE else seconds

    def sign_anew(self, client: Client, request: Request) -> Request:
        """Sign with a token that was granted just now."""
        return authorized(request, f"Bearer {granted_to(client)[1]}")

    def faults(self) -> Iterable[AuthFault]:
        """Name the wrong ways of presenting a token, and the two that are right."""

        def header(change: Callable[[str], str]) -> Any:
            return lambda client, request: authorized(request, change(client.sign_in()))

        return (
            AuthFault("no-token", "TOKEN_MISSING", lambda _client, request: request, _REFUSED),
            AuthFault("no-value", "TOKEN_MISSING", header(lambda _token: "Bearer"), _REFUSED),
            AuthFault("bare", None, header(lambda token: token), _BOTH),
            AuthFault("again", None, self.sign_anew, _PAGE),
            AuthFault("other-scheme", "TOKEN_INVALID", header(lambda token: f"Basic {token}"), _REFUSED),
            AuthFault("malformed", "TOKEN_INVALID", header(lambda _token: "Bearer x"), _REFUSED),
            AuthFault("wrong-signature", "TOKEN_INVALID", header(_resigned), _REFUSED),
            AuthFault("unsigned", "TOKEN_INVALID", header(_unsigned), _REFUSED),
            AuthFault("expired", "TOKEN_EXPIRED", _expired, ASSUMED, needs_clock=True),
        )


def _expired(client: Client, request: Request) -> Request:
    signed = authorized(request, f"Bearer {granted_to(client)[1]}")
    client.target.clock.advance(_LIFETIME + timedelta(seconds=1))
    client.forget_grant()
    return signed


def _resigned(token: str) -> str:
    head, _, signature = token.rpartition(".")
    # The first character: the last one holds bits that no decoder looks at.
    spoilt = ("B" if signature[:1] == "A" else "A") + signature[1:]
    return f"Bearer {head}.{spoilt}"


def _unsigned(token: str) -> str:
    # The head says that no algorithm signs this token.
    return f"Bearer eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{token.split('.')[1]}."
