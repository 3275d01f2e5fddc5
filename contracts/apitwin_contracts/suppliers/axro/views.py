"""Where AXRO shows one thing in several places."""

from collections.abc import Iterable, Iterator
from typing import Any

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Declaration
from apitwin_contracts.laws.paging import whole_pages
from apitwin_contracts.laws.views import Seen, View, Views
from apitwin_contracts.paths import at
from apitwin_fixtures import Source

from .catalogue_xml import products_of
from .entities import sellable
from .laws import ORDERS, SHIPMENTS

__all__ = ["DECLARATIONS"]

_BILLING = ("company", "department", "street", "zip", "city", "country")
_ADDRESS = (
    "id",
    "company",
    "department",
    "firstname",
    "lastname",
    "street",
    "zip",
    "city",
    "country",
    "phone",
    "email",
)
_HEAD = ("date", "commission", "currency", "orderTotal", "orderSource")
_PAGE = {"page": 1, "limit": 100}


def _one(operation: str, path: str = "") -> Any:
    """Give a listing of the one thing that an operation answers."""

    def listed(examination: Examination) -> Iterable[Seen]:
        answer = examination.must(operation)
        return [Seen(answer, {"key": 1, **(at(answer.payload, path) if path else answer.payload)}, path)]

    return listed


def _each(operation: str, items: str, **arguments: Any) -> Any:
    def listed(examination: Examination) -> Iterable[Seen]:
        answer = examination.must(operation, arguments)
        return [Seen(answer, item, items) for item in answer.every(items)]

    return listed


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def _prepared(examination: Examination, address: str) -> Answer:
    cart = [{"productNumber": sellable(examination.run)[0], "quantity": 1}]
    return examination.must("orderCreate", {"order": {"shippingAddressId": address, "cart": cart}, "place": False})


def _prepared_for(part: str) -> Any:
    def looked_up(examination: Examination, item: Any) -> Seen | None:
        address = item.get("id") or examination.must("shippingAddresses").at("[].id")
        if address is None:
            return None
        answer = _prepared(examination, address)
        return Seen(answer, {"key": 1, **answer.at(part)}, part)

    return looked_up


def _updated(examination: Examination, item: Any) -> Seen:
    answer = examination.must("shippingUpdate", {"id": item["id"], "input": {}})
    return Seen(answer, answer.payload)


_ACCOUNT = Views(
    "billingAddress",
    "key",
    (
        View("billingAddress", {"key": "key", **_same(*_BILLING)}, listed=_one("billingAddress")),
        View("userInfo", {"key": "key", **_same(*_BILLING)}, listed=_one("userInfo", "billingAddress")),
        View("orderCreate", _same(*_BILLING), looked_up=_prepared_for("billing_address")),
    ),
    examples=1,
    source=Source("documented", "002:204"),
)
_ADDRESSES = Views(
    "shippingAddresses",
    "id",
    (
        View("shippingAddresses", _same(*_ADDRESS, "status", "info"), listed=_each("shippingAddresses", "[]")),
        View("shippingUpdate", _same(*_ADDRESS, "status", "info"), looked_up=_updated),
        View("orderCreate", _same(*_ADDRESS), looked_up=_prepared_for("shipping_address")),
    ),
    source=Source("documented", "002:750"),
    changes_state=True,
)


def _paged(paged: Any) -> Any:
    def listed(examination: Examination) -> Iterable[Seen]:
        return [
            Seen(page, item, paged.items)
            for page in whole_pages(examination, paged)
            for item in page.every(paged.items)
        ]

    return listed


def _details(examination: Examination, item: Any) -> Seen:
    answer = examination.must("orderDetails", {"orderNumber": item["orderNumber"]})
    return Seen(answer, answer.payload)


_ORDER = Views(
    "orders",
    "orderNumber",
    (
        View("orderList", _same("orderNumber", *_HEAD), listed=_paged(ORDERS)),
        View(
            "orderDetails",
            {"orderNumber": "orderNumber", **{name: f"order.{name}" for name in _HEAD}},
            looked_up=_details,
        ),
        View(
            "orderDetails",
            {"orderNumber": "order.items[].orderNumber", "orderTotal": "order.items[].total"},
            looked_up=_details,
            forms={"orderNumber": lambda numbers: numbers[0] if len(set(numbers)) == 1 else numbers, "orderTotal": sum},
        ),
    ),
    examples=12,
    source=Source("documented", "002:325"),
)


def _shipment(examination: Examination, item: Any) -> Seen:
    answer = examination.must("shipmentDetails", {"shipmentNumber": item["shipmentNumber"]})
    return Seen(answer, answer.payload)


def _history(examination: Examination, item: Any) -> Seen:
    answer = examination.must("trackingHistory", {"shipmentNumber": item["shipmentNumber"]})
    return Seen(answer, answer.payload)


def _its_order(examination: Examination, item: Any) -> Seen | None:
    shipment = examination.must("shipmentDetails", {"shipmentNumber": item["shipmentNumber"]})
    number = (shipment.every("shipment.orderNumbers[]") or [None])[-1]
    if number is None:
        return None
    answer = examination.must("orderDetails", {"orderNumber": number})
    return Seen(answer, answer.payload)


def _iso(day: str) -> str:
    return "-".join(reversed(day.split(".")))


def _single(values: list[Any]) -> Any:
    """Give the one value of a list; where there are several things nothing is said of one."""
    return values[0] if len(set(values)) == 1 else None


def _code(history: Any) -> Any:
    return next(iter(history), "") if isinstance(history, dict) else None


def _parcels(read: Any) -> Any:
    def form(history: Any) -> Any:
        parcels = list(history.values()) if isinstance(history, dict) else []
        return read(parcels[0]) if len(parcels) == 1 else None

    return form


def _states(parcel: Any) -> list[Any]:
    return [state for _, state in sorted(parcel["states"].items(), key=lambda pair: int(pair[0]))]


def _carriers(parcel: Any) -> Any:
    names = [state["carrier_name"] for state in _states(parcel)]
    return names[0] if len(set(names)) == 1 else names


def _arrived(parcel: Any) -> Any:
    return _states(parcel)[0]["time"][:10] if parcel["delivered"] else None


_SHIPMENT = Views(
    "shipments",
    "shipmentNumber",
    (
        View(
            "shipmentList",
            {
                **_same("shipmentNumber", "company", "commission", "trackingCode", "carrier"),
                "shipped": "shippingDate",
                "delivered": "status",
                "arrived": "date",
            },
            listed=_paged(SHIPMENTS),
            forms={
                "shipped": _iso,
                "delivered": lambda status: status == "Delivered",
                "arrived": _iso,
                "carrier": lambda name: name or None,
            },
        ),
        View(
            "shipmentList",
            {"shipmentNumber": "shipmentNumber", "trackingCode": "trackingUrl"},
            listed=_paged(SHIPMENTS),
            forms={"trackingCode": lambda url: url.rpartition("=")[2]},
        ),
        View(
            "shipmentDetails",
            {
                "shipmentNumber": "shipment.shipmentNumber",
                "shipped": "shipment.shippingDate",
                "invoice": "shipment.invoiceNumber",
                "commission": "shipment.items[].commission",
            },
            looked_up=_shipment,
            forms={"commission": _single},
        ),
        View(
            "trackingHistory",
            {"shipmentNumber": "shipmentNumber", "trackingCode": "history"},
            looked_up=_history,
            forms={"trackingCode": _code},
        ),
        View(
            "trackingHistory",
            {"carrier": "history", "delivered": "history", "arrived": "history"},
            looked_up=_history,
            forms={
                "carrier": _parcels(_carriers),
                "delivered": _parcels(lambda parcel: parcel["delivered"]),
                "arrived": _parcels(_arrived),
            },
        ),
        View(
            "orderDetails",
            {
                "company": "order.shippingAddress.company",
                "commission": "order.commission",
                "invoice": "order.invoiceNumber",
                "carrier": "order.carrier",
            },
            looked_up=_its_order,
            forms={"carrier": lambda name: name, "invoice": lambda number: number},
            trusted=True,
        ),
    ),
    examples=10,
    source=Source("documented", "002:477"),
)


def _categories_of_products(examination: Examination) -> Iterator[Seen]:
    answer = examination.must("products", dict(_PAGE))
    for product in answer.every("products[]"):
        yield Seen(answer, product["category"], "products[].category")


def _categories_of_xml(examination: Examination) -> Iterator[Seen]:
    answer = examination.must("products", {**_PAGE, "format": "xml"})
    for group in products_of(answer.at("xml") or "").groups:
        yield Seen(answer, group, "xml")


_CATEGORIES = Views(
    "categories",
    "id",
    (
        View("categories", _same("id", "de", "en"), listed=_each("categories", "[]")),
        View("products", _same("id", "de", "en"), listed=_categories_of_products),
        View("products", _same("id", "de", "en"), listed=_categories_of_xml),
    ),
    source=Source("documented", "002:100"),
)


def _in_xml(examination: Examination) -> Iterator[Seen]:
    answer = examination.must("products", {**_PAGE, "format": "xml"})
    for product in products_of(answer.at("xml") or "").products:
        yield Seen(answer, product, "xml")


def _prices(tiers: Any) -> Any:
    return [[tier["fromQuantity"], tier["price"]] for tier in tiers]


def _ordered_price(examination: Examination, item: Any) -> Seen | None:
    """Look a price up where it is charged: a prepared order of one piece."""
    if not item["price"]:
        return None
    address = examination.must("shippingAddresses").at("[].id")
    cart = [{"productNumber": item["productNumber"], "quantity": 1}]
    answer = examination.must("orderCreate", {"order": {"shippingAddressId": address, "cart": cart}, "place": False})
    return Seen(answer, {"first": answer.at("cart[].unit_price")}, "cart[].unit_price")


_PRODUCTS = Views(
    "products",
    "productNumber",
    (
        View(
            "products",
            _same("productNumber", "ean", "brand", "oemNumber", "de", "en", "category"),
            listed=_in_xml,
        ),
        View(
            "products",
            {
                **_same("productNumber", "ean", "brand", "oemNumber"),
                "de": "title.deDe",
                "en": "title.enGb",
                "category": "category.id",
            },
            listed=_each("products", "products[]", **_PAGE),
        ),
    ),
    examples=1,
    source=Source("documented", "002:43"),
)
_CHARGED = Views(
    "prices",
    "productNumber",
    (
        View("products", {"productNumber": "productNumber"}, listed=_each("products", "products[]", **_PAGE)),
        View("products", {"productNumber": "productNumber", "prices": "prices", "first": "first"}, listed=_in_xml),
        View("orderCreate", {"first": "first"}, looked_up=_ordered_price),
        View(
            "products",
            {"productNumber": "productNumber", "prices": "price", "first": "price"},
            listed=_each("products", "products[]", **_PAGE),
            forms={"prices": _prices, "first": lambda tiers: tiers[0]["price"] if tiers else None},
        ),
    ),
    examples=4,
    source=Source("documented", "002:83"),
)

DECLARATIONS: tuple[Declaration, ...] = (_ACCOUNT, _ADDRESSES, _ORDER, _SHIPMENT, _CATEGORIES, _PRODUCTS, _CHARGED)
