"""The gates' drifts of auth: who is let in that should not be, how long a token lives, whose things are shown."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from apitwin_contracts.mutants.asked import Asked
from apitwin_contracts.mutants.mutant import Mutant, family
from apitwin_contracts.mutants.suppliers.gates.tools import EVERY, forgiven, rule, twisted, value_changed
from apitwin_fixtures import Request
from apitwin_mocks.kit.auth import ExpiredTokenError, TokenBook
from apitwin_mocks.suppliers.gates import api, auth

__all__ = ["MUTANTS"]

_auth = family("gates", "auth")
_PROVOKED, _CREDENTIALS = "error.provoked", "auth.credentials"


def _let_in(*codes: str, operations: str = EVERY) -> Any:
    """Give a stage on which what would be refused with these codes is asked once more with a right token."""

    def make() -> Any:
        kept: dict[str, str] = {}

        def twist(asked: Asked, request: Request, forward: Any) -> Any:
            exchange = forward(request)
            said = exchange.reply.text
            shut = any(word in said for word in codes) and asked.operation in operations.split()
            token = request.header("authorization")
            if not shut:
                if token and '"errors"' not in said and asked.operation:
                    kept[request.path] = token
                return exchange
            others = tuple(pair for pair in request.headers if pair[0] != "authorization")
            right = kept.get(request.path)
            return forward(replace(request, headers=(*others, ("authorization", right)))) if right else exchange

        return twist

    return twisted(make)


def _unexpired(original: Any) -> Any:
    def find(self: Any, token: str) -> Any:
        try:
            return original(self, token)
        except ExpiredTokenError:
            return self._issued[token].holder

    return find


def _lives(seconds: int) -> Any:
    return lambda original: (
        lambda self, token, holder, _lifetime=None: original(self, token, holder, timedelta(seconds=seconds))
    )


_ACCESS = (
    _auth(
        "token-not-needed",
        "breaking",
        EVERY,
        "no-token",
        _CREDENTIALS,
        _let_in("A token is required", operations="productsearch getUser orders"),
        of="gql_auth_missing_ok",
    ),
    _auth(
        "mutation-open",
        "breaking",
        "upsertProduct createOrder",
        "no-token",
        _CREDENTIALS,
        _let_in("A token is required", operations="upsertProduct createOrder"),
        of="auth_missing_ok",
    ),
    _auth(
        "expired-taken",
        "breaking",
        EVERY,
        "",
        "auth.lifetime error.provoked",
        rule((TokenBook, "find", _unexpired)),
        of="auth_expired_ok",
        also=("error",),
    ),
    _auth(
        "no-prefix",
        "dangerous",
        EVERY,
        "no-prefix",
        _CREDENTIALS,
        _let_in("must begin with Bearer"),
        of="auth_no_prefix_ok",
    ),
    _auth(
        "signature-unchecked", "breaking", EVERY, "wrong-signature", _CREDENTIALS, _let_in("The token is not valid.")
    ),
    _auth(
        "scope-ignored",
        "breaking",
        EVERY,
        "SCOPE_MISSING",
        _PROVOKED,
        rule((api, "require_scope", lambda _: lambda call, _scope: call.principal)),
        of="auth_scope_ignored",
        also=("error",),
    ),
    _auth(
        "write-scope-ignored",
        "breaking",
        "upsertProduct",
        "SCOPE_MISSING",
        _PROVOKED,
        rule(
            (
                api,
                "require_scope",
                lambda original: (
                    lambda call, scope: original(call, scope.replace("write:shoppingCart", "read:shoppingCart"))
                ),
            )
        ),
        of="auth_scope_ignored",
        also=("error",),
    ),
    _auth(
        "lifetime-shorter",
        "breaking",
        EVERY + " token",
        "",
        "auth.lifetime",
        rule((auth, "LIFETIME", lambda _: timedelta(seconds=60))),
        of="auth_lifetime",
    ),
    _auth(
        "lifetime-told-wrong",
        "breaking",
        EVERY + " token",
        "",
        "auth.lifetime",
        rule((TokenBook, "issue", _lives(3600))),
        of="auth_lifetime",
    ),
    _auth(
        "lifetime-longer",
        "breaking",
        EVERY + " token",
        "",
        "auth.lifetime",
        rule((TokenBook, "issue", _lives(999_999))),
    ),
    _auth(
        "introspection-off",
        "dangerous",
        "__schema",
        "__schema",
        "schema.introspection",
        twisted(lambda: lambda asked, request, forward: _hidden(asked, forward(request))),
        of="gql_introspection_off",
        also=("schema",),
    ),
    _auth(
        "gate-ignored",
        "breaking",
        "getUser productsearch pricesearch",
        "",
        "walk.auth error.provoked",
        rule((api, "require_principal", lambda original: lambda call, audience, _gate=None: original(call, audience))),
        also=("error",),
    ),
    _auth(
        "audience-ignored",
        "breaking",
        EVERY,
        "other-audience",
        _CREDENTIALS,
        _let_in("The token is not meant for"),
        also=("error",),
    ),
    _auth(
        "booking-gate-one-token",
        "breaking",
        "shoppingcart orders upsertProduct",
        "",
        "walk.wire walk.state walk.auth",
        rule(
            (
                api,
                "require_principal",
                lambda original: (
                    lambda call, audience, gate=None: original(
                        call, audience, "exampledistributor" if call.request.path == "/bg/graphql" else gate
                    )
                ),
            )
        ),
        also=("error", "state", "wire"),
    ),
    _auth(
        "foreign-cart",
        "breaking",
        "shoppingcart upsertProduct deleteProduct createOrder",
        "",
        "walk.auth error.provoked",
        rule(
            (
                api,
                "cart_of",
                forgiven(
                    "CART_UNKNOWN", lambda world, _who, cart: world.carts.get(cart) or next(iter(world.carts.values()))
                ),
            )
        ),
        also=("error", "state"),
    ),
    _auth(
        "foreign-orders",
        "breaking",
        "orders",
        "[]",
        "walk.auth",
        rule(
            (
                api,
                "orders_of",
                lambda _: (
                    lambda world, _who, ids=None: [
                        order for order in world.orders.values() if ids is None or order.id in ids
                    ]
                ),
            )
        ),
        also=("state",),
    ),
    _auth(
        "own-orders-by-gate",
        "breaking",
        "orders shoppingcart",
        "",
        "walk.auth walk.state",
        rule(
            (
                api,
                "orders_of",
                lambda original: (
                    lambda world, who, ids=None: (
                        [] if who.client.endswith("Distributor1") else original(world, who, ids)
                    )
                ),
            ),
            (
                api,
                "cart_of",
                lambda original: (
                    lambda world, who, cart: original(
                        world, who, cart if not who.client.endswith("Distributor1") else "x"
                    )
                ),
            ),
        ),
        also=("state", "error"),
    ),
    _auth(
        "password-unchecked",
        "breaking",
        "token",
        "AUTH0_PASSWORD_WRONG",
        _PROVOKED,
        rule((auth, "_client", forgiven("AUTH0_PASSWORD_WRONG", lambda clients, *_: clients[-1]))),
        also=("error",),
    ),
    _auth(
        "secret-unchecked",
        "breaking",
        "token",
        "AUTH0_UNAUTHORIZED",
        _PROVOKED,
        rule((auth, "_client", forgiven("AUTH0_UNAUTHORIZED", lambda clients, *_: clients[0]))),
        also=("error",),
    ),
    _auth(
        "gate-secret-rotated",
        "breaking",
        "connectedDistributionGates getUser token",
        "",
        "walk.wire",
        value_changed("connectedDistributionGates", "[].auth0ClientSecret", lambda text: text + "2"),
        also=("wire", "error"),
    ),
    _auth(
        "token-type",
        "breaking",
        "token",
        "token_type",
        "auth.lifetime",
        twisted(lambda: lambda _asked, request, forward: _mac(forward(request))),
        also=("schema", "wire"),
    ),
)


def _mac(exchange: Any) -> Any:
    return replace(
        exchange,
        reply=replace(
            exchange.reply, body=exchange.reply.body.replace(b'"token_type":"Bearer"', b'"token_type":"mac"')
        ),
    )


def _hidden(asked: Asked, exchange: Any) -> Any:
    if asked.operation != "__schema":
        return exchange
    return replace(
        exchange, reply=replace(exchange.reply, body=b'{"errors":[{"message":"Introspection is disabled"}]}')
    )


MUTANTS: tuple[Mutant, ...] = _ACCESS
