"""World of CD Keys' drifts of scalars: dates, decimals, ids, blanks, keys."""

from base64 import b64encode
from datetime import datetime, timedelta
from typing import Any

from apitwin_contracts.mutants.asked import Asked
from apitwin_contracts.mutants.mutant import Mutant
from apitwin_contracts.mutants.places import ABSENT
from apitwin_contracts.mutants.suppliers.wock.tools import answer_changed, making, told, twisted, value_changed
from apitwin_contracts.mutants.twist import bodies
from apitwin_fixtures import Reply

__all__ = ["MUTANTS"]

_make = making("wire")

_REPLY = "schema.reply"


def _snake(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in key): _snake(part)
            for key, part in value.items()
        }
    return [_snake(part) for part in value] if isinstance(value, list) else value


def _date(text: str) -> str:
    return f"{datetime.fromisoformat(text):%d/%m/%Y %H:%M}"


def _epoch(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


def _later(text: str) -> str:
    return (datetime.fromisoformat(text) + timedelta(hours=1)).isoformat().replace("+00:00", "Z")


_UPDATED = "items[].lastUpdateDateTime"

_SCALARS = (
    _make(
        "key-casing",
        "breaking",
        "products",
        "items[]",
        _REPLY,
        answer_changed("products", _snake),
        of="wire_key_casing",
        also=("schema",),
    ),
    _make(
        "date-format",
        "breaking",
        "products",
        "lastUpdateDateTime",
        _REPLY,
        value_changed("products", _UPDATED, _date),
        of="wire_date_format",
    ),
    _make(
        "date-no-offset",
        "dangerous",
        "orders",
        "createdAt",
        _REPLY,
        value_changed("orders", "items[].createdAt", lambda text: text.rstrip("Z")),
        of="wire_date_no_offset",
    ),
    _make(
        "date-no-offset-when-zero-ms",
        "dangerous",
        "products",
        "lastUpdateDateTime",
        "schema.reply offset.walk",
        value_changed("products", _UPDATED, lambda text: text.removesuffix(".000Z")),
    ),
    _make(
        "date-epoch",
        "breaking",
        "products",
        "lastUpdateDateTime",
        _REPLY,
        value_changed("products", _UPDATED, _epoch),
        of="gql_datetime_epoch",
        also=("schema",),
    ),
    _make(
        "date-epoch-in-keys",
        "breaking",
        "delivery",
        "downloadedAt",
        _REPLY,
        value_changed("delivery", "products[].keys[].downloadedAt", _epoch),
        also=("schema",),
    ),
    _make(
        "date-blank",
        "breaking",
        "product",
        "lastIncreasedStockDateTime",
        _REPLY,
        value_changed("product", "lastIncreasedStockDateTime", lambda text: text.replace("T", " ")),
    ),
    _make(
        "date-local",
        "dangerous",
        "orders",
        "createdAt",
        "state.due",
        value_changed("orders", "items[].createdAt", _later),
        also=("state", "paging"),
    ),
    _make(
        "date-local-of-downloads",
        "dangerous",
        "delivery",
        "downloadedAt",
        "walk.state state.due",
        value_changed("delivery", "products[].keys[].downloadedAt", _later),
        also=("state",),
    ),
    _make(
        "decimal-as-text",
        "breaking",
        "products",
        "bulkPrices[].price",
        _REPLY,
        value_changed("products", "items[].bulkPrices[].price", str),
        of="wire_number_string",
        also=("schema",),
    ),
    _make(
        "decimal-as-text-of-partner",
        "breaking",
        "partner",
        "available",
        _REPLY,
        value_changed("partner", "available", lambda amount: f"{amount:.2f}"),
        also=("schema",),
    ),
    _make(
        "decimal-as-text-of-orders",
        "breaking",
        "createOrder",
        "products[].price",
        _REPLY,
        value_changed("createOrder", "products[].price", str),
        also=("schema",),
    ),
    _make("uuid-upper", "breaking", "orders", "items[].id", _REPLY, value_changed("orders", "items[].id", str.upper)),
    _make(
        "uuid-upper-of-created",
        "breaking",
        "createOrder",
        "orderId",
        _REPLY,
        value_changed("createOrder", "orderId", str.upper),
    ),
    _make(
        "uuid-upper-of-keys",
        "breaking",
        "delivery",
        "keys[].id",
        _REPLY,
        value_changed("delivery", "products[].keys[].id", str.upper),
    ),
    _make(
        "uuid-no-dashes",
        "breaking",
        "partner",
        "id",
        _REPLY,
        value_changed("partner", "id", lambda text: text.replace("-", "")),
    ),
    _make(
        "uuid-braces",
        "breaking",
        "delivery",
        "orderId",
        _REPLY,
        value_changed("delivery", "orderId", lambda text: f"{{{text}}}"),
    ),
    _make("id-as-text", "breaking", "product", "id", _REPLY, value_changed("product", "id", str), also=("schema",)),
    _make(
        "empty-for-null",
        "dangerous",
        "products",
        "productPartnerId",
        "schema.reply offset.walk",
        value_changed("products", "items[].productPartnerId", lambda name: name or ""),
        of="wire_empty_for_null",
    ),
    _make(
        "empty-for-null-error",
        "dangerous",
        "delivery",
        "status.error",
        _REPLY,
        value_changed("delivery", "status.error", lambda text: text or ""),
    ),
    _make(
        "null-for-empty",
        "breaking",
        "products",
        "excludedRegions",
        "schema.reply offset.walk",
        value_changed("products", "items[].excludedRegions", lambda names: names or None),
        also=("schema",),
    ),
    _make(
        "cents",
        "breaking",
        "products product",
        "bulkPrices[].price",
        "content.magnitude",
        value_changed("products", "items[].bulkPrices[].price", lambda price: round(price * 100)),
        of="wire_cents",
        also=("state", "error"),
    ),
    _make(
        "cents-of-detail",
        "breaking",
        "product",
        "bulkPrices",
        "agreement.same-item",
        value_changed("product", "bulkPrices[].price", lambda price: price * 100),
        also=("state",),
    ),
    _make(
        "cents-of-created",
        "breaking",
        "createOrder",
        "products[].price",
        "equations.state",
        value_changed("createOrder", "products[].price", lambda price: price * 100),
        also=("state",),
    ),
    _make(
        "cents-of-orders",
        "breaking",
        "orders",
        "products[].price",
        "state.due",
        value_changed("orders", "items[].products[].price", lambda price: price * 100),
        also=("state", "paging"),
    ),
    _make(
        "cents-of-partner",
        "breaking",
        "partner",
        "available",
        "equations.state",
        value_changed("partner", "available", lambda amount: amount * 100),
        also=("state",),
    ),
    _make(
        "rounded",
        "breaking",
        "products product createOrder",
        "",
        "agreement.same-item schema.reply",
        value_changed("products", "items[].bulkPrices[].price", lambda price: round(price, 1)),
        also=("state", "error", "paging"),
    ),
    _make(
        "negative-stock",
        "dangerous",
        "products",
        "quantity",
        "offset.walk schema.reply",
        value_changed("products", "items[].quantity.text", lambda count: count or -1),
    ),
    _make(
        "joined-otherwise",
        "breaking",
        "products",
        "language",
        "equations.wire",
        value_changed("products", "items[].language", lambda text: text.replace(", ", ";")),
        also=("paging", "state"),
    ),
    _make(
        "joined-otherwise-everywhere",
        "breaking",
        "products product",
        "language",
        "equations.wire",
        twisted(
            lambda: bodies(lambda _asked, _reply, body: _mapped(body, "language", lambda text: text.replace(", ", "|")))
        ),
        also=("paging", "state"),
    ),
    _make(
        "tiers-reversed",
        "dangerous",
        "products product",
        "bulkPrices",
        "agreement.same-item",
        value_changed("products", "items[].bulkPrices", lambda tiers: tiers[::-1]),
        also=("state",),
    ),
    _make(
        "expires-as-text",
        "breaking",
        "token",
        "expires_in",
        "auth.lifetime http.grant",
        twisted(lambda: bodies(_token("expires_in", str))),
        also=("auth",),
    ),
    _make(
        "token-type",
        "dangerous",
        "token",
        "token_type",
        "http.grant",
        twisted(lambda: bodies(_token("token_type", str.lower))),
        also=("schema",),
    ),
    _make(
        "token-type-missing",
        "breaking",
        "token",
        "token_type",
        "http.grant",
        twisted(lambda: bodies(_token("token_type", lambda _: ABSENT))),
        also=("schema",),
    ),
    _make(
        "refresh-token",
        "additive",
        "token",
        "refresh_token",
        "http.grant",
        twisted(
            lambda: bodies(
                lambda asked, _reply, body: (
                    {**body, "refresh_token": "x"} if asked.operation == "token" and "access_token" in body else body
                )
            )
        ),
        also=("schema",),
    ),
    _make(
        "keys-encoded",
        "breaking",
        "delivery",
        "keys[].key",
        "state.due",
        value_changed("delivery", "products[].keys[].key", lambda key: b64encode(key.encode()).decode()),
        also=("state",),
    ),
    _make(
        "keys-as-data-links",
        "breaking",
        "delivery",
        "keys[].key",
        "state.due",
        value_changed("delivery", "products[].keys[].key", lambda key: f"data:;base64,{key}"),
        also=("state",),
    ),
    _make(
        "keys-with-blanks",
        "breaking",
        "delivery",
        "keys[].key",
        "state.due",
        value_changed("delivery", "products[].keys[].key", lambda key: f"{key} "),
        also=("state",),
    ),
    _make(
        "link-relative",
        "breaking",
        "delivery",
        "archives[].link",
        "schema.reply state.due",
        value_changed("delivery", "archives[].link", lambda link: "/" + link.split("/", 3)[3]),
    ),
    _make(
        "own-errors-as-text",
        "breaking",
        "createOrder partner",
        "",
        "error.provoked",
        twisted(lambda: told(lambda item: item["message"], "PRODUCT_QTY_ERR")),
        also=("error",),
    ),
)


def _token(name: str, change: Any) -> Any:
    def changed(asked: Asked, _reply: Reply, body: Any) -> Any:
        if asked.operation != "token" or name not in body:
            return body
        value = change(body[name])
        return {key: value if key == name else part for key, part in body.items() if key != name or value is not ABSENT}

    return changed


def _mapped(value: Any, name: str, change: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: change(part) if key == name and isinstance(part, str) else _mapped(part, name, change)
            for key, part in value.items()
        }
    return [_mapped(part, name, change) for part in value] if isinstance(value, list) else value


MUTANTS: tuple[Mutant, ...] = _SCALARS
