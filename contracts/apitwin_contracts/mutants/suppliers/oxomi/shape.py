"""OXOMI's schema and wire drifts: keys, types, vocabularies, forms of numbers, days and texts, statuses and headers."""

from dataclasses import replace
from typing import Any

from apitwin_contracts.mutants.asked import Asked
from apitwin_contracts.mutants.mutant import Mutant, family
from apitwin_contracts.mutants.places import ABSENT, renamed
from apitwin_contracts.mutants.suppliers.oxomi.tools import ALL, SPXS, SYNCS, answer_changed, twisted, value_changed
from apitwin_contracts.mutants.twist import bodies, headed, replied
from apitwin_fixtures import Reply

__all__ = ["MUTANTS"]
_schema = family("oxomi", "schema")
_wire = family("oxomi", "wire")
_REPLY, _VIEWS = ("schema.reply", "agreement.views")
_EVERY = " ".join((*SYNCS, *SPXS))
_V3, _V2 = ("sync_v3 spx_v3", "sync_v2 spx_v2")


def _with(key: str, value: object) -> Any:
    return lambda item: {**item, key: value}


def _camel(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def _snake(item: Any) -> Any:
    return {_camel(key): value for key, value in item.items()}


_SHAPES = (
    _schema(
        "field-removed",
        "breaking",
        "sync_v3",
        "products[].gtin",
        _REPLY,
        value_changed("sync_v3", "products[].gtin", lambda _: ABSENT),
        of="rest_field_removed",
    ),
    _schema(
        "field-added",
        "additive",
        "spx_v3",
        "products[].stock",
        _REPLY,
        value_changed("spx_v3", "products[]", _with("stock", 5)),
        of="rest_field_added",
    ),
    _schema(
        "type-changed",
        "breaking",
        "sync_v2",
        "lowerBound",
        _REPLY,
        value_changed("sync_v2", "products[].pricing.prices[].lowerBound", str),
        of="rest_type_changed",
    ),
    _schema(
        "null-in-one",
        "breaking",
        "sync_v3",
        "products[].model",
        "schema.reply cursor.concatenation",
        value_changed("sync_v3", "products[9].model", lambda _: None),
        of="gql_nullability",
    ),
    _schema(
        "vocabulary-lifecycle",
        "dangerous",
        _V3,
        "lifecycle",
        _REPLY,
        value_changed(_V3, "products[2].details.lifecycle", lambda _: "DISCONTINUED"),
        of="rest_enum_value",
    ),
)


def _status(asked: Asked, reply: Reply) -> Reply:
    return replace(reply, status=201) if asked.operation == "update_sync_date" and reply.status == 200 else reply


_AMOUNT = "products[].pricing.prices[].amount"
_FORMS = (
    _wire(
        "status",
        "breaking",
        "update_sync_date",
        "update_sync_date",
        _REPLY,
        twisted(lambda: replied(_status)),
        of="wire_status",
    ),
    _wire(
        "content-type",
        "breaking",
        "sync_v3",
        "content-type",
        _REPLY,
        twisted(lambda: headed("sync_v3", "content-type", lambda _: "text/plain")),
        of="wire_content_type",
    ),
    _wire(
        "allow-missing",
        "breaking",
        ALL,
        "METHOD_NOT_ALLOWED",
        "error.provoked",
        twisted(lambda: headed("", "allow", lambda _: ABSENT, status=405)),
        of="wire_header_missing",
        also=("error",),
    ),
    _wire(
        "key-casing",
        "breaking",
        "sync_v2",
        "Number",
        _REPLY,
        value_changed("sync_v2", "products[]", _snake),
        of="wire_key_casing",
        also=("schema",),
    ),
    _wire(
        "token-key-casing",
        "breaking",
        "sync_v3",
        "continuation",
        _REPLY,
        answer_changed("sync_v3", renamed("continuationToken", "continuation_token")),
        of="wire_key_casing",
        also=("schema",),
    ),
    _wire(
        "date-format",
        "breaking",
        "sync_v3",
        "validFrom",
        _REPLY,
        value_changed(
            "sync_v3", "products[].pricing.prices[].validFrom", lambda day: ".".join(reversed(day.split("-")))
        ),
        of="wire_date_format",
    ),
    _wire(
        "date-as-epoch",
        "breaking",
        "spx_v3",
        "validFrom",
        _REPLY,
        value_changed("spx_v3", "products[].pricing.prices[].validFrom", lambda _: 1704067200000),
        of="gql_datetime_epoch",
        also=("schema",),
    ),
    _wire(
        "priority-as-text",
        "breaking",
        "sync_v3",
        "priority",
        _REPLY,
        value_changed("sync_v3", "products[].images[].priority", str),
        of="wire_number_string",
        also=("schema",),
    ),
    _wire(
        "amount-in-cents",
        "breaking",
        "sync_v3",
        "amount",
        _REPLY,
        value_changed("sync_v3", _AMOUNT, lambda text: text.replace(".", "")),
        of="wire_cents",
    ),
    _wire(
        "amount-x100",
        "breaking",
        "sync_v3",
        "amount",
        _VIEWS,
        value_changed("sync_v3", _AMOUNT, lambda text: f"{float(text) * 100:.2f}"),
        of="wire_cents",
        also=("state",),
    ),
    _wire(
        "amount-x100-everywhere",
        "breaking",
        _EVERY,
        "amount",
        "content.magnitude agreement.recorded",
        value_changed(_EVERY, _AMOUNT, lambda text: f"{float(text) * 100:.2f}"),
        of="wire_cents",
        also=("state",),
    ),
    _wire(
        "empty-for-null",
        "dangerous",
        _V3,
        "description",
        _REPLY,
        value_changed(_V3, "products[].packages[].description", lambda text: text or ""),
        of="wire_empty_for_null",
    ),
    _wire(
        "envelope",
        "breaking",
        "spx_v3",
        "spx_v3",
        _REPLY,
        twisted(
            lambda: bodies(
                lambda asked, reply, body: (
                    {"data": body} if asked.operation == "spx_v3" and reply.status == 200 else body
                )
            )
        ),
        of="wire_envelope",
        also=("schema",),
    ),
)
MUTANTS: tuple[Mutant, ...] = (*_SHAPES, *_FORMS)
