"""What time brings at AXRO: approval, invoice, shipment, tracking, delivery; and by which calendar days are told."""

from collections.abc import Iterator
from datetime import timedelta, timezone
from typing import Any

from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Declaration
from apitwin_contracts.laws.agreement import Equation
from apitwin_contracts.laws.state import Due
from apitwin_contracts.laws.walks import Walk
from apitwin_contracts.run import Run
from apitwin_fixtures import Source

from .entities import addresses, orders

__all__ = ["DECLARATIONS"]

_TIME = Source("assumed", "SOURCE.md#assumptions")
_LOCAL = timezone(timedelta(hours=2))
_LATE = 22.5


def _new_address(run: Run) -> SearchStrategy[Arguments]:
    return addresses(run).map(lambda address: {"input": address})


def _placed(run: Run) -> SearchStrategy[Arguments]:
    return orders(run, place=True)


def _read_addresses(examination: Examination, _written: Answer) -> Answer:
    return examination.must("shippingAddresses")


def _address_status(status: str, info: str) -> Any:
    def holds(written: Answer, read: Answer) -> Iterator[Equation]:
        found: dict[str, Any] = next((item for item in read.every("[]") if item["id"] == written.at("id")), {})
        yield "[].status", status, found.get("status")
        yield "[].info", info, found.get("info")

    return holds


def _item_of(examination: Examination, written: Answer) -> dict[str, Any]:
    listed = examination.must("orderList")
    reference = written.arguments["order"]["customReference"]
    found: list[dict[str, Any]] = [item for item in listed.every("orders[]") if item["commission"] == reference]
    if not found:
        raise examination.broken([written, listed], "orders[]", f"the order {reference}", "not there")
    return found[0]


def _number_of(examination: Examination, written: Answer) -> str:
    return str(_item_of(examination, written)["orderNumber"])


def _read_details(examination: Examination, written: Answer) -> Answer:
    return examination.must("orderDetails", {"orderNumber": _number_of(examination, written)})


def _read_shipments(examination: Examination, written: Answer) -> Answer:
    return examination.must("shipmentList", {"orderNumber": _number_of(examination, written)})


def _read_history(examination: Examination, written: Answer) -> Answer:
    listed = _read_shipments(examination, written)
    number = listed.at("shipments[].shipmentNumber")
    if number is None:
        raise examination.broken([written, listed], "shipments[]", "the order's shipment", "not there", source=_TIME)
    return examination.must("trackingHistory", {"shipmentNumber": number})


def _shipped(status: str, *, tracked: bool) -> Any:
    def holds(_written: Answer, read: Answer) -> Iterator[Equation]:
        yield "shipments[]", 1, len(read.every("shipments[]"))
        for shipment in read.every("shipments[]"):
            yield "shipments[].status", status, shipment["status"]
            for name in ("trackingCode", "trackingUrl", "carrier"):
                yield f"shipments[].{name}", tracked, bool(shipment[name])

    return holds


def _no_shipment(_written: Answer, read: Answer) -> Iterator[Equation]:
    yield "shipments[]", 0, len(read.every("shipments[]"))


def _invoiced(*, yes: bool) -> Any:
    def holds(_written: Answer, read: Answer) -> Iterator[Equation]:
        yield "order.invoiceNumber", yes, read.at("order.invoiceNumber") is not None

    return holds


def _carried(*, yes: bool) -> Any:
    def holds(written: Answer, read: Answer) -> Iterator[Equation]:
        home = written.at("shipping_address.country") == "DE"
        yield "order.carrier", ("DHL" if home else "UPS") if yes else None, read.at("order.carrier")

    return holds


def _tracked(events: tuple[str, ...]) -> Any:
    def holds(_written: Answer, read: Answer) -> Iterator[Equation]:
        parcels = list((read.at("history") or {}).values())
        yield "history", 1, len(parcels)
        for parcel in parcels:
            states = [state for _, state in sorted(parcel["states"].items(), key=lambda pair: int(pair[0]))]
            yield "history.*.states", list(events), [state["event_key"] for state in states]
            yield "history.*.delivered", "H10" in events, parcel["delivered"]

    return holds


def _untracked(_written: Answer, read: Answer) -> Iterator[Equation]:
    yield "history", {}, read.at("history")


def _due(name: str, read: Any, holds: Any, *, before: Any = None, **after: float) -> Due:
    return Due(f"orderCreate.{name}", "orderCreate", _placed, timedelta(**after), read, holds, before, source=_TIME)


def _evenings(run: Run) -> SearchStrategy[Arguments]:
    return _placed(run)


def _at_night(examination: Examination, arguments: Arguments) -> None:
    """Place an order when the day has another date in UTC than where days are told."""
    clock = examination.run.target.clock
    now = clock.now()
    passed = (now.hour * 60 + now.minute) / 60
    examination.run.advance(timedelta(hours=(_LATE - passed) % 24))
    written = examination.must("orderCreate", arguments)
    told = _item_of(examination, written)["date"]
    read = _read_details(examination, written)
    expected = clock.now().astimezone(_LOCAL).date().isoformat()
    if told != expected:
        listed = examination.must("orderList")
        raise examination.broken([written, listed], "orders[].date", expected, told, source=_TIME)
    if read.at("order.date") != expected:
        raise examination.broken([written, read], "order.date", expected, read.at("order.date"), source=_TIME)


DECLARATIONS: tuple[Declaration, ...] = (
    Due(
        "shippingCreate.approval",
        "shippingCreate",
        _new_address,
        timedelta(hours=1, minutes=1),
        _read_addresses,
        _address_status("USABLE", "Can be used for shipping."),
        _address_status("WAITING_APPROVAL", "Please wait for approval."),
        source=_TIME,
    ),
    _due("invoice", _read_details, _invoiced(yes=True), before=_invoiced(yes=False), minutes=61),
    _due("prepared", _read_shipments, _shipped("InPreparation", tracked=False), before=_no_shipment, minutes=70),
    _due("untracked", _read_history, _untracked, minutes=70),
    _due("carrier", _read_details, _carried(yes=True), before=_carried(yes=False), hours=5),
    _due("shipment", _read_shipments, _shipped("OnTheWay", tracked=True), before=_no_shipment, hours=5),
    _due("pickup", _read_history, _tracked(("C10",)), hours=5),
    _due("transit", _read_history, _tracked(("E10", "C10")), hours=30),
    _due("delivery", _read_shipments, _shipped("Delivered", tracked=True), before=_no_shipment, days=7),
    _due("arrival", _read_history, _tracked(("H10", "E10", "C10")), days=7),
    Walk("orderCreate.day", _evenings, _at_night, share=0.04),
)
