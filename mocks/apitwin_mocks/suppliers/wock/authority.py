"""The tenant's authority, as Azure AD v2: client credentials for signed tokens, its keys and its configuration document."""

from base64 import b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote_plus
from uuid import UUID

from apitwin_fixtures import Fixtures, Reply, Request
from apitwin_mocks.kit.call import Call
from apitwin_mocks.kit.errors import Refusal
from apitwin_mocks.kit.replies import json_reply

from .entities import Client
from .errors import Code

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

__all__ = ["AUDIENCE", "LIFETIME", "ROLE", "configuration", "grant_token", "issuer_of", "keys", "public_key", "sign"]

LIFETIME = 599
"""How many seconds a token lives; Azure says 3599 for an hour, and so 599 for the document's ten minutes."""

AUDIENCE = "dddddddd-0000-4000-8000-000000000001"
ROLE = "Partner.Access"
_AUTHORITY = "https://login.microsoftonline.com"
_EXPONENT = 65537
_NO_STORE = (("cache-control", "no-store, no-cache"), ("pragma", "no-cache"))
_JSON = ("content-type", "application/json; charset=utf-8")


def issuer_of(tenant: str) -> str:
    """Give the issuer of a tenant's tokens; it does not depend on where the mock runs."""
    return f"{_AUTHORITY}/{tenant}/v2.0"


@cache
def _key() -> tuple[str, "RSAPrivateKey"]:
    """Make the development key of the two primes that the fixtures publish."""
    # Imported here: cryptography takes a tenth of a second to import, and only a sign-in needs it.
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415 - see above

    published = Fixtures.of("wock").json("development-key.json")
    p, q = int(published["p"], 16), int(published["q"], 16)
    d = pow(_EXPONENT, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(_EXPONENT, p * q)
    exponents = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
    parts = rsa.RSAPrivateNumbers(p, q, d, *exponents, public)
    return published["kid"], parts.private_key(unsafe_skip_rsa_key_validation=True)


@cache
def public_key() -> "RSAPublicKey":
    """Give the key that tokens are checked with."""
    return _key()[1].public_key()


def sign(claims: Mapping[str, Any]) -> str:
    """Sign claims as the authority does."""
    name, key = _key()
    import jwt  # noqa: PLC0415 - as in `_key`

    return jwt.encode(dict(claims), key, algorithm="RS256", headers={"kid": name})


def keys(_call: Call, tenant: str) -> Reply:  # noqa: ARG001 - every tenant has the same keys
    """Publish the key that tokens are checked with, as a JSON Web Key Set."""
    name, key = _key()
    numbers = key.public_key().public_numbers()
    modulus = numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")
    shown = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": name, "n": _base64(modulus), "e": "AQAB"}
    return json_reply({"keys": [shown]}, headers=(_JSON,))


def _base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def configuration(call: Call, tenant: str, base: str) -> Reply:
    """Describe the authority at `base`; raises `Refusal` AADSTS90002 for an unknown tenant."""
    _require_tenant(call, tenant)
    here = f"{base}/{tenant}"
    return json_reply(
        {
            "token_endpoint": f"{here}/oauth2/v2.0/token",
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "jwks_uri": f"{here}/discovery/v2.0/keys",
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "issuer": issuer_of(tenant),
            "authorization_endpoint": f"{here}/oauth2/v2.0/authorize",
            "claims_supported": ["sub", "iss", "aud", "exp", "iat", "nbf", "azp", "tid", "ver"],
            "tenant_region_scope": None,
        },
        headers=(_JSON,),
    )


def grant_token(call: Call, tenant: str) -> Reply:
    """Grant a token for client credentials; raises the `Refusal` with the AADSTS code that comes first."""
    try:
        client = _admitted(call, tenant)
    except Refusal as refusal:
        raise Refusal(refusal.code, **_traced(call), **refusal.values) from None
    body = {
        "token_type": "Bearer",
        "expires_in": LIFETIME,
        "ext_expires_in": LIFETIME,
        "access_token": sign(_claims(call, client)),
    }
    return json_reply(body, headers=(_JSON, *_NO_STORE))


def _require_tenant(call: Call, tenant: str) -> None:
    if all(client.tenant != tenant for client in call.world.catalogue.clients.values()):
        raise Refusal(Code.TENANT_UNKNOWN, tenant=tenant, **_traced(call))


def _admitted(call: Call, tenant: str) -> Client:
    if call.request.method != "POST":
        raise Refusal(Code.TOKEN_METHOD, method=call.request.method)
    clients: Mapping[str, Client] = call.world.catalogue.clients
    if all(client.tenant != tenant for client in clients.values()):
        raise Refusal(Code.TENANT_UNKNOWN, tenant=tenant)
    form = _form(call.request)
    for name in ("grant_type", "client_id"):
        if not form.get(name):
            raise Refusal(Code.PARAMETER_MISSING, parameter=name)
    if form["grant_type"] != "client_credentials":
        raise Refusal(Code.GRANT_UNSUPPORTED, grant=form["grant_type"])
    client = clients.get(form["client_id"])
    if client is None or client.tenant != tenant:
        raise Refusal(Code.CLIENT_UNKNOWN, client=form["client_id"], tenant=tenant)
    _require_secret(form, client)
    _require_scope(form, client)
    return client


def _require_secret(form: Mapping[str, str], client: Client) -> None:
    if not form.get("client_secret"):
        raise Refusal(Code.SECRET_MISSING)
    if form["client_secret"] != client.secret:
        raise Refusal(Code.SECRET_WRONG, client=client.id)


def _require_scope(form: Mapping[str, str], client: Client) -> None:
    scope = form.get("scope")
    if not scope:
        raise Refusal(Code.PARAMETER_MISSING, parameter="scope")
    if not scope.endswith("/.default"):
        raise Refusal(Code.SCOPE_SUFFIX, scope=scope)
    if scope != client.scope:
        raise Refusal(Code.SCOPE_WRONG, scope=scope)


def _form(request: Request) -> dict[str, str]:
    """Read the form, and the client's id and secret where they come as HTTP Basic instead."""
    media_type = (request.header("content-type") or "").partition(";")[0].strip().lower()
    text = request.body.decode("utf-8", "replace") if media_type == "application/x-www-form-urlencoded" else ""
    form = dict(parse_qsl(text, keep_blank_values=True))
    scheme, _, encoded = (request.header("authorization") or "").partition(" ")
    if scheme.lower() == "basic":
        try:
            name, _, secret = b64decode(encoded.strip(), validate=True).decode().partition(":")
        except (Base64Error, UnicodeDecodeError):
            return form
        form = {"client_id": unquote_plus(name), "client_secret": unquote_plus(secret)} | form
    return form


def _traced(call: Call) -> dict[str, object]:
    ids = call.world.ids
    now = f"{call.session.clock.now():%Y-%m-%d %H:%M:%S}Z"
    return {"trace": ids.uuid("trace"), "correlation": ids.uuid("correlation"), "timestamp": now}


def _claims(call: Call, client: Client) -> dict[str, Any]:
    now = int(call.session.clock.now().timestamp())
    subject = str(UUID(bytes=blake2b(client.id.encode(), digest_size=16).digest(), version=4))
    roles = {"roles": [ROLE]} if client.role else {}
    return {
        "aud": AUDIENCE,
        "iss": issuer_of(client.tenant),
        "iat": now,
        "nbf": now,
        "exp": now + LIFETIME,
        "azp": client.id,
        "azpacr": "1",
        "oid": subject,
        **roles,
        "sub": subject,
        "tid": client.tenant,
        "uti": call.world.ids.code("uti", 22, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
        "ver": "2.0",
    }
