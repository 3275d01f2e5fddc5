"""What AXRO's lists obey: pages, filters, vocabularies, content, and whose they are."""

from collections.abc import Iterator
from typing import Any

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Declaration
from apitwin_contracts.laws.agreement import Agreement, Vocabulary
from apitwin_contracts.laws.content import Content, Magnitude, Spoken
from apitwin_contracts.laws.filters import Filter
from apitwin_contracts.laws.isolation import Owned
from apitwin_contracts.laws.paging import NumberedPages, whole
from apitwin_contracts.laws.recorded import Recorded
from apitwin_contracts.paths import at
from apitwin_fixtures import Source

from .entities import foreign_order

__all__ = ["DECLARATIONS", "ORDERS", "PRODUCTS", "SHIPMENTS", "every_shipment", "everything", "is_whole"]

_LARGEST = 1000
# Orders of others move it between two sights of a product.
_MOVING = ("stock",)
PRODUCTS = NumberedPages(
    "products",
    "products[]",
    "productNumber",
    size="limit",
    default_size=100,
    maximum_size=_LARGEST,
    over_maximum="LIMIT_TOO_LARGE",
    pages="totalPages",
    moving=_MOVING,
    source=Source("documented", "002:49-50"),
)
ORDERS = NumberedPages(
    "orderList",
    "orders[]",
    "orderNumber",
    default_size=50,
    pages="totalPages",
    source=Source("assumed", "SOURCE.md#paging"),
)
SHIPMENTS = NumberedPages(
    "shipmentList",
    "shipments[]",
    "shipmentNumber",
    default_size=50,
    pages="totalPages",
    source=Source("documented", "002:425"),
)


def everything(examination: Examination) -> list[Any]:
    """Read every product, once."""
    found: list[Any] = examination.run.view("every product", lambda: whole(examination, PRODUCTS))
    return found


def is_whole(examination: Examination) -> bool:
    """Tell whether every product there is was read."""
    return len(everything(examination)) < examination.run.profile.items


def _product_filter(argument: str, field: str, line: int) -> Filter:
    return Filter(
        "products",
        argument,
        "products[]",
        field,
        "productNumber",
        everything,
        separator=",",
        case="any",
        fixed={"limit": _LARGEST},
        shown=_LARGEST,
        moving=_MOVING,
        source=Source("documented", f"002:{line}"),
    )


def every_shipment(examination: Examination) -> list[Any]:
    """Read every shipment with the numbers of its orders, once."""
    found: list[Any] = examination.run.view("every shipment", lambda: _with_orders(examination))
    return found


def _with_orders(examination: Examination) -> list[Any]:
    return [
        {**shipment, "orderNumbers": detail.at("shipment.orderNumbers")}
        for shipment in whole(examination, SHIPMENTS)
        for detail in [examination.must("shipmentDetails", {"shipmentNumber": shipment["shipmentNumber"]})]
    ]


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
        every_shipment,
        shown=50,
        joined=True,
        source=Source("documented", "002:426"),
    ),
)

_AGREEMENTS = (
    Agreement(
        "products-one",
        "products",
        "products[]",
        "products",
        lambda item: {"productNumber": item["productNumber"]},
        lambda _item, answer: answer.at("products[]"),
        {
            path: path
            for path in ("productNumber", "ean", "brand", "oemNumber", "price", "title", "category", "modifiedAt")
        },
        arguments=lambda _run: {"limit": 100},
        source=Source("documented", "002:44"),
    ),
    Vocabulary(
        "brands",
        "brands",
        "brands[]",
        lambda examination: {product["brand"] for product in everything(examination)},
        is_whole,
        Source("documented", "002:135"),
    ),
    Vocabulary(
        "categories",
        "categories",
        "[].id",
        lambda examination: {product["category"]["id"] for product in everything(examination)},
        source=Source("documented", "002:100"),
    ),
)


def _sights(operation: str, items: str, **arguments: Any) -> Any:
    def read(examination: Examination) -> Iterator[tuple[Answer, Any]]:
        answer = examination.must(operation, arguments)
        return ((answer, item) for item in answer.every(items))

    return read


_PAGE = {"limit": 200}
_ASSUMED = Source("assumed", "SOURCE.md#first-state")
_CONTENT = (
    Content(
        "products",
        "products[]",
        _sights("products", "products[]", **_PAGE),
        varies=("title.deDe", "title.enGb", "brand", "oemNumber", "modifiedAt", "category.id", "stock"),
        distinct=("productNumber", "ean"),
        source=_ASSUMED,
    ),
    Content(
        "orderList",
        "orders[]",
        _sights("orderList", "orders[]"),
        varies=("date", "orderTotal"),
        distinct=("orderNumber",),
        source=_ASSUMED,
    ),
    Content(
        "shipmentList",
        "shipments[]",
        _sights("shipmentList", "shipments[]"),
        varies=("date", "shippingDate"),
        distinct=("shipmentNumber",),
        source=_ASSUMED,
    ),
    Magnitude(
        "products",
        "products[]",
        _sights("products", "products[]", **_PAGE),
        "price[].price",
        500,
        100_000,
        Source("documented", "002:63,83"),
    ),
    Spoken(
        "products",
        "products[]",
        _sights("products", "products[]", **_PAGE),
        "title.deDe",
        "title.enGb",
        Source("documented", "002:84-87"),
    ),
    Spoken(
        "categories",
        "[]",
        _sights("products", "products[].category", **_PAGE),
        "de",
        "en",
        Source("documented", "002:121-122"),
    ),
)
_OWNED = (
    *(
        Owned(name, name, path, source=Source("assumed", "SOURCE.md#foreign"))
        for name, path in (
            ("orderList", "orders[].orderNumber"),
            ("shipmentList", "shipments[].shipmentNumber"),
            ("shippingAddresses", "[].id"),
            ("userInfo", "email"),
        )
    ),
    Owned(
        "shipmentList.foreign-order",
        "shipmentList",
        "shipments[].shipmentNumber",
        arguments=lambda run: {"orderNumber": foreign_order(run)},
        source=Source("assumed", "SOURCE.md#foreign"),
    ),
)


def _recorded(cassette: str, operation: str, identity: str) -> Recorded:
    return Recorded(cassette, lambda payload: at(payload, identity), part=f"data.{operation}")


_RECORDED = (
    _recorded("billing-address", "billingAddress", "company"),
    _recorded("user-info", "userInfo", "email"),
    _recorded("order-details", "orderDetails", "order.date"),
    _recorded("shipment-details", "shipmentDetails", "shipment.orderNumbers[]"),
    _recorded("shipment-list", "shipmentList", "shipments[].trackingCode"),
    Recorded("tracking-history", lambda payload: set(payload["history"]), part="data.trackingHistory"),
)

DECLARATIONS: tuple[Declaration, ...] = (
    PRODUCTS,
    ORDERS,
    SHIPMENTS,
    *_FILTERS,
    *_AGREEMENTS,
    *_CONTENT,
    *_OWNED,
    *_RECORDED,
)
