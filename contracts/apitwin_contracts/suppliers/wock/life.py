"""The life of an order at World of CD Keys: what it takes from the stock and the balance, and when its keys come."""

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
from apitwin_contracts.laws.limits import Limit
from apitwin_contracts.laws.state import Counted, Due, NoEffect, Reading
from apitwin_contracts.machines.order_life import OrderLife, Refused
from apitwin_contracts.run import Run
from apitwin_fixtures import Source

from .entities import affordable, line, orders, stocked

__all__ = ["DECLARATIONS"]

_DELIVERED = timedelta(minutes=2)
_BALANCE = Source("documented", "003:275")
_QUANTITY = Source("documented", "003:646")
_NEWEST = {"take": 50, "order": [{"createdAt": "DESC"}]}
_CHEAP = Reading("products", "items[]", {"take": 50, "order": [{"id": "ASC"}]})
_PARTNER = Reading("partner", "available")
_ORDER_LIST = Reading("orders", "items[]", _NEWEST)


def _stock(examination: Examination, arguments: Arguments) -> tuple[Answer, Mapping[str, int]]:
    ids = [asked["productId"] for asked in arguments["input"]["products"]]
    answer = examination.must("products", {"where": {"id": {"in": ids}}, "take": 50})
    return answer, {str(item["id"]): item["quantity"]["all"] for item in answer.every("items[]")}


def _taken(arguments: Arguments, _answer: Answer, _before: Mapping[str, int]) -> Mapping[str, int]:
    return {str(asked["productId"]): -asked["quantity"] for asked in arguments["input"]["products"]}


def _lines(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    asked = {wanted["productId"]: wanted for wanted in answer.arguments["input"]["products"]}
    yield "products[]", sorted(asked), sorted(answer.every("products[].productId"))
    for found in answer.every("products[]"):
        wanted = asked.get(found["productId"], {})
        yield "products[].quantity", wanted.get("quantity"), found["quantity"]
        yield "products[].price", _decimal(wanted.get("unitPrice")), _decimal(found["price"])
        yield "products[].keyType", wanted.get("keyType"), found["keyType"]
        yield "products[].partnerProductId", wanted.get("partnerProductId"), found["partnerProductId"]


def _decimal(value: Any) -> Decimal:
    return Decimal(str(value))


def _total(arguments: Mapping[str, Any]) -> Decimal:
    return sum(
        (_decimal(asked["unitPrice"]) * asked["quantity"] for asked in arguments["input"]["products"]), Decimal(0)
    )


def _delivery(examination: Examination, written: Answer) -> Answer:
    return examination.must("delivery", {"orderId": written.at("orderId")})


def _not_ready(_written: Answer, read: Answer) -> Iterator[Equation]:
    yield "status.ready", False, read.at("status.ready")
    yield "status.error", None, read.at("status.error")
    yield "products[].keys", 0, len(read.every("products[].keys[]"))


def _ready(written: Answer, read: Answer) -> Iterator[Equation]:
    yield "status.ready", True, read.at("status.ready")
    yield "status.error", None, read.at("status.error")
    yield "orderId", written.at("orderId"), read.at("orderId")
    asked = {wanted["productId"]: wanted for wanted in written.arguments["input"]["products"]}
    yield "products[]", sorted(asked), sorted(read.every("products[].details.id"))
    for found in read.every("products[]"):
        wanted = asked.get(found["details"]["id"], {})
        yield "products[].keys", wanted.get("quantity"), len(found["keys"])
        yield "products[].partnerProductId", wanted.get("partnerProductId"), found["partnerProductId"]
        kinds = {10: "image/", 20: "text/"}
        for key in found["keys"]:
            yield "products[].keys[].mimeType", True, key["mimeType"].startswith(kinds.get(wanted.get("keyType"), ""))
    ids = read.every("products[].keys[].id")
    yield "products[].keys[].id", len(ids), len(set(ids))
    yield "archives", True, bool(read.every("archives[]"))


def _listed(examination: Examination, written: Answer) -> Answer:
    return examination.must("orders", {"where": {"id": {"eq": written.at("orderId")}}})


def _not_listed(_written: Answer, read: Answer) -> Iterator[Equation]:
    yield "totalCount", 0, read.at("totalCount")


def _as_ordered(written: Answer, read: Answer) -> Iterator[Equation]:
    yield "totalCount", 1, read.at("totalCount")
    asked = {wanted["productId"]: wanted for wanted in written.arguments["input"]["products"]}
    yield "items[].products[]", sorted(asked), sorted(read.every("items[].products[].id"))
    for found in read.every("items[].products[]"):
        wanted = asked.get(found["id"], {})
        yield "items[].products[].quantity", wanted.get("quantity"), found["quantity"]
        yield "items[].products[].price", _decimal(wanted.get("unitPrice")), _decimal(found["price"])


def _balance(examination: Examination, written: Answer) -> Iterator[Equation]:
    """An order leaves the balance as it is until its delivery is made, and then takes its price."""
    before = examination.must("partner")
    examination.run.advance(_DELIVERED)
    examination.must("delivery", {"orderId": written.at("orderId")})
    after = examination.must("partner")
    price = _total(written.arguments)
    yield "available", _decimal(before.at("available")) - price, _decimal(after.at("available"))
    yield "used", _decimal(before.at("used")) + price, _decimal(after.at("used"))


def _deleted(examination: Examination, written: Answer) -> Iterator[Equation]:
    """A new order can be deleted once; its keys go back, and it is gone."""
    order = written.at("orderId")
    _, reserved = _stock(examination, dict(written.arguments))
    first = examination.must("deleteOrder", {"orderId": order})
    yield "deleteOrder", True, first.payload
    _, restored = _stock(examination, dict(written.arguments))
    for asked in written.arguments["input"]["products"]:
        key = str(asked["productId"])
        yield "products[].quantity.all", reserved[key] + asked["quantity"], restored[key]
    yield "deleteOrder", False, examination.must("deleteOrder", {"orderId": order}).payload
    yield "delivery", None, examination.must("delivery", {"orderId": order}).payload


def _completed(examination: Examination, written: Answer) -> Iterator[Equation]:
    """A delivered order whose keys were fetched cannot be deleted any more."""
    order = written.at("orderId")
    examination.run.advance(_DELIVERED)
    fetched = examination.must("delivery", {"orderId": order})
    yield "status.ready", True, fetched.at("status.ready")
    yield "deleteOrder", False, examination.must("deleteOrder", {"orderId": order}).payload
    again = examination.must("delivery", {"orderId": order})
    yield "products[].keys", fetched.every("products[].keys[].key"), again.every("products[].keys[].key")
    listed = _listed(examination, written)
    yield "items[].status", 40, listed.at("items[].status")


def _wrong(**changes: Any) -> Any:
    return lambda run: st.just({"input": {"products": [{**line(stocked(run)[0], 1), **changes}]}})


def _refused(name: str, code: str, **changes: Any) -> NoEffect:
    readings = (_CHEAP, _PARTNER, _ORDER_LIST)
    return NoEffect(
        f"createOrder.{name}", "createOrder", _wrong(**changes), readings, code, Source("documented", "003:494-503")
    )


def _of_quantity(run: Run, quantity: int) -> Arguments:
    return {"input": {"products": [{**line(stocked(run)[0], 1), "quantity": quantity}]}}


def _ordered(run: Run) -> SearchStrategy[Arguments]:
    return orders(run)


def _settled(run: Run) -> SearchStrategy[Arguments]:
    """Let what was ordered before be delivered first."""
    run.advance(_DELIVERED)
    return orders(run)


def _named(run: Run, name: str) -> Arguments:
    return {"input": {"products": [line(stocked(run)[0], 1, partnerProductId=name)]}}


def _pool(examination: Examination) -> tuple[Answer, Mapping[str, int]]:
    ids = [found["id"] for found in affordable(examination.run)]
    answer = examination.must("products", {"where": {"id": {"in": ids}}, "take": 50})
    return answer, {str(item["id"]): item["quantity"]["all"] for item in answer.every("items[]")}


def _available(examination: Examination) -> tuple[Answer, Decimal]:
    answer = examination.must("partner")
    return answer, _decimal(answer.at("available"))


def _is_listed(examination: Examination, order: str) -> tuple[Answer, bool]:
    answer = examination.must("orders", {"where": {"id": {"eq": order}}})
    return answer, answer.at("totalCount") == 1


def _delete(examination: Examination, order: str) -> tuple[Answer, bool]:
    answer = examination.must("deleteOrder", {"orderId": order})
    return answer, answer.payload is True


def _moved(arguments: Arguments) -> Mapping[str, int]:
    return {str(asked["productId"]): asked["quantity"] for asked in arguments["input"]["products"]}


def _refusal(code: str, **changes: Any) -> Refused:
    return Refused(code, lambda run: {"input": {"products": [{**line(stocked(run)[0], 1), **changes}]}})


_LIFE = OrderLife(
    "orders",
    "createOrder",
    orders,
    lambda answer: str(answer.at("orderId")),
    _pool,
    _moved,
    _total,
    _is_listed,
    _available,
    _delete,
    _DELIVERED,
    (
        _refusal("ORDER_ERR", quantity=0),
        _refusal("PRODUCT_NOT_FOUND", productId=2_000_000_000),
        _refusal("PRODUCT_PRICE_MISMATCH", unitPrice=0.01),
        _refusal("ORDER_KEY_TYPE_ERR", keyType=15),
        _refusal("PRODUCT_QTY_ERR", quantity=501),
    ),
    _BALANCE,
)

DECLARATIONS: tuple[Declaration, ...] = (
    Counted("createOrder.stock", "createOrder", _ordered, _stock, _taken, "products[].quantity", source=_QUANTITY),
    Equations(
        "createOrder.lines",
        "createOrder",
        _ordered,
        _lines,
        source=Source("documented", "003:867-871"),
        changes_state=True,
    ),
    Equations("createOrder.balance", "createOrder", _settled, _balance, share=0.1, source=_BALANCE, changes_state=True),
    Equations(
        "createOrder.deleted",
        "createOrder",
        _ordered,
        _deleted,
        share=0.1,
        source=Source("documented", "003:544"),
        changes_state=True,
    ),
    Equations(
        "createOrder.completed",
        "createOrder",
        _ordered,
        _completed,
        share=0.1,
        source=Source("documented", "003:544"),
        changes_state=True,
    ),
    Due(
        "createOrder.delivery",
        "createOrder",
        _ordered,
        _DELIVERED,
        _delivery,
        _ready,
        _not_ready,
        source=Source("documented", "003:1133-1137"),
    ),
    Due(
        "createOrder.listed",
        "createOrder",
        _ordered,
        _DELIVERED,
        _listed,
        _as_ordered,
        _not_listed,
        source=Source("documented", "003:192"),
    ),
    _refused("unknown-product", "PRODUCT_NOT_FOUND", productId=2_000_000_000),
    _refused("wrong-price", "PRODUCT_PRICE_MISMATCH", unitPrice=0.01),
    _refused("wrong-key-type", "ORDER_KEY_TYPE_ERR", keyType=15),
    _LIFE,
    Limit("createOrder.shortest", "createOrder", _of_quantity, 1, 0, "ORDER_ERR", source=_QUANTITY, changes_state=True),
    Limit(
        "createOrder.partnerProductId",
        "createOrder",
        _named,
        "P" + "0123456789" * 7,
        echo=lambda _examination, answer: (
            answer,
            "products[].partnerProductId",
            answer.at("products[].partnerProductId"),
        ),
        source=Source("documented", "003:656"),
        changes_state=True,
    ),
)
