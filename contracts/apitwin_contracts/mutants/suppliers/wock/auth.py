"""World of CD Keys' auth drifts: tokens accepted that should not be, tokens refused that should not be, what is granted, whose things are shown."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from typing import Any

import jwt
import orjson

from apitwin_contracts.mutants.asked import Asked
from apitwin_contracts.mutants.mutant import Mutant
from apitwin_contracts.mutants.suppliers.wock.tools import making, rule, settings, twisted, world
from apitwin_contracts.mutants.twist import Forward, Twist
from apitwin_fixtures import Exchange, Fixtures, Request
from apitwin_mocks.kit.auth import bearer_token
from apitwin_mocks.kit.errors import Refusal
from apitwin_mocks.suppliers.wock import api, archives, auth, authority, deliveries
from apitwin_mocks.suppliers.wock.authority import ROLE
from apitwin_mocks.suppliers.wock.errors import Code

__all__ = ["MUTANTS"]

_make = making("auth")

_CREDENTIALS = "auth.credentials"

_LIFETIME = "auth.lifetime"

_ISOLATION = "auth.isolation"

_READS = "partner products product orders delivery"

_ALL = f"{_READS} createOrder deleteOrder"


def _claims(change: Any) -> Any:
    """Give a stage on which the claims of a token are read otherwise: `change` gets the token and what is rightly said of it."""
    return rule((auth, "_claims", lambda original: lambda token: change(token, original(token))))


def _unverified(token: str) -> Any:
    try:
        claims = jwt.decode(token, options={"verify_signature": False, "verify_aud": False, "verify_exp": False})
    except jwt.InvalidTokenError:
        return ' error="invalid_token"'
    return claims if "azp" in claims else ' error="invalid_token"'


def _verified(token: str) -> Any:
    options = {"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False}
    try:
        return jwt.decode(token, authority.public_key(), algorithms=["RS256"], options=options)  # type: ignore[arg-type] # a mapping of options
    except jwt.InvalidTokenError:
        return ' error="invalid_token"'


def _head(token: str) -> dict[str, Any]:
    try:
        part = token.split(".", maxsplit=1)[0]
        found: dict[str, Any] = orjson.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
        return {}
    return found


def _unsigned(token: str, right: Any) -> Any:
    return _unverified(token) if _head(token).get("alg") == "none" else right


def _of_one_tenant(token: str, right: Any) -> Any:
    verified = _verified(token)
    return verified if isinstance(right, str) and "issuer" in right and isinstance(verified, dict) else right


def _of_any_audience(token: str, right: Any) -> Any:
    verified = _verified(token)
    return verified if isinstance(right, str) and "audience" in right and isinstance(verified, dict) else right


def _confused(token: str, right: Any) -> Any:
    """Take the public key for a shared secret, as careless verifiers do."""
    if _head(token).get("alg") != "HS256":
        return right
    signed, _, signature = token.rpartition(".")
    secret = authority.public_key().public_numbers().n.to_bytes(256, "big")
    made = urlsafe_b64encode(hmac.new(secret, signed.encode(), hashlib.sha256).digest()).rstrip(b"=").decode()
    return _unverified(token) if made == signature or signature else right


def _timeless(name: str) -> Any:
    """Give a stage on which a claim about time is not looked at."""
    return _claims(
        lambda _token, right: {**right, name: 10**11 if name == "exp" else 0} if isinstance(right, dict) else right
    )


def _graceful(seconds: int) -> Any:
    return _claims(lambda _token, right: {**right, "exp": right["exp"] + seconds} if isinstance(right, dict) else right)


def _signed_in(*operations: str, when: Any) -> Any:
    """Give a stage that lets operations in although they show no (or a wrong) token: a right one is put in its place."""

    def make() -> Twist:
        tokens: list[str] = []

        def twist(asked: Asked, request: Request, forward: Forward) -> Exchange:
            if request.path.endswith("/token"):
                exchange = forward(request)
                granted: Any = exchange.reply.json if exchange.reply.status == 200 else {}
                tokens[:] = [granted["access_token"]] if "access_token" in granted else tokens
                return exchange
            shown = request.header("authorization")
            if not tokens or (operations and asked.operation not in operations) or not when(shown):
                return forward(request)
            others = tuple(pair for pair in request.headers if pair[0] != "authorization")
            return forward(replace(request, headers=(*others, ("authorization", f"Bearer {tokens[0]}"))))

        return twist

    return twisted(make)


def _nothing(shown: str | None) -> bool:
    return shown is None


_ACCEPTED = (
    _make("no-token", "breaking", _ALL, "", _CREDENTIALS, _signed_in(when=_nothing), of="auth_missing_ok"),
    _make(
        "no-token-for-balance",
        "breaking",
        "partner",
        "partner",
        _CREDENTIALS,
        _signed_in("partner", when=_nothing),
        of="auth_missing_ok",
    ),
    _make(
        "no-token-for-products",
        "breaking",
        "products",
        "products",
        _CREDENTIALS,
        _signed_in("products", when=_nothing),
        of="gql_auth_missing_ok",
    ),
    _make(
        "no-token-for-orders",
        "breaking",
        "createOrder",
        "createOrder",
        _CREDENTIALS,
        _signed_in("createOrder", when=_nothing),
    ),
    _make(
        "no-token-for-schema",
        "dangerous",
        "__schema partner",
        "",
        "auth.credentials schema.introspection",
        _signed_in("__schema", when=_nothing),
        also=("schema", "error"),
    ),
    _make("expired", "breaking", "partner", "lifetime", _LIFETIME, _timeless("exp"), of="auth_expired_ok"),
    _make(
        "expired-for-orders",
        "breaking",
        "orders",
        "orders",
        _CREDENTIALS,
        rule((auth, "_principal", lambda original: lambda call: _expired_for(original, call, b"orders"))),
    ),
    _make(
        "expired-for-five-minutes", "breaking", "partner", "lifetime", _LIFETIME, _graceful(300), of="auth_expired_ok"
    ),
    _make("expired-early", "breaking", "partner", "lifetime", _LIFETIME, _graceful(-60)),
    _make(
        "no-prefix",
        "dangerous",
        _ALL,
        "no-prefix",
        _CREDENTIALS,
        rule(
            (
                auth,
                "bearer_token",
                lambda original: lambda request: original(request) or request.header("authorization"),
            )
        ),
        of="auth_no_prefix_ok",
    ),
    _make(
        "other-scheme",
        "dangerous",
        _ALL,
        "other-scheme",
        _CREDENTIALS,
        rule(
            (
                auth,
                "bearer_token",
                lambda _original: lambda request: (request.header("authorization") or "").rpartition(" ")[2] or None,
            )
        ),
    ),
    _make(
        "signature-ignored",
        "breaking",
        _ALL,
        "wrong-signature",
        _CREDENTIALS,
        _claims(lambda token, _right: _unverified(token)),
    ),
    _make("unsigned", "breaking", _ALL, "unsigned", _CREDENTIALS, _claims(_unsigned)),
    _make("public-key-as-secret", "breaking", _ALL, "", _CREDENTIALS, _claims(_confused)),
    _make("audience-ignored", "breaking", _ALL, "audience", _CREDENTIALS, _claims(_of_any_audience)),
    _make("issuer-ignored", "breaking", _ALL, "issuer", _CREDENTIALS, _claims(_of_one_tenant)),
    _make("not-before-ignored", "dangerous", _ALL, "", _CREDENTIALS, _timeless("nbf")),
    _make(
        "scheme-must-be-capital",
        "dangerous",
        _ALL,
        "",
        _CREDENTIALS,
        rule(
            (
                auth,
                "bearer_token",
                lambda original: (
                    lambda request: (
                        original(request) if (request.header("authorization") or "").startswith("Bearer ") else None
                    )
                ),
            )
        ),
    ),
    _make(
        "malformed-is-anonymous", "breaking", _ALL, "", _CREDENTIALS, settings(authorization="field"), also=("error",)
    ),
)


def _expired_for(original: Any, call: Any, operation: bytes) -> Any:
    if operation not in call.request.body:
        return original(call)
    claims = auth._claims(bearer_token(call.request) or "")
    if not isinstance(claims, dict):
        return original(call)
    client = call.world.catalogue.clients.get(claims["azp"])
    return auth.Principal(claims["azp"], client.partner if client else None, ROLE in claims.get("roles", ()))


def _authorized(original: Any) -> Any:
    return lambda client=None, partner=None, _authorized=False: original(client, partner, authorized=True)


def _reading(principal: Any, call: Any) -> Any:
    return replace(principal, authorized=True) if b"products" in call.request.body else principal


def _as_default(original: Any) -> Any:
    found = Fixtures.of("wock").json("entities/partners.json")[0]["id"]
    return lambda client=None, partner=None, authorized=False: original(client, partner or found, authorized)


def _any_partner(original: Any) -> Any:
    """Find a delivery whoever ordered it."""

    def find(state: Any, partner: Any, order_id: Any, legacy: Any, base: str) -> Any:
        order = (
            state.orders.get(order_id)
            if order_id
            else next((row for row in state.orders.values() if legacy and row.legacy_id == legacy), None)
        )
        owner = state.partners.get(order.partner, partner) if order else partner
        return original(state, owner, order_id, legacy, base)

    return find


def _anyones(original: Any) -> Any:
    def delete(state: Any, partner: Any, key: str) -> bool:
        order = state.orders.get(key)
        return bool(original(state, state.partners.get(order.partner, partner) if order else partner, key))

    return delete


_WHOSE = (
    _make(
        "role-ignored",
        "breaking",
        _ALL,
        "FORBIDDEN",
        "error.provoked",
        rule((auth, "Principal", _authorized)),
        of="auth_scope_ignored",
        also=("error",),
    ),
    _make(
        "role-ignored-for-reads",
        "breaking",
        _READS,
        "",
        "error.provoked auth.isolation",
        rule((auth, "_principal", lambda original: lambda call: _reading(original(call), call))),
        also=("error",),
    ),
    _make(
        "internal-may-order",
        "breaking",
        "createOrder",
        "AUTH_NOT_AUTHORIZED",
        "error.provoked",
        rule((api, "_partner", lambda original: lambda info: _as_external(original(info), info))),
        of="auth_scope_ignored",
        also=("error",),
    ),
    _make(
        "internal-gets-archives",
        "breaking",
        "delivery",
        "archives",
        _ISOLATION,
        rule(
            (
                deliveries.Delivery,
                "archives",
                lambda _original: property(
                    lambda self: archives.archives_of(self.order, self._base) if self.ready else []
                ),
            )
        ),
        also=("state",),
    ),
    _make(
        "unassigned-is-somebody",
        "breaking",
        "partner createOrder orders",
        "PARTNER_NOT_FOUND",
        "error.provoked",
        rule((auth, "Principal", _as_default)),
        also=("error",),
    ),
    _make(
        "unassigned-has-no-orders",
        "breaking",
        "orders",
        "PARTNER_NOT_FOUND",
        "error.provoked",
        rule((api, "_partner", lambda original: lambda info: _nobody(original, info))),
        also=("error",),
    ),
    _make(
        "foreign-orders-listed",
        "breaking",
        "orders",
        "",
        _ISOLATION,
        world(
            "orders_of",
            lambda _original, self, _partner: [
                row for row in self.orders.values() if row.state in ("ready", "completed")
            ],
        ),
    ),
    _make("foreign-deliveries", "breaking", "delivery", "", _ISOLATION, rule((api, "find_delivery", _any_partner))),
    _make("foreign-orders-deleted", "breaking", "deleteOrder", "", _ISOLATION, rule((api, "delete_order", _anyones))),
    _make(
        "balance-of-another",
        "breaking",
        "partner",
        "",
        _ISOLATION,
        world("partner_of", lambda original, self, partner: original(self, partner and next(iter(self.partners)))),
        also=("error",),
    ),
)


def _as_external(found: Any, info: Any) -> Any:
    state, partner = found
    is_order = info.field_name == "createOrder" and partner.partner_type == "Internal"
    return state, replace(partner, partner_type="External") if is_order else partner


def _nobody(original: Any, info: Any) -> Any:
    try:
        return original(info)
    except Refusal as refusal:
        if refusal.code != Code.PARTNER_NOT_FOUND or info.field_name != "orders":
            raise
        state = info.context.world
        return state, replace(next(iter(state.partners.values())), id="nobody")


MUTANTS: tuple[Mutant, ...] = (*_ACCEPTED, *_WHOSE)
