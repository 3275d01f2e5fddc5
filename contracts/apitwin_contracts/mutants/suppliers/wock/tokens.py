"""World of CD Keys' token drifts: how long they are good, whose keys they verify by, what the authority grants."""

from dataclasses import replace
from typing import Any

from apitwin_contracts.mutants.asked import Asked
from apitwin_contracts.mutants.mutant import Mutant
from apitwin_contracts.mutants.suppliers.wock.tools import looked_at, making, rule, settings, twisted
from apitwin_contracts.mutants.twist import Forward, Twist, bodies
from apitwin_fixtures import Exchange, Fixtures, Request
from apitwin_mocks.suppliers.wock import authority

__all__ = ["MUTANTS"]

_make = making("auth")

_LIFETIME = "auth.lifetime"

_READS = "partner products product orders delivery"

_ALL = f"{_READS} createOrder deleteOrder"

_DEFAULT = Fixtures.of("wock").credentials["default"]


def _once() -> Twist:
    seen: set[str] = set()

    def twist(_asked: Asked, request: Request, forward: Forward) -> Exchange:
        shown = request.header("authorization") or ""
        is_used = shown in seen
        seen.add(shown)
        return forward(
            replace(request, headers=tuple(pair for pair in request.headers if pair[0] != "authorization"))
            if is_used
            else request
        )

    return twist


def _newest_only() -> Twist:
    newest = [""]

    def twist(_asked: Asked, request: Request, forward: Forward) -> Exchange:
        exchange = forward(request) if request.path.endswith("/token") else None
        if exchange and exchange.reply.status == 200:
            granted: Any = exchange.reply.json
            newest[0] = granted["access_token"]
        if exchange:
            return exchange
        is_old = request.header("authorization") not in (None, f"Bearer {newest[0]}")
        return forward(
            replace(
                request,
                headers=(("authorization", "Bearer old"), *(p for p in request.headers if p[0] != "authorization")),
            )
            if is_old
            else request
        )

    return twist


def _granted(**changes: Any) -> Any:
    def changed(asked: Asked, _reply: Any, body: Any) -> Any:
        return {**body, **changes} if asked.operation == "token" and "access_token" in body else body

    return twisted(lambda: bodies(changed))


def _lax(name: str, change: Any) -> Any:
    return rule((authority, name, lambda original: lambda *given: change(original, *given)))


_TOKENS = (
    _make(
        "lifetime",
        "breaking",
        "token",
        "expires_in",
        _LIFETIME,
        rule((authority, "LIFETIME", lambda _: 60)),
        of="auth_lifetime",
    ),
    _make(
        "lifetime-of-an-hour",
        "breaking",
        "token",
        "expires_in",
        _LIFETIME,
        rule((authority, "LIFETIME", lambda _: 3599)),
    ),
    _make("lifetime-told-wrong", "breaking", "token", "expires_in", _LIFETIME, _granted(expires_in=3599)),
    _make(
        "lifetime-shorter-than-told",
        "breaking",
        "partner token",
        "",
        "auth.lifetime http.grant",
        rule(
            (
                authority,
                "_claims",
                lambda original: (
                    lambda call, client: {**(claims := original(call, client)), "exp": claims["exp"] - 300}
                ),
            )
        ),
    ),
    _make(
        "introspection-off",
        "dangerous",
        "__schema",
        "__schema",
        "schema.introspection",
        settings(introspection=False),
        of="gql_introspection_off",
        also=("schema",),
    ),
    _make(
        "introspection-empty",
        "dangerous",
        "__schema",
        "__schema",
        "schema.introspection",
        twisted(
            lambda: bodies(
                lambda _asked, _reply, body: (
                    {"data": {"__schema": None}}
                    if isinstance(body.get("data"), dict) and "__schema" in body["data"]
                    else body
                )
            )
        ),
        also=("schema",),
    ),
    _make("token-works-once", "breaking", f"{_ALL} __schema", "", "schema.reply", twisted(_once), also=("error",)),
    _make(
        "new-token-ends-old",
        "breaking",
        _ALL,
        "",
        "auth.credentials",
        twisted(_newest_only),
        also=("error",),
    ),
    _make(
        "wrong-secret-granted",
        "breaking",
        "token",
        "AADSTS7000215",
        "error.provoked",
        _lax("_require_secret", lambda _original, _form, _client: None),
        also=("error",),
    ),
    _make(
        "any-scope-granted",
        "breaking",
        "token",
        "AADSTS70011",
        "error.provoked",
        _lax(
            "_require_scope",
            lambda original, form, client: original(
                {**form, "scope": client.scope} if str(form.get("scope")).endswith("/.default") else form, client
            ),
        ),
        also=("error",),
    ),
    _make(
        "missing-scope-granted",
        "dangerous",
        "token",
        "AADSTS900144",
        "error.provoked",
        _lax("_require_scope", lambda original, form, client: original({"scope": client.scope, **form}, client)),
        also=("error",),
    ),
    _make(
        "any-grant-type",
        "dangerous",
        "token",
        "AADSTS70003",
        "error.provoked",
        _lax("_form", lambda original, request: {**original(request), "grant_type": "client_credentials"}),
        also=("error",),
    ),
    _make(
        "basic-refused",
        "breaking",
        "token",
        "",
        "http.grant",
        looked_at(
            lambda _asked, request, forward: forward(
                replace(request, headers=tuple(p for p in request.headers if p[0] != "authorization"))
                if request.path.endswith("/token")
                else request
            )
        ),
        also=("wire", "error"),
    ),
    _make(
        "tenant-not-checked",
        "breaking",
        "token",
        "AADSTS90002",
        "error.provoked",
        looked_at(
            lambda _asked, request, forward: forward(
                replace(request, path=f"/{_DEFAULT['tenant']}/oauth2/v2.0/token")
                if request.path.endswith("/token")
                else request
            )
        ),
        also=("error",),
    ),
)


MUTANTS: tuple[Mutant, ...] = _TOKENS
