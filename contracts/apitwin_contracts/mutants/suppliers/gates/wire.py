"""The gates' drifts of the wire: fields, types, enums, defaults, formats, units and envelopes."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from apitwin_contracts.mutants.mutant import Mutant, family
from apitwin_contracts.mutants.places import renamed
from apitwin_contracts.mutants.suppliers.gates.tools import EVERY, answer_changed, rule, twisted, value_changed
from apitwin_contracts.mutants.twist import headed, replied
from apitwin_mocks.suppliers.gates import api, shapes

__all__ = ["MUTANTS"]

_schema, _wire = family("gates", "schema"), family("gates", "wire")
_SEARCH, _CARTS = "productsearch", "shoppingcart upsertProduct deleteProduct"
_ORDERS = "orders createOrder upsertExpectedReceiptDateTime upsertStore beginCheckout finishOrder"
_UNITS = "content[].productOrderDetails.orderUnits[]"


def _renumbered(body: Any) -> Any:
    other = body["id"].startswith("distributor1")
    return {**body, "productGateCode": "nowhere"} if other else body


_WIRE = (
    _wire(
        "status",
        "breaking",
        "createOrder",
        "createOrder",
        "schema.reply",
        twisted(
            lambda: replied(
                lambda asked, reply: replace(reply, status=201) if asked.operation == "createOrder" else reply
            )
        ),
        of="wire_status",
        also=("schema", "error"),
    ),
    _wire(
        "content-type",
        "breaking",
        EVERY,
        "",
        "schema.reply",
        twisted(lambda: headed("", "content-type", lambda _: "text/plain")),
        of="wire_content_type",
        also=("error",),
    ),
    _wire(
        "key-casing",
        "breaking",
        "productsearch",
        "page",
        "schema.reply",
        value_changed("productsearch", "pageInfo", renamed("totalCount", "total_count")),
        of="wire_key_casing",
        also=("schema",),
    ),
    _wire(
        "date-format",
        "breaking",
        f"{_CARTS} {_ORDERS}",
        "creationDate",
        "schema.reply",
        value_changed(_CARTS, "creationDate", lambda text: f"{text[8:10]}/{text[5:7]}/{text[:4]} {text[11:16]}"),
        of="wire_date_format",
    ),
    _wire(
        "date-no-offset",
        "dangerous",
        f"{_CARTS} {_ORDERS}",
        "creationDate",
        "schema.reply",
        value_changed(_ORDERS, "[].creationDate", lambda text: text.rstrip("Z")),
        of="wire_date_no_offset",
    ),
    _wire(
        "date-epoch",
        "breaking",
        f"{_CARTS} {_ORDERS}",
        "creationDate",
        "schema.reply",
        value_changed(_CARTS, "creationDate", lambda _: 1798761600000),
        of="gql_datetime_epoch",
        also=("schema",),
    ),
    _wire(
        "number-string",
        "breaking",
        "pricesearch",
        "amount",
        "schema.reply",
        value_changed("pricesearch", "prices[].amount", str),
        of="wire_number_string",
        also=("schema",),
    ),
    _wire(
        "cents",
        "breaking",
        "pricesearch",
        "amount",
        "walk.wire",
        value_changed("pricesearch", "prices[].amount", lambda value: round(value * 100)),
        of="wire_cents",
    ),
    _wire(
        "cart-cents",
        "breaking",
        _CARTS + " " + _ORDERS,
        "totalAmountNet",
        "walk.state",
        value_changed(_CARTS, "orderTotals.totalAmountNet", lambda value: round(value * 100)),
        also=("state",),
    ),
    _wire(
        "empty-for-null",
        "dangerous",
        "productsearch",
        "descriptionLong",
        "schema.reply",
        value_changed(
            "productsearch", "content[].productDetails.descriptions.descriptionLong", lambda value: value or ""
        ),
        of="wire_empty_for_null",
    ),
    _wire(
        "empty-for-null-warning",
        "dangerous",
        _ORDERS,
        "warning",
        "schema.reply",
        value_changed(_ORDERS, "[].status.subStatus.warning", lambda value: value or ""),
    ),
    _wire(
        "envelope",
        "breaking",
        "getUser",
        "getUser",
        "schema.reply",
        answer_changed("getUser", lambda payload: {"data": payload}),
        of="wire_envelope",
        also=("schema",),
    ),
    _wire(
        "float-noise",
        "breaking",
        "pricesearch",
        "amount",
        "walk.wire",
        value_changed("pricesearch", "prices[].amount", lambda value: value + 0.001),
    ),
    _wire(
        "rounding",
        "breaking",
        "pricesearch productsearch",
        "amount",
        "walk.wire",
        rule((api, "net_price", lambda original: lambda *given: original(*given) - Decimal("0.01"))),
    ),
    _wire(
        "zip-number",
        "breaking",
        "productsearch getUser",
        "zip",
        "schema.reply",
        value_changed("productsearch getUser", "stores[].address.zip", int),
        also=("schema",),
    ),
    _wire(
        "id-upper-case",
        "breaking",
        "productsearch",
        "id",
        "schema.reply",
        value_changed("productsearch", "content[].id", str.upper),
        also=("paging", "error"),
    ),
    _wire(
        "id-other-gate",
        "breaking",
        "productsearch",
        "id",
        "equations.wire",
        value_changed("productsearch", "content[].id", lambda text: "x" + text),
        also=("paging", "error"),
    ),
    _wire(
        "path-reversed",
        "breaking",
        "productsearch",
        "persistedPath",
        "equations.wire",
        value_changed(
            "productsearch", "content[].features.universalTypes[].persistedPath", lambda text: text[:-9] + "MT05-CLIM"
        ),
    ),
    _wire(
        "boolean-value",
        "breaking",
        "productsearch",
        "universalTypes[].value",
        "equations.wire",
        value_changed(
            "productsearch",
            "content[].features.universalTypes[]",
            lambda item: {**item, "value": "true"} if item["value"] is None else item,
        ),
        also=("paging",),
    ),
    _wire(
        "unit-dropped",
        "breaking",
        "productsearch",
        "universalTypes[].unit",
        "equations.wire",
        value_changed("productsearch", "content[].features.universalTypes[].unit", lambda _: None),
        also=("paging",),
    ),
    _wire(
        "client-secret-masked",
        "dangerous",
        "connectedDistributionGates",
        "auth0ClientSecret",
        "schema.reply",
        value_changed("connectedDistributionGates", "[].auth0ClientSecret", lambda _: "***"),
    ),
    _wire(
        "domain-bare",
        "breaking",
        "connectedDistributionGates",
        "domain",
        "schema.reply",
        value_changed("connectedDistributionGates", "[].domain", lambda text: text.partition("://")[2]),
    ),
    _wire(
        "domain-of-another",
        "breaking",
        "connectedDistributionGates",
        "domain",
        "walk.wire equations.wire",
        value_changed(
            "connectedDistributionGates", "[].domain", lambda text: text.replace("distributor2", "distributor1")
        ),
    ),
    _wire(
        "default-site-stale",
        "breaking",
        "connectedDistributionGates",
        "defaultSite",
        "walk.wire",
        value_changed("connectedDistributionGates", "[1].defaultSite", lambda _: "0815"),
        also=("error",),
    ),
    _wire(
        "order-date-type",
        "breaking",
        "connectedDistributionGates",
        "defaultOrderDate.type",
        "walk.wire",
        value_changed("connectedDistributionGates", "[].defaultOrderDate.type", lambda _: "ABSOLUTE"),
    ),
    _wire(
        "order-type-renamed",
        "breaking",
        "pricesearch connectedDistributionGates",
        "",
        "walk.wire",
        value_changed("connectedDistributionGates", "[].orderTypes[].name", lambda text: text + "!"),
        also=("error", "state"),
    ),
    _wire(
        "pallets-not-divided",
        "breaking",
        "productsearch",
        "availabilities[].amount",
        "equations.wire",
        value_changed("productsearch", f"{_UNITS[:-2]}[1].availabilities[].amount", lambda value: value * 40),
    ),
    _wire(
        "network-differs",
        "breaking",
        "productsearch",
        "content[]",
        "walk.wire",
        rule(
            (
                shapes,
                "product_body",
                lambda original: lambda catalogue, offer, pricing: _renumbered(original(catalogue, offer, pricing)),
            )
        ),
    ),
    _wire(
        "price-search-order",
        "breaking",
        "pricesearch",
        "prices[]",
        "walk.wire",
        value_changed("pricesearch", "prices", lambda prices: prices[::-1]),
    ),
    _wire(
        "search-static",
        "breaking",
        "productsearch pricesearch",
        "amount",
        "walk.wire",
        rule(
            (
                api,
                "calculation_of",
                lambda original: (
                    lambda world, account, _kind=None, project=None: original(world, account, None, project)
                ),
            )
        ),
    ),
)


MUTANTS: tuple[Mutant, ...] = _WIRE
