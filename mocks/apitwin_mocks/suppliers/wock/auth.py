"""How World of CD Keys lets a client in: bearer tokens of its tenant, checked as ASP.NET checks them, before GraphQL."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from apitwin_mocks.kit.auth import bearer_token
from apitwin_mocks.kit.call import Call
from apitwin_mocks.kit.errors import Refusal
from apitwin_mocks.kit.graphql import asks_for_page

from .authority import AUDIENCE, ROLE, issuer_of, public_key
from .errors import Code

__all__ = ["GRAPHQL_PATH", "Principal", "authenticate"]

GRAPHQL_PATH = "/graphql"
_CACHED_TOKENS = 1000


@dataclass(frozen=True)
class Principal:
    """Who was let in: the client, its partner if it has one, and whether it has the application role."""

    client: str | None = None
    partner: str | None = None
    authorized: bool = False


class _RefusedTokenError(Exception):
    """A token does not open the door; the text is what the challenge adds."""


def authenticate(call: Call) -> None:
    """Note who asks for GraphQL; raises `Refusal` UNAUTHENTICATED or FORBIDDEN unless fields are guarded one by one."""
    # A browser gets the explorer, which asks with whatever token is given to it.
    if call.request.path != GRAPHQL_PATH or asks_for_page(call.request):
        return
    by_field = call.world.settings.authorization == "field"
    try:
        call.principal = _principal(call)
    except _RefusedTokenError as error:
        if not by_field:
            raise Refusal(Code.UNAUTHENTICATED, challenge=str(error)) from None
        call.principal = Principal()
    if not by_field and not call.principal.authorized:
        raise Refusal(Code.FORBIDDEN)


def _principal(call: Call) -> Principal:
    token = bearer_token(call.request)
    if token is None:
        raise _RefusedTokenError
    claims = _claims(token)
    if isinstance(claims, str):
        raise _RefusedTokenError(claims)
    now = call.session.clock.now().timestamp()
    if now >= claims["exp"]:
        raise _invalid(f"The token expired at '{_dotnet(claims['exp'])}'")
    if now < claims["nbf"]:
        raise _invalid(f"The token is not valid before '{_dotnet(claims['nbf'])}'")
    client = call.world.catalogue.clients.get(claims["azp"])
    return Principal(claims["azp"], client.partner if client else None, ROLE in claims.get("roles", ()))


def _dotnet(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%m/%d/%Y %H:%M:%S}"


def _invalid(description: str) -> _RefusedTokenError:
    return _RefusedTokenError(f' error="invalid_token", error_description="{description}"')


@lru_cache(_CACHED_TOKENS)
def _claims(token: str) -> dict[str, Any] | str:
    """Give the claims of a token whose signature, audience and issuer are right, or what the challenge says of it."""
    # Imported here: it takes a tenth of a second to import, and only a first request needs it.
    import jwt  # noqa: PLC0415 - see above

    options = {"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False}
    try:
        claims: dict[str, Any] = jwt.decode(token, public_key(), algorithms=["RS256"], options=options)  # type: ignore[arg-type] # a mapping of options
    except jwt.InvalidSignatureError:
        return str(_invalid("The signature is invalid"))
    except jwt.InvalidTokenError:
        return ' error="invalid_token"'
    if claims.get("aud") != AUDIENCE:
        return str(_invalid(f"The audience '{_plain(claims.get('aud'))}' is invalid"))
    if claims.get("iss") != issuer_of(str(claims.get("tid"))):
        return str(_invalid(f"The issuer '{_plain(claims.get('iss'))}' is invalid"))
    if not all(isinstance(claims.get(name), int) for name in ("exp", "nbf")) or not isinstance(claims.get("azp"), str):
        return str(_invalid("The token has no expiration"))
    return claims


def _plain(value: object) -> str:
    return re.sub(r"[^ !#-\[\]-~]", "?", str(value))[:200]
