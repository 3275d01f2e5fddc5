from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import jsonschema_rs
import pytest

from tests.mocks.receiver import Hit, Receiver, says
from tests.mocks.reseller.client import DOCUMENT, USER_ID, Client, Told, fresh_client, line

URL = "http://127.0.0.1:9/orders"
OTHER_URL = "http://127.0.0.1:9/products"
HELD = {
    event: jsonschema_rs.validator_for(
        {
            **item["post"]["requestBody"]["content"]["application/json"]["schema"],
            "components": DOCUMENT["components"],
        },
        validate_formats=True,
    )
    for event, item in DOCUMENT["webhooks"].items()
}


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def client(told: Told) -> Iterator[Client]:
    client = fresh_client("life", courier=told.courier)
    yield client
    for webhook in client.control("GET", "/webhooks")["webhooks"]:
        HELD[webhook["event"]].validate(webhook["body"])


def states(client: Client, seconds: list[float]) -> Iterator[Any]:
    reached = 0.0
    for second in seconds:
        client.advance(second - reached)
        reached = second
        yield client.data("get_order_detail", 55501)["Status"]


LIVES = {
    "arrives": (10, [0, 29, 30, 89, 90, 5000], [None, None, 2, 2, 1, 1]),
    "hesitates": (9, [29, 30, 59, 60, 89, 90, 149, 150, 5000], [None, 2, 2, 3, 3, 2, 2, 1, 1]),
    "never comes": (8, [29, 30, 89, 90, 5000], [None, 2, 2, 0, 0]),
}


@pytest.mark.parametrize("life", LIVES)
def test_a_line_lives_by_the_clock(client: Client, life: str) -> None:
    product, seconds, expected = LIVES[life]
    client.create(line(product))
    assert list(states(client, list(map(float, seconds)))) == expected


@pytest.mark.parametrize("life", LIVES)
def test_each_change_of_state_is_told_once_and_in_order(client: Client, told: Told, life: str) -> None:
    product, seconds, expected = LIVES[life]
    client.create(line(product, 1, "mine"), NotifyURL=URL)
    list(states(client, list(map(float, seconds))))
    changes = [status for before, status in zip([None, *expected], expected, strict=False) if before != status]
    assert [(body["DeliverID"], body["OrderDetailID"], body["Status"]) for body in told.bodies()] == [
        ("mine", 55501, status) for status in changes
    ]
    assert {dict(parcel.headers)["apikey"] for parcel in told.parcels} == {"default-api-key"}


@pytest.mark.parametrize("life", LIVES)
def test_a_leap_in_time_tells_the_same_story(client: Client, told: Told, life: str) -> None:
    product, seconds, expected = LIVES[life]
    client.create(line(product), NotifyURL=URL)
    client.advance(80_000)
    list(states(client, [float(seconds[-1])]))
    assert [body["Status"] for body in told.bodies()] == [
        status for before, status in zip([None, *expected], expected, strict=False) if before != status
    ]
    assert client.data("get_order_detail", 55501)["UpdatedAt"] in ("2026-01-01T00:01:30Z", "2026-01-01T00:02:30Z")


def test_what_never_comes_is_given_back(client: Client) -> None:
    client.create(line(8, 2))
    client.data("cancel_order", {"OrderDetailID": 55501, "Quantity": 1})
    client.advance(89)
    assert client.balance == Decimal("9941.00")
    client.advance(1)
    assert client.balance == Decimal("10000.00")
    assert client.product(8)["totalStock"] == 20
    assert client.data("get_order_detail", 55501)["CancelledQuantity"] == 2


def test_codes_are_as_many_as_were_not_cancelled_and_each_is_another(client: Client, told: Told) -> None:
    client.create(line(10, 5), NotifyURL=URL)
    client.data("cancel_order", {"OrderDetailID": 55501, "Quantity": 2})
    client.advance(90)
    shown = client.data("get_order_detail", 55501)
    assert len(set(shown["DeliveryData"])) == 3
    assert told.bodies()[-1] == {
        "DeliverID": None,
        "OrderDetailID": 55501,
        "Status": 1,
        "DeliveryData": shown["DeliveryData"],
        "DeliveryNote": None,
    }


def test_goods_without_codes_come_with_a_note(client: Client, told: Told) -> None:
    client.create(line(3, 1, RequireData=[{"ProductRequireID": 3, "Value": "Hero"}]), NotifyURL=URL)
    client.advance(90)
    body = told.bodies()[-1]
    assert (body["DeliveryData"], body["DeliveryNote"]) == ([], "1 x Runes of Avar 1M Gold delivered.")


def test_what_is_processed_cannot_be_cancelled_and_what_was_removed_can(client: Client, told: Told) -> None:
    client.create(line(9, 2), NotifyURL=URL)
    client.advance(30)
    assert client.refusal("cancel_order", {"OrderDetailID": 55501}) == "LINE_PROCESSING"
    assert client.refusal("cancel_order", {"OrderID": 9876}) == "LINE_PROCESSING"
    client.advance(30)
    client.data("cancel_order", {"OrderDetailID": 55501, "Quantity": 1})
    client.data("cancel_order", {"OrderID": 9876})
    client.advance(10_000)
    assert [body["Status"] for body in told.bodies()] == [2, 3, 0]
    assert client.balance == Decimal("10000.00")


def test_what_was_cancelled_is_never_delivered(client: Client, told: Told) -> None:
    client.create(line(10), NotifyURL=URL)
    client.data("cancel_order", {"OrderDetailID": 55501})
    client.advance(10_000)
    assert [body["Status"] for body in told.bodies()] == [0]
    assert client.data("get_order_detail", 55501)["DeliveryData"] == []


def test_a_partial_cancellation_is_told_to_nobody(client: Client, told: Told) -> None:
    client.create(line(10, 2), NotifyURL=URL)
    client.data("cancel_order", {"OrderDetailID": 55501, "Quantity": 1})
    assert told.parcels == []


def test_a_repeated_order_is_delivered_once(client: Client, told: Told) -> None:
    for _ in range(3):
        client.create(line(10, 1, "a"), NotifyURL=URL)
    client.advance(90)
    assert [body["Status"] for body in told.bodies()] == [2, 1]


def test_the_orders_url_wins_over_the_accounts_and_without_either_nothing_is_sent(client: Client, told: Told) -> None:
    client.create(line())
    client.advance(90)
    assert told.parcels == []
    client.edit("customers", 101, order_callback_url=OTHER_URL)
    client.create(line())
    client.create(line(), NotifyURL=URL)
    client.advance(90)
    assert [(parcel.url, body["OrderDetailID"]) for parcel, body in zip(told.parcels, told.bodies(), strict=True)] == [
        (OTHER_URL, 55502),
        (URL, 55503),
        (OTHER_URL, 55502),
        (URL, 55503),
    ]
    client.edit("customers", 101, order_callback_url=None)
    client.create(line())
    client.advance(90)
    assert len(told.parcels) == 4


def test_the_staff_may_hurry_a_line_or_give_it_up(client: Client, told: Told) -> None:
    client.create(line(10), line(10), line(10), NotifyURL=URL)
    assert client.edit("lines", 55501, status=1)["status"] == 1
    client.edit("lines", 55502, status=0)
    client.edit("lines", 55503, status=2)
    client.advance(10_000)
    order = client.data("get_order", query="orderID=9876")
    assert [row["Status"] for row in order["details"]] == [1, 0, 2]
    assert client.balance == Decimal("10000.00") - 2 * Decimal("5.05")
    assert [(body["OrderDetailID"], body["Status"]) for body in told.bodies()] == [(55501, 1), (55502, 0), (55503, 2)]


def test_a_change_of_price_stock_or_sale_is_told_to_whoever_registered(client: Client, told: Told) -> None:
    client.edit("products", 1, price="21.50")
    client.edit("customers", 101, product_callback_url=OTHER_URL)
    client.edit("customers", 102, product_callback_url=URL)
    client.edit("products", 1, price="21.50")
    client.edit("products", 1, price=22)
    client.edit("products", 1, stock=7, active=False)
    client.advance(1)
    assert told.bodies(OTHER_URL) == told.bodies(URL) == [
        {"CustomerStoreProductID": 1, "Price": Decimal("22.00"), "Stock": 250, "Status": 1, "UpdatedAt": "2026-01-01T00:00:00Z"},
        {"CustomerStoreProductID": 1, "Price": Decimal("22.00"), "Stock": 7, "Status": 0, "UpdatedAt": "2026-01-01T00:00:00Z"},
    ]  # fmt: skip
    assert [dict(parcel.headers)["apikey"] for parcel in told.parcels if parcel.url == URL] == ["second-api-key"] * 2
    assert b'"Price":22.00' in told.parcels[0].body


def test_orders_and_cancellations_move_the_stock_and_tell_so(client: Client, told: Told) -> None:
    client.edit("customers", 101, product_callback_url=OTHER_URL)
    client.create(line(10, 2), line(10, 1))
    client.data("cancel_order", {"OrderID": 9876})
    assert [body["Stock"] for body in told.bodies()] == [99_998, 99_997, 99_999, 100_000]


WRONG_EDITS = [
    ("products", 1, {"price": "1.999"}),
    ("products", 1, {"price": -1}),
    ("products", 1, {"price": True}),
    ("products", 1, {"price": "NaN"}),
    ("products", 1, {"price": "x"}),
    ("products", 1, {"stock": -1}),
    ("products", 1, {"stock": 1.5}),
    ("products", 1, {"name": "x"}),
    ("products", 1, {}),
    ("customers", 101, {"balance": None}),
    ("customers", 101, {"is_api": 1}),
    ("customers", 101, {"order_callback_url": "ftp://x"}),
    ("customers", 101, {"order_callback_url": "http://"}),
    ("customers", 101, {"email": "x"}),
    ("lines", 55501, {"status": 4}),
    ("lines", 55501, {"status": True}),
    ("lines", 55501, {"status": None}),
    ("lines", 55501, {"price": 1}),
    ("orders", 9876, {"customer": 1}),
]


@pytest.mark.parametrize(("table", "key", "changes"), WRONG_EDITS)
def test_what_the_staff_cannot_change_stays(client: Client, table: str, key: int, changes: dict[str, object]) -> None:
    client.create(line())
    before = client.control("GET", f"/state/reseller/{table}/{key}")
    with pytest.raises(AssertionError, match="error"):
        client.edit(table, key, **changes)
    assert client.control("GET", f"/state/reseller/{table}/{key}") == before


@pytest.mark.parametrize("status", [0, 1])
def test_a_settled_line_stays_settled(client: Client, status: int) -> None:
    client.create(line())
    client.edit("lines", 55501, status=status)
    with pytest.raises(AssertionError, match="settled"):
        client.edit("lines", 55501, status=2)


def test_a_shop_receives_over_a_real_socket_and_failures_are_repeated_in_order() -> None:
    answers = iter([says(500), says(200), b"", says(200)])

    def answer(hit: Hit) -> bytes:
        assert hit.headers["apikey"] == "default-api-key"
        return next(answers)

    client = fresh_client("shop")
    with Receiver(answer) as receiver:
        client.create(line(1, 2, "mine", RequireData=USER_ID), NotifyURL=receiver.url)
        client.advance(90)
        assert [hit.json["Status"] for hit in receiver.hits] == [2]
        client.advance(10)
        assert [hit.json["Status"] for hit in receiver.hits] == [2, 2, 1]
        client.advance(10)
        assert [hit.json["Status"] for hit in receiver.hits] == [2, 2, 1, 1]
        client.advance(100_000)
    assert len(receiver.hits) == 4
    seen = client.control("GET", "/webhooks")
    assert [(webhook["state"], len(webhook["attempts"])) for webhook in seen["webhooks"]] == [("delivered", 2)] * 2
    assert {webhook["headers"]["apikey"] for webhook in seen["webhooks"]} == {"***"}
    journal = client.control("GET", "/journal")["entries"]
    assert [entry["status"] for entry in journal if entry["origin"] == "webhook"] == [500, 200, 0, 200]


def test_a_url_elsewhere_gets_nothing_unless_it_is_allowed(client: Client, told: Told) -> None:
    client.create(line(), NotifyURL="https://shop.example.com/hook")
    client.advance(90)
    assert told.parcels == []
    client.control("PATCH", "/settings", {"webhook_hosts": ["shop.example.com"]})
    client.advance(10)
    assert [body["Status"] for body in told.bodies()] == [2, 1]
