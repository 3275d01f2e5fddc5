"""AXRO's schema drifts: fields, types, arguments, vocabularies, keys of JSON results."""

from typing import Any

from apitwin_contracts.mutants.mutant import Mutant, family
from apitwin_contracts.mutants.places import ABSENT
from apitwin_contracts.mutants.suppliers.axro.tools import answer_changed, schema_changed, value_changed

__all__ = ["MUTANTS"]
_make = family("axro", "schema")
_SEEN, _REPLY, _GENERATED = ("schema.introspection", "schema.reply", "schema.generated")


def _with(key: str, value: object) -> Any:
    return lambda item: {**item, key: value}


_SEEN_BY_INTROSPECTION = (
    _make(
        "field-removed",
        "breaking",
        "products",
        "Product.brand",
        _SEEN,
        schema_changed(
            ("  productNumber: String\n  ean: String\n  brand: String\n", "  productNumber: String\n  ean: String\n")
        ),
        of="gql_field_removed",
    ),
    _make(
        "field-renamed",
        "breaking",
        "orderList",
        "OrderItem.orderTotal",
        _SEEN,
        schema_changed(
            (
                '  currency: String\n  "Cents."\n  orderTotal: Int\n  orderSource: String\n}\n\ntype OrderDetailsResult',
                '  currency: String\n  "Cents."\n  total: Int\n  orderSource: String\n}\n\ntype OrderDetailsResult',
            ),
            OrderItem__total="orderTotal",
        ),
        of="gql_field_renamed",
    ),
    _make(
        "nullability",
        "breaking",
        "brands",
        "BrandsResult.brands",
        _SEEN,
        schema_changed(("  brands: [String!]\n", "  brands: [String]\n")),
        of="gql_nullability",
    ),
    _make(
        "list-to-scalar",
        "breaking",
        "shipmentDetails",
        "ShipmentDetailMessage.orderNumbers",
        _SEEN,
        schema_changed(
            ("  orderNumbers: [String!]\n", "  orderNumbers: String\n"),
            ShipmentDetailMessage__orderNumbers="shipmentNumber",
        ),
        of="gql_list_to_scalar",
    ),
    _make(
        "default-changed",
        "dangerous",
        "orderCreate",
        "orderCreate(place:)",
        _SEEN,
        schema_changed(("    place: Boolean = false\n", "    place: Boolean = true\n")),
        of="gql_default_changed",
    ),
    _make(
        "input-required",
        "breaking",
        "orderCreate",
        "OrderInput.channel",
        _SEEN,
        schema_changed(("input OrderInput {\n", "input OrderInput {\n  channel: String!\n")),
        of="gql_input_required",
    ),
    _make(
        "deprecated",
        "additive",
        "products",
        "Product.brand",
        _SEEN,
        schema_changed(("  ean: String\n  brand: String\n", "  ean: String\n  brand: String @deprecated\n")),
        of="gql_deprecated",
    ),
)
_JSON_RESULTS = (
    _make(
        "key-removed",
        "breaking",
        "shippingCreate",
        "phone",
        _REPLY,
        value_changed("shippingCreate", "phone", lambda _: ABSENT),
        of="rest_field_removed",
    ),
    _make(
        "key-added",
        "additive",
        "orderCreate",
        "order_number",
        _REPLY,
        answer_changed("orderCreate", _with("order_number", "1300001")),
        of="rest_field_added",
    ),
    _make(
        "key-type",
        "breaking",
        "orderCreate",
        "toll",
        _REPLY,
        value_changed("orderCreate", "toll", str),
        of="rest_type_changed",
    ),
)
_VALUES = (
    _make(
        "null-in-one-item",
        "breaking",
        "products",
        "products[].title.deDe",
        "schema.reply schema.generated paging.concatenation",
        value_changed("products", "products[3].title.deDe", lambda _: None),
        of="gql_nullability",
    ),
    _make(
        "vocabulary",
        "dangerous",
        "shipmentList",
        "shipments[].status",
        _REPLY,
        value_changed(
            "shipmentList", "shipments[].status", lambda status: "Returned" if status == "Delivered" else status
        ),
        of="rest_enum_value",
    ),
    _make(
        "vocabulary-of-one",
        "dangerous",
        "orderList",
        "orders[].orderSource",
        _REPLY,
        value_changed("orderList", "orders[4].orderSource", lambda _: "Marketplace"),
        of="gql_enum_added",
    ),
)
MUTANTS: tuple[Mutant, ...] = (*_SEEN_BY_INTROSPECTION, *_JSON_RESULTS, *_VALUES)
