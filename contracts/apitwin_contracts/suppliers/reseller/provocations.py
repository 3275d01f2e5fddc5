"""How to provoke each code of the platform's catalogue."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from apitwin_contracts.contract import Arguments, Provocation
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.run import Run
from apitwin_fixtures import Request

from .auth import authorized, granted_to, token_request
from .entities import basket, is_sellable, line, order_arguments, product_where, required, sellable
from .operations import OPERATIONS, cancellable, new_order
from .reading import guarded

__all__ = ["PROVOCATIONS", "UNPROVOKED"]

_FAULT = "it comes from inside the platform; the mock plays it as a fault on order"
UNPROVOKED = {
    "UNAVAILABLE": _FAULT,
    "INTERNAL_ERROR": _FAULT,
    "RATE_LIMITED": "no rate is documented, and the mock limits none until its session's setting says so",
    "API_DISABLED": "the platform's owner switches the integration off; on the mock the switch `integration` does",
    "TOKEN_WITHOUT_BEARER": "both forms of the header are accepted; the mock's switch `authorization` makes it strict",
    "TOKEN_WITH_BEARER": "both forms of the header are accepted; the mock's switch `authorization` makes it strict",
}
_NOWHERE = 999_999_999
_PROCESSED, _SETTLED = timedelta(seconds=31), timedelta(minutes=10)
_TOKEN = "generate_token"  # noqa: S105 - an operation, not a secret
_BODIES = ("list_products", "list_orders", "create_order", "cancel_order")
_WITH_PATH = {"get_product": "productID", "get_order_detail": "orderDetailID"}
_DELIVERED = 1

Make = Callable[[Run], Any]


class _Named(Provocation):
    """A provocation beside others of the same code; the test's id tells them apart."""

    def __init__(self, code: str, operation: str, variant: str, **how: Any) -> None:
        made: dict[str, Any] = {name: guarded(value) if callable(value) else value for name, value in how.items()}
        super().__init__(code, operation, **made)
        object.__setattr__(self, "_variant", variant)

    @property
    def name(self) -> str:
        variant: str = self._variant  # type: ignore[attr-defined] # set above, the base is frozen
        return f"{self.code}-{self.operation}" + (f"-{variant}" if variant else "")


def _asked(code: str, operation: str, arguments: Callable[[Run], Arguments], variant: str = "") -> Provocation:
    writes = operation in ("create_order", "cancel_order")
    return _Named(code, operation, variant, arguments=arguments, changes_state=writes)


def _sent(code: str, operation: str, request: Callable[[Run], Request], variant: str = "") -> Provocation:
    return _Named(code, operation, variant, request=request, signed=False)


def _plain(operation: str) -> Callable[[Run], Request]:
    """Make an operation's request with arguments that name nothing there is, because it is to be refused before they are read."""
    known = {name: 1 for name in (_WITH_PATH.get(operation),) if name}
    return lambda run: run.client.request(operation, known)


def _signed(operation: str, **changes: Any) -> Callable[[Run], Request]:
    return lambda run: run.client.signed(replace(_plain(operation)(run), **changes))


def _json(body: bytes) -> Mapping[str, Any]:
    return {"headers": (("content-type", "application/json"),), "body": body}


def _wire() -> tuple[Provocation, ...]:
    text = {"headers": (("content-type", "text/plain"),), "body": b"{}"}
    named = [operation.name for operation in OPERATIONS]
    return (
        _sent("NOT_FOUND", "list_categories", lambda _run: Request("GET", "/Nowhere")),
        *(_sent("METHOD_NOT_ALLOWED", name, _signed(name, method="DELETE")) for name in named),
        *(_sent("TOKEN_MISSING", name, _plain(name)) for name in named),
        *(_sent("TOKEN_INVALID", name, _with_token(name, "Bearer nobody")) for name in named),
        _sent("TOKEN_EXPIRED", "account_details", _expired),
        *(_sent("MEDIA_TYPE", name, _signed(name, **text)) for name in _BODIES),
        *(_sent("BODY_MALFORMED", name, _signed(name, **_json(b"{")), "broken") for name in _BODIES),
        *(_sent("BODY_MALFORMED", name, _signed(name, **_json(b"[]")), "list") for name in _BODIES),
        _sent("MEDIA_TYPE", _TOKEN, _token(headers=(("content-type", "text/plain"),))),
        _sent("BODY_MALFORMED", _TOKEN, _token(body=b"{")),
        _sent("VALIDATION_FAILED", _TOKEN, lambda run: token_request(run.credentials, Email=None), "Email"),
        _sent("VALIDATION_FAILED", _TOKEN, lambda run: token_request(run.credentials, Password=None), "Password"),
        _sent("CREDENTIALS_INVALID", _TOKEN, lambda run: token_request(run.credentials, Password="wrong"), "Password"),  # noqa: S106 - a wrong one
        _sent(
            "CREDENTIALS_INVALID", _TOKEN, lambda run: token_request(run.credentials, Email="no@example.com"), "Email"
        ),
        _sent("ACCOUNT_WITHOUT_API", _TOKEN, lambda run: token_request(run.customer("unflagged").credentials)),
    )


def _with_token(operation: str, value: str) -> Callable[[Run], Request]:
    return lambda run: authorized(_plain(operation)(run), value)


def _token(**changes: Any) -> Callable[[Run], Request]:
    return lambda run: replace(token_request(run.credentials), **changes)


def _expired(run: Run) -> Request:
    _, token = granted_to(run.client)
    run.advance(timedelta(hours=24, seconds=1))
    return authorized(_plain("account_details")(run), f"Bearer {token}")


def _forms() -> tuple[Provocation, ...]:
    lists = ("list_products", "list_orders")
    wrong: tuple[tuple[str, Any], ...] = (("page", 0), ("page", "x"), ("pageSize", 0), ("pageSize", 1001))
    numbers = ("productCategoryID", "productID", "typeID")
    return (
        *(
            _asked("VALIDATION_FAILED", operation, _fixed({name: value}), f"{name}-{value}")
            for operation in lists
            for name, value in wrong
        ),
        *(_asked("VALIDATION_FAILED", "list_products", _fixed({name: -1}), name) for name in numbers),
        _asked("VALIDATION_FAILED", "list_products", _fixed({"detailed": "perhaps"}), "detailed"),
        _asked("VALIDATION_FAILED", "list_products", _fixed({"body": {"pageSize": "20"}}), "body"),
        _asked("VALIDATION_FAILED", "get_product", _fixed({"productID": "x"})),
        _asked("VALIDATION_FAILED", "get_order", _fixed({})),
        _asked("VALIDATION_FAILED", "get_order_detail", _fixed({"orderDetailID": 0})),
        _asked("VALIDATION_FAILED", "create_order", _fixed({"body": {}}), "basketData"),
        _asked("VALIDATION_FAILED", "create_order", _fixed({"body": {"basketData": []}}), "no-line"),
        _ordered("VALIDATION_FAILED", lambda run: [_line(run, Quantity=0)], "Quantity"),
        _ordered("VALIDATION_FAILED", lambda run: [_line(run, Quantity=1.5)], "fraction"),
        _ordered("VALIDATION_FAILED", lambda run: [_line(run, Quantity="1")], "text"),
        _ordered("VALIDATION_FAILED", lambda run: [_line(run, DeliverID="")], "DeliverID"),
        _ordered("VALIDATION_FAILED", lambda run: [_line(run)] * 2, "DeliverID-twice"),
        _ordered("VALIDATION_FAILED", lambda run: [_line(run)], "NotifyURL", NotifyURL="ftp://example.com"),
        _asked("VALIDATION_FAILED", "create_order", lambda run: {**new_order(run), "h-region-code": "tr"}, "region"),
        _asked("VALIDATION_FAILED", "cancel_order", _fixed({"body": {}}), "nothing"),
        _asked("VALIDATION_FAILED", "cancel_order", lambda run: _cancel(run, Quantity=0), "Quantity"),
        _asked("VALIDATION_FAILED", "cancel_order", lambda run: _cancel(run, OrderID=1), "both"),
        _asked("VALIDATION_FAILED", "cancel_order", _fixed({"body": {"OrderID": 1, "Quantity": 1}}), "order-Quantity"),
    )


def _fixed(arguments: Arguments) -> Callable[[Run], Arguments]:
    return lambda _run: dict(arguments)


def _line(run: Run, **changes: Any) -> dict[str, Any]:
    return line(run, sellable(run)[0], **changes) if "Quantity" not in changes else _counted(run, **changes)


def _counted(run: Run, **changes: Any) -> dict[str, Any]:
    return {**line(run, sellable(run)[0]), **changes}


def _ordered(code: str, lines: Callable[[Run], list[Any]], variant: str = "", **more: Any) -> Provocation:
    return _asked(code, "create_order", lambda run: order_arguments(*lines(run), **more), variant)


def _cancel(run: Run, **more: Any) -> Arguments:
    return {"body": {"OrderDetailID": cancellable(run)["OrderDetailID"], **more}}


def _unknown() -> tuple[Provocation, ...]:
    return (
        _asked("PRODUCT_NOT_FOUND", "get_product", _fixed({"productID": _NOWHERE})),
        _asked("ORDER_NOT_FOUND", "get_order", _fixed({"orderID": _NOWHERE})),
        _asked("ORDER_NOT_FOUND", "cancel_order", _fixed({"body": {"OrderID": _NOWHERE}})),
        _asked("LINE_NOT_FOUND", "get_order_detail", _fixed({"orderDetailID": _NOWHERE})),
        _asked("LINE_NOT_FOUND", "cancel_order", _fixed({"body": {"OrderDetailID": _NOWHERE}})),
        _foreign("ORDER_NOT_FOUND", "get_order", lambda order, _line: {"orderID": order}),
        _foreign("ORDER_NOT_FOUND", "cancel_order", lambda order, _line: {"body": {"OrderID": order}}),
        _foreign("LINE_NOT_FOUND", "get_order_detail", lambda _order, line: {"orderDetailID": line}),
        _foreign("LINE_NOT_FOUND", "cancel_order", lambda _order, line: {"body": {"OrderDetailID": line}}),
    )


def _foreign(code: str, operation: str, arguments: Callable[[int, int], Arguments]) -> Provocation:
    """Ask for an order of the default account as another account."""

    def request(run: Run) -> Request:
        other = run.customer("second")
        made = run.client.must("create_order", new_order(run))
        asked = arguments(made.at("data.OrderID"), made.at("data.details[].OrderDetailID"))
        return other.signed(other.request(operation, asked))

    return _Named(code, operation, "foreign", request=request, signed=False, changes_state=True)


def _baskets() -> tuple[Provocation, ...]:
    return (
        _ordered("PRODUCT_ID_MISSING", lambda run: [_line(run, CustomerStoreProductID=None)]),
        *(_ordered("PRODUCT_ID_MALFORMED", _numbered(wrong), str(wrong)) for wrong in (0, -1, "abc", 1.5)),
        _ordered("PRODUCT_UNMATCHED", lambda run: [_line(run, CustomerStoreProductID=_NOWHERE)]),
        _ordered("PRODUCT_UNMATCHED", lambda run: [_line(run), _line(run, CustomerStoreProductID=_NOWHERE)], "second"),
        _ordered("REGION_EXCLUDED", lambda run: [_of(run, _is_foreign, "is kept from a region")]),
        _ordered("STEP_MISSING", lambda run: [_of(run, lambda one: one["purchaseRequire"], "asks for a step")]),
        *(
            _ordered("REQUIRE_DATA", lambda run, spoil=spoil: [_spoilt(run, spoil)], spoil)  # type: ignore[misc] # bound at once
            for spoil in ("missing", "short", "long", "unknown", "renamed")
        ),
        _ordered("PRODUCT_INACTIVE", lambda run: [_of(run, lambda one: one["status"] == 0, "is off sale")]),
        _ordered("QUANTITY_LIMIT", lambda run: [_too_many(run)]),
        _ordered("OUT_OF_STOCK", lambda run: [_of(run, lambda one: one["totalStock"] == 0, "is sold out")], "none"),
        _ordered("OUT_OF_STOCK", lambda run: [_scarce(run)], "more"),
        _ordered("BILLING_ADDRESS", lambda run: [_line(run)], BillingAddressID=_NOWHERE),
        _Named("BALANCE_INSUFFICIENT", "create_order", "", request=_unpaid, signed=False, changes_state=True),
        *(
            _asked("DELIVER_ID_REUSED", "create_order", lambda run, change=change: _reused(run, change), name)  # type: ignore[misc] # bound at once
            for name, change in _CHANGES.items()
        ),
    )


def _numbered(number: object) -> Callable[[Run], list[Any]]:
    return lambda run: [_line(run, CustomerStoreProductID=number)]


def _is_foreign(product: Mapping[str, Any]) -> bool:
    return product["regionList"] is not None and "TR" not in product["regionList"]


def _of(run: Run, fits: Callable[[Mapping[str, Any]], Any], what: str, quantity: int = 1) -> dict[str, Any]:
    def alone(product: Mapping[str, Any]) -> bool:
        changed = {**product, "status": 1} if what == "is off sale" else product
        plain = what in ("is kept from a region", "asks for a step") or is_sellable(changed)
        return bool(fits(product)) and plain and (product["saleMaxCount"] or quantity) >= quantity

    return line(run, product_where(run, alone, what), quantity)


def _too_many(run: Run) -> dict[str, Any]:
    product = product_where(run, lambda one: is_sellable(one) and one["saleMaxCount"], "is sold in bounds")
    return line(run, product, product["saleMaxCount"] + 1)


def _scarce(run: Run) -> dict[str, Any]:
    def fits(product: Mapping[str, Any]) -> bool:
        return is_sellable(product) and 0 < product["totalStock"] < (product["saleMaxCount"] or 1000)

    product = product_where(run, fits, "is scarce")
    now = run.client.must("get_product", {"productID": product["productID"]}).at("data.totalStock")
    return line(run, product, now + 1)


def _spoilt(run: Run, spoil: str) -> dict[str, Any]:
    def fits(product: Mapping[str, Any]) -> bool:
        bounded = [one for one in product["productRequire"] if (one["min_length"] or 1) > 1 and one["max_length"]]
        return is_sellable(product) and bool(bounded) and len(product["productRequire"]) == 1

    product = product_where(run, fits, "asks for one thing with bounds")
    sent, asked = required(product)[0], product["productRequire"][0]
    spoilt = {
        "missing": [],
        "short": [{**sent, "Value": "x" * (asked["min_length"] - 1)}],
        "long": [{**sent, "Value": "x" * (asked["max_length"] + 1)}],
        "unknown": [sent, {**sent, "ProductRequireID": _NOWHERE}],
        "renamed": [{**sent, "Identifier": "nothing"}],
    }
    return line(run, product, RequireData=spoilt[spoil])


def _unpaid(run: Run) -> Request:
    poor = run.customer("poor")
    account = poor.must("account_details")
    available = account.at("data.balance") + account.at("data.creditLimit")
    product = sellable(run)[0]
    quantity = int(available // product["salePrice"]) + 1
    if quantity > min(product["totalStock"], product["saleMaxCount"] or quantity):
        raise NothingToExamine("no product is there often enough to cost more than the account has")
    return poor.signed(poor.request("create_order", order_arguments(line(run, product, quantity))))


def _more(run: Run, lines: list[Any]) -> Arguments:
    return order_arguments(*lines, line(run, sellable(run)[-1]))


_CHANGES: Mapping[str, Callable[[Run, list[Any]], Arguments]] = {
    "quantity": lambda _run, lines: order_arguments({**lines[0], "Quantity": lines[0]["Quantity"] + 1}),
    "product": lambda run, lines: order_arguments(
        line(run, sellable(run)[-1], lines[0]["Quantity"] + 1, DeliverID=lines[0]["DeliverID"])
    ),
    "line": _more,
    "notify": lambda _run, lines: order_arguments(*lines, NotifyURL="http://127.0.0.1:9/other"),
}


def _reused(run: Run, change: Callable[[Run, list[Any]], Arguments]) -> Arguments:
    asked = new_order(run)
    run.client.must("create_order", asked)
    return change(run, basket(asked))


def _delivered_line(run: Run) -> tuple[int, int]:
    """Give order and line of something that was delivered; raises `NothingToExamine` where time cannot be moved."""

    def deliver() -> tuple[int, int]:
        for product in sellable(run):
            made = run.client.must("create_order", order_arguments(line(run, product)))
            number = made.at("data.details[].OrderDetailID")
            run.advance(_SETTLED)
            if run.client.must("get_order_detail", {"orderDetailID": number}).at("data.Status") == _DELIVERED:
                return made.at("data.OrderID"), number
        raise NothingToExamine("nothing that was ordered is delivered")

    return run.remember("delivered line", deliver)


def _processed(run: Run) -> tuple[int, int]:
    made = run.client.must("create_order", new_order(run))
    run.advance(_PROCESSED)
    return made.at("data.OrderID"), made.at("data.details[].OrderDetailID")


def _half_cancelled(run: Run) -> int:
    _, known = _delivered_line(run)
    goods = run.client.must("get_order_detail", {"orderDetailID": known}).at("data.CustomerStoreProductID")
    product = product_where(run, lambda one: one["customerStoreProductID"] == goods, "was delivered")
    made = run.client.must("create_order", order_arguments(line(run, product), line(run, product)))
    run.client.must("cancel_order", {"body": {"OrderDetailID": made.at("data.details[].OrderDetailID")}})
    run.advance(_SETTLED)
    return int(made.at("data.OrderID"))


def _cancelled(run: Run) -> tuple[int, int]:
    made = run.client.must("create_order", new_order(run))
    number = made.at("data.details[].OrderDetailID")
    run.client.must("cancel_order", {"body": {"OrderDetailID": number}})
    return made.at("data.OrderID"), number


def _cancellations() -> tuple[Provocation, ...]:
    def of_line(code: str, find: Make, variant: str = "") -> Provocation:
        return _asked(code, "cancel_order", lambda run: {"body": {"OrderDetailID": find(run)[1]}}, variant)

    def of_order(code: str, find: Make, variant: str = "") -> Provocation:
        return _asked(code, "cancel_order", lambda run: {"body": {"OrderID": find(run)}}, variant)

    return (
        of_line("LINE_DELIVERED", _delivered_line),
        of_line("LINE_CANCELLED", _cancelled),
        of_line("LINE_PROCESSING", _processed),
        of_order("LINE_PROCESSING", lambda run: _processed(run)[0], "order"),
        of_order("ORDER_DELIVERED", lambda run: _delivered_line(run)[0]),
        of_order("ORDER_CANCELLED", lambda run: _cancelled(run)[0]),
        of_order("NOTHING_TO_DELIVER", _half_cancelled),
        _asked("CANCEL_QUANTITY", "cancel_order", lambda run: _cancel(run, Quantity=2)),
    )


PROVOCATIONS: tuple[Provocation, ...] = (*_wire(), *_forms(), *_unknown(), *_baskets(), *_cancellations())
