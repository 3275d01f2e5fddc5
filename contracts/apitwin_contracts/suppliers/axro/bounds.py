"""How long and how much may be at AXRO."""

from typing import Any

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Declaration
from apitwin_contracts.laws.limits import Limit
from apitwin_contracts.run import Run
from apitwin_fixtures import Source

from .entities import LINE, products, sellable, usable_address

__all__ = ["DECLARATIONS"]

_ADDRESS = {
    "company": "Example Corp",
    "department": "Warehouse",
    "street": "Ballindamm 40",
    "zip": "20095",
    "city": "Hamburg",
    "country": "DE",
}
_ORDERS = Source("assumed", "SOURCE.md#orders")


def _echoed(field: str) -> Any:
    return lambda _examination, answer: (answer, field, answer.at(field))


def _stored(field: str) -> Any:
    def read(examination: Examination, answer: Answer) -> tuple[Answer, str, Any]:
        listed = examination.must("shippingAddresses")
        found: dict[str, Any] = next((item for item in listed.every("[]") if item["id"] == answer.at("id")), {})
        return listed, f"[].{field}", found.get(field)

    return read


def _line_limit(field: str, line: int) -> Limit:
    return Limit(
        f"shippingCreate.{field}",
        "shippingCreate",
        lambda _run, value: {"input": {**_ADDRESS, field: value}, "check": True},
        "x" * LINE,
        "x" * (LINE + 1),
        "SHIPPING_TOO_LONG",
        _echoed(field),
        Source("documented", f"002:{line}"),
        changes_state=True,
    )


def _free_text(field: str, line: int, text: str) -> Limit:
    """A text of which no bound is documented is kept whole."""
    return Limit(
        f"shippingCreate.{field}",
        "shippingCreate",
        lambda _run, value: {"input": {**_ADDRESS, field: value}},
        text,
        echo=_stored(field),
        source=Source("documented", f"002:{line}"),
        changes_state=True,
    )


def _phone_limit(name: str, accepted: int, refused: int) -> Limit:
    return Limit(
        f"shippingCreate.{name}",
        "shippingCreate",
        lambda _run, value: {"input": {**_ADDRESS, "phone": value}, "check": True},
        "+" + "1" * accepted,
        "+" + "1" * refused,
        "SHIPPING_PHONE",
        _echoed("phone"),
        Source("documented", "002:633"),
        changes_state=True,
    )


def _reference(run: Run, value: str) -> Arguments:
    cart = [{"productNumber": sellable(run)[0], "quantity": 1}]
    return {"order": {"shippingAddressId": usable_address(run), "cart": cart, "customReference": value}, "place": True}


def _remark(run: Run, value: str) -> Arguments:
    cart = [{"productNumber": sellable(run)[0], "quantity": 1}]
    order = {"shippingAddressId": usable_address(run), "cart": cart, "additionalInformation": value}
    return {"order": order, "place": False}


def _commission(examination: Examination, _answer: Answer) -> tuple[Answer, str, Any]:
    listed = examination.must("orderList")
    return listed, "orders[].commission", listed.at("orders[].commission")


def _quantity(run: Run, value: int) -> Arguments:
    cheapest = min(
        (product for product in products(run) if product["price"]), key=lambda product: product["price"][0]["price"]
    )
    cart = [{"productNumber": cheapest["productNumber"], "quantity": value}]
    return {"order": {"shippingAddressId": usable_address(run), "cart": cart}, "place": False}


def _long_cart(run: Run, value: int) -> Arguments:
    numbers = sellable(run)
    cart = [{"productNumber": numbers[place % len(numbers)], "quantity": 1} for place in range(value)]
    return {"order": {"shippingAddressId": usable_address(run), "cart": cart}, "place": False}


DECLARATIONS: tuple[Declaration, ...] = (
    *(
        _line_limit(field, line)
        for field, line in (("company", 625), ("department", 626), ("street", 629), ("city", 631))
    ),
    _phone_limit("phone-longest", 20, 21),
    _phone_limit("phone-shortest", 5, 4),
    _free_text("firstname", 627, "F" * 80),
    _free_text("lastname", 628, "L" * 80),
    _free_text("zip", 630, "SW1A 1AA 12345"),
    _free_text("email", 634, f"{'long.' * 12}name@warehouse.example.com"),
    Limit(
        "orderCreate.commission",
        "orderCreate",
        _reference,
        "R" + "0123456789" * 40,
        echo=_commission,
        source=_ORDERS,
        changes_state=True,
    ),
    Limit(
        "orderCreate.additional_information",
        "orderCreate",
        _remark,
        "Bitte klingeln. " * 100,
        echo=_echoed("additional_information"),
        source=_ORDERS,
        changes_state=True,
    ),
    Limit(
        "orderCreate.quantity",
        "orderCreate",
        _quantity,
        999_999,
        1_000_000,
        "ORDER_QUANTITY_TOO_LARGE",
        _echoed("cart[].quantity"),
        _ORDERS,
        changes_state=True,
    ),
    Limit(
        "orderCreate.cart",
        "orderCreate",
        _long_cart,
        60,
        echo=lambda _examination, answer: (answer, "cart[]", len(answer.every("cart[]"))),
        source=_ORDERS,
        changes_state=True,
    ),
)
