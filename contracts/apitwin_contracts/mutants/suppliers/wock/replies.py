"""World of CD Keys' drifts of replies that the schema does not show: keys, types, nulls, vocabularies."""

from dataclasses import replace
from typing import Any

from apitwin_contracts.mutants.asked import Asked
from apitwin_contracts.mutants.mutant import Mutant
from apitwin_contracts.mutants.places import ABSENT
from apitwin_contracts.mutants.suppliers.wock.tools import (
    answer_changed,
    looked_at,
    making,
    twisted,
    value_changed,
)
from apitwin_contracts.mutants.twist import Forward, bodies
from apitwin_fixtures import Exchange, Request

__all__ = ["MUTANTS"]

_make = making("schema")

_REPLY = "schema.reply"

_GENERATED = "schema.generated"

_ALL = "partner products product orders delivery createOrder deleteOrder __schema"


def _with(key: str, value: object) -> Any:
    return lambda item: {**item, key: value}


def _requires_channel(asked: Asked, request: Request, forward: Forward) -> Exchange:
    """An order without an input field that no schema shows is refused."""
    exchange = forward(request)
    answer: Any = exchange.reply.json if asked.operation == "createOrder" else {}
    if answer.get("data", {}).get("createOrder") is None:
        return exchange
    body = b'{"errors":[{"message":"`channel` is a required field and cannot be null."}]}'
    return replace(exchange, reply=replace(exchange.reply, body=body))


def _second_page(asked: Asked) -> bool:
    return int(asked.arguments.get("skip") or 0) >= 50


_REPLIES = (
    _make(
        "key-missing",
        "breaking",
        "partner",
        "used",
        _REPLY,
        value_changed("partner", "used", lambda _: ABSENT),
        of="rest_field_removed",
    ),
    _make(
        "key-added",
        "additive",
        "product",
        "ean",
        _REPLY,
        answer_changed("product", _with("ean", "4006381333931")),
        of="rest_field_added",
    ),
    _make(
        "nested-key-added",
        "additive",
        "products",
        "items[].quantity.reserved",
        _REPLY,
        value_changed("products", "items[].quantity", _with("reserved", 0)),
    ),
    _make(
        "key-added-to-orders",
        "additive",
        "createOrder",
        "total",
        _REPLY,
        answer_changed("createOrder", _with("total", 1)),
    ),
    _make(
        "type-changed",
        "breaking",
        "products",
        "items[].quantity.all",
        _REPLY,
        value_changed("products", "items[].quantity.all", str),
        of="rest_type_changed",
    ),
    _make(
        "boolean-as-text",
        "breaking",
        "delivery",
        "status.ready",
        _REPLY,
        value_changed("delivery", "status.ready", lambda ready: str(ready).lower()),
    ),
    _make(
        "boolean-as-number",
        "breaking",
        "products",
        "items[].isDisabled",
        _REPLY,
        value_changed("products", "items[].isDisabled", int),
    ),
    _make(
        "status-as-text",
        "breaking",
        "orders",
        "items[].status",
        _REPLY,
        value_changed("orders", "items[].status", lambda status: {30: "READY", 40: "COMPLETED"}[status]),
    ),
    _make(
        "list-to-text",
        "breaking",
        "products",
        "items[].languages",
        _REPLY,
        value_changed("products", "items[].languages", ", ".join),
    ),
    _make(
        "null-list",
        "breaking",
        "product",
        "bundleItems",
        "schema.reply agreement.same-item",
        value_changed("product", "bundleItems", lambda items: items or None),
    ),
    _make(
        "null-in-one-item",
        "breaking",
        "products",
        "items[].name",
        "schema.reply offset.walk",
        value_changed("products", "items[3].name", lambda _: None),
        of="gql_nullability",
    ),
    _make(
        "null-on-page-two",
        "breaking",
        "products",
        "items[].currency",
        "offset.walk where.predicate",
        value_changed("products", "items[0].currency", lambda _: None, when=_second_page),
    ),
    _make(
        "null-product",
        "breaking",
        "products",
        "items[]",
        "offset.walk",
        value_changed("products", "items[2]", lambda _: None),
        also=("paging",),
    ),
    _make("payload-null", "breaking", "partner", "partner", _REPLY, answer_changed("partner", lambda _: None)),
    _make(
        "delete-null",
        "breaking",
        "deleteOrder",
        "deleteOrder",
        "schema.reply equations.state",
        answer_changed("deleteOrder", lambda done: done or None),
        also=("state",),
    ),
    _make(
        "vocabulary",
        "dangerous",
        "partner",
        "partnerType",
        _REPLY,
        value_changed("partner", "partnerType", lambda _: "Reseller"),
        of="rest_enum_value",
    ),
    _make(
        "vocabulary-casing",
        "dangerous",
        "partner",
        "partnerType",
        _REPLY,
        value_changed("partner", "partnerType", str.upper),
    ),
    _make(
        "vocabulary-of-keys",
        "dangerous",
        "delivery",
        "mimeType",
        "schema.reply state.due",
        value_changed("delivery", "products[].keys[].mimeType", lambda kind: kind.replace("png", "webp")),
    ),
    _make(
        "order-status",
        "dangerous",
        "orders",
        "items[].status",
        "equations.schema",
        value_changed("orders", "items[].status", lambda status: 50 if status == 40 else status),
        of="rest_enum_value",
    ),
    _make(
        "order-status-between",
        "dangerous",
        "orders",
        "items[].status",
        _REPLY,
        value_changed("orders", "items[].status", lambda status: 35 if status == 40 else status),
    ),
    _make(
        "quantity-as-float",
        "breaking",
        "products",
        "items[].quantity.text",
        _REPLY,
        value_changed("products", "items[].quantity.text", lambda count: count + 0.5),
    ),
    _make(
        "envelope",
        "breaking",
        "partner",
        "partner",
        _REPLY,
        answer_changed("partner", lambda payload: {"data": payload}),
        of="wire_envelope",
    ),
    _make(
        "edges",
        "breaking",
        "products",
        "items",
        _REPLY,
        answer_changed(
            "products",
            lambda payload: {
                **{key: value for key, value in payload.items() if key != "items"},
                "edges": payload.get("items"),
            },
        ),
    ),
    _make(
        "undocumented-input",
        "breaking",
        "createOrder",
        "createOrder",
        "schema.reply",
        looked_at(_requires_channel),
        of="rest_body_required",
        also=("error",),
    ),
    _make(
        "wrong-typename",
        "breaking",
        "products product",
        "__typename",
        _GENERATED,
        twisted(lambda: bodies(lambda _asked, _reply, body: _renamed_types(body))),
    ),
    _make(
        "extensions",
        "additive",
        _ALL,
        "extensions",
        _REPLY,
        twisted(
            lambda: bodies(
                lambda _asked, _reply, body: {**body, "extensions": {"tracing": {}}} if "data" in body else body
            )
        ),
    ),
    _make(
        "alias-ignored",
        "breaking",
        "products product partner orders",
        "",
        _GENERATED,
        twisted(lambda: bodies(_unaliased)),
        also=("error", "wire"),
    ),
)


def _renamed_types(body: Any) -> Any:
    if isinstance(body, dict):
        return {
            key: "Product" if (key, value) == ("__typename", "ProductResponse") else _renamed_types(value)
            for key, value in body.items()
        }
    return [_renamed_types(item) for item in body] if isinstance(body, list) else body


def _unaliased(asked: Asked, _reply: Any, body: Any) -> Any:
    data = body.get("data") if isinstance(body, dict) else None
    if not isinstance(data, dict) or asked.operation in ("", *data):
        return body
    return {**body, "data": {asked.operation: next(iter(data.values()), None)}}


MUTANTS: tuple[Mutant, ...] = _REPLIES
