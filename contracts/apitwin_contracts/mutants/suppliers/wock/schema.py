"""World of CD Keys' schema drifts: fields, types, arguments, filter and sort inputs, vocabularies, nulls."""

from typing import Any

from apitwin_contracts.mutants.mutant import Mutant
from apitwin_contracts.mutants.suppliers.wock.tools import (
    introspected,
    making,
    schema_changed,
)

__all__ = ["MUTANTS"]

_make = making("schema")

_SEEN = "schema.introspection"


def _kinds(name: str, key: str, change: Any) -> Any:
    """Give a stage on which the members of one introspected type are others."""

    def changed(schema: dict[str, Any]) -> dict[str, Any]:
        types = [{**kind, key: change(kind[key])} if kind["name"] == name else kind for kind in schema["types"]]
        return {**schema, "types": types}

    return introspected(changed)


def _without(name: str) -> Any:
    return lambda members: [member for member in members if member["name"] != name]


def _marked(name: str) -> Any:
    return lambda members: [
        {**member, "isDeprecated": True, "deprecationReason": "old"} if member["name"] == name else member
        for member in members
    ]


def _typed(name: str, kind: Any) -> Any:
    return lambda members: [{**member, "type": kind} if member["name"] == name else member for member in members]


def _retyped(value: Any, old: str, new: str) -> Any:
    """Call a type otherwise, wherever it stands."""
    if isinstance(value, dict):
        return {key: new if (key, part) == ("name", old) else _retyped(part, old, new) for key, part in value.items()}
    return [_retyped(part, old, new) for part in value] if isinstance(value, list) else value


_FLOAT = {"kind": "NON_NULL", "name": None, "ofType": {"kind": "SCALAR", "name": "Float", "ofType": None}}

_STRING = {"kind": "SCALAR", "name": "String", "ofType": None}

_SEEN_DRIFTS = (
    _make(
        "field-removed",
        "breaking",
        "products product",
        "ProductResponse.platform",
        _SEEN,
        schema_changed(("type ProductResponse", "  platform: String!\n", "")),
        of="gql_field_removed",
    ),
    _make(
        "field-renamed",
        "breaking",
        "orders",
        "OrderResponse.identifier",
        _SEEN,
        schema_changed(("type OrderResponse", "  identifier: ", "  number: ")),
        of="gql_field_renamed",
    ),
    _make(
        "field-added",
        "additive",
        "products product",
        "ProductResponse.ean",
        _SEEN,
        schema_changed(("type ProductResponse", "  id: Int!", "  ean: String\n  id: Int!")),
    ),
    _make(
        "nullability",
        "breaking",
        "products product",
        "ProductResponse.name",
        _SEEN,
        _kinds("ProductResponse", "fields", _typed("name", _STRING)),
        of="gql_nullability",
    ),
    _make(
        "list-to-scalar",
        "breaking",
        "products product",
        "ProductResponse.languages",
        _SEEN,
        _kinds("ProductResponse", "fields", _typed("languages", _STRING)),
        of="gql_list_to_scalar",
    ),
    _make(
        "enum-added",
        "dangerous",
        "orders products",
        "SortEnumType.RANDOM",
        _SEEN,
        schema_changed(("enum SortEnumType", "  ASC", "  RANDOM\n  ASC")),
        of="gql_enum_added",
    ),
    _make(
        "enum-renamed",
        "breaking",
        "orders products",
        "SortEnumType",
        _SEEN,
        _kinds(
            "SortEnumType",
            "enumValues",
            lambda members: [{**member, "name": member["name"].title()} for member in members],
        ),
    ),
    _make(
        "default-changed",
        "dangerous",
        "products",
        "products(take:)",
        _SEEN,
        schema_changed(("type Query", "products(skip: Int, take: Int, ", "products(skip: Int, take: Int = 20, ")),
        of="gql_default_changed",
    ),
    _make(
        "input-required",
        "breaking",
        "createOrder",
        "CreateOrderInput.channel",
        _SEEN,
        schema_changed(("input CreateOrderInput", "  products: ", "  channel: String!\n  products: ")),
        of="gql_input_required",
    ),
    _make(
        "input-optional",
        "additive",
        "createOrder",
        "CreateOrderInput.note",
        _SEEN,
        schema_changed(("input CreateOrderInput", "  products: ", "  note: String\n  products: ")),
    ),
    _make(
        "deprecated",
        "additive",
        "products product",
        "ProductResponse.platform",
        _SEEN,
        _kinds("ProductResponse", "fields", _marked("platform")),
        of="gql_deprecated",
    ),
    _make(
        "no-longer-deprecated",
        "additive",
        "products product",
        "ProductResponse.isBundle",
        _SEEN,
        schema_changed(
            (
                "type ProductResponse",
                'isBundle: Boolean! @deprecated(reason: "This field is deprecated. Will be removed in future.")',
                "isBundle: Boolean!",
            )
        ),
    ),
    _make(
        "argument-removed",
        "breaking",
        "delivery",
        "delivery(legacyOrderId:)",
        _SEEN,
        _kinds(
            "Query",
            "fields",
            lambda fields: [{**field, "args": _without("legacyOrderId")(field["args"])} for field in fields],
        ),
    ),
    _make(
        "argument-required",
        "breaking",
        "product",
        "product(id:)",
        _SEEN,
        schema_changed(("type Query", "product(id: Int): ", "product(id: Int!): ")),
    ),
    _make(
        "argument-added",
        "additive",
        "partner",
        "partner(currency:)",
        _SEEN,
        schema_changed(("type Query", "  partner: ", "  partner(currency: String): ")),
    ),
    _make(
        "argument-type",
        "breaking",
        "deleteOrder",
        "deleteOrder(orderId:)",
        _SEEN,
        schema_changed(("type Mutation", "deleteOrder(orderId: UUID!)", "deleteOrder(orderId: String!)")),
    ),
    _make(
        "operator-removed",
        "breaking",
        "orders products",
        "StringOperationFilterInput.nendsWith",
        _SEEN,
        _kinds("StringOperationFilterInput", "inputFields", _without("nendsWith")),
    ),
    _make(
        "operator-added",
        "additive",
        "orders products",
        "IntOperationFilterInput.between",
        _SEEN,
        schema_changed(("input IntOperationFilterInput", "  eq: Int", "  between: [Int!]\n  eq: Int")),
    ),
    _make(
        "operator-type",
        "breaking",
        "orders",
        "UuidOperationFilterInput.in",
        _SEEN,
        schema_changed(("input UuidOperationFilterInput", "  in: [UUID]", "  in: [UUID!]")),
    ),
    _make(
        "filter-field-removed",
        "breaking",
        "products",
        "ProductResponseFilterInput.regions",
        _SEEN,
        schema_changed(("input ProductResponseFilterInput", "  regions: ListStringOperationFilterInput\n", "")),
    ),
    _make(
        "quantifier-removed",
        "breaking",
        "products",
        "ListStringOperationFilterInput.none",
        _SEEN,
        _kinds("ListStringOperationFilterInput", "inputFields", _without("none")),
    ),
    _make(
        "sort-field-removed",
        "breaking",
        "products",
        "ProductResponseSortInput.language",
        _SEEN,
        _kinds("ProductResponseSortInput", "inputFields", _without("language")),
    ),
    _make(
        "unused-input-removed",
        "breaking",
        "delivery outboundDelivery OutboundDeliveryKeyResponseFilterInput",
        "OutboundDeliveryKeyResponseFilterInput",
        _SEEN,
        introspected(
            lambda schema: {**schema, "types": _without("OutboundDeliveryKeyResponseFilterInput")(schema["types"])}
        ),
    ),
    _make(
        "segment-renamed",
        "breaking",
        "orders",
        "OrdersCollectionSegment",
        _SEEN,
        introspected(lambda schema: _retyped(schema, "OrdersCollectionSegment", "OrderResponseCollectionSegment")),
    ),
    _make(
        "decimal-to-float",
        "breaking",
        "products product",
        "BulkPriceResponse.price",
        _SEEN,
        _kinds("BulkPriceResponse", "fields", _typed("price", _FLOAT)),
    ),
    _make(
        "id-to-text",
        "breaking",
        "orders",
        "OrderResponse.id",
        _SEEN,
        _kinds("OrderResponse", "fields", _typed("id", {"kind": "NON_NULL", "name": None, "ofType": _STRING})),
    ),
    _make(
        "query-added",
        "additive",
        "invoices",
        "Query.invoices",
        _SEEN,
        schema_changed(("type Query", "  partner: ", "  invoices: [String!]\n  partner: ")),
    ),
    _make(
        "mutation-removed",
        "breaking",
        "deleteOrder",
        "Mutation.deleteOrder",
        _SEEN,
        _kinds("Mutation", "fields", _without("deleteOrder")),
    ),
    _make(
        "scalar-renamed",
        "breaking",
        "orders delivery Uuid UUID createOrder deleteOrder partner",
        "UUID",
        _SEEN,
        introspected(lambda schema: _retyped(schema, "UUID", "Uuid")),
    ),
)


MUTANTS: tuple[Mutant, ...] = _SEEN_DRIFTS
