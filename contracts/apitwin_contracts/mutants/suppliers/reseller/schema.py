"""Drifts of schema and wire form."""

from dataclasses import replace
from typing import Any

import jwt

from apitwin_contracts.mutants.mutant import Mutant
from apitwin_contracts.mutants.suppliers.reseller.tools import breaking, changed, refused, ruled, staged
from apitwin_fixtures import Reply
from apitwin_mocks.suppliers.reseller import shapes

__all__ = ["MUTANTS", "without"]

_PRODUCTS, _READS = "list_products get_product", "get_order list_orders get_order_detail create_order"


def _each(body: Any) -> list[Any]:
    return body["data"] if isinstance(body["data"], list) else [body["data"]]


def _items(change: Any, operations: str = _PRODUCTS) -> Any:
    def rewrite(body: Any) -> None:
        for item in _each(body):
            change(item)

    return changed(operations, rewrite)


def _lines(change: Any) -> Any:
    def rewrite(body: Any) -> None:
        for item in _each(body):
            for line in item.get("details", [item]):
                change(line)

    return changed("get_order list_orders get_order_detail", rewrite)


def _set(key: str, make: Any) -> Any:
    return lambda item: item.update({key: make(item[key])})


def _rename(old: str, new: str) -> Any:
    return lambda item: item.update({new: item.pop(old)})


def _snake(item: Any) -> None:
    for key in list(item):
        item["".join(f"_{mark.lower()}" if mark.isupper() else mark for mark in key)] = item.pop(key)


def _schema(
    name: str, operations: str, place: str, stage: Any, of: str = "", by: str = "schema.reply:", also: Any = ("wire",)
) -> Mutant:
    return breaking("schema", name, operations, place, by, stage, of, also)


def _always_detailed(original: Any) -> Any:
    return lambda row, **_detailed: original(row)


def _first_null(body: Any) -> None:
    if isinstance(body["data"], list) and len(body["data"]) > 3:
        body["data"][3]["productName"] = None


_SCHEMA = (
    _schema(
        "field-removed", _PRODUCTS, "productName", _items(lambda item: item.pop("productName")), "rest_field_removed"
    ),
    _schema(
        "field-removed-nested", _PRODUCTS, "pegi", _items(lambda item: item["ageList"].pop("pegi")), "gql_field_removed"
    ),
    _schema(
        "field-renamed",
        "get_order list_orders",
        "TotalPrice",
        _items(_rename("TotalPrice", "total"), "get_order list_orders"),
        "gql_field_renamed",
    ),
    _schema("field-added", _PRODUCTS, "isNew", _items(lambda item: item.update(isNew=True)), "rest_field_added"),
    _schema(
        "field-added-error",
        "list_categories",
        "NOT_FOUND",
        refused(lambda body: body.update(help="x")),
        "",
        "error.provoked:NOT_FOUND",
        ("error",),
    ),
    _schema("type-changed", _PRODUCTS, "totalStock", _items(_set("totalStock", str)), "rest_type_changed"),
    _schema("null-name", "list_products", "productName", changed("list_products", _first_null), "gql_nullability"),
    _schema(
        "list-to-text",
        _PRODUCTS,
        "platformList",
        _items(_set("platformList", lambda one: ",".join(one or []))),
        "gql_list_to_scalar",
    ),
    _schema(
        "enum-value",
        _READS,
        "Status",
        _lines(lambda line: line.update(Status=4 if line["Status"] == 1 else line["Status"])),
        "rest_enum_value",
        "equations.state:create_order.settled",
    ),
    _schema(
        "requirement-kind",
        _PRODUCTS,
        "type",
        _items(lambda item: [one.update(type="checkbox") for one in item["productRequire"]]),
        "gql_union_member",
    ),
    _schema("status-text", _PRODUCTS, "status", _items(_set("status", str)), "gql_enum_added"),
    _schema(
        "details-empty",
        "get_order list_orders",
        "details",
        _items(_set("details", lambda _: []), "get_order list_orders"),
    ),
    _schema("items-not-null", "create_order", "items", _items(_set("items", lambda _: []), "create_order")),
    _schema(
        "account-field-renamed", "account_details", "balance", _items(_rename("balance", "Balance"), "account_details")
    ),
    _schema(
        "texts-always",
        "list_products",
        "productDescription",
        ruled((shapes, "product", _always_detailed)),
        "",
        "equations.schema:",
    ),
    _schema(
        "parent-dangling",
        "list_categories",
        "ParentID",
        _items(_set("ParentID", lambda one: one and one + 700), "list_categories"),
        "",
        "equations.state:list_categories",
        ("state",),
    ),
    _schema(
        "type-unknown",
        "list_products get_product",
        "productTypeID",
        _items(_set("productTypeID", lambda one: one + 5)),
        "",
        "equations.state:list_products",
        ("state",),
    ),
)


def _wire(
    name: str, operations: str, place: str, stage: Any, of: str = "", by: str = "schema.reply:", also: Any = ("schema",)
) -> Mutant:
    return breaking("wire", name, operations, place, by, stage, of, also)


def _replied(operation: str, **changes: Any) -> Any:
    return staged(lambda name, reply: replace(reply, **changes) if name == operation and reply.status == 200 else reply)


def without(header: str, status: int) -> Any:
    def drop(_name: str, reply: Reply) -> Reply:
        kept = tuple(pair for pair in reply.headers if pair[0] != header)
        return replace(reply, headers=kept) if reply.status == status else reply

    return staged(drop)


_DATES = "get_order list_orders"
_WIRE = (
    _wire(
        "status", "create_order", "create_order", _replied("create_order", status=201), "wire_status", also=("error",)
    ),
    _wire(
        "content-type",
        "list_products",
        "content-type",
        _replied("list_products", headers=(("content-type", "text/plain"),)),
        "wire_content_type",
    ),
    _wire("key-casing", _PRODUCTS, "product", _items(_snake, "get_product"), "wire_key_casing"),
    _wire(
        "date-format",
        _DATES,
        "OrderDate",
        _items(_set("OrderDate", lambda _: "14/05/2026 10:30"), _DATES),
        "wire_date_format",
    ),
    _wire(
        "date-without-zone",
        _DATES,
        "OrderDate",
        _items(_set("OrderDate", lambda one: one.rstrip("Z")), _DATES),
        "wire_date_no_offset",
    ),
    _wire(
        "date-epoch",
        "get_order_detail",
        "UpdatedAt",
        _items(_set("UpdatedAt", lambda _: 1700000000000), "get_order_detail"),
        "gql_datetime_epoch",
    ),
    _wire(
        "date-with-millis",
        "get_order_detail",
        "UpdatedAt",
        _items(_set("UpdatedAt", lambda one: one[:-1] + ".000Z"), "get_order_detail"),
    ),
    _wire("number-text", _PRODUCTS, "salePrice", _items(_set("salePrice", str)), "wire_number_string"),
    _wire(
        "cents",
        "list_products create_order",
        "Price",
        _items(_set("salePrice", lambda one: round(one * 100))),
        "wire_cents",
        "equations.wire:",
        ("schema", "state"),
    ),
    _wire(
        "balance-cents",
        "account_details create_order",
        "balance",
        _items(_set("balance", lambda one: round(one * 100)), "account_details"),
        "",
        "state.conservation:create_order.balance",
        ("state",),
    ),
    _wire(
        "three-digits",
        "list_products",
        "salePrice",
        _items(_set("salePrice", lambda one: one - 0.001)),
        "",
        "equations.wire:",
    ),
    _wire(
        "empty-for-null",
        "get_order_detail list_orders get_order",
        "DeliveryNote",
        _lines(_set("DeliveryNote", lambda one: one or "")),
        "wire_empty_for_null",
    ),
    _wire(
        "envelope",
        "get_product",
        "data",
        changed("get_product", lambda body: {**body, "data": {"product": body["data"]}}),
        "wire_envelope",
    ),
    _wire("no-envelope", "get_product", "", changed("get_product", lambda body: body["data"])),
    _wire(
        "success-text",
        "list_categories",
        "success",
        changed("list_categories", lambda body: body.update(success="true")),
    ),
    _wire("slug", _PRODUCTS, "productSlug", _items(_set("productSlug", lambda one: f"/{one}"))),
    _wire(
        "image-relative",
        _PRODUCTS,
        "productMainImage",
        _items(lambda item: item["productData"].update(productMainImage="main.png")),
    ),
    _wire(
        "currency-sign",
        "account_details",
        "currencyCode",
        _items(_set("currencyCode", lambda _: "₺"), "account_details"),
    ),
    _wire(
        "expiration-local",
        "generate_token",
        "Expiration",
        _items(_set("Expiration", lambda one: one.replace("Z", "+03:00")), "generate_token"),
        "",
        "auth.lifetime",
        ("auth",),
    ),
    _wire(
        "token-opaque",
        "generate_token",
        "Token",
        ruled((jwt, "encode", lambda original: lambda *args: original(*args).replace(".", "-"))),
        "",
        "auth.lifetime",
    ),
    _wire(
        "callback-dropped",
        "generate_token",
        "callbackData",
        _items(lambda item: item.update(callbackData=None), "generate_token"),
        "",
        "auth.lifetime",
    ),
)

MUTANTS = (*_SCHEMA, *_WIRE)
