"""World of CD Keys' error drifts: codes, words, statuses, shapes, what is refused and what no longer is."""

from dataclasses import replace
from typing import Any

from apitwin_contracts.mutants.asked import Asked
from apitwin_contracts.mutants.mutant import Mutant
from apitwin_contracts.mutants.suppliers.wock.tools import (
    checks,
    code_of,
    code_renamed,
    error_without,
    error_worded,
    errors_changed,
    making,
    rule,
    twisted,
)
from apitwin_contracts.mutants.twist import bodies, replied
from apitwin_fixtures import Reply
from apitwin_mocks.suppliers.wock import ordering

__all__ = ["MUTANTS"]

_make = making("error")

_PROVOKED = "error.provoked"

_READS = "partner products product orders delivery"

_ALL = f"{_READS} createOrder deleteOrder __schema"


def _status(code: str, status: int) -> Any:
    def changed(_asked: Asked, reply: Reply) -> Reply:
        try:
            body = reply.json
        except ValueError:
            return reply
        is_it = isinstance(body, dict) and any(code_of(item) == code for item in body.get("errors") or ())
        return replace(reply, status=status) if is_it else reply

    return twisted(lambda: replied(changed))


def _flat(_asked: Asked, _reply: Reply, body: Any) -> Any:
    if not isinstance(body, dict) or not body.get("errors"):
        return body
    return {**body, "errors": [{"code": code_of(item), "message": item["message"]} for item in body["errors"]]}


def _in_band(asked: Asked, _reply: Reply, body: Any) -> Any:
    if asked.operation != "createOrder" or not body.get("errors") or (body.get("data") or {}) != {"createOrder": None}:
        return body
    return {
        "data": {
            "createOrder": {
                "orderId": None,
                "partnerOrderId": None,
                "products": [],
                "warnings": [body["errors"][0]["message"]],
            }
        }
    }


def _without_data(asked: Asked, _reply: Reply, body: Any) -> Any:
    return (
        {"errors": body["errors"]}
        if asked.operation == "createOrder" and body.get("errors") and "data" in body
        else body
    )


def _twice(_asked: Asked, _reply: Reply, body: Any) -> Any:
    is_own = (
        isinstance(body, dict) and body.get("errors") and "correlationId" in body["errors"][0].get("extensions", {})
    )
    return {**body, "errors": body["errors"] * 2} if is_own else body


_OWN = (
    _make(
        "code-renamed",
        "breaking",
        "createOrder",
        "PRODUCT_PRICE_MISMATCH",
        _PROVOKED,
        code_renamed("PRODUCT_PRICE_MISMATCH", "INVALID_PRICE"),
        of="gql_code_renamed",
    ),
    _make(
        "code-lower-case",
        "breaking",
        "createOrder",
        "PRODUCT_UNIQUE_ERR",
        _PROVOKED,
        code_renamed("PRODUCT_UNIQUE_ERR", "product_unique_err"),
    ),
    _make(
        "code-of-partner",
        "breaking",
        "createOrder",
        "PARTNER_ERR",
        _PROVOKED,
        code_renamed("PARTNER_ERR", "PARTNER_ERROR"),
    ),
    _make(
        "code-reused",
        "breaking",
        "createOrder",
        "PRODUCT_STOCK_MISMATCH",
        _PROVOKED,
        checks(PRODUCT_STOCK_MISMATCH="PRODUCT_NOT_FOUND"),
        of="gql_code_reused",
    ),
    _make(
        "code-reused-for-quantity",
        "breaking",
        "createOrder",
        "",
        _PROVOKED,
        checks(PRODUCT_QTY_ERR="PRODUCT_STOCK_MISMATCH"),
        of="rest_code_reused",
    ),
    _make(
        "code-reused-for-balance",
        "breaking",
        "createOrder",
        "PARTNER_BALANCE_ERR",
        _PROVOKED,
        checks(PARTNER_BALANCE_ERR="PARTNER_ERR"),
    ),
    _make(
        "code-reused-for-key-type",
        "breaking",
        "createOrder",
        "ORDER_KEY_TYPE_ERR",
        _PROVOKED,
        checks(ORDER_KEY_TYPE_ERR="ORDER_ERR"),
        also=("state",),
    ),
    _make(
        "message-only",
        "additive",
        "createOrder",
        "PRODUCT_QTY_ERR",
        _PROVOKED,
        error_worded("PRODUCT_QTY_ERR", "Too many."),
        of="rest_message_only",
    ),
    _make(
        "message-translated",
        "additive",
        "partner orders",
        "PARTNER_NOT_FOUND",
        _PROVOKED,
        error_worded("PARTNER_NOT_FOUND", "Kein Partner zugeordnet."),
    ),
    _make(
        "status",
        "breaking",
        "createOrder",
        "PRODUCT_STOCK_MISMATCH",
        _PROVOKED,
        _status("PRODUCT_STOCK_MISMATCH", 409),
        of="rest_error_status",
    ),
    _make("status-server-error", "breaking", "createOrder", "PARTNER_ERR", _PROVOKED, _status("PARTNER_ERR", 500)),
    _make("envelope", "breaking", _ALL, "", _PROVOKED, twisted(lambda: bodies(_flat)), of="rest_error_envelope"),
    _make(
        "in-band", "breaking", "createOrder", "", _PROVOKED, twisted(lambda: bodies(_in_band)), of="gql_error_inband"
    ),
    _make("correlation-missing", "breaking", _ALL, "", _PROVOKED, error_without("correlationId")),
    _make(
        "correlation-empty",
        "dangerous",
        _ALL,
        "",
        "error.form",
        errors_changed(lambda item: _correlated(item, lambda _: "")),
    ),
    _make(
        "correlation-with-dashes",
        "dangerous",
        _ALL,
        "",
        "error.form",
        errors_changed(
            lambda item: _correlated(
                item, lambda text: "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
            )
        ),
    ),
    _make(
        "correlation-always-the-same",
        "dangerous",
        _ALL,
        "",
        "error.form",
        errors_changed(lambda item: _correlated(item, lambda _: "0" * 32)),
    ),
    _make(
        "without-data",
        "dangerous",
        "createOrder",
        "",
        "error.form error.beside",
        twisted(lambda: bodies(_without_data)),
    ),
    _make("told-twice", "dangerous", _ALL, "", "error.form error.beside", twisted(lambda: bodies(_twice))),
)


def _correlated(item: dict[str, Any], change: Any) -> dict[str, Any]:
    extensions = item.get("extensions") or {}
    if "correlationId" not in extensions:
        return item
    return {**item, "extensions": {**extensions, "correlationId": change(extensions["correlationId"])}}


def _no(code: str) -> Any:
    return checks(**{code: None})


def _earlier(code: str) -> Any:
    """Give a stage on which a check comes first of all."""
    return rule((ordering, "_CHECKS", lambda original: tuple(sorted(original, key=lambda pair: pair[0] != code))))


_ACCEPTED = (
    _make(
        "zero-accepted",
        "breaking",
        "createOrder",
        "",
        "error.provoked",
        checks(ORDER_ERR=lambda _partner, lines, _products: not lines),
        also=("limits", "state"),
    ),
    _make(
        "negative-accepted",
        "breaking",
        "createOrder",
        "",
        "error.named error.provoked",
        checks(ORDER_ERR=lambda _partner, lines, _products: not lines or any(line.quantity == 0 for line in lines)),
        also=("limits", "state"),
    ),
    _make(
        "empty-accepted",
        "breaking",
        "createOrder",
        "",
        "error.named error.provoked",
        checks(ORDER_ERR=lambda _partner, lines, _products: any(line.quantity < 1 for line in lines)),
        also=("limits", "state"),
    ),
    _make("twice-accepted", "breaking", "createOrder", "PRODUCT_UNIQUE_ERR", _PROVOKED, _no("PRODUCT_UNIQUE_ERR")),
    _make(
        "twice-accepted-with-other-type",
        "breaking",
        "createOrder",
        "",
        "error.named error.provoked",
        checks(
            PRODUCT_UNIQUE_ERR=lambda _partner, lines, _products: (
                len({(line.product, line.key_type) for line in lines}) < len(lines)
            )
        ),
    ),
    _make(
        "key-type-accepted",
        "breaking",
        "createOrder",
        "ORDER_KEY_TYPE_ERR",
        _PROVOKED,
        _no("ORDER_KEY_TYPE_ERR"),
        also=("state",),
    ),
    _make(
        "key-type-zero-accepted",
        "breaking",
        "createOrder",
        "",
        "error.named error.provoked",
        checks(
            ORDER_KEY_TYPE_ERR=lambda _partner, lines, _products: any(
                line.key_type not in (None, 0, 10, 20) for line in lines
            )
        ),
        also=("state",),
    ),
    _make(
        "disabled-accepted",
        "breaking",
        "createOrder",
        "",
        "error.named error.provoked",
        checks(PRODUCT_NOT_FOUND=lambda _partner, lines, products: any(line.product not in products for line in lines)),
        also=("state",),
    ),
    _make("incomplete-accepted", "breaking", "createOrder", "PARTNER_ERR", _PROVOKED, _no("PARTNER_ERR")),
    _make("balance-ignored", "breaking", "createOrder", "PARTNER_BALANCE_ERR", _PROVOKED, _no("PARTNER_BALANCE_ERR")),
    _make("price-checked-last", "dangerous", "createOrder", "", "error.named", _earlier("PRODUCT_STOCK_MISMATCH")),
    _make("unknown-checked-first", "dangerous", "createOrder", "", "error.precedence", _earlier("ORDER_KEY_TYPE_ERR")),
    _make(
        "lines-checked-one-by-one",
        "dangerous",
        "createOrder",
        "",
        "error.precedence",
        rule((ordering, "_CHECKS", lambda original: tuple(_by_line(original)))),
    ),
)


def _by_line(original: Any) -> Any:
    """Ask all questions about the first line, then about the second."""
    whole = [
        (code, applies)
        for code, applies in original
        if code in ("PARTNER_ERR", "PRODUCT_UNIQUE_ERR", "PARTNER_BALANCE_ERR")
    ]
    single = [(code, applies) for code, applies in original if (code, applies) not in whole]

    def at(place: int, applies: Any) -> Any:
        return lambda partner, lines, products: (
            len(lines) > place
            and all(line.product in products for line in lines[: place + 1])
            and applies(partner, [lines[place]], products)
        )

    yield from (
        (code, at(place, applies)) for place in range(3) for code, applies in single if code != "PRODUCT_NOT_FOUND"
    )
    yield from original


MUTANTS: tuple[Mutant, ...] = (*_OWN, *_ACCEPTED)
