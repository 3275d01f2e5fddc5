"""Orders: what they take, what they cost, what is said of them, what time brings, and that a repetition orders nothing."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Declaration
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.laws.agreement import Equation, Equations
from apitwin_contracts.laws.limits import Limit
from apitwin_contracts.laws.state import Counted, NoEffect, Reading
from apitwin_contracts.run import Run
from apitwin_fixtures import Source

from .entities import (
    ALL,
    basket,
    decimal,
    is_sellable,
    line,
    order_arguments,
    orders,
    product_where,
    products,
    required,
    sellable,
)
from .operations import CLIENTS, PAGES, new_order

__all__ = ["DECLARATIONS"]

_ORDERS = Source("assumed", "SOURCE.md#orders")
_LIFE = Source("assumed", "SOURCE.md#life")
_TWICE = Source("documented", "001:45, SOURCE.md#idempotency")
_DELIVERED, _CANCELLED, _PROCESSING = 1, 0, 2
_SHORTLY, _PROCESSED, _SETTLED = timedelta(seconds=29), timedelta(seconds=31), timedelta(minutes=10)
_E_PIN = 1
_MINUTE = 60
_AFFORDABLE = 60
_NOWHERE = 999_999_999
_ACCOUNT = Reading("account_details", "data")
_LIST = Reading("list_orders", "data[]", {"pageSize": 30})
_STOCK = Reading("list_products", "data[].totalStock", {"pageSize": 1000})


def _by_number(run: Run) -> dict[int, Any]:
    return {product["customerStoreProductID"]: product for product in products(run)}


def _echoed(examination: Examination, answer: Answer) -> Iterator[Equation]:
    """The answer and what is read afterwards repeat what was ordered, at the prices that are shown."""
    asked, known = basket(answer.arguments), _by_number(examination.run)
    made, read = answer.every("data.details[]"), _read(examination, answer)
    yield "data.details[]", len(asked), len(made)
    yield "data.OrderID", answer.at("data.OrderID"), read.at("data.OrderID")
    yield "data.details[]", len(asked), len(read.every("data.details[]"))
    for wanted, shown, later in zip(asked, made, read.every("data.details[]"), strict=False):
        product = known[wanted["CustomerStoreProductID"]]
        yield from _line_as_ordered(wanted, shown, later, product)
    total = sum((decimal(one["Price"]) * one["Quantity"] for one in made), Decimal(0))
    yield "data.TotalPrice", total, decimal(read.at("data.TotalPrice"))
    age = examination.run.target.clock.now() - datetime.fromisoformat(read.at("data.OrderDate"))
    yield "data.OrderDate", True, abs(age.total_seconds()) < _MINUTE
    newest = examination.must("list_orders", {"pageSize": 1})
    yield "data.OrderID", answer.at("data.OrderID"), newest.at("data[].OrderID")


def _line_as_ordered(wanted: Any, shown: Any, later: Any, product: Any) -> Iterator[Equation]:
    yield "data.details[].DeliverID", wanted["DeliverID"], shown["DeliverID"]
    yield "data.details[].Quantity", wanted["Quantity"], shown["Quantity"]
    yield "data.details[].Price", decimal(product["salePrice"]), decimal(shown["Price"])
    for name in ("OrderDetailID", "DeliverID", "Quantity", "Price"):
        yield f"data.details[].{name}", shown[name], later[name]
    yield "data.details[].CustomerStoreProductID", wanted["CustomerStoreProductID"], later["CustomerStoreProductID"]
    yield "data.details[].ProductName", product["productName"], later["ProductName"]
    fresh: dict[str, Any] = {"CancelledQuantity": 0, "Status": None, "DeliveryData": [], "DeliveryNote": None}
    for name, expected in fresh.items():
        yield f"data.details[].{name}", expected, later[name]


def _read(examination: Examination, answer: Answer) -> Answer:
    return examination.must("get_order", {"orderID": answer.at("data.OrderID")})


def _balance(examination: Examination) -> Decimal:
    return decimal(examination.must("account_details").at("data.balance"))


def _billed(run: Run) -> SearchStrategy[Arguments]:
    return st.sampled_from([1234, None]).map(
        lambda address: order_arguments(line(run, sellable(run)[0]), BillingAddressID=address)
    )


def _address_kept(examination: Examination, answer: Answer) -> Iterator[Equation]:
    wanted = answer.arguments["body"]["BillingAddressID"]
    yield "data.BillingAddressID", wanted, _read(examination, answer).at("data.BillingAddressID")


def _stock_of(examination: Examination, arguments: Arguments) -> tuple[Answer, Mapping[str, int]]:
    known = _by_number(examination.run)
    numbers = [wanted["CustomerStoreProductID"] for wanted in basket(arguments)]
    asked = [examination.must("get_product", {"productID": known[number]["productID"]}) for number in numbers]
    counted = zip(numbers, asked, strict=True)
    return asked[-1], {str(number): answer.at("data.totalStock") for number, answer in counted}


def _taken(arguments: Arguments, _answer: Answer, _before: Mapping[str, int]) -> Mapping[str, int]:
    return {str(wanted["CustomerStoreProductID"]): -wanted["Quantity"] for wanted in basket(arguments)}


def _cents_of(examination: Examination, _arguments: Arguments) -> tuple[Answer, Mapping[str, int]]:
    answer = examination.must("account_details")
    return answer, {name: int(decimal(answer.at(f"data.{name}")) * 100) for name in ("balance", "creditLimit")}


def _paid(_arguments: Arguments, answer: Answer, _before: Mapping[str, int]) -> Mapping[str, int]:
    cost = sum((decimal(one["Price"]) * one["Quantity"] for one in answer.every("data.details[]")), Decimal(0))
    return {"balance": -int(cost * 100), "creditLimit": 0}


def _repeated(examination: Examination, answer: Answer) -> Iterator[Equation]:
    """The same request again, also later, is the same order, and is paid once."""
    before = _balance(examination)
    for _ in range(2):
        again = examination.client.ask("create_order", dict(answer.arguments))
        yield "data", answer.payload["data"], again.payload.get("data") if again.ok else again.outcome
    yield "data.OrderID", before, _balance(examination)
    newest = examination.must("list_orders", {"pageSize": 2}).every("data[].OrderID")
    yield "data.OrderID", 1, newest.count(answer.at("data.OrderID"))
    yield "data.OrderID", answer.at("data.OrderID"), newest[0]


def _anonymous(run: Run) -> SearchStrategy[Arguments]:
    return st.integers(1, 2).map(lambda number: order_arguments(line(run, sellable(run)[0], number, DeliverID=None)))


def _twice(examination: Examination, answer: Answer) -> Iterator[Equation]:
    """Without an identifier each request is an order of its own."""
    before = _balance(examination)
    again = examination.must("create_order", dict(answer.arguments))
    yield "data.OrderID", True, again.at("data.OrderID") != answer.at("data.OrderID")
    cost = sum((decimal(one["Price"]) * one["Quantity"] for one in again.every("data.details[]")), Decimal(0))
    yield "data.details[].Price", before - cost, _balance(examination)


def _regional(run: Run) -> SearchStrategy[Arguments]:
    def fits(product: Any) -> bool:
        regions = product["regionList"]
        elsewhere = regions is not None and "TR" not in regions and product["totalStock"] > 1
        return elsewhere and is_sellable({**product, "regionList": None}) and product["salePrice"] <= _AFFORDABLE

    product = product_where(run, fits, "is sold in other regions alone")
    return st.sampled_from(product["regionList"]).map(
        lambda region: {**order_arguments(line(run, product)), "h-region-code": region}
    )


def _accepted(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    yield "data.details[]", 1, len(answer.every("data.details[]"))


def _need_clock(examination: Examination) -> None:
    if examination.run.read_only or not examination.run.target.clock.movable:
        raise NothingToExamine("the target's clock cannot be moved")


def _begun(examination: Examination, answer: Answer) -> Iterator[Equation]:
    _need_clock(examination)
    examination.run.advance(_SHORTLY)
    yield "data.details[].Status", {None}, set(_read(examination, answer).every("data.details[].Status"))
    examination.run.advance(_PROCESSED - _SHORTLY)
    read = _read(examination, answer)
    yield "data.details[].Status", {_PROCESSING}, set(read.every("data.details[].Status"))
    for shown in read.every("data.details[]"):
        yield "data.details[].UpdatedAt", True, shown["UpdatedAt"] > read.at("data.OrderDate")


def _settled(examination: Examination, answer: Answer) -> Iterator[Equation]:
    """In the end each line is delivered, with a code for each piece or a note, or cancelled and paid back."""
    _need_clock(examination)
    before = _worth(examination)
    examination.run.advance(_SETTLED)
    read, known = _read(examination, answer), _by_number(examination.run)
    for shown in read.every("data.details[]"):
        yield "data.details[].Status", True, shown["Status"] in (_DELIVERED, _CANCELLED)
        yield from _outcome(shown, known[shown["CustomerStoreProductID"]])
    codes = read.every("data.details[].DeliveryData[]")
    yield "data.details[].DeliveryData", len(codes), len(set(codes))
    yield "data.balance", before, _worth(examination)
    yield "data.TotalPrice", _left(read), decimal(read.at("data.TotalPrice"))


def _worth(examination: Examination) -> Decimal:
    """Add up what is left and what the orders cost: a refund, of an earlier order too, only moves it from here to there."""
    orders = examination.must("list_orders", {"pageSize": ALL})
    return _balance(examination) + sum(map(decimal, orders.every("data[].TotalPrice")), Decimal(0))


def _outcome(shown: Any, product: Any) -> Iterator[Equation]:
    delivered, coded = shown["Status"] == _DELIVERED, product["productTypeID"] == _E_PIN
    left = shown["Quantity"] - shown["CancelledQuantity"]
    yield "data.details[].CancelledQuantity", 0 if delivered else shown["Quantity"], shown["CancelledQuantity"]
    yield "data.details[].DeliveryData", left if delivered and coded else 0, len(shown["DeliveryData"])
    yield "data.details[].DeliveryNote", delivered and not coded, shown["DeliveryNote"] is not None


def _left(read: Answer) -> Decimal:
    lines = read.every("data.details[]")
    return sum((decimal(one["Price"]) * (one["Quantity"] - one["CancelledQuantity"]) for one in lines), Decimal(0))


def _broad(run: Run) -> SearchStrategy[Arguments]:
    """Order one each of many goods: which of them never arrive, nobody can see."""
    found = [product for product in products(run) if is_sellable(product) and product["totalStock"] > 1]
    some = [product for product in found if product["salePrice"] <= _AFFORDABLE][:6]
    cost = sum(decimal(product["salePrice"]) for product in some)
    if not some or decimal(run.client.must("account_details").at("data.balance")) < cost * 2:
        raise NothingToExamine("the account's balance is too small for orders")
    return st.just(some).map(lambda goods: order_arguments(*(line(run, product) for product in goods)))


def _identity(examination: Examination, answer: Answer) -> Iterator[Equation]:
    yield "data.email", examination.client.credentials["email"].casefold(), str(answer.at("data.email")).casefold()
    again = examination.must("account_details")
    yield "data", answer.payload["data"], again.payload["data"]


def _other_account(examination: Examination, answer: Answer) -> Iterator[Equation]:
    other = examination.run.customer("second").must("account_details")
    yield "data.customerID", True, other.at("data.customerID") != answer.at("data.customerID")
    ours = set(examination.must("list_orders", {"pageSize": 100}).every("data[].OrderID"))
    theirs = examination.run.customer("second").must("list_orders", {"pageSize": 100}).every("data[].OrderID")
    yield "data.customerID", set(), ours.intersection(theirs)


def _rejected(examination: Examination, answer: Answer) -> Iterator[Equation]:
    """A rejection lists the lines that cannot be ordered, each with its code, and no other."""
    run = examination.run
    good = line(run, sellable(run)[0])
    wrong = [line(run, sellable(run)[0], CustomerStoreProductID=number) for number in (_NOWHERE, -1)]
    refused = examination.client.ask("create_order", order_arguments(wrong[0], good, wrong[1]))
    listed = {one["DeliverID"]: one["ErrorCode"] for one in refused.every("data.items[]")}
    expected = {wrong[0]["DeliverID"]: -7, wrong[1]["DeliverID"]: -8}
    if refused.outcome != "PRODUCT_ID_MALFORMED":
        raise examination.broken([refused], "", "PRODUCT_ID_MALFORMED before PRODUCT_UNMATCHED", refused.outcome)
    if listed != expected:
        raise examination.broken([refused], "data.items[]", expected, listed, source=PAGES["create"])
    yield "data", answer.payload["data"], examination.must("account_details").payload["data"]


def _one(arguments: Arguments) -> Any:
    return lambda _run: st.just(arguments)


def _order_equations(name: str, asked: Any, equations: Any, source: Source, share: float = 0.2) -> Equations:
    return Equations(
        f"create_order.{name}", "create_order", asked, equations, source=source, share=share, changes_state=True
    )


_EQUATIONS = (
    _order_equations("echo", orders, _echoed, PAGES["create"], 0.4),
    _order_equations("address", _billed, _address_kept, PAGES["create"], 0.08),
    _order_equations("repeated", orders, _repeated, _TWICE),
    _order_equations("anonymous", _anonymous, _twice, _TWICE, 0.08),
    _order_equations("region", _regional, _accepted, PAGES["create"], 0.08),
    _order_equations("begun", orders, _begun, _LIFE, 0.12),
    _order_equations("settled", lambda run: orders(run, 2), _settled, _LIFE, 0.16),
    _order_equations("broad", _broad, _settled, _LIFE, 0.04),
    Equations("account_details.identity", "account_details", _one({}), _identity, share=0.04, source=CLIENTS),
    Equations(
        "account_details.others",
        "account_details",
        _one({}),
        _other_account,
        share=0.04,
        source=_ORDERS,
        changes_state=True,
    ),
    Equations(
        "account_details.rejected",
        "account_details",
        _one({}),
        _rejected,
        share=0.04,
        source=_ORDERS,
        changes_state=True,
    ),
)
_COUNTS = (
    Counted("create_order.stock", "create_order", orders, _stock_of, _taken, "data.totalStock", source=_ORDERS),
    Counted("create_order.balance", "create_order", orders, _cents_of, _paid, "data.balance", source=_ORDERS),
)


def _half_wrong(run: Run) -> SearchStrategy[Arguments]:
    wrong = st.just(_NOWHERE).map(lambda number: line(run, sellable(run)[0], CustomerStoreProductID=number))
    return wrong.map(lambda bad: order_arguments(line(run, sellable(run)[0]), bad))


def _other_payload(run: Run) -> SearchStrategy[Arguments]:
    asked = new_order(run)
    run.client.must("create_order", asked)
    first = basket(asked)[0]
    return st.integers(2, 3).map(lambda number: order_arguments({**first, "Quantity": number}))


def _same_again(run: Run) -> SearchStrategy[Arguments]:
    asked = new_order(run)
    run.client.must("create_order", asked)
    return st.just(asked)


_NOTHING = (
    NoEffect(
        "create_order.rejected",
        "create_order",
        _half_wrong,
        (_ACCOUNT, _LIST, _STOCK),
        "PRODUCT_UNMATCHED",
        source=PAGES["create"],
    ),
    NoEffect(
        "create_order.reused",
        "create_order",
        _other_payload,
        (_ACCOUNT, _LIST, _STOCK),
        "DELIVER_ID_REUSED",
        source=_TWICE,
    ),
    NoEffect("create_order.again", "create_order", _same_again, (_ACCOUNT, _LIST, _STOCK), source=_TWICE),
)


def _bounded(run: Run) -> Any:
    def fits(product: Any) -> bool:
        most = product["saleMaxCount"] or 0
        return is_sellable(product) and 1 < most <= product["totalStock"] and most * product["salePrice"] < 2500  # noqa: PLR2004 - a quarter of the balance

    return product_where(run, fits, "is sold in bounds")


def _with_quantity(run: Run, more: int) -> Arguments:
    product = _bounded(run)
    return order_arguments(line(run, product, product["saleMaxCount"] + more))


def _with_value(run: Run, value: str) -> Arguments:
    def fits(product: Any) -> bool:
        asked = product["productRequire"]
        return is_sellable(product) and product["totalStock"] > 1 and len(asked) == 1 and asked[0]["max_length"] == 16  # noqa: PLR2004 - userid's

    product = product_where(run, fits, "asks for a player ID")
    return order_arguments(line(run, product, RequireData=[{**required(product)[0], "Value": value}]))


def _long_id(run: Run, length: int) -> Arguments:
    first = line(run, sellable(run)[0])
    return order_arguments({**first, "DeliverID": first["DeliverID"].ljust(length, "x")})


def _limit(name: str, asked: Any, largest: Any, beyond: Any, refused: str, echo: Any = None) -> Limit:
    return Limit(f"create_order.{name}", "create_order", asked, largest, beyond, refused, echo, PAGES["create"], True)


_LIMITS = (
    _limit(
        "DeliverID",
        _long_id,
        64,
        65,
        "VALIDATION_FAILED",
        lambda _examination, answer: (answer, "data.details[].DeliverID", len(answer.at("data.details[].DeliverID"))),
    ),
    _limit("Quantity", _with_quantity, 0, 1, "QUANTITY_LIMIT"),
    _limit("Value-longest", _with_value, "1" * 16, "1" * 17, "REQUIRE_DATA"),
    _limit("Value-shortest", _with_value, "1" * 4, "1" * 3, "REQUIRE_DATA"),
    _limit(
        "NotifyURL",
        lambda run, length: order_arguments(
            line(run, sellable(run)[0]), NotifyURL="http://127.0.0.1:9/".ljust(length, "x")
        ),
        2000,
        2001,
        "VALIDATION_FAILED",
    ),
    _limit(
        "basketData",
        lambda run, number: order_arguments(*(line(run, sellable(run)[0]) for _ in range(number))),
        100,
        101,
        "VALIDATION_FAILED",
        lambda _examination, answer: (answer, "data.details[]", len(answer.every("data.details[]"))),
    ),
    Limit(
        "list_products.search",
        "list_products",
        lambda _run, value: {"search": value},
        "x" * 200,
        "x" * 201,
        "VALIDATION_FAILED",
        source=CLIENTS,
    ),
)

DECLARATIONS: tuple[Declaration, ...] = (*_EQUATIONS, *_COUNTS, *_NOTHING, *_LIMITS)
