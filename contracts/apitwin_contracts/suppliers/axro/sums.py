"""What adds up and stays in order inside one of AXRO's answers."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Declaration
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.laws.agreement import Equation, Equations
from apitwin_contracts.laws.paging import NumberedPages, whole_pages
from apitwin_contracts.laws.walks import Walk
from apitwin_contracts.run import Run
from apitwin_fixtures import Source

from .catalogue_xml import products_of
from .entities import order_numbers, shipment_numbers
from .laws import ORDERS, SHIPMENTS, every_shipment

__all__ = ["DECLARATIONS"]

_TOLL = "FR_AUTO_MD"
_OFFSET = "+02:00"
_UNSENT = 30


def _page(_run: Run) -> SearchStrategy[Arguments]:
    sizes = st.integers(1, 20).map(lambda limit: {"page": 1, "limit": limit})
    return st.sampled_from([{"page": 1, "limit": 500}, {"page": 2, "limit": 100}]) | sizes


def _product_parts(examination: Examination, answer: Answer) -> Iterator[Equation]:
    now = examination.run.target.clock.now()
    for product in answer.every("products[]"):
        yield from _tiers(product["price"])
        if product["ean"]:
            yield "products[].ean", f"{product['ean'][:-1]}{_check_digit(product['ean'])}", product["ean"]
        yield "products[].modifiedAt", True, datetime.fromisoformat(product["modifiedAt"]) <= now


def _tiers(tiers: list[Any]) -> Iterator[Equation]:
    path = "products[].price"
    for before, after in pairwise(tiers):
        yield f"{path}[].fromQuantity", before["toQuantity"] + 1, after["fromQuantity"]
        yield f"{path}[].price", True, after["price"] <= before["price"]
    if tiers:
        yield f"{path}[].fromQuantity", 1, tiers[0]["fromQuantity"]
        yield f"{path}[].toQuantity", 999_999, tiers[-1]["toQuantity"]


def _check_digit(ean: str) -> int:
    return -sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(ean[:-1])) % 10


def _order_parts(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    asked = answer.arguments["orderNumber"]
    yield "orderNumber", asked, answer.at("orderNumber")
    for number in answer.every("order.items[].orderNumber"):
        yield "order.items[].orderNumber", asked, number
    yield "order.orderTotal", sum(answer.every("order.items[].total")), answer.at("order.orderTotal")
    yield "order.items[].productNumber", True, _TOLL in answer.every("order.items[].productNumber")


def _shipment_parts(examination: Examination, answer: Answer) -> Iterator[Equation]:
    asked = answer.arguments["shipmentNumber"]
    yield "shipmentNumber", asked, answer.at("shipmentNumber")
    yield "shipment.shipmentNumber", asked, answer.at("shipment.shipmentNumber")
    known = answer.every("shipment.orderNumbers[]")
    for number in dict.fromkeys([*known, *answer.every("shipment.items[].orderNumber")]):
        yield "shipment.orderNumbers[]", True, number in known
        order = examination.must("orderDetails", {"orderNumber": number})
        yield from _delivered(answer, order, number)


def _delivered(shipment: Answer, order: Answer, number: str) -> Iterator[Equation]:
    """What a shipment holds of an order is what was ordered, at the ordered price, and never more."""
    ordered = order.every("order.items[]")
    sent = [line for line in shipment.every("shipment.items[]") if line["orderNumber"] == number]
    path = "shipment.items[]"
    yield path, True, _TOLL in [line["productNumber"] for line in sent]
    for line in sent:
        same = [each for each in ordered if each["productNumber"] == line["productNumber"]]
        yield f"{path}.productNumber", True, bool(same)
        yield f"{path}.commission", order.at("order.commission"), line["commission"]
        yield f"{path}.oemNumber", same[0]["oemNumber"], line["oemNumber"]
        yield f"{path}.quantity", True, line["quantity"] <= sum(each["quantity"] for each in same)
        priced = (each["total"] * line["quantity"] == line["total"] * each["quantity"] for each in same)
        yield f"{path}.total", True, any(priced)


def _tracking(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    yield "shipmentNumber", answer.arguments["shipmentNumber"], answer.at("shipmentNumber")
    for parcel in (answer.at("history") or {}).values():
        states = [state for _, state in sorted(parcel["states"].items(), key=lambda pair: int(pair[0]))]
        times = [state["time"] for state in states]
        path = "history.*.states"
        yield path, sorted(times, reverse=True), times
        yield path, [str(place) for place in range(len(states))], sorted(parcel["states"], key=int)
        for state in states:
            yield f"{path}.*.phase_key", state["event_key"][:1], state["phase_key"]
            if state["timezone"] == "Etc/GMT-2":
                yield f"{path}.*.time", _OFFSET, state["time"][-6:]
        estimate = parcel["estimatedDeliveryDate"]["date"]
        yield "history.*.estimatedDeliveryDate.date", True, estimate[:10] >= times[-1][:10]


def _newest_first(paged: NumberedPages, field: str) -> Any:
    def equations(examination: Examination, _answer: Answer) -> Iterator[Equation]:
        pages = whole_pages(examination, paged)
        days = [_day(item[field]) for page in pages for item in page.every(paged.items)]
        yield f"{paged.items}.{field}", sorted(days, reverse=True), days

    return equations


def _day(text: str) -> str:
    return "-".join(reversed(text.split("."))) if "." in text else text


def _list_parts(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    for shipment in answer.every("shipments[]"):
        yield "shipments[].date", True, _day(shipment["date"]) >= _day(shipment["shippingDate"])
        code = shipment["trackingCode"]
        yield "shipments[].trackingUrl", bool(code), bool(shipment["trackingUrl"])
        yield "shipments[].carrier", bool(code), bool(shipment["carrier"])


def _ids(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    for key in answer.every("[].id"):
        yield "[].id", key.lower(), key


def _past(examination: Examination, answer: Answer) -> Iterator[Equation]:
    today = examination.run.target.clock.now().date()
    for day in answer.every("orders[].date"):
        # Days are told in an offset of their own, at most a day ahead of UTC.
        yield "orders[].date", True, (date.fromisoformat(day) - today).days <= 1


def _xml(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    wanted, text = answer.arguments.get("format"), answer.at("xml")
    yield "xml", wanted == "xml", text is not None
    if text:
        document = products_of(text)
        yield "xml", "", document.complaint
        numbers = [product["productNumber"] for product in document.products]
        yield "xml", answer.every("products[].productNumber"), numbers


def _nothing(_run: Run) -> SearchStrategy[Any]:
    return st.none()


def _lists_agree(examination: Examination, _nothing: Any) -> None:
    """Every order that a shipment holds is listed, and every shipment of a listed order."""
    orders, shipments = whole_pages(examination, ORDERS), whole_pages(examination, SHIPMENTS)
    limit = examination.run.profile.items
    listed = {str(number) for page in orders for number in ORDERS.keys(page)}
    held = {str(shipment["shipmentNumber"]): set(shipment["orderNumbers"]) for shipment in every_shipment(examination)}
    if max(len(listed), len(held)) >= limit:
        raise NothingToExamine(f"more than {limit} orders: not compared in this profile")
    sent = set().union(*held.values()) if held else set()
    missing = sorted(sent - listed)
    if missing:
        text = f"the order {missing[0]}, which a shipment holds"
        raise examination.broken([shipments[0], orders[-1]], "orders[]", text, "not there")
    for number in sorted(listed - sent)[:_UNSENT]:
        answer = examination.must("shipmentList", {"orderNumber": number})
        for shipment in answer.every("shipments[].shipmentNumber"):
            if shipment not in held:
                raise examination.broken(
                    [answer, shipments[-1]], "shipments[]", f"the shipment {shipment}", "not there"
                )
            detail = examination.must("shipmentDetails", {"shipmentNumber": shipment})
            expected, observed = f"{number} too: it finds this shipment", sorted(held[shipment])
            raise examination.broken([answer, detail], "shipment.orderNumbers[]", expected, observed)


def _numbered(argument: str, find: Any) -> Any:
    return lambda run: st.sampled_from(find(run)).map(lambda number: {argument: number})


def _format(_run: Run) -> SearchStrategy[Arguments]:
    forms = st.sampled_from(["json", "xml", None])
    return forms.map(lambda form: {"limit": 3, **({"format": form} if form else {})})


def _plain(_run: Run) -> SearchStrategy[Arguments]:
    return st.just({})


DECLARATIONS: tuple[Declaration, ...] = (
    Equations(
        "products.parts", "products", _page, _product_parts, "wire", source=Source("assumed", "SOURCE.md#orders")
    ),
    Equations("products.format", "products", _format, _xml, "schema", source=Source("documented", "002:43")),
    Equations(
        "orderDetails.parts",
        "orderDetails",
        _numbered("orderNumber", order_numbers),
        _order_parts,
        source=Source("documented", "002:383-410"),
    ),
    Equations(
        "shipmentDetails.parts",
        "shipmentDetails",
        _numbered("shipmentNumber", shipment_numbers),
        _shipment_parts,
        source=Source("documented", "002:516"),
    ),
    Equations(
        "trackingHistory.parts",
        "trackingHistory",
        _numbered("shipmentNumber", shipment_numbers),
        _tracking,
        source=Source("documented", "002:551"),
    ),
    Equations(
        "shipmentList.parts",
        "shipmentList",
        _plain,
        _list_parts,
        share=0.05,
        source=Source("documented", "002:464-467"),
    ),
    Equations(
        "shippingAddresses.ids",
        "shippingAddresses",
        _plain,
        _ids,
        "wire",
        share=0.04,
        source=Source("documented", "002:262"),
    ),
    Walk("shipmentList.orders", _nothing, _lists_agree, "paging", share=0.04, changes_state=False),
    Equations("orderList.past", "orderList", _plain, _past, share=0.05, source=Source("documented", "002:312")),
    Equations(
        "orderList.newest-first",
        "orderList",
        _plain,
        _newest_first(ORDERS, "date"),
        "paging",
        share=0.05,
        source=Source("assumed", "SOURCE.md#35"),
    ),
    Equations(
        "shipmentList.newest-first",
        "shipmentList",
        _plain,
        _newest_first(SHIPMENTS, "shippingDate"),
        "paging",
        share=0.05,
        source=Source("assumed", "SOURCE.md#paging"),
    ),
)
