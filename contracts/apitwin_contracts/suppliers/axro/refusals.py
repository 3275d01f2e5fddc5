"""What can be wrong with a request to AXRO, in the order in which it is told."""

from collections.abc import Callable, Mapping
from typing import Any

from apitwin_contracts.contract import Arguments, Declaration
from apitwin_contracts.laws.precedence import Mistake, Mistakes
from apitwin_contracts.run import Run
from apitwin_fixtures import Request, Source

from .entities import LINE, foreign_address, sellable, usable_address

__all__ = ["DECLARATIONS"]

_ADDRESS = {
    "company": "Example Corp",
    "department": "Warehouse",
    "street": "Nowhere Lane 1",
    "zip": "20095",
    "city": "Hamburg",
    "country": "DE",
}
_NOBODY = "00000000-0000-4000-8000-000000000000"
Changes = Mapping[str, Any]


def _request(operation: str, arguments: Callable[[Run, Changes], Arguments]) -> Callable[[Run, Changes], Request]:
    return lambda run, changes: run.client.signed(run.client.request(operation, arguments(run, changes)))


def _created(_run: Run, changes: Changes) -> Arguments:
    return {"input": {**_ADDRESS, **changes}}


def _checked(_run: Run, changes: Changes) -> Arguments:
    # Nothing can be suggested for a place that nobody knows.
    return {"input": {**_ADDRESS, "zip": "99999", "city": "Nowhere", **changes}, "check": True}


def _updated(run: Run, changes: Changes) -> Arguments:
    found = {"id": usable_address(run), **changes}
    key = found.pop("id")
    return {"id": foreign_address(run) if key == _FOREIGN else key, "input": found}


def _ordered(run: Run, changes: Changes) -> Arguments:
    """Make an order of one right line, then the wrong ones in the order of their names."""
    cart = [{"productNumber": sellable(run)[0], "quantity": 1}]
    wrong = [changes[name] for name in sorted(changes) if name.startswith("line")]
    cart += [{"productNumber": sellable(run)[1], **line} for line in wrong]
    address = changes.get("address", usable_address(run))
    address = foreign_address(run) if address == _FOREIGN else address
    return {"order": {"shippingAddressId": address, "cart": changes.get("cart", cart)}, "place": True}


_FOREIGN = "another customer's"
_BLANK = tuple(
    Mistake("SHIPPING_BLANK", {field: " "}, {"field": field})
    for field in ("company", "department", "street", "zip", "city", "country")
)
_LONG = tuple(
    Mistake("SHIPPING_TOO_LONG", {field: "x" * (LINE + 1)}, {"field": field})
    for field in ("company", "department", "street", "city")
)
_PHONES = ("040123456", "+", "+1234", "+49 40 123456", "+49-40-123456", "0049123456", "+4912a456", "+" + "1" * 21)
_EMAILS = ("nobody", "nobody@", "@example.com", "a b@example.com", "nobody@example", "a@b@example.com")
_COUNTRIES = ("XX", "de", "DEU", "D", "Germany", "276")
_REACHED = (Mistake("SHIPPING_PHONE", {"phone": _PHONES[0]}), Mistake("SHIPPING_EMAIL", {"email": _EMAILS[0]}))
_ADDRESSED = (*_BLANK, *_LONG, Mistake("SHIPPING_COUNTRY", {"country": "XX"}), *_REACHED)


def _each(code: str, field: str, values: tuple[str, ...]) -> tuple[Mistake, ...]:
    return tuple(Mistake(code, {field: value}) for value in values)


_LINES = (
    Mistake("ORDER_QUANTITY_TOO_SMALL", {"line-a": {"quantity": 0}}, {"index": 1}),
    Mistake("ORDER_QUANTITY_TOO_LARGE", {"line-b": {"quantity": 1_000_000}}, {"index": 1}),
    Mistake("ORDER_ADDRESS_UNKNOWN", {"address": _NOBODY}),
    Mistake(
        "ORDER_PRODUCT_UNKNOWN", {"line-c": {"productNumber": "NO-SUCH", "quantity": 1}}, {"productNumber": "NO-SUCH"}
    ),
)
_ASSUMED = Source("assumed", "SOURCE.md#errors")

DECLARATIONS: tuple[Declaration, ...] = (
    Mistakes("shippingCreate", "shippingCreate", _request("shippingCreate", _created), _ADDRESSED, source=_ASSUMED),
    Mistakes(
        "shippingCreate.check", "shippingCreate", _request("shippingCreate", _checked), _ADDRESSED, source=_ASSUMED
    ),
    Mistakes(
        "shippingCreate.forms",
        "shippingCreate",
        _request("shippingCreate", _checked),
        (
            *_each("SHIPPING_COUNTRY", "country", _COUNTRIES),
            *_each("SHIPPING_PHONE", "phone", _PHONES),
            *_each("SHIPPING_EMAIL", "email", _EMAILS),
        ),
        source=Source("documented", "002:632-634"),
    ),
    Mistakes(
        "shippingUpdate",
        "shippingUpdate",
        _request("shippingUpdate", _updated),
        (
            Mistake("SHIPPING_UNKNOWN", {"id": _NOBODY}),
            Mistake("SHIPPING_FOREIGN", {"id": _FOREIGN}),
            *_REACHED,
        ),
        source=_ASSUMED,
    ),
    Mistakes(
        "orderCreate",
        "orderCreate",
        _request("orderCreate", _ordered),
        (Mistake("ORDER_CART_EMPTY", {"cart": []}), *_LINES),
        source=Source("assumed", "SOURCE.md#orders"),
    ),
    Mistakes(
        "orderCreate.foreign-address",
        "orderCreate",
        _request("orderCreate", _ordered),
        (Mistake("ORDER_ADDRESS_UNKNOWN", {"address": _FOREIGN}),),
        source=Source("assumed", "SOURCE.md#orders"),
    ),
    Mistakes(
        "products",
        "products",
        _request("products", lambda _run, changes: dict(changes)),
        (
            Mistake("FORMAT_UNKNOWN", {"format": "csv"}, {"format": "csv"}),
            Mistake("PAGE_NOT_POSITIVE", {"page": 0}),
            Mistake("LIMIT_NOT_POSITIVE", {"limit": -1}),
        ),
        changes_state=False,
        source=Source("assumed", "SOURCE.md#paging"),
    ),
    Mistakes(
        "products.forms",
        "products",
        _request("products", lambda _run, changes: dict(changes)),
        (
            *_each("FORMAT_UNKNOWN", "format", ("XML", "", "bmecat")),
            *_each("PAGE_NOT_POSITIVE", "page", ("0", "-1", "one", "1.5", "")),
            *_each("LIMIT_NOT_POSITIVE", "limit", ("0", "-5", "many", "")),
            *_each("LIMIT_TOO_LARGE", "limit", ("1001", "99999")),
        ),
        changes_state=False,
        source=Source("assumed", "SOURCE.md#paging"),
    ),
)
