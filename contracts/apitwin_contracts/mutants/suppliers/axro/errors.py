"""AXRO's error drifts: codes renamed, reused, moved, reworded, and validation that is dropped, widened or narrowed."""

import re
from typing import Any

from apitwin_contracts.mutants.asked import Asked
from apitwin_contracts.mutants.mutant import Mutant, family
from apitwin_contracts.mutants.places import at
from apitwin_contracts.mutants.suppliers.axro.tools import rule, twisted
from apitwin_contracts.mutants.twist import bodies, refused
from apitwin_fixtures import Reply
from apitwin_mocks.kit.errors import Refusal
from apitwin_mocks.suppliers.axro import addresses, api
from apitwin_mocks.suppliers.axro.errors import Code

__all__ = ["MUTANTS"]
_make = family("axro", "error")
_PROVOKED = "error.provoked"


def _details(operation: str, change: Any) -> Any:

    def changed(body: Any) -> Any:
        return (
            {**body, "data": at(body["data"], operation, change)}
            if isinstance(body, dict) and body.get("data")
            else body
        )

    return twisted(lambda: refused(operation, changed))


def _messages(operation: str, pattern: str, to: str) -> Any:

    def changed(body: Any) -> Any:
        return at(body, "errors[].message", lambda text: re.sub(pattern, to, text))

    return twisted(lambda: refused(operation, changed))


def _other(code: Code, instead: Code, **values: Any) -> Any:
    """Give a rule that refuses with another code."""

    def make(original: Any) -> Any:

        def refusing(*arguments: Any, **named: Any) -> Any:
            try:
                return original(*arguments, **named)
            except Refusal as refusal:
                if refusal.code != code:
                    raise
                raise Refusal(instead, **{**refusal.values, **values}) from None

        return refusing

    return make


def _detail_to_inband(_asked: Asked, _reply: Reply, body: Any) -> Any:
    if isinstance(body, dict) and body.get("errors") and ("orderDetails" in (body.get("data") or {})):
        return {"data": {"orderDetails": {"orderNumber": "", "order": None, "error": body["errors"][0]["message"]}}}
    return body


_CODES = (
    _make(
        "type-renamed",
        "breaking",
        "shippingCreate",
        "SHIPPING_TOO_LONG",
        _PROVOKED,
        _details(
            "shippingCreate",
            lambda body: at(body, "body.detail[].type", lambda kind: kind.replace("string_too_long", "too_long")),
        ),
        of="rest_code_renamed",
    ),
    _make(
        "message-renamed",
        "breaking",
        "orderDetails",
        "ORDER_UNKNOWN",
        _PROVOKED,
        _messages("orderDetails", "Order (.*) not found", "No such order: \\1"),
        of="gql_code_renamed",
    ),
    _make(
        "code-reused",
        "breaking",
        "shippingCreate",
        "SHIPPING_EMAIL",
        _PROVOKED,
        rule((addresses, "_require_reachable", _other(Code.SHIPPING_EMAIL, Code.SHIPPING_PHONE))),
        of="rest_code_reused",
    ),
    _make(
        "code-reused-in-query",
        "breaking",
        "products",
        "LIMIT_TOO_LARGE",
        _PROVOKED,
        rule((api, "find_products", _other(Code.LIMIT_TOO_LARGE, Code.LIMIT_NOT_POSITIVE))),
        of="gql_code_reused",
    ),
    _make(
        "message-only",
        "additive",
        "shippingCreate",
        "SHIPPING_TOO_LONG",
        _PROVOKED,
        _details(
            "shippingCreate",
            lambda body: at(body, "body.detail[].msg", lambda text: text.replace("at most", "no more than")),
        ),
        of="rest_message_only",
    ),
    _make(
        "error-status",
        "breaking",
        "shippingCreate shippingUpdate orderCreate",
        "",
        _PROVOKED,
        _details("shippingCreate", lambda body: at(body, "status", lambda _: 400)),
        of="rest_error_status",
    ),
    _make(
        "envelope",
        "breaking",
        "orderCreate",
        "ORDER_",
        _PROVOKED,
        _details(
            "orderCreate",
            lambda body: {"error": {"status": body["status"], **body["body"]}} if body.get("error") else body,
        ),
        of="rest_error_envelope",
    ),
    _make(
        "to-inband",
        "breaking",
        "orderDetails",
        "ORDER_UNKNOWN",
        _PROVOKED,
        twisted(lambda: bodies(_detail_to_inband)),
        of="gql_error_inband",
    ),
)
_DROPPED = ()
MUTANTS: tuple[Mutant, ...] = (*_CODES, *_DROPPED)
