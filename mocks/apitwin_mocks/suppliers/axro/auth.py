"""How AXRO lets a client in: a bearer token for data, none for the schema, and an assumed endpoint that gives tokens."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import orjson

from apitwin_mocks.kit.auth import ExpiredTokenError, UnknownTokenError
from apitwin_mocks.kit.call import Call
from apitwin_mocks.kit.errors import Refusal

from .errors import Code

if TYPE_CHECKING:
    from .domain import Axro

__all__ = ["LIFETIME", "authenticate", "grant_token", "require_customer"]

LIFETIME = timedelta(hours=1)
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")


def authenticate(call: Call) -> None:
    """Note who asks, or why nobody is let in: whether a token is needed at all, only the document tells."""
    try:
        call.principal = _customer(call)
    except Refusal as refusal:
        call.principal = refusal


def require_customer(call: Call) -> str:
    """Give the customer who asks; raises the `Refusal` of a missing or bad token."""
    if isinstance(call.principal, Refusal):
        raise call.principal
    return str(call.principal)


def _customer(call: Call) -> str:
    header = call.request.header("authorization")
    if header is None:
        raise Refusal(Code.TOKEN_MISSING)
    scheme, _, token = header.strip().partition(" ")
    if scheme.lower() != "bearer":
        raise Refusal(Code.TOKEN_PREFIX)
    token = token.strip()
    if not _TOKEN.fullmatch(token):
        raise Refusal(Code.TOKEN_MALFORMED)
    world: Axro = call.world
    try:
        return world.tokens.find(token)
    except UnknownTokenError:
        raise Refusal(Code.TOKEN_UNKNOWN) from None
    except ExpiredTokenError:
        raise Refusal(Code.TOKEN_EXPIRED) from None


def grant_token(call: Call) -> object:
    """Answer the token endpoint: a new token for a known name and password; raises `Refusal` for anything else."""
    username, password = _credentials(call.request.body)
    world: Axro = call.world
    for credential in world.catalogue.credentials:
        if credential.username == username and credential.password == password:
            token = world.tokens.issue(world.ids.hex("token", 40), credential.customer, LIFETIME)
            return {"access_token": token, "token_type": "Bearer", "expires_in": int(LIFETIME.total_seconds())}
    raise Refusal(Code.CREDENTIALS_WRONG)


def _credentials(body: bytes) -> tuple[str, str]:
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Refusal(Code.TOKEN_BODY_NOT_JSON) from None
    if not isinstance(data, dict):
        raise Refusal(Code.TOKEN_BODY_NOT_JSON)
    return _text(data, "username"), _text(data, "password")


def _text(data: dict[str, object], field: str) -> str:
    if field not in data:
        raise Refusal(Code.TOKEN_FIELD_MISSING, field=field)
    value = data[field]
    if not isinstance(value, str):
        raise Refusal(Code.TOKEN_FIELD_NOT_TEXT, field=field)
    return value
