"""The gates' drifts of errors: codes renamed, reused, moved, reworded, and checks that are dropped."""

from dataclasses import replace
from typing import Any

from apitwin_contracts.mutants.asked import Asked
from apitwin_contracts.mutants.mutant import Mutant, family
from apitwin_contracts.mutants.places import at
from apitwin_contracts.mutants.suppliers.gates.tools import EVERY, forgiven, rule, twisted, worded
from apitwin_contracts.mutants.twist import sent
from apitwin_mocks.kit.errors import Refusal
from apitwin_mocks.suppliers.gates import api, auth, carts, orders
from apitwin_mocks.suppliers.gates.errors import Code

__all__ = ["MUTANTS"]

_error = family("gates", "error")
_PROVOKED = "error.provoked"


def _said(change: Any) -> Any:
    return lambda body: at(body, "errors[]", change)


def _classified(old: str, new: str) -> Any:
    return _said(
        lambda item: (
            {**item, "extensions": {"classification": new}}
            if item.get("extensions", {}).get("classification") == old
            else item
        )
    )


def _other(code: Code, instead: Code, **values: Any) -> Any:
    """Give a maker of a rule that refuses with another code."""

    def make(original: Any) -> Any:
        def rule_(*arguments: Any, **named: Any) -> Any:
            try:
                return original(*arguments, **named)
            except Refusal as refusal:
                if refusal.code == code:
                    raise Refusal(instead, **values) from None
                raise

        return rule_

    return make


_ERRORS = (
    _error(
        "classification-renamed",
        "breaking",
        EVERY,
        "",
        _PROVOKED,
        worded("", _classified("NOT_FOUND", "DataFetchingException")),
        of="gql_code_renamed",
    ),
    _error(
        "code-reused",
        "breaking",
        "upsertProduct",
        "PRODUCT_UNKNOWN",
        _PROVOKED,
        rule((api, "upsert_product", _other(Code.PRODUCT_UNKNOWN, Code.CART_UNKNOWN, shoppingCartId="x"))),
        of="gql_code_reused",
    ),
    _error(
        "code-reused-token",
        "breaking",
        "token",
        "AUTH0_UNAUTHORIZED",
        _PROVOKED,
        rule((auth, "_client", _other(Code.AUTH0_UNAUTHORIZED, Code.AUTH0_PASSWORD_WRONG))),
        of="rest_code_reused",
    ),
    _error(
        "message-only",
        "additive",
        EVERY,
        "",
        _PROVOKED,
        worded("upsertProduct", _said(lambda item: {**item, "message": "Es ist ein Fehler aufgetreten"})),
        of="rest_message_only",
    ),
    _error(
        "token-status",
        "breaking",
        "token",
        "AUTH0",
        _PROVOKED,
        twisted(lambda: lambda asked, request, forward: _restated(asked, forward(request))),
        of="rest_error_status",
        also=("auth",),
    ),
    _error(
        "envelope",
        "breaking",
        EVERY,
        "",
        _PROVOKED,
        worded("", lambda body: {"error": body["errors"][0]} if "errors" in body else body),
        of="rest_error_envelope",
    ),
    _error(
        "in-band",
        "breaking",
        "deleteProduct",
        "CART_PRODUCT_UNKNOWN",
        _PROVOKED,
        rule(
            (
                api,
                "delete_product",
                forgiven("CART_PRODUCT_UNKNOWN", lambda world, _who, cart, _name: world.carts[cart]),
            )
        ),
        of="gql_error_inband",
        also=("state",),
    ),
    _error(
        "partial-data",
        "breaking",
        "pricesearch",
        "",
        _PROVOKED,
        worded("pricesearch", lambda _body: {"data": {"pricesearch": {"prices": []}}}),
        also=("schema", "wire"),
    ),
    _error(
        "quantity-unchecked",
        "breaking",
        "pricesearch upsertProduct",
        "QUANTITY",
        _PROVOKED,
        rule((carts, "check_quantity", forgiven("QUANTITY_TOO_SMALL"))),
        also=("limits", "wire", "schema"),
    ),
    _error(
        "receipt-unchecked",
        "breaking",
        "createOrder upsertExpectedReceiptDateTime",
        "RECEIPT_INVALID",
        _PROVOKED,
        rule((orders, "_check_receipt", forgiven("RECEIPT_INVALID"))),
        also=("wire", "schema"),
    ),
    _error(
        "site-unchecked",
        "breaking",
        "createOrder",
        "",
        _PROVOKED,
        rule((orders, "_orderable", forgiven("SITE_UNKNOWN", lambda world, _who, new: world.carts[new.cart]))),
        also=("state",),
    ),
    _error(
        "store-unchecked",
        "breaking",
        "upsertStore",
        "STORE_UNKNOWN",
        _PROVOKED,
        rule(
            (
                api,
                "set_store",
                forgiven("STORE_UNKNOWN", lambda world, who, ids, _code: orders.orders_of(world, who, ids)),
            )
        ),
    ),
    _error(
        "currency-unchecked",
        "breaking",
        "upsertProduct",
        "PRICE_CHANGED",
        _PROVOKED,
        rule(
            (
                carts,
                "_check_price",
                lambda original: (
                    lambda world, account, offer, place, line, _currency="EUR": original(
                        world, account, offer, place, line
                    )
                ),
            )
        ),
    ),
    _error(
        "channel-unchecked",
        "breaking",
        "upsertProduct",
        "CHANNEL_UNKNOWN",
        _PROVOKED,
        rule((carts, "_account", forgiven("CHANNEL_UNKNOWN", lambda world, who, _new: world.account_of(who)))),
    ),
    _error(
        "server-error",
        "breaking",
        "upsertStore",
        "",
        _PROVOKED,
        twisted(lambda: lambda asked, request, forward: _crashed(asked, forward(request))),
        also=("state",),
    ),
    _error(
        "maker-unchecked",
        "breaking",
        "upsertProduct",
        "PRODUCT_UNKNOWN",
        _PROVOKED,
        rule((api, "_new_line", lambda original: lambda product: _with_maker(original(product)))),
    ),
    _error(
        "media-type-lenient",
        "dangerous",
        "getUser",
        "UNSUPPORTED_MEDIA_TYPE",
        _PROVOKED,
        twisted(
            lambda: sent(
                lambda _asked, request: replace(
                    request,
                    headers=tuple(
                        (name, "application/json" if value == "text/plain" else value)
                        for name, value in request.headers
                    ),
                )
            )
        ),
        also=("wire",),
    ),
)


def _with_maker(new: Any) -> Any:
    return replace(new, maker="gipswerk") if new.maker == "nobody" else new


def _crashed(asked: Asked, exchange: Any) -> Any:
    if asked.operation != "upsertStore" or b'"errors"' not in exchange.reply.body:
        return exchange
    return replace(
        exchange, reply=replace(exchange.reply, status=500, body=b'{"status":500,"error":"Internal Server Error"}')
    )


def _restated(asked: Asked, exchange: Any) -> Any:
    status = exchange.reply.status
    return (
        replace(exchange, reply=replace(exchange.reply, status=400))
        if asked.operation == "token" and status > 400
        else exchange
    )


MUTANTS: tuple[Mutant, ...] = _ERRORS
