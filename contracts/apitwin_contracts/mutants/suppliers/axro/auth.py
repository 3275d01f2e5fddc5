"""AXRO's auth drifts: who is let in that should not be, who is not that should, how long a token lives, whose things are shown."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from apitwin_contracts.mutants.asked import Asked
from apitwin_contracts.mutants.mutant import Mutant, family
from apitwin_contracts.mutants.suppliers.axro.tools import reads, rule, twisted
from apitwin_contracts.mutants.twist import Forward, Twist, sent
from apitwin_fixtures import Exchange, Request
from apitwin_mocks.kit.auth import ExpiredTokenError, TokenBook
from apitwin_mocks.kit.errors import Refusal
from apitwin_mocks.suppliers.axro import api, auth

__all__ = ["MUTANTS"]
_make = family("axro", "auth")
_CREDENTIALS, _LIFETIME = ("auth.credentials", "auth.lifetime")
_ALL = reads + " shippingCreate shippingUpdate orderCreate"


def _signed(*operations: str, when: Any = lambda value: value is None) -> Any:
    """Give a twist that lets operations in without (or with a wrong) token: it puts a right one in its place."""

    def changed(asked: Asked, request: Request) -> Request:
        if (operations and asked.operation not in operations) or not when(request.header("authorization")):
            return request
        others = tuple(pair for pair in request.headers if pair[0] != "authorization")
        return replace(request, headers=(*others, ("authorization", "Bearer YOUR_ACCESS_TOKEN")))

    return twisted(lambda: sent(changed))


def _unexpired(original: Any) -> Any:

    def find(self: Any, token: str) -> Any:
        try:
            return original(self, token)
        except ExpiredTokenError:
            return self._issued[token].holder

    return find


def _lives(seconds: int) -> Any:

    def issue(original: Any) -> Any:
        return lambda self, token, holder, lifetime=None: original(
            self, token, holder, timedelta(seconds=seconds) if lifetime and lifetime > timedelta() else lifetime
        )

    return issue


def _hidden_schema() -> Twist:

    def twist(asked: Asked, request: Request, forward: Forward) -> Exchange:
        exchange = forward(request)
        if asked.operation != "__schema":
            return exchange
        return replace(
            exchange,
            reply=replace(exchange.reply, body=b'{"errors":[{"message":"GraphQL introspection is not allowed."}]}'),
        )

    return twist


def _any_customer(original: Any) -> Any:
    """Give a rule that forgets to ask whose a thing is."""

    def open_to_all(world: Any, customer: str, key: str, *rest: Any) -> Any:
        kept: Exception = AssertionError("nobody was asked")
        for one in dict.fromkeys((customer, "100001", "100002")):
            try:
                return original(world, one, key, *rest)
            except Refusal as refusal:
                kept = refusal
        raise kept

    return open_to_all


_LET_IN = (
    _make(
        "products-open", "breaking", "products", "no-token", _CREDENTIALS, _signed("products"), of="gql_auth_missing_ok"
    ),
    _make(
        "mutation-open",
        "breaking",
        "shippingUpdate",
        "no-token",
        _CREDENTIALS,
        _signed("shippingUpdate"),
        of="auth_missing_ok",
    ),
    _make("everything-open", "breaking", _ALL, "no-token", _CREDENTIALS, _signed(), of="auth_missing_ok"),
    _make(
        "no-prefix",
        "dangerous",
        _ALL,
        "no-prefix",
        _CREDENTIALS,
        _signed(when=lambda value: value == "YOUR_ACCESS_TOKEN"),
        of="auth_no_prefix_ok",
    ),
    _make(
        "expired-taken",
        "breaking",
        _ALL,
        "expired",
        "auth.credentials error.provoked auth.lifetime",
        rule((TokenBook, "find", _unexpired)),
        of="auth_expired_ok",
        also=("error",),
    ),
)
_LIFE = (
    _make(
        "lifetime-shorter",
        "breaking",
        "token products",
        "",
        _LIFETIME,
        rule((TokenBook, "issue", _lives(60)), (auth, "LIFETIME", lambda _: timedelta(seconds=60))),
        of="auth_lifetime",
    ),
    _make(
        "lifetime-told-wrong",
        "breaking",
        "products",
        "lifetime",
        _LIFETIME,
        rule((TokenBook, "issue", _lives(60))),
        of="auth_lifetime",
    ),
    _make(
        "introspection-off",
        "dangerous",
        "__schema",
        "__schema",
        "schema.introspection",
        twisted(_hidden_schema),
        of="gql_introspection_off",
        also=("schema",),
    ),
)
_WHOSE = (
    _make(
        "foreign-order",
        "breaking",
        "orderDetails",
        "ORDER_FOREIGN",
        "error.provoked",
        rule((api, "order_of", _any_customer)),
        of="auth_scope_ignored",
        also=("error",),
    ),
)
MUTANTS: tuple[Mutant, ...] = (*_LET_IN, *_LIFE, *_WHOSE)
