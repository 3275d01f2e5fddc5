"""AXRO's wire drifts: statuses, headers, forms of numbers, dates and texts, units, what is empty and what is null."""

from dataclasses import replace
from typing import Any

from apitwin_contracts.mutants.asked import Asked
from apitwin_contracts.mutants.mutant import Mutant, family
from apitwin_contracts.mutants.places import ABSENT
from apitwin_contracts.mutants.suppliers.axro.tools import answer_changed, reads, twisted, value_changed
from apitwin_contracts.mutants.twist import headed, replied
from apitwin_fixtures import Reply

__all__ = ["MUTANTS"]
_make = family("axro", "wire")
_REPLY, _SUMS = ("schema.reply", "equations.state")
_ALL = reads + " shippingCreate shippingUpdate orderCreate __schema token"
_PRICE = "products[].price[].price"


def _when_ok(operation: str, status: int) -> Any:

    def changed(asked: Asked, reply: Reply) -> Reply:
        return replace(reply, status=status) if asked.operation == operation and reply.status == 200 else reply

    return twisted(lambda: replied(changed))


def _camel(item: Any) -> Any:
    if isinstance(item, dict):
        return {
            key.split("_")[0] + "".join(part.title() for part in key.split("_")[1:]): _camel(value)
            for key, value in item.items()
        }
    return [_camel(part) for part in item] if isinstance(item, list) else item


_TRANSPORT = (
    _make("status", "breaking", "orderCreate", "orderCreate", _REPLY, _when_ok("orderCreate", 201), of="wire_status"),
    _make(
        "content-type",
        "breaking",
        "products",
        "products",
        _REPLY,
        twisted(lambda: headed("products", "content-type", lambda _: "text/plain")),
        of="wire_content_type",
    ),
    _make(
        "challenge-missing",
        "breaking",
        _ALL,
        "",
        "auth.credentials error.provoked",
        twisted(lambda: headed("", "www-authenticate", lambda _: ABSENT, status=401)),
        of="wire_header_missing",
        also=("auth", "error"),
    ),
)
_FORMS = (
    _make(
        "key-casing",
        "breaking",
        "orderCreate",
        "grand",
        _REPLY,
        answer_changed("orderCreate", _camel),
        of="wire_key_casing",
        also=("schema",),
    ),
    _make(
        "date-format",
        "breaking",
        "orderList",
        "orders[].date",
        _REPLY,
        value_changed("orderList", "orders[].date", lambda day: "/".join(reversed(day.split("-")))),
        of="wire_date_format",
    ),
    _make(
        "date-no-offset",
        "dangerous",
        "products",
        "products[].modifiedAt",
        _REPLY,
        value_changed("products", "products[].modifiedAt", lambda at: at.removesuffix("+00:00")),
        of="wire_date_no_offset",
    ),
    _make(
        "datetime-epoch",
        "breaking",
        "products",
        "products[].modifiedAt",
        _REPLY,
        value_changed("products", "products[].modifiedAt", lambda _: "1759178761000"),
        of="gql_datetime_epoch",
    ),
    _make(
        "number-string",
        "breaking",
        "products",
        _PRICE,
        _REPLY,
        value_changed("products", _PRICE, str),
        of="wire_number_string",
        also=("schema",),
    ),
    _make(
        "json-number-string",
        "breaking",
        "orderCreate",
        "cart[].unit_price",
        _REPLY,
        value_changed("orderCreate", "cart[].unit_price", str),
        of="wire_number_string",
        also=("schema",),
    ),
    _make(
        "empty-for-null",
        "dangerous",
        "products",
        "products[].ean",
        "schema.reply paging.concatenation",
        value_changed("products", "products[].ean", lambda ean: ean or ""),
        of="wire_empty_for_null",
    ),
    _make(
        "envelope",
        "breaking",
        "orderCreate",
        "orderCreate",
        _REPLY,
        answer_changed("orderCreate", lambda body: {"data": body}),
        of="wire_envelope",
        also=("schema",),
    ),
)


def _cents(operation: str, path: str, factor: float) -> Any:
    return value_changed(operation, path, lambda cents: round(cents * factor))


_UNITS = (
    _make(
        "price-in-euros",
        "breaking",
        "products",
        "price",
        _SUMS,
        _cents("products", _PRICE, 0.01),
        of="wire_cents",
        also=("state",),
    ),
    _make(
        "price-x100",
        "breaking",
        "products",
        "price",
        _SUMS,
        _cents("products", _PRICE, 100),
        of="wire_cents",
        also=("state",),
    ),
)
_TEXTS = ()
MUTANTS: tuple[Mutant, ...] = (*_TRANSPORT, *_FORMS, *_UNITS, *_TEXTS)
