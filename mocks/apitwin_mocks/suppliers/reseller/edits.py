"""What the platform's own staff may change from outside, each field with its form."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from apitwin_mocks.kit.errors import MisuseError

from .entities import Customer, Line, Product, Status
from .money import cents

__all__ = ["edited_customer", "edited_product", "edited_status", "is_web_address"]

Row = TypeVar("Row", Product, Customer)
_Reader = Callable[[object], object]

_WEB_ADDRESS = re.compile(
    r"https?://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?)(:[0-9]{1,5})?([/?#][!-~]*)?"
)
_MOST_STOCK = 10**9
_MOST_MONEY = Decimal(10**9)
_NEVER_MANUALLY = 10**6


def edited_product(product: Product, changes: Mapping[str, Any]) -> Product:
    """Change price, stock or whether it is on sale; raises `MisuseError` for anything else."""
    return _edited(product, changes, _PRODUCT)


def edited_customer(customer: Customer, changes: Mapping[str, Any]) -> Customer:
    """Change balance, credit limit, the flag IsAPI or where webhooks go; raises `MisuseError` for anything else."""
    return _edited(customer, changes, _CUSTOMER)


def edited_status(table: str, line: Line | None, changes: Mapping[str, Any]) -> tuple[Line, Status]:
    """Give an unsettled line that time no longer moves and the state it is to enter; raises `MisuseError` for anything else."""
    if line is None:
        message = f"{table} cannot be changed; products, customers and lines can"
        raise MisuseError(message)
    status = changes.get("status")
    if set(changes) != {"status"} or status not in tuple(Status) or isinstance(status, bool):
        raise MisuseError("a line's status can be set: 0 cancelled, 1 delivered, 2 being processed, 3 removed")
    if line.status in (Status.DELIVERED, Status.CANCELLED):
        message = f"line {line.id} is settled and stays so"
        raise MisuseError(message)
    return replace(line, step=_NEVER_MANUALLY), Status(status)


def _edited(row: Row, changes: Mapping[str, Any], readers: Mapping[str, _Reader]) -> Row:
    unknown = sorted(set(changes) - set(readers))
    if unknown or not changes:
        message = f"{', '.join(readers)} can be changed; not {', '.join(unknown)[:200] or 'nothing'}"
        raise MisuseError(message)
    return replace(row, **{name: _read(name, value, readers[name]) for name, value in changes.items()})


def _read(name: str, value: object, reader: _Reader) -> Any:
    try:
        return reader(value)
    except (ValueError, TypeError, InvalidOperation) as error:
        message = f"{name} cannot be {str(value)[:80]!r}: {error}"
        raise MisuseError(message) from None


def _price(value: object) -> Decimal:
    amount = _amount(value)
    if amount < 0:
        raise ValueError("it must not be below 0")
    return amount


def _amount(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise TypeError('it must be an amount such as 19.9 or "19.90"')
    amount = Decimal(str(value))
    if not amount.is_finite() or abs(amount) > _MOST_MONEY or amount != cents(amount):
        raise ValueError("it must have at most two digits behind the point")
    return cents(amount)


def _stock(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST_STOCK:
        raise TypeError("it must be a whole number from 0 to a billion")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("it must be true or false")
    return value


def _url(value: object) -> str | None:
    if value is not None and not is_web_address(value):
        raise ValueError("it must be an http or https URL, or null")
    return None if value is None else str(value)


def is_web_address(value: object) -> bool:
    """Tell whether a value is a URL that a webhook can be sent to."""
    return isinstance(value, str) and _WEB_ADDRESS.fullmatch(value) is not None


_PRODUCT: Mapping[str, _Reader] = {"price": _price, "stock": _stock, "active": _flag}
_CUSTOMER: Mapping[str, _Reader] = {
    "balance": _amount,
    "credit_limit": _price,
    "is_api": _flag,
    "order_callback_url": _url,
    "product_callback_url": _url,
}
