"""What was ordered before a session begins: enough for pages of it, the same for one seed, and true in itself."""

from collections import Counter

import pytest

from apitwin_mocks.supplier import Seeding
from apitwin_mocks.suppliers.axro.catalogue import Catalogue
from apitwin_mocks.suppliers.axro.entities import Shipment
from apitwin_mocks.suppliers.axro.seed import make_catalogue
from tests.mocks.axro.client import FIXTURES, SHIPMENT, Client, fresh_client

RECORDED = {kind: [row["number"] for row in FIXTURES.json(f"entities/{kind}.json")] for kind in ("orders", "shipments")}


def test_one_seed_has_one_past_and_another_seed_another() -> None:
    assert make_catalogue(Seeding(3, 60)).orders == make_catalogue(Seeding(3, 60)).orders
    assert make_catalogue(Seeding(3, 60)).orders != make_catalogue(Seeding(4, 60)).orders


def test_the_past_does_not_grow_with_the_catalogue() -> None:
    assert make_catalogue(Seeding(0, 5000)).orders == make_catalogue(Seeding(0, 500)).orders


@pytest.mark.parametrize("products", [0, 50, 500])
def test_the_default_customer_has_more_than_three_pages_of_each_list(products: int) -> None:
    catalogue = make_catalogue(Seeding(0, products))
    for rows in (catalogue.orders, catalogue.shipments):
        assert Counter(row.customer for row in rows.values())["100001"] > 150 - 15


def test_what_was_recorded_is_the_latest() -> None:
    catalogue = make_catalogue(Seeding(0, 50))
    assert list(catalogue.orders)[-len(RECORDED["orders"]) :] == RECORDED["orders"]
    assert list(catalogue.shipments)[-len(RECORDED["shipments"]) :] == RECORDED["shipments"]
    earlier = [order.placed for number, order in catalogue.orders.items() if number not in RECORDED["orders"]]
    assert earlier == sorted(earlier)
    assert earlier[-1] < min(catalogue.orders[number].placed for number in RECORDED["orders"])


@pytest.mark.parametrize("seed", range(5))
def test_every_order_is_delivered_whole_and_once(seed: int) -> None:
    catalogue = make_catalogue(Seeding(seed, 200))
    delivered = Counter(
        (line.order, line.product, line.quantity, line.total)
        for shipment in catalogue.shipments.values()
        for line in shipment.lines
    )
    ordered = Counter(
        (order.number, line.product, line.quantity, line.total)
        for order in catalogue.orders.values()
        for line in order.lines
    )
    assert delivered == ordered
    assert any(len(shipment.orders) > 1 for shipment in _made_up(catalogue))


def _made_up(catalogue: Catalogue) -> list[Shipment]:
    return [row for number, row in catalogue.shipments.items() if number not in RECORDED["shipments"]]


@pytest.mark.parametrize("credential", ["default", "other"])
def test_the_lists_lead_into_the_past(credential: str) -> None:
    client = Client("past", credential)
    orders = client.pages("orderList", "orders", "orderNumber")
    shipments = client.pages("shipmentList", "shipments", "shipmentNumber")
    for number in (orders[-1], orders[len(orders) // 2]):
        details = client.details(number)
        assert details["orderTotal"] == sum(item["total"] for item in details["items"])
    oldest = client.data(SHIPMENT, number=shipments[-1])["shipment"]
    assert set(oldest["orderNumbers"]) <= set(orders)


def test_a_new_order_stands_before_the_past() -> None:
    client = fresh_client("present")
    client.order(("HP303A", 1), customReference="PO-NEW")
    assert client.newest()["commission"] == "PO-NEW"
