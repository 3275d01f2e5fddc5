"""What happens to orders, shipments and addresses when the clock moves."""

from datetime import datetime
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.mocks.axro.client import (
    ACME,
    ADDRESSES,
    FIXTURES,
    HAMBURG,
    ORDERS,
    SHIPMENT,
    TRACKING,
    WAITING,
    Client,
    fresh_client,
)

HISTORY = Draft202012Validator(FIXTURES.json("json-schemas/trackingHistory.json"))


def _placed(client: Client, *cart: tuple[str, int], address: str = ACME, reference: str = "PO-9") -> str:
    client.order(*(cart or (("HP303A", 2),)), address=address, customReference=reference)
    return str(client.newest()["orderNumber"])


def _history(client: Client, shipment: str) -> Any:
    history = client.data(TRACKING, number=shipment)["history"]
    assert list(HISTORY.iter_errors(history)) == []
    return history


def test_an_order_becomes_a_shipment_and_arrives() -> None:
    client = fresh_client("life")
    number = _placed(client, address=HAMBURG)
    assert (client.shipments(number), client.details(number)["invoiceNumber"]) == ([], None)

    client.advance(minutes=59)
    assert client.shipments(number) == []
    client.advance(minutes=1)
    [prepared] = client.shipments(number)
    assert prepared | {"trackingUrl": "", "trackingCode": "", "carrier": "", "status": "InPreparation"} == prepared
    assert (prepared["commission"], prepared["company"]) == ("PO-9", "AXRO GmbH")
    assert client.details(number)["invoiceNumber"] is not None
    assert client.details(number)["carrier"] is None
    assert _history(client, prepared["shipmentNumber"]) == {}

    client.advance(hours=3)
    [sent] = client.shipments(number)
    assert (sent["status"], sent["carrier"], client.details(number)["carrier"]) == ("OnTheWay", "DHL", "DHL")
    assert sent["trackingUrl"].endswith(sent["trackingCode"])
    [(code, parcel)] = _history(client, sent["shipmentNumber"]).items()
    assert (code, parcel["delivered"], list(parcel["states"])) == (sent["trackingCode"], False, ["0"])

    client.advance(days=1)
    [parcel] = _history(client, sent["shipmentNumber"]).values()
    assert [state["event_key"] for state in parcel["states"].values()] == ["E10", "C10"]

    client.advance(days=2)
    [arrived] = client.shipments(number)
    [parcel] = _history(client, sent["shipmentNumber"]).values()
    assert (arrived["status"], parcel["delivered"]) == ("Delivered", True)
    newest = parcel["states"]["0"]
    assert datetime.fromisoformat(newest["time"]).strftime("%d.%m.%Y") == arrived["date"] == sent["date"]


def test_a_shipment_holds_what_the_order_holds() -> None:
    client = fresh_client("held")
    number = _placed(client, ("HP303A", 2), ("CANL055BK", 12))
    client.advance(hours=1)
    [listed] = client.shipments(number)
    shipment = client.data(SHIPMENT, number=listed["shipmentNumber"])["shipment"]
    order = client.details(number)
    assert (shipment["orderNumbers"], shipment["invoiceNumber"]) == ([number], order["invoiceNumber"])
    assert [{**item, "commission": None} for item in shipment["items"]] == [
        {**item, "commission": None} for item in order["items"]
    ]
    assert datetime.strptime(listed["shippingDate"], "%d.%m.%Y").date().isoformat() == shipment["shippingDate"]  # noqa: DTZ007 - a day


def test_only_what_is_in_stock_is_sent() -> None:
    client = fresh_client("short")
    number = _placed(client, ("HP303A", 800))
    client.advance(hours=1)
    [listed] = client.shipments(number)
    [goods, *_] = client.data(SHIPMENT, number=listed["shipmentNumber"])["shipment"]["items"]
    assert (goods["quantity"], goods["total"]) == (725, 725 * 975)


def test_an_order_of_nothing_in_stock_stays_open() -> None:
    client = fresh_client("empty")
    client.order(("HP303A", 725))
    number = _placed(client, ("HP303A", 1))
    client.advance(days=9)
    assert (client.shipments(number), client.details(number)["invoiceNumber"]) == ([], None)


def test_an_address_waits_an_hour_for_its_approval() -> None:
    client = fresh_client("approval")
    assert _status(client, WAITING) == ("WAITING_APPROVAL", "Please wait for approval.")
    client.advance(minutes=59)
    assert _status(client, WAITING)[0] == "WAITING_APPROVAL"
    client.advance(minutes=1)
    assert _status(client, WAITING) == ("USABLE", "Can be used for shipping.")


def _status(client: Client, key: str) -> tuple[str, str]:
    [address] = [address for address in client.data(ADDRESSES) if address["id"] == key]
    return address["status"], address["info"]


def test_an_order_to_a_waiting_address_is_sent_after_its_approval() -> None:
    client = fresh_client("stored")
    number = _placed(client, address=WAITING)
    client.advance(minutes=119)
    assert client.shipments(number) == []
    client.advance(minutes=1)
    assert len(client.shipments(number)) == 1


def test_staff_may_approve_an_address_sooner() -> None:
    client = fresh_client("sooner")
    client.server.sessions.get("sooner").world("axro").edit("addresses", WAITING, {"approved": True})
    number = _placed(client, address=WAITING)
    client.advance(minutes=60)
    assert len(client.shipments(number)) == 1


def test_the_newest_comes_first_in_every_list() -> None:
    client = fresh_client("newest")
    for reference in ("a", "b", "c"):
        client.order(("HP303A", 1), customReference=reference)
        client.advance(days=1)
    assert [order["commission"] for order in client.data(ORDERS)["orders"]][:3] == ["c", "b", "a"]
    assert [shipment["commission"] for shipment in client.shipments()][:3] == ["c", "b", "a"]
    dates = [order["date"] for order in client.data(ORDERS)["orders"]]
    assert dates == sorted(dates, reverse=True)


def test_of_two_on_one_day_the_later_comes_first() -> None:
    client = fresh_client("same-day")
    for reference in ("a", "b"):
        client.order(("HP303A", 1), customReference=reference)
    client.advance(hours=1)
    assert [order["commission"] for order in client.data(ORDERS)["orders"]][:2] == ["b", "a"]
    assert [shipment["commission"] for shipment in client.shipments()][:2] == ["b", "a"]


@pytest.mark.parametrize("credential", ["default", "other"])
def test_every_list_leads_to_its_details(credential: str) -> None:
    client = Client("details", credential)
    orders = {order["orderNumber"]: order for order in client.data(ORDERS)["orders"]}
    for number, listed in orders.items():
        order = client.details(number)
        assert {name: order[name] for name in listed if name != "orderNumber"} == {
            name: listed[name] for name in listed if name != "orderNumber"
        }
    known = set(client.pages("orderList", "orders", "orderNumber"))
    for shipment in client.shipments():
        details = client.data(SHIPMENT, number=shipment["shipmentNumber"])["shipment"]
        assert set(details["orderNumbers"]) <= known
        assert all(shipment in client.shipments(order) for order in details["orderNumbers"])
        assert _history(client, shipment["shipmentNumber"]).keys() <= {shipment["trackingCode"]}


def test_time_may_run_backwards_without_a_trace() -> None:
    client = fresh_client("back")
    number = _placed(client)
    client.advance(days=9)
    assert len(client.shipments(number)) == 1
    client.advance(days=-9)
    assert client.shipments(number) == []


def test_days_are_told_in_the_offset_of_the_tracking() -> None:
    client = fresh_client("night")
    client.advance(hours=22, minutes=30)
    number = _placed(client)
    assert client.details(number)["date"] == "2026-01-02"
    client.advance(hours=4 + 72)
    [shipment] = client.shipments(number)
    [parcel] = _history(client, shipment["shipmentNumber"]).values()
    assert (shipment["shippingDate"], shipment["date"]) == ("02.01.2026", "05.01.2026")
    assert parcel["states"]["0"]["time"] == "2026-01-05T04:30:00+02:00"
    assert parcel["estimatedDeliveryDate"]["date"] == "2026-01-05 05:30:00.000000"
