"""How OXOMI lets a client in: an access token computed for each day from the API token's secret."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from apitwin_contracts.client import Answer, Client
from apitwin_contracts.contract import AuthFault, Credentials
from apitwin_fixtures import ASSUMED, Request, Source

__all__ = ["OxomiAuth", "access_token", "presented"]

_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_PRESENTED = re.compile(r"(?<![^&])(accessToken=)[^&]*")
# From 2022 to 2049.
_DAYS = range(19_000, 29_200)
_TOLERANCE = Source("observed", "SOURCE.md#access-token")
_FORMULA = Source("assumed", "SOURCE.md#access-token")


def access_token(credentials: Credentials, roles: str, now: datetime, **claimed: str) -> str:
    """Compute the token: md5 over the secret and the md5 of secret, portal, user, day, roles and API token, all joined."""
    claim = {**credentials, **claimed}
    secret = claim["secret"]
    parts = (secret, claim["portal"], claim["user"], str((now - _EPOCH).days), roles, claim["apiToken"])
    inner = hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()
    return hashlib.md5((secret + inner).encode(), usedforsecurity=False).hexdigest()


def presented(request: Request, **parameters: str | None) -> Request:
    """Give a request with query parameters set, or left out where the value is None."""
    kept = {name: value for name, value in request.parameters.items() if name not in parameters}
    given = {name: value for name, value in parameters.items() if value is not None}
    return replace(request, query=Request.encode({**kept, **given}))


class OxomiAuth:
    """Portal, user, API token and a token of the target's day; nothing is fetched."""

    needed = ("portal", "user", "apiToken", "secret")
    secret = frozenset({"secret"})
    secret_parameters = frozenset({"accessToken"})
    lifetime = None
    lifetime_source = ASSUMED

    def sign_in(self, client: Client) -> Credentials:
        """Give the credentials: every request is signed by itself."""
        return client.credentials

    def sign(self, request: Request, grant: Credentials, now: datetime) -> Request:
        """Add who asks and the token of the day; roles that the request names are signed with it."""
        return _signed(request, grant, now)

    def recomputed(self, before: Request, after: Request, pseudonyms: Mapping[str, str]) -> Request:
        """Give a scrubbed request with the token that its own parameters and the secret's pseudonym make; `before` tells the day.

        A token that no known secret makes of the request stays as it was scrubbed.
        """
        token = before.parameters.get("accessToken", "")
        signed = _signed_parts(before.parameters)
        days = ((made, _made_on(token.lower(), signed, made)) for made in pseudonyms)
        found, day = next((made for made in days if made[1] is not None), ("", None))
        if day is None:
            return after
        anew = _token_on(day, after.parameters, pseudonyms[found])
        shown = anew if token == token.lower() else anew.upper()
        return replace(after, query=_PRESENTED.sub(lambda name: name[1] + shown, after.query))

    def granted_lifetime(self, client: Client) -> tuple[Answer, int] | None:  # noqa: ARG002 - nothing is granted
        """Give nothing: no exchange grants a token."""
        return None

    def sign_anew(self, client: Client, request: Request) -> Request:
        """Sign as ever."""
        return client.signed(request)

    def faults(self) -> Iterable[AuthFault]:
        """Name the wrong tokens, and the two days beside today that are right."""
        return (
            AuthFault(
                "no-token",
                "MISSING_PARAMETER",
                _spoiled(lambda _client: {"accessToken": None}),
                Source("documented", "004:7"),
            ),
            AuthFault("nothing", "MISSING_PARAMETER", lambda _client, request: request, Source("documented", "004:7")),
            AuthFault(
                "invalid", "ACCESS_TOKEN_INVALID", _spoiled(lambda _client: {"accessToken": "0" * 32}), _TOLERANCE
            ),
            AuthFault("capitals", "ACCESS_TOKEN_INVALID", _capitals, _FORMULA),
            AuthFault("yesterday", None, _on_day(-1), _TOLERANCE),
            AuthFault("tomorrow", None, _on_day(1), _TOLERANCE),
            AuthFault("two-days-old", "ACCESS_TOKEN_OTHER_DAY", _on_day(-2), _TOLERANCE),
            AuthFault("two-days-early", "ACCESS_TOKEN_OTHER_DAY", _on_day(2), _TOLERANCE),
            AuthFault(
                "other-user",
                "ACCESS_TOKEN_OTHER_USER",
                _claiming(lambda client: {"user": _second(client)["user"]}),
                _FORMULA,
            ),
            AuthFault(
                "other-roles",
                "ACCESS_TOKEN_OTHER_ROLES",
                _spoiled(lambda _client: {"roles": "Heating"}),
                Source("documented", "004:10"),
            ),
            AuthFault(
                "other-api-token",
                "ACCESS_TOKEN_OTHER_API_TOKEN",
                _claiming(_others_secret),
                Source("documented", "004:15"),
            ),
            AuthFault("unknown-portal", "PORTAL_UNKNOWN", _spoiled(lambda _client: {"portal": "nowhere"}), _TOLERANCE),
        )


_Parts = tuple[str, str, str, str]
"""Portal, user, roles and API token, of which a token is made beside a secret and a day."""


def _signed_parts(parameters: Mapping[str, str]) -> _Parts:
    get = parameters.get
    return get("portal", ""), get("user", ""), get("roles", ""), get("apiToken", "")


def _token_on(day: int, parameters: Mapping[str, str], secret: str) -> str:
    portal, user, roles, api_token = _signed_parts(parameters)
    claim = {"portal": portal, "user": user, "apiToken": api_token, "secret": secret}
    return access_token(claim, roles, _EPOCH + timedelta(days=day))


# The requests of one day and one user all bear the same token.
@lru_cache(4096)
def _made_on(token: str, signed: _Parts, secret: str) -> int | None:
    """Give the day on which a secret makes a token, None when it never does."""
    portal, user, roles, api_token = signed
    begun = hashlib.md5(f"{secret}{portal}{user}".encode(), usedforsecurity=False)
    ending, outer = (roles + api_token).encode(), secret.encode()
    for day in _DAYS if token else ():
        inner = begun.copy()
        inner.update(b"%d%b" % (day, ending))
        if hashlib.md5(outer + inner.hexdigest().encode(), usedforsecurity=False).hexdigest() == token:
            return day
    return None


def _signed(request: Request, grant: Credentials, now: datetime, **claimed: str) -> Request:
    roles = request.parameters.get("roles", grant.get("roles", ""))
    token = access_token(grant, roles, now, **claimed)
    shown = {"portal": grant["portal"], "user": grant["user"], "apiToken": grant["apiToken"], "accessToken": token}
    return presented(request, **shown, **({"roles": roles} if roles else {}))


def _second(client: Client) -> Mapping[str, Any]:
    return client.contract.fixtures.credentials["second"]


def _others_secret(client: Client) -> dict[str, str]:
    return {"secret": _second(client)["secret"]}


def _spoiled(changes: Callable[[Client], dict[str, str | None]]) -> Callable[[Client, Request], Request]:
    return lambda client, request: presented(client.signed(request), **changes(client))


def _capitals(client: Client, request: Request) -> Request:
    signed = client.signed(request)
    return presented(signed, accessToken=signed.parameters["accessToken"].upper())


def _claiming(claim: Callable[[Client], dict[str, str]]) -> Callable[[Client, Request], Request]:
    return lambda client, request: _signed(request, client.credentials, client.target.clock.now(), **claim(client))


def _on_day(shift: int) -> Callable[[Client, Request], Request]:
    step = timedelta(days=shift)
    return lambda client, request: _signed(request, client.credentials, client.target.clock.now() + step)
