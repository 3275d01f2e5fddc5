"""The gates' drifts of schema: fields, types, enums, defaults, formats, units and envelopes."""

from dataclasses import replace

from apitwin_contracts.mutants.mutant import Mutant, family
from apitwin_contracts.mutants.places import ABSENT
from apitwin_contracts.mutants.suppliers.gates.tools import EVERY, schema_changed, twisted, value_changed
from apitwin_contracts.mutants.twist import replied

__all__ = ["MUTANTS"]

_schema, _wire = family("gates", "schema"), family("gates", "wire")
_ORDERS = "orders createOrder upsertExpectedReceiptDateTime upsertStore beginCheckout finishOrder"

_SCHEMA = (
    _schema(
        "field-removed",
        "breaking",
        "productsearch",
        "Product.productGateCode",
        "schema.introspection",
        schema_changed("dg", ("  productGateCode: String\n", "")),
        of="gql_field_removed",
    ),
    _schema(
        "field-renamed",
        "breaking",
        EVERY,
        "totalAmountNet",
        "schema.introspection",
        schema_changed(
            "bg", ("  totalAmountNet: BigDecimal\n", "  totalNet: BigDecimal\n"), OrderTotals__totalNet="totalAmountNet"
        ),
        of="gql_field_renamed",
    ),
    _schema(
        "field-added",
        "additive",
        EVERY,
        "Unit.system",
        "schema.introspection",
        schema_changed("dg", ("  symbol: String\n", "  symbol: String\n  system: String\n")),
        of="rest_field_added",
    ),
    _schema(
        "type-changed",
        "breaking",
        "productsearch",
        "quantityMin",
        "schema.introspection",
        schema_changed("dg", ("  quantityMin: Int\n", "  quantityMin: String\n")),
        of="rest_type_changed",
    ),
    _schema(
        "name-null",
        "breaking",
        "connectedDistributionGates",
        "name",
        "schema.reply",
        value_changed("connectedDistributionGates", "[0].name", lambda _: None),
        of="gql_nullability",
    ),
    _schema(
        "input-stricter",
        "breaking",
        "productsearch",
        "unit",
        "schema.introspection",
        schema_changed(
            "dg",
            ("  values: [UniversalTypeValue!]\n  unit: String\n", "  values: [UniversalTypeValue!]\n  unit: String!\n"),
        ),
    ),
    _schema(
        "list-to-scalar",
        "breaking",
        "productsearch",
        "proMaterialIds",
        "schema.reply",
        value_changed("productsearch", "content[].proMaterialIds", lambda ids: ids[0]),
        of="gql_list_to_scalar",
    ),
    _schema(
        "enum-added",
        "dangerous",
        "orders createOrder",
        "OrderStatusType.CANCELLED",
        "schema.introspection",
        schema_changed("bg", ("  FINISHED\n", "  FINISHED\n  CANCELLED\n")),
        of="gql_enum_added",
    ),
    _schema(
        "enum-value",
        "dangerous",
        _ORDERS,
        "status.status",
        "schema.reply",
        value_changed(_ORDERS, "[].status.status", lambda value: "ACCEPTED" if value == "FINISHING" else value),
        of="rest_enum_value",
    ),
    _schema(
        "default-changed",
        "dangerous",
        "productsearch",
        "PageInput.size",
        "schema.introspection",
        schema_changed("dg", ("size: Int = 10", "size: Int = 20")),
        of="gql_default_changed",
        also=("paging",),
    ),
    _schema(
        "input-required",
        "breaking",
        "createOrder",
        "OrderInput.channel",
        "schema.introspection",
        schema_changed(
            "bg",
            (
                "  constructionSite: ConstructionSiteInput!\n",
                "  constructionSite: ConstructionSiteInput!\n  channel: String!\n",
            ),
        ),
        of="gql_input_required",
    ),
    _schema(
        "deprecated",
        "additive",
        "getUser",
        "User.company",
        "schema.introspection",
        schema_changed("dg", ("  company: String\n", '  company: String @deprecated(reason: "x")\n')),
        of="gql_deprecated",
    ),
    _schema(
        "type-removed",
        "breaking",
        EVERY,
        "warning",
        "schema.introspection",
        schema_changed("bg", ("  warning: String\n", "  warning: [String!]\n")),
    ),
    _schema(
        "manager-field-gone",
        "breaking",
        "connectedDistributionGates",
        "saturdaysAllowed",
        "schema.introspection",
        schema_changed("bm", ("  saturdaysAllowed: Boolean\n", "")),
    ),
    _schema(
        "key-missing",
        "breaking",
        "getUser",
        "stores",
        "schema.reply",
        value_changed("getUser", "stores", lambda _: ABSENT),
    ),
    _schema(
        "key-added",
        "additive",
        "productsearch",
        "vendor",
        "schema.reply",
        value_changed("productsearch", "content[]", lambda item: {**item, "vendor": "x"}),
        of="rest_field_added",
    ),
    _schema(
        "second-gate-null",
        "breaking",
        "productsearch",
        "zip",
        "walk.wire",
        twisted(
            lambda: replied(
                lambda _asked, reply: replace(
                    reply,
                    body=reply.body.replace(b'"zip":"21079"', b'"zip":null').replace(b'"zip": "21079"', b'"zip": null'),
                )
            )
        ),
    ),
)


MUTANTS: tuple[Mutant, ...] = _SCHEMA
