"""Drifts of who is let in, and for how long."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from apitwin_contracts.mutants.mutant import Mutant
from apitwin_contracts.mutants.suppliers.reseller.errors import lenient, status_changed
from apitwin_contracts.mutants.suppliers.reseller.tools import breaking, ruled, twisted
from apitwin_fixtures import Exchange, Request
from apitwin_mocks.kit.auth import TokenBook
from apitwin_mocks.suppliers.reseller import api, auth, domain
from apitwin_mocks.suppliers.reseller.errors import Code

__all__ = ["MUTANTS"]


def _auth(
    name: str,
    operations: str,
    place: str,
    stage: Any,
    of: str = "",
    by: str = "auth.credentials:account_details",
    also: Any = ("error",),
) -> Mutant:
    return breaking("auth", name, operations, place, by, stage, of, also)


def _anybody(original: Any) -> Any:
    def admitted(call: Any) -> int:
        if call.operation == "account_details" and not call.request.header("authorization"):
            return 101
        number: int = original(call)
        return number

    return admitted


def _unsigned_too(original: Any) -> Any:
    def token(request: Any, taken: str) -> str:
        found: str = original(request, taken)
        known = [one for one in _TOKENS if one.rpartition(".")[0] == found.rpartition(".")[0]]
        return known[0] if known else found

    return token


_TOKENS: list[str] = []


def _remembering(original: Any) -> Any:
    def signed_in(*arguments: Any) -> Any:
        grant = original(*arguments)
        _TOKENS.append(grant.token)
        return grant

    return signed_in


class _Once:
    """Lets a token in so often."""

    def __init__(self) -> None:
        self.seen: dict[str, int] = {}

    def __call__(self, operation: str, request: Request, forward: Any) -> Exchange:
        token = request.header("authorization") or ""
        self.seen[token] = self.seen.get(token, 0) + 1
        worn = self.seen[token] > 1 and operation == "account_details"
        exchange: Exchange = forward(replace(request, headers=()) if worn else request)
        return exchange


def _any_order(original: Any) -> Any:
    return lambda world, _customer, number: world.orders.get(str(number)) or original(world, _customer, number)


_AUTH = (
    _auth("missing-ok", "account_details", "no-token", ruled((api, "admit", _anybody)), "auth_missing_ok"),
    _auth(
        "expired-ok",
        "list_categories account_details",
        "",
        lenient(api, "admit", Code.TOKEN_EXPIRED, lambda _call: 101),
        "auth_expired_ok",
        "auth.lifetime auth.credentials",
    ),
    _auth(
        "bare-refused",
        "account_details",
        "bare",
        ruled(
            (auth, "SWITCHES", lambda one: one),
            (auth, "_token", lambda original: lambda request, _taken: original(request, "bearer")),
        ),
        "auth_no_prefix_ok",
    ),
    _auth(
        "bearer-refused",
        "generate_token list_categories account_details",
        "",
        ruled((auth, "_token", lambda original: lambda request, _taken: original(request, "bare"))),
        "",
        "schema.reply auth.credentials:account_details",
    ),
    _auth(
        "others-orders",
        "get_order",
        "ORDER_NOT_FOUND",
        ruled((domain.Platform, "order", _any_order)),
        "auth_scope_ignored",
        "error.provoked:ORDER_NOT_FOUND",
    ),
    _auth(
        "flag-ignored",
        "generate_token",
        "ACCOUNT_WITHOUT_API",
        ruled((auth, "_require_flag", lambda _: lambda _customer: None)),
        "auth_scope_ignored",
        "error.provoked:ACCOUNT",
    ),
    _auth(
        "password-unchecked",
        "generate_token",
        "CREDENTIALS_INVALID",
        ruled((auth, "compare_digest", lambda _: lambda *_: True)),
        "",
        "error.provoked:CREDENTIALS",
    ),
    _auth(
        "lifetime",
        "generate_token",
        "expires_in",
        ruled((auth, "_LIFETIME", lambda _: timedelta(seconds=60))),
        "auth_lifetime",
        "auth.lifetime",
    ),
    _auth(
        "lifetime-told-only",
        "list_categories",
        "lifetime",
        ruled(
            (auth, "Grant", lambda original: original),
            (
                TokenBook,
                "issue",
                lambda original: (
                    lambda book, token, customer, _lifetime: original(book, token, customer, timedelta(hours=1))
                ),
            ),
        ),
        "",
        "auth.lifetime",
    ),
    _auth(
        "signature-unchecked",
        "account_details",
        "",
        ruled((auth, "_token", _unsigned_too), (api, "sign_in", _remembering)),
        "",
        "auth.credentials:account_details",
    ),
    _auth(
        "token-once",
        "account_details",
        "",
        twisted(_Once),
        "gql_cursor_once",
        "schema.reply:account_details",
        ("error", "state"),
    ),
    _auth("forbidden-for-unauthorized", "account_details", "no-token", status_changed(401, 403, "account_details"), ""),
)

MUTANTS = _AUTH
