"""What may be changed from outside, through the control API: stock, prices, money, a delivery's fate, the server's settings."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, get_args, get_type_hints

from apitwin_mocks.kit.errors import MisuseError

from .entities import Order, Partner, Product, Quantity, Settings, Tier

__all__ = ["edited"]

_MOST = 10_000_000
Edit = Callable[[Any, Mapping[str, Any], datetime], Any]


def edited(row: object, changes: Mapping[str, Any], now: datetime) -> object:
    """Give the changed row; raises `MisuseError` that names what can be changed."""
    known, edit = _EDITS[type(row)]
    unknown = sorted(set(changes) - set(known))
    if unknown or not changes:
        message = f"a row of this table takes {', '.join(known)}, not {', '.join(unknown) or 'nothing'}"
        raise MisuseError(message)
    return edit(row, changes, now)


def _product(row: Product, changes: Mapping[str, Any], now: datetime) -> Product:
    text = _whole("text", changes.get("text", row.quantity.text))
    image = _whole("image", changes.get("image", row.quantity.image))
    given: dict[str, Any] = {"quantity": Quantity.of(text, image), "last_update_date_time": now}
    if given["quantity"].all > row.quantity.all:
        given["last_increased_stock_date_time"] = now
    if "disabled" in changes:
        given["is_disabled"] = _flag("disabled", changes["disabled"])
    if "price" in changes:
        given["bulk_prices"] = (Tier(_money("price", changes["price"]), 1),)
        given["last_updated_price_date_time"] = now
    return replace(row, **given)


def _partner(row: Partner, changes: Mapping[str, Any], _now: datetime) -> Partner:
    names = ("credit_line", "balance")
    money: dict[str, Any] = {name: _money(name, value) for name, value in changes.items() if name in names}
    limit = _whole("stock_limit", changes.get("stock_limit", row.stock_limit))
    return replace(row, stock_limit=limit, complete=_flag("complete", changes.get("complete", row.complete)), **money)


def _order(row: Order, changes: Mapping[str, Any], _now: datetime) -> Order:
    if row.state != "new" or not isinstance(changes["error"], str) or not changes["error"]:
        message = "an error is a text, and only a new order can be made to fail"
        raise MisuseError(message)
    return replace(row, error=changes["error"])


def _settings(row: Settings, changes: Mapping[str, Any], _now: datetime) -> Settings:
    hints = get_type_hints(Settings)
    most = {field.name: field.metadata.get("most", 0) for field in fields(Settings)}
    read: dict[str, Any] = {name: _setting(name, changes[name], hints[name], most[name]) for name in changes}
    return replace(row, **read)


def _setting(name: str, value: Any, hint: Any, most: int) -> object:
    if hint is bool:
        return _flag(name, value)
    if hint is int:
        return _whole(name, value, most)
    if value not in get_args(hint):
        message = f"{name} is one of {', '.join(get_args(hint))}, not {value!r}"
        raise MisuseError(message)
    return value


def _whole(name: str, value: object, most: int = _MOST) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        message = f"{name} is a whole number from 0 to {most}, not {value!r}"
        raise MisuseError(message)
    return value


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        message = f"{name} is true or false, not {value!r}"
        raise MisuseError(message)
    return value


def _money(name: str, value: object) -> Decimal:
    try:
        amount = Decimal(value) if isinstance(value, str) else Decimal("NaN")
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or abs(amount) > _MOST or amount != round(amount, 2):
        message = f'{name} is an amount as text with at most two decimals, such as "19.99", not {value!r}'
        raise MisuseError(message)
    return amount.quantize(Decimal("0.01"))


_EDITS: Mapping[type, tuple[tuple[str, ...], Edit]] = {
    Product: (("text", "image", "disabled", "price"), _product),
    Partner: (("credit_line", "balance", "stock_limit", "complete"), _partner),
    Order: (("error",), _order),
    Settings: (tuple(field.name for field in fields(Settings)), _settings),
}
