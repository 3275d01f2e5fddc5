"""The life of orders at World of CD Keys: what they take from the stock and the balance, what refusals leave alone, and how large they may be."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Declaration
from apitwin_contracts.laws.agreement import Equation, Equations
from apitwin_contracts.laws.selections import must_for
from apitwin_contracts.laws.state import Counted, NoEffect, Reading
from apitwin_contracts.machines.order_life import Allowed, Cancelling, Key, Line, OrderLife, Refused, Shown
from apitwin_contracts.run import Run
from apitwin_contracts.surfaces.surface import OK
from apitwin_fixtures import Source

from .delivering import hold
from .entities import DELIVERED, IMAGE, TEXT, affordable, amount, line, orders, stocked, telling_order

__all__ = ["DECLARATIONS"]

_BALANCE = Source("documented", "003:275")
_QUANTITY = Source("documented", "003:646")
_REFUSED = Source("documented", "003:494-503")
_NEWEST = {"take": 50, "order": [{"createdAt": "DESC"}]}
_CHEAP = Reading("products", "items[]", {"take": 50, "order": [{"id": "ASC"}]})
_PARTNER = Reading("partner", "available")
_ORDER_LIST = Reading("orders", "items[]", _NEWEST)
_NOT_THERE = "false"
_KINDS = ("text", "image", "all")
_STOCK_PATHS = ("items[].id", *(f"items[].quantity.{kind}" for kind in _KINDS))


def _stock(examination: Examination, arguments: Arguments) -> tuple[Answer, Mapping[str, int]]:
    """Read the stock by product and type, in the list and of the first product also alone."""
    ids = [asked["productId"] for asked in arguments["input"]["products"]]
    listed = must_for(examination, "products", {"where": {"id": {"in": ids}}, "take": 50}, _STOCK_PATHS)
    hold(examination, [listed], _QUANTITY, [("items[].id", sorted(ids), sorted(listed.every("items[].id")))])
    found = {f"{item['id']}.{kind}": item["quantity"][kind] for item in listed.every("items[]") for kind in _KINDS}
    single = must_for(examination, "product", {"id": ids[0]}, ("quantity.all",))
    return listed, {**found, f"{ids[0]} alone": single.at("quantity.all")}


def _taken(arguments: Arguments, _answer: Answer, before: Mapping[str, int]) -> Mapping[str, int]:
    """Give what an order takes: keys of the type that was asked for; where none was, text keys first."""
    moved: dict[str, int] = {}
    lines = arguments["input"]["products"]
    for asked in lines:
        key, count = asked["productId"], asked["quantity"]
        texts = {TEXT: count, IMAGE: 0}.get(asked.get("keyType", 0), min(count, before[f"{key}.text"]))
        moved |= {f"{key}.text": -texts, f"{key}.image": texts - count, f"{key}.all": -count}
    return {**moved, f"{lines[0]['productId']} alone": -lines[0]["quantity"]}


def _lines(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    asked = {wanted["productId"]: wanted for wanted in answer.arguments["input"]["products"]}
    yield "partnerOrderId", None, answer.at("partnerOrderId")
    yield "products[]", list(asked), answer.every("products[].productId")
    for found in answer.every("products[]"):
        wanted = asked[found["productId"]]
        yield "products[].quantity", wanted["quantity"], found["quantity"]
        yield "products[].price", amount(wanted["unitPrice"]), amount(found["price"])
        yield "products[].keyType", wanted.get("keyType"), found["keyType"]
        yield "products[].partnerProductId", wanted.get("partnerProductId"), found["partnerProductId"]


def _wrong(**changes: Any) -> Any:
    return lambda run: st.just({"input": {"products": [{**line(stocked(run)[0], 1), **changes}]}})


def _refused(name: str, code: str, **changes: Any) -> NoEffect:
    readings = (_CHEAP, _PARTNER, _ORDER_LIST)
    return NoEffect(f"createOrder.{name}", "createOrder", _wrong(**changes), readings, code, _REFUSED)


def _any_order(run: Run) -> SearchStrategy[Arguments]:
    return st.just(telling_order(run)) | orders(run)


def _pool(examination: Examination) -> tuple[Answer, Mapping[str, int]]:
    ids = [found["id"] for found in affordable(examination.run)]
    paths = ("items[].id", "items[].quantity.all")
    answer = must_for(examination, "products", {"where": {"id": {"in": ids}}, "take": 50}, paths)
    return answer, {str(item["id"]): item["quantity"]["all"] for item in answer.every("items[]")}


def _available(examination: Examination) -> tuple[Answer, Decimal]:
    answer = must_for(examination, "partner", {}, ("available",))
    return answer, amount(answer.at("available"))


def _read(examination: Examination, order: Key) -> Shown:
    answer = must_for(examination, "orders", {"where": {"id": {"eq": order}}}, ("totalCount",))
    return Shown(answer, listed=answer.at("totalCount") == 1)


def _delete(examination: Examination, order: Key) -> tuple[Answer, str]:
    answer = examination.must("deleteOrder", {"orderId": order})
    return answer, OK if answer.payload is True else _NOT_THERE


def _made(arguments: Arguments, _answer: Answer) -> list[Line]:
    return [
        Line(asked["productId"], str(asked["productId"]), asked["quantity"], amount(asked["unitPrice"]))
        for asked in arguments["input"]["products"]
    ]


def _moved(arguments: Arguments) -> Mapping[str, int]:
    return {str(asked["productId"]): asked["quantity"] for asked in arguments["input"]["products"]}


def _refusal(code: str, **changes: Any) -> Refused:
    return Refused(code, lambda run: {"input": {"products": [{**line(stocked(run)[0], 1), **changes}]}})


_LIFE = OrderLife(
    "orders",
    "createOrder",
    orders,
    lambda answer: str(answer.at("orderId")),
    _made,
    _moved,
    _read,
    _pool,
    _available,
    charged="delivered",
    listed=frozenset({"delivered"}),
    settled=DELIVERED,
    cancelling=Cancelling(
        {"open": Allowed("", OK), "delivered": Allowed("", OK), "cancelled": Allowed("", _NOT_THERE)}, _delete
    ),
    refusals=(
        _refusal("ORDER_ERR", quantity=0),
        _refusal("PRODUCT_NOT_FOUND", productId=2_000_000_000),
        _refusal("PRODUCT_PRICE_MISMATCH", unitPrice=0.01),
        _refusal("ORDER_KEY_TYPE_ERR", keyType=15),
        _refusal("PRODUCT_QTY_ERR", quantity=501),
    ),
    source=_BALANCE,
)

DECLARATIONS: tuple[Declaration, ...] = (
    Counted("createOrder.stock", "createOrder", _any_order, _stock, _taken, "items[].quantity", source=_QUANTITY),
    Equations(
        "createOrder.lines",
        "createOrder",
        _any_order,
        _lines,
        source=Source("documented", "003:867-871"),
        changes_state=True,
    ),
    _refused("unknown-product", "PRODUCT_NOT_FOUND", productId=2_000_000_000),
    _refused("wrong-price", "PRODUCT_PRICE_MISMATCH", unitPrice=0.01),
    _refused("wrong-key-type", "ORDER_KEY_TYPE_ERR", keyType=15),
    _LIFE,
)
