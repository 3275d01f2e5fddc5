"""The life of addresses and orders at AXRO: what a mutation changes, and what it must not."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Declaration
from apitwin_contracts.laws.agreement import Equation
from apitwin_contracts.laws.isolation import Untouched
from apitwin_contracts.laws.state import Counted, NoEffect, Reading, Repeated, Written
from apitwin_contracts.machines.order_life import Key, Line, OrderLife, Refused, Shown
from apitwin_contracts.run import Run
from apitwin_fixtures import Source

from .entities import LINE, addresses, emails, orders, phones, products, rehearsals, sellable, usable_address

__all__ = ["DECLARATIONS"]

_ADDRESSES = Reading("shippingAddresses", "[]")
_ORDER_LIST = Reading("orderList", "orders[]")
_STOCK = Reading("products", "products[]", {"limit": 100})
_ALL = (_ADDRESSES, _ORDER_LIST, _STOCK)
_ADDRESS = {
    "company": "Example Corp",
    "department": "Warehouse",
    "street": "Ballindamm 40",
    "zip": "20095",
    "city": "Hamburg",
    "country": "DE",
}
_CHARGES = frozenset({"FR_AUTO_MD", "FR_AUTO"})
_PLACES = ("company", "street", "zip", "city")


def _new_address(run: Run) -> SearchStrategy[Arguments]:
    return addresses(run).map(lambda address: {"input": address})


def _rehearsed_address(run: Run) -> SearchStrategy[Arguments]:
    return addresses(run).map(lambda address: {"input": address, "check": True})


def _placed(run: Run) -> SearchStrategy[Arguments]:
    return orders(run, place=True)


def _one_placed(run: Run, number: str | None = None) -> Arguments:
    cart = [{"productNumber": number or sellable(run)[0], "quantity": 1}]
    return {"order": {"shippingAddressId": usable_address(run), "cart": cart}, "place": True}


def _unplaced(run: Run) -> SearchStrategy[Arguments]:
    """Generate orders that say nothing of being placed."""
    return orders(run, place=False).map(lambda arguments: {"order": arguments["order"]})


def _same_address(answer: Answer, _item: Any) -> Iterator[tuple[str, object]]:
    yield from answer.payload.items()
    yield from answer.arguments["input"].items()


def _new_contact(run: Run) -> SearchStrategy[Arguments]:
    contact = st.fixed_dictionaries({}, optional={"phone": phones(), "email": emails()})
    return contact.map(lambda given: {"id": usable_address(run), "input": given})


def _order_item(answer: Answer, _item: Any) -> Iterator[tuple[str, object]]:
    yield "commission", answer.arguments["order"]["customReference"]
    yield "orderTotal", answer.at("grand_total")
    yield "currency", "EUR"
    yield "orderSource", "Api"


def _order_details(examination: Examination, answer: Answer, item: Any) -> None:
    detail = examination.must("orderDetails", {"orderNumber": item["orderNumber"]})
    for path, wanted, observed in _told_of_order(answer, item, detail):
        if wanted != observed:
            raise examination.broken([answer, detail], path, wanted, observed, source=Source("assumed", "SOURCE.md#35"))


def _told_of_order(answer: Answer, item: Any, detail: Answer) -> Iterator[Equation]:
    yield "order.orderTotal", answer.at("grand_total"), detail.at("order.orderTotal")
    yield "order.commission", answer.at("custom_reference"), detail.at("order.commission")
    yield "order.date", item["date"], detail.at("order.date")
    yield "order.orderSource", item["orderSource"], detail.at("order.orderSource")
    for part, of in (("shippingAddress", "shipping_address"), ("billingAddress", "billing_address")):
        for key in _PLACES:
            yield f"order.{part}.{key}", answer.at(f"{of}.{key}"), detail.at(f"order.{part}.{key}")
    lines = [line for line in detail.every("order.items[]") if line["productNumber"] not in _CHARGES]
    for line, ordered in zip(lines, answer.every("cart[]"), strict=False):
        yield "order.items[].productNumber", ordered["product_number"], line["productNumber"]
        yield "order.items[].quantity", ordered["quantity"], line["quantity"]
        yield "order.items[].total", ordered["sub_total"], line["total"]
    yield "order.items[]", len(answer.every("cart[]")), len(lines)
    charged = sum(line["total"] for line in detail.every("order.items[]") if line["productNumber"] in _CHARGES)
    yield "order.items[].total", answer.at("toll") + answer.at("freight_costs"), charged


def _stock(examination: Examination, arguments: Arguments) -> tuple[Answer, Mapping[str, int]]:
    numbers = [line["productNumber"] for line in arguments["order"]["cart"]]
    answer = examination.must("products", {"limit": 100})
    asked = examination.must("products", {"productNumber": ",".join(numbers), "limit": len(numbers)})
    found = (*answer.every("products[]"), *asked.every("products[]"))
    return asked, {product["productNumber"]: product["stock"] for product in found}


def _stock_as_listed(examination: Examination, _arguments: Arguments) -> tuple[Answer, Mapping[str, int]]:
    answer = examination.must("products", {"limit": 100})
    return answer, {product["productNumber"]: product["stock"] for product in answer.every("products[]")}


def _taken(_arguments: Arguments, answer: Answer, before: Mapping[str, int]) -> Mapping[str, int]:
    return {
        line["product_number"]: -min(line["quantity"], before.get(line["product_number"], 0))
        for line in answer.every("cart[]")
    }


def _refused_address(run: Run) -> SearchStrategy[Arguments]:  # noqa: ARG001 - every strategy is made for a run
    return st.just({"input": {**_ADDRESS, "company": "x" * (LINE + 1)}})


def _refused_order(run: Run) -> SearchStrategy[Arguments]:
    cart = [{"productNumber": sellable(run)[0], "quantity": 1}, {"productNumber": "NO-SUCH-PRODUCT", "quantity": 1}]
    return st.just({"order": {"shippingAddressId": usable_address(run), "cart": cart}, "place": True})


_WRITES = (
    Written(
        "shippingCreate",
        "shippingCreate",
        _new_address,
        lambda _answer: _ADDRESSES,
        lambda answer, item: item["id"] == answer.at("id"),
        _same_address,
        key="id",
        before=_ADDRESSES,
        share=0.5,
        source=Source("documented", "002:622"),
    ),
    Written(
        "shippingUpdate",
        "shippingUpdate",
        _new_contact,
        lambda _answer: _ADDRESSES,
        lambda answer, item: item["id"] == answer.arguments["id"],
        _same_address,
        fresh=False,
        key="id",
        before=_ADDRESSES,
        touched=lambda arguments: arguments["input"],
        share=0.4,
        source=Source("documented", "002:715"),
    ),
    Written(
        "orderCreate",
        "orderCreate",
        _placed,
        lambda _answer: _ORDER_LIST,
        lambda answer, item: item["commission"] == answer.arguments["order"]["customReference"],
        _order_item,
        _order_details,
        key="orderNumber",
        before=_ORDER_LIST,
        source=Source("documented", "002:763"),
    ),
)
_NOTHING = (
    NoEffect(
        "shippingCreate.check", "shippingCreate", _rehearsed_address, _ALL, source=Source("documented", "002:618")
    ),
    NoEffect("orderCreate.prepared", "orderCreate", rehearsals, _ALL, source=Source("documented", "002:763")),
    NoEffect("orderCreate.unplaced", "orderCreate", _unplaced, _ALL, source=Source("documented", "002:763")),
    NoEffect(
        "shippingCreate.refused",
        "shippingCreate",
        _refused_address,
        _ALL,
        "SHIPPING_TOO_LONG",
        source=Source("documented", "002:625"),
    ),
    NoEffect(
        "orderCreate.refused",
        "orderCreate",
        _refused_order,
        _ALL,
        "ORDER_PRODUCT_UNKNOWN",
        source=Source("assumed", "SOURCE.md#orders"),
    ),
)
_ORDERED = Source("assumed", "SOURCE.md#orders")
_MOVED = (
    Counted("orderCreate.stock", "orderCreate", _placed, _stock, _taken, "products[].stock", source=_ORDERED),
    Counted(
        "orderCreate.listed-stock",
        "orderCreate",
        _placed,
        _stock_as_listed,
        lambda arguments, answer, before: {
            key: step for key, step in _taken(arguments, answer, before).items() if key in before
        },
        "products[].stock",
        share=0.1,
        source=_ORDERED,
    ),
)
_TWICE = Repeated(
    "orderCreate",
    "orderCreate",
    _placed,
    _ORDER_LIST,
    lambda answer, item: item["commission"] == answer.arguments["order"]["customReference"],
    "orderNumber",
    source=_ORDERED,
)
_OTHERS = (
    Untouched("orderCreate.orders", "orderCreate", _one_placed, "orderList", "orders[]", source=_ORDERED),
    Untouched(
        "shippingUpdate.addresses",
        "shippingUpdate",
        lambda run: {"id": usable_address(run), "input": {"phone": "+4940987654"}},
        "shippingAddresses",
        "[]",
        source=Source("documented", "002:715"),
    ),
)


def _plenty(run: Run) -> SearchStrategy[Arguments]:
    """Order a few of the products that there are most of."""
    most = sorted(products(run), key=lambda product: -product["stock"])
    numbers = [product["productNumber"] for product in most if product["productNumber"] in sellable(run)][:5]
    lines = st.lists(st.sampled_from(numbers), min_size=1, max_size=2, unique=True)
    return st.builds(_with_cart, orders(run, place=True), lines)


def _with_cart(arguments: Arguments, numbers: list[str]) -> Arguments:
    cart = [{"productNumber": number, "quantity": place} for place, number in enumerate(numbers, 1)]
    return {**arguments, "order": {**arguments["order"], "cart": cart}}


def _made(_arguments: Arguments, answer: Answer) -> list[Line]:
    return [_line(line["product_number"], line["quantity"], line["sub_total"]) for line in answer.every("cart[]")]


def _line(number: str, quantity: int, total: int) -> Line:
    return Line(number, number, quantity, Decimal(total) / quantity)


def _ordered_pieces(arguments: Arguments) -> Mapping[str, int]:
    return {line["productNumber"]: line["quantity"] for line in arguments["order"]["cart"]}


def _shown(examination: Examination, reference: Key) -> Shown:
    listed = examination.must("orderList")
    item = next((item for item in listed.every("orders[]") if item["commission"] == reference), None)
    if item is None:
        return Shown(listed, listed=False)
    detail = examination.must("orderDetails", {"orderNumber": item["orderNumber"]})
    lines = [line for line in detail.every("order.items[]") if line["productNumber"] not in _CHARGES]
    return Shown(detail, lines=tuple(_line(line["productNumber"], line["quantity"], line["total"]) for line in lines))


_LIFE = OrderLife(
    "orders",
    "orderCreate",
    _plenty,
    lambda answer: str(answer.at("custom_reference")),
    _made,
    _ordered_pieces,
    _shown,
    lambda examination: _stock_as_listed(examination, {}),
    refusals=(Refused("ORDER_PRODUCT_UNKNOWN", lambda run: _one_placed(run, "NO-SUCH-PRODUCT")),),
    source=_ORDERED,
    share=0.2,
)

DECLARATIONS: tuple[Declaration, ...] = (*_WRITES, *_NOTHING, *_MOVED, _TWICE, *_OTHERS, _LIFE)
