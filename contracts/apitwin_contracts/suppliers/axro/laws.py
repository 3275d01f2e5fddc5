"""Which laws AXRO's queries obey."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Declaration
from apitwin_contracts.laws.agreement import Agreement, Equation, Equations
from apitwin_contracts.laws.filters import Filter
from apitwin_contracts.laws.paging import NumberedPages, whole
from apitwin_contracts.run import Run
from apitwin_fixtures import Source

from .entities import order_number, shipment_number

__all__ = ["DECLARATIONS"]

_LARGEST = 1000
_PRODUCTS = NumberedPages(
    "products",
    "products[]",
    "productNumber",
    size="limit",
    default_size=100,
    maximum_size=_LARGEST,
    over_maximum="LIMIT_TOO_LARGE",
    pages="totalPages",
    source=Source("documented", "002:49-50"),
)
_ORDERS = NumberedPages(
    "orderList",
    "orders[]",
    "orderNumber",
    default_size=50,
    pages="totalPages",
    source=Source("assumed", "SOURCE.md#paging"),
)
_SHIPMENTS = NumberedPages(
    "shipmentList",
    "shipments[]",
    "shipmentNumber",
    default_size=50,
    pages="totalPages",
    source=Source("documented", "002:425"),
)


def _everything(examination: Examination) -> list[Any]:
    return whole(examination, _PRODUCTS)


def _product_filter(argument: str, field: str, line: int) -> Filter:
    return Filter(
        "products",
        argument,
        "products[]",
        field,
        "productNumber",
        _everything,
        separator=",",
        case="any",
        fixed={"limit": _LARGEST},
        shown=_LARGEST,
        source=Source("documented", f"002:{line}"),
    )


def _every_shipment(examination: Examination) -> list[Any]:
    listed = whole(examination, _SHIPMENTS)
    for shipment in listed:
        detail = examination.must("shipmentDetails", {"shipmentNumber": shipment["shipmentNumber"]})
        shipment["orderNumbers"] = detail.at("shipment.orderNumbers")
    return listed


_FILTERS = (
    _product_filter("productNumber", "productNumber", 44),
    _product_filter("oem", "oemNumber", 45),
    _product_filter("ean", "ean", 46),
    _product_filter("brand", "brand", 47),
    _product_filter("category", "category.id", 48),
    Filter(
        "shipmentList",
        "orderNumber",
        "shipments[]",
        "orderNumbers[]",
        "shipmentNumber",
        _every_shipment,
        shown=50,
        joined=True,
        source=Source("documented", "002:426"),
    ),
)


def _numbered(name: str, argument: str) -> Any:
    return lambda item: {argument: item[name]}


_AGREEMENTS = (
    Agreement(
        "orderList-orderDetails",
        "orderList",
        "orders[]",
        "orderDetails",
        _numbered("orderNumber", "orderNumber"),
        lambda _item, answer: answer.payload,
        {
            "orderNumber": "orderNumber",
            "date": "order.date",
            "commission": "order.commission",
            "currency": "order.currency",
            "orderTotal": "order.orderTotal",
            "orderSource": "order.orderSource",
        },
        source=Source("documented", "002:325"),
    ),
    Agreement(
        "shipmentList-shipmentDetails",
        "shipmentList",
        "shipments[]",
        "shipmentDetails",
        _numbered("shipmentNumber", "shipmentNumber"),
        lambda _item, answer: answer.payload,
        {"shipmentNumber": "shipment.shipmentNumber", "commission": "shipment.items[].commission"},
        source=Source("documented", "002:477"),
    ),
    Agreement(
        "products-one",
        "products",
        "products[]",
        "products",
        _numbered("productNumber", "productNumber"),
        lambda _item, answer: answer.at("products[]"),
        {
            path: path
            for path in ("productNumber", "ean", "brand", "oemNumber", "price", "title", "category", "modifiedAt")
        },
        arguments=lambda _run: {"limit": 100},
        source=Source("documented", "002:44"),
    ),
    Agreement(
        "products-categories",
        "products",
        "products[]",
        "categories",
        lambda _item: {},
        lambda item, answer: next((one for one in answer.every("[]") if one["id"] == item["category"]["id"]), None),
        {"category.id": "id", "category.de": "de", "category.en": "en"},
        arguments=lambda _run: {"limit": 100},
        source=Source("documented", "002:100"),
    ),
    Agreement(
        "products-brands",
        "products",
        "products[]",
        "brands",
        lambda _item: {},
        lambda item, answer: {"brand": item["brand"]} if item["brand"] in answer.every("brands[]") else None,
        {"brand": "brand"},
        arguments=lambda _run: {"limit": 100},
        source=Source("documented", "002:135"),
    ),
    Agreement(
        "userInfo-billingAddress",
        "userInfo",
        "billingAddress",
        "billingAddress",
        lambda _item: {},
        lambda _item, answer: answer.payload,
        {name: name for name in ("company", "department", "street", "zip", "city", "country")},
        source=Source("documented", "002:204"),
    ),
)


def _page(_run: Run) -> SearchStrategy[Arguments]:
    return st.integers(1, 20).map(lambda limit: {"page": 1, "limit": limit})


def _tiers(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    for product in answer.every("products[]"):
        tiers = product["price"]
        path = "products[].price"
        for before, after in pairwise(tiers):
            yield f"{path}[].fromQuantity", before["toQuantity"] + 1, after["fromQuantity"]
            yield f"{path}[].price", True, after["price"] <= before["price"]
        if tiers:
            yield f"{path}[].fromQuantity", 1, tiers[0]["fromQuantity"]
            yield f"{path}[].toQuantity", 999_999, tiers[-1]["toQuantity"]


def _order_sum(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    yield "order.orderTotal", sum(answer.every("order.items[].total")), answer.at("order.orderTotal")
    yield "orderNumber", answer.arguments["orderNumber"], answer.at("orderNumber")
    for number in answer.every("order.items[].orderNumber"):
        yield "order.items[].orderNumber", answer.arguments["orderNumber"], number


def _shipment_parts(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    asked = answer.arguments["shipmentNumber"]
    yield "shipmentNumber", asked, answer.at("shipmentNumber")
    yield "shipment.shipmentNumber", asked, answer.at("shipment.shipmentNumber")
    known = answer.every("shipment.orderNumbers[]")
    for number in answer.every("shipment.items[].orderNumber"):
        yield "shipment.items[].orderNumber", True, number in known


def _tracking(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    yield "shipmentNumber", answer.arguments["shipmentNumber"], answer.at("shipmentNumber")
    for parcel in (answer.at("history") or {}).values():
        times = [state["time"] for _, state in sorted(parcel["states"].items(), key=lambda pair: int(pair[0]))]
        yield "history.*.states", sorted(times, reverse=True), times


def _newest_first(path: str) -> Any:
    def equations(_examination: Examination, answer: Answer) -> Iterator[Equation]:
        dates = answer.every(path)
        yield path, sorted(dates, reverse=True), dates

    return equations


def _xml(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    wanted = answer.arguments.get("format")
    text = answer.at("xml")
    yield "xml", wanted == "xml", text is not None
    for number in answer.every("products[].productNumber") if text else ():
        yield "xml", True, f">{number}<" in text


def _one(argument: str, find: Any) -> Any:
    return lambda run: st.just({argument: find(run)})


_EQUATIONS = (
    Equations("products.tiers", "products", _page, _tiers, "wire", source=Source("assumed", "SOURCE.md#orders")),
    Equations(
        "orderDetails.sum",
        "orderDetails",
        _one("orderNumber", order_number),
        _order_sum,
        source=Source("documented", "002:383-410"),
    ),
    Equations(
        "shipmentDetails.parts",
        "shipmentDetails",
        _one("shipmentNumber", shipment_number),
        _shipment_parts,
        source=Source("documented", "002:516"),
    ),
    Equations(
        "trackingHistory.order",
        "trackingHistory",
        _one("shipmentNumber", shipment_number),
        _tracking,
        source=Source("documented", "002:551"),
    ),
    Equations(
        "orderList.newest-first", "orderList", lambda _run: st.just({}), _newest_first("orders[].date"), "paging"
    ),
    Equations(
        "products.format",
        "products",
        lambda _run: st.sampled_from(["json", "xml", None]).map(
            lambda form: {"limit": 3, **({"format": form} if form else {})}
        ),
        _xml,
        "schema",
        source=Source("documented", "002:43"),
    ),
)


DECLARATIONS: tuple[Declaration, ...] = (_PRODUCTS, _ORDERS, _SHIPMENTS, *_FILTERS, *_AGREEMENTS, *_EQUATIONS)
