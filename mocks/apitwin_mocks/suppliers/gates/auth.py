"""How the gates let a client in: Auth0's token endpoint, and a signed token in every request to an API."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from urllib.parse import parse_qsl

import orjson

from apitwin_fixtures import Fixtures, Request
from apitwin_mocks.kit.auth import ExpiredTokenError, UnknownTokenError
from apitwin_mocks.kit.call import Call
from apitwin_mocks.kit.errors import Refusal
from apitwin_mocks.kit.signing import DevelopmentKey

from .domain import Gates
from .entities import Client
from .errors import Code
from .principal import Principal

__all__ = [
    "BUSINESS_MANAGER",
    "GATES",
    "LIFETIME",
    "authenticate",
    "grant_token",
    "key_set",
    "require_principal",
    "require_scope",
]

BUSINESS_MANAGER = "http://bm.promaterial.com/api"
GATES = "http://mdg.promaterial.com/api"
LIFETIME = timedelta(hours=24)

_ISSUER = "https://promaterial.eu.auth0.com/"
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
_GRANTS = ("client_credentials", "password")


def authenticate(call: Call) -> None:
    """Note who asks, or why nobody is let in: whether a token is needed, and which, the path tells."""
    try:
        call.principal = _principal(call)
    except Refusal as refusal:
        call.principal = refusal


def _principal(call: Call) -> Principal:
    header = call.request.header("authorization")
    if header is None:
        raise Refusal(Code.TOKEN_MISSING)
    scheme, _, token = header.strip().partition(" ")
    if scheme.lower() != "bearer":
        raise Refusal(Code.TOKEN_PREFIX)
    token = token.strip()
    if not _TOKEN.fullmatch(token):
        raise Refusal(Code.TOKEN_MALFORMED)
    world: Gates = call.world
    try:
        return world.tokens.find(token)
    except UnknownTokenError:
        raise Refusal(Code.TOKEN_UNKNOWN) from None
    except ExpiredTokenError:
        raise Refusal(Code.TOKEN_EXPIRED) from None


def require_principal(call: Call, audience: str, gate: str | None = None) -> Principal:
    """Give who asks; raises the `Refusal` of a missing or bad token, of another API's, or of another gate's."""
    principal = call.principal
    if isinstance(principal, Refusal):
        raise principal
    if principal.audience != audience:
        raise Refusal(Code.TOKEN_AUDIENCE, audience=audience)
    if gate is not None and principal.gate != gate:
        raise Refusal(Code.TOKEN_GATE, gate=gate)
    who: Principal = principal
    return who


def require_scope(call: Call, scope: str) -> Principal:
    """Give who asks; raises `Refusal` SCOPE_MISSING for a token that does not reach so far."""
    principal: Principal = call.principal
    if scope not in principal.scopes:
        raise Refusal(Code.SCOPE_MISSING, scope=scope)
    return principal


def grant_token(call: Call) -> object:
    """Answer the token endpoint: a token for 24 hours of the session's clock; raises `Refusal` AUTH0_… for anything else."""
    asked = _asked(call.request)
    grant = asked.get("grant_type")
    if not grant:
        raise Refusal(Code.AUTH0_GRANT_MISSING)
    if grant not in _GRANTS:
        raise Refusal(Code.AUTH0_GRANT_UNSUPPORTED, grant=grant)
    world: Gates = call.world
    client = _client(world.catalogue.clients, asked, grant)
    scopes = _scopes(client, asked.get("scope"))
    gate = world.catalogue.gates.get(client.gate or "")
    principal = Principal(
        client=client.id,
        audience=client.audience,
        scopes=frozenset(scopes),
        gate=client.gate,
        account=client.account or (gate.default_account if gate else ""),
    )
    token = _key().sign(_claims(world, principal, grant, scopes))
    return {
        "access_token": world.tokens.issue(token, principal, LIFETIME),
        "scope": " ".join(scopes),
        "expires_in": int(LIFETIME.total_seconds()),
        "token_type": "Bearer",
    }


def _asked(request: Request) -> Mapping[str, str]:
    """Read the JSON object or the form; raises `Refusal` AUTH0_BODY for neither."""
    media_type = (request.header("content-type") or "").partition(";")[0].strip().lower()
    if media_type == "application/x-www-form-urlencoded":
        return dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
    if media_type != "application/json":
        raise Refusal(Code.AUTH0_BODY)
    try:
        data = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        raise Refusal(Code.AUTH0_BODY) from None
    if not isinstance(data, dict) or not all(isinstance(value, str) for value in data.values()):
        raise Refusal(Code.AUTH0_BODY)
    return data


def _client(clients: Sequence[Client], asked: Mapping[str, str], grant: str) -> Client:
    if not asked.get("client_id"):
        raise Refusal(Code.AUTH0_CLIENT_MISSING)
    pair = asked["client_id"], asked.get("client_secret")
    mine = [client for client in clients if (client.id, client.secret) == pair]
    if not mine:
        raise Refusal(Code.AUTH0_UNAUTHORIZED)
    with_user = [client for client in mine if (client.username is not None) == (grant == "password")]
    if not with_user:
        raise Refusal(Code.AUTH0_GRANT_FORBIDDEN, grant=grant)
    audience = asked.get("audience")
    if not audience:
        raise Refusal(Code.AUTH0_AUDIENCE_MISSING)
    if audience not in (BUSINESS_MANAGER, GATES):
        raise Refusal(Code.AUTH0_AUDIENCE_UNKNOWN, audience=audience)
    if audience != mine[0].audience:
        raise Refusal(Code.AUTH0_AUDIENCE_FORBIDDEN, audience=audience)
    if grant == "client_credentials":
        return with_user[0]
    user = asked.get("username"), asked.get("password")
    for client in with_user:
        if (client.username, client.password) == user:
            return client
    raise Refusal(Code.AUTH0_PASSWORD_WRONG)


def _scopes(client: Client, asked: str | None) -> Sequence[str]:
    if not asked:
        return client.scopes
    scopes = list(dict.fromkeys(asked.split()))
    lacking = [scope for scope in scopes if scope not in client.scopes]
    if lacking:
        raise Refusal(Code.AUTH0_SCOPE_FORBIDDEN, scopes=" ".join(lacking))
    return scopes


def _claims(world: Gates, principal: Principal, grant: str, scopes: Sequence[str]) -> dict[str, object]:
    now = int(world.clock.now().timestamp())
    subject = f"auth0|{principal.account}" if grant == "password" else f"{principal.client}@clients"
    return {
        "iss": _ISSUER,
        "sub": subject,
        "aud": principal.audience,
        "iat": now,
        "exp": now + int(LIFETIME.total_seconds()),
        "scope": " ".join(scopes),
        "gty": grant.replace("_", "-"),
        "azp": principal.client,
        "jti": world.ids.hex("token", 24),
    }


@cache
def _key() -> DevelopmentKey:
    return DevelopmentKey.of(Fixtures.of("gates").json("development-key.json"))


def key_set(_call: Call) -> object:
    """Publish the key with which tokens can be checked."""
    return _key().key_set()
