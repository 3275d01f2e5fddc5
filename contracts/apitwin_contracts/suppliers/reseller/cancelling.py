"""Cancelling: a part, a line or a whole order, before it is processed; and the life of orders as a state machine."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Declaration
from apitwin_contracts.laws.agreement import Equation, Equations
from apitwin_contracts.machines.order_life import (
    Again,
    Allowed,
    Cancelling,
    Key,
    Line,
    OrderLife,
    Refused,
    Shown,
    State,
)
from apitwin_contracts.run import Run
from apitwin_contracts.surfaces.surface import OK
from apitwin_fixtures import Source

from .entities import basket, decimal, line, order_arguments, orders, products, sellable

__all__ = ["DECLARATIONS"]

_CANCEL = Source("assumed", "SOURCE.md#cancel")
_LIFE = Source("assumed", "SOURCE.md#life")
_STATES: Mapping[Any, State] = {None: "open", 3: "open", 2: "processing", 1: "delivered", 0: "cancelled"}
_PIECES = 3


def _some(run: Run) -> SearchStrategy[Arguments]:
    goods = [product for product in sellable(run) if (product["saleMaxCount"] or _PIECES) >= _PIECES]
    pair = st.lists(
        st.sampled_from(goods or sellable(run)[:1]), min_size=1, max_size=2, unique_by=lambda one: one["productID"]
    )
    return pair.map(lambda some: order_arguments(*(line(run, product, _PIECES) for product in some)))


def _account(examination: Examination) -> Decimal:
    return decimal(examination.must("account_details").at("data.balance"))


def _stock(examination: Examination, goods: int) -> int:
    known = {product["customerStoreProductID"]: product["productID"] for product in products(examination.run)}
    return int(examination.must("get_product", {"productID": known[goods]}).at("data.totalStock"))


def _partly(examination: Examination, answer: Answer) -> Iterator[Equation]:
    """A part of a line is cancelled and paid back, then the rest."""
    made, goods = answer.at("data.details[]"), basket(answer.arguments)[0]["CustomerStoreProductID"]
    number, price = made["OrderDetailID"], decimal(made["Price"])
    before, stock = _account(examination), _stock(examination, goods)
    gone = 0
    for asked, count in ((1, 1), (None, made["Quantity"] - 1)):
        wanted = {"OrderDetailID": number, **({"Quantity": asked} if asked else {})}
        cancelled = examination.must("cancel_order", {"body": wanted})
        gone += count
        yield from _as_cancelled(cancelled, answer, made, count, gone)
        yield "data.balance", before + price * gone, _account(examination)
        yield "data.totalStock", stock + gone, _stock(examination, goods)
        read = examination.must("get_order_detail", {"orderDetailID": number})
        yield "data.CancelledQuantity", gone, read.at("data.CancelledQuantity")
        yield "data.Quantity", made["Quantity"], read.at("data.Quantity")
        yield "data.Status", 0 if gone == made["Quantity"] else None, read.at("data.Status")


def _as_cancelled(cancelled: Answer, answer: Answer, made: Any, count: int, gone: int) -> Iterator[Equation]:
    shown, refund = cancelled.at("data.details[]"), decimal(made["Price"]) * count
    left = made["Quantity"] - gone
    yield "data.OrderID", answer.at("data.OrderID"), cancelled.at("data.OrderID")
    yield "data.RefundAmount", refund, decimal(cancelled.at("data.RefundAmount"))
    yield "data.details[].RefundAmount", refund, decimal(shown["RefundAmount"])
    yield "data.details[].OrderDetailID", made["OrderDetailID"], shown["OrderDetailID"]
    yield "data.details[].DeliverID", made["DeliverID"], shown["DeliverID"]
    yield "data.details[].CancelledQuantity", count, shown["CancelledQuantity"]
    yield "data.details[].RemainingQuantity", left, shown["RemainingQuantity"]
    yield "data.details[].Status", None if left else 0, shown["Status"]


def _wholly(examination: Examination, answer: Answer) -> Iterator[Equation]:
    """A whole order is cancelled, and all that it cost comes back."""
    made, before = answer.every("data.details[]"), _account(examination)
    cost = sum((decimal(one["Price"]) * one["Quantity"] for one in made), Decimal(0))
    cancelled = examination.must("cancel_order", {"body": {"OrderID": answer.at("data.OrderID")}})
    yield "data.RefundAmount", cost, decimal(cancelled.at("data.RefundAmount"))
    yield "data.details[]", len(made), len(cancelled.every("data.details[]"))
    yield "data.balance", before + cost, _account(examination)
    read = examination.must("get_order", {"orderID": answer.at("data.OrderID")})
    yield "data.TotalPrice", Decimal(0), decimal(read.at("data.TotalPrice"))
    yield "data.details[].Status", {0}, set(read.every("data.details[].Status"))
    newest = examination.must("list_orders", {"pageSize": 1})
    yield "data.OrderID", answer.at("data.OrderID"), newest.at("data[].OrderID")


def _line(shown: Any) -> Line:
    return Line(
        shown["OrderDetailID"],
        str(shown["CustomerStoreProductID"]),
        shown["Quantity"],
        decimal(shown["Price"]),
        shown["CancelledQuantity"],
        _STATES[shown["Status"]],
    )


def _made(arguments: Arguments, answer: Answer) -> list[Line]:
    goods = {wanted["DeliverID"]: str(wanted["CustomerStoreProductID"]) for wanted in basket(arguments)}
    made = answer.every("data.details[]")
    return [
        Line(one["OrderDetailID"], goods[one["DeliverID"]], one["Quantity"], decimal(one["Price"]))
        for one in made
        if one["DeliverID"] in goods
    ]


def _read(examination: Examination, number: Key) -> Shown:
    answer = examination.must("get_order", {"orderID": number})
    lines = tuple(_line(shown) for shown in answer.every("data.details[]"))
    return Shown(answer, lines=lines, total=decimal(answer.at("data.TotalPrice")))


def _balance(examination: Examination) -> tuple[Answer, Decimal]:
    answer = examination.must("account_details")
    return answer, decimal(answer.at("data.balance"))


def _stocks(examination: Examination) -> tuple[Answer, Mapping[str, int]]:
    goods = sellable(examination.run)[:2]
    asked = [examination.must("get_product", {"productID": product["productID"]}) for product in goods]
    counted = zip(goods, asked, strict=True)
    return asked[-1], {
        str(product["customerStoreProductID"]): answer.at("data.totalStock") for product, answer in counted
    }


def _few(run: Run) -> SearchStrategy[Arguments]:
    """Order goods whose stock the machine watches."""
    watched = {product["customerStoreProductID"] for product in sellable(run)[:2]}
    return orders(run, 2).filter(
        lambda arguments: all(one["CustomerStoreProductID"] in watched for one in basket(arguments))
    )


def _moved(arguments: Arguments) -> Mapping[str, int]:
    return {str(one["CustomerStoreProductID"]): one["Quantity"] for one in basket(arguments)}


def _cancel(examination: Examination, number: Key, count: int | None) -> tuple[Answer, str]:
    wanted = {"OrderDetailID": number, **({} if count is None else {"Quantity": count})}
    answer = examination.client.ask("cancel_order", {"body": wanted})
    return answer, answer.outcome


def _cancel_all(examination: Examination, number: Key) -> tuple[Answer, str]:
    answer = examination.client.ask("cancel_order", {"body": {"OrderID": number}})
    return answer, answer.outcome


def _more_pieces(arguments: Arguments) -> Arguments:
    first, *others = basket(arguments)
    return order_arguments({**first, "Quantity": first["Quantity"] + 1}, *others)


def _unmatched(run: Run) -> Arguments:
    return order_arguments(line(run, sellable(run)[0]), line(run, sellable(run)[0], CustomerStoreProductID=999_999_999))


_MACHINE = OrderLife(
    "reseller",
    "create_order",
    _few,
    lambda answer: int(answer.at("data.OrderID")),
    _made,
    _moved,
    _read,
    _stocks,
    _balance,
    begun=timedelta(seconds=31),
    settled=timedelta(minutes=10),
    cancelling=Cancelling(
        {
            "open": Allowed(OK, OK),
            "processing": Allowed("LINE_PROCESSING", "LINE_PROCESSING"),
            "delivered": Allowed("LINE_DELIVERED", "ORDER_DELIVERED"),
            "cancelled": Allowed("LINE_CANCELLED", "ORDER_CANCELLED"),
        },
        _cancel_all,
        _cancel,
        lambda answer: decimal(answer.at("data.RefundAmount")),
        "CANCEL_QUANTITY",
        "NOTHING_TO_DELIVER",
    ),
    again=Again(_more_pieces, "DELIVER_ID_REUSED"),
    refusals=(Refused("PRODUCT_UNMATCHED", _unmatched),),
    source=_LIFE,
)

DECLARATIONS: tuple[Declaration, ...] = (
    Equations(
        "create_order.partly-cancelled", "create_order", _some, _partly, share=0.2, source=_CANCEL, changes_state=True
    ),
    Equations(
        "create_order.wholly-cancelled", "create_order", orders, _wholly, share=0.2, source=_CANCEL, changes_state=True
    ),
    _MACHINE,
)
