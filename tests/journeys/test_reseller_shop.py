"""A shop that resells over the platform: it signs in, browses, orders, is told of the delivery, and reconciles its balance."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import httpx
import orjson
import pytest

from apitwin_contracts.targets.callbacks import LOOPBACK
from apitwin_contracts.targets.mock import ServedMocks
from apitwin_contracts.targets.mock_session import MockSession
from apitwin_contracts.targets.receiver import Receiver


@pytest.fixture(scope="module")
def mocks() -> Iterator[ServedMocks]:
    served = ServedMocks(["reseller"], products=60)
    yield served
    served.stop()


@pytest.fixture
def platform(mocks: ServedMocks, request: pytest.FixtureRequest) -> MockSession:
    return mocks.session("reseller", request.node.name)


@pytest.fixture
def shop(platform: MockSession) -> Iterator["Shop"]:
    with httpx.Client(base_url=platform.url) as client:
        yield Shop(client, platform)


class Shop:
    """The shop's own code: one client, one token, exact amounts."""

    def __init__(self, client: httpx.Client, platform: MockSession) -> None:
        self.client = client
        self.known = platform.credentials

    def sign_in(self) -> None:
        body = {"Email": self.known["email"], "Password": self.known["password"]}
        answer = self.client.post("/Login/Customer/Api/Verify", json=body).raise_for_status().json()
        self.client.headers["authorization"] = f"Bearer {answer['data']['Token']}"

    def data(self, method: str, path: str, **request: Any) -> Any:
        reply = self.client.request(method, path, **request)
        body = reply.json(parse_float=Decimal)
        assert body["success"] is True, body
        return body["data"]

    def balance(self) -> Decimal:
        return Decimal(self.data("GET", "/Customer/Get")["balance"])

    def order(self, *lines: dict[str, Any], **more: Any) -> Any:
        return self.data("POST", "/Order/create", json={"basketData": list(lines), **more})


def wanted(deliver_id: str, product: int, quantity: int) -> dict[str, Any]:
    return {"DeliverID": deliver_id, "CustomerStoreProductID": product, "Quantity": quantity}


def browse(shop: Shop) -> Any:
    """Walk from the categories to a product that asks for nothing, and read its price and stock once more."""
    categories = {row["CategoryName"]: row for row in shop.data("GET", "/Categories")}
    number = categories["Gift cards"]["ProductCategoryID"]
    listed = shop.data("POST", "/Products/List", params={"productCategoryID": number, "pageSize": 100})
    found = next(row for row in listed if row["productName"] == "Gift card 5")
    product = shop.data("POST", f"/Products/Detail/{found['productID']}")
    assert product["status"] == 1
    assert product["productRequire"] == []
    return product


def test_shop_orders_is_told_and_reconciles(shop: Shop, platform: MockSession) -> None:
    shop.sign_in()
    product, before = browse(shop), shop.balance()
    price, number = Decimal(product["salePrice"]), product["customerStoreProductID"]
    with Receiver(LOOPBACK) as receiver:
        box = receiver.mailbox()
        lines = [wanted("basket-7-a", number, 3), wanted("basket-7-b", number, 1)]
        order = shop.order(*lines, NotifyURL=box.url)
        assert shop.order(*lines, NotifyURL=box.url) == order
        assert shop.balance() == before - 4 * price
        first, second = (line["OrderDetailID"] for line in order["details"])
        shop.data("POST", "/Order/cancel", json={"OrderDetailID": second})
        # What is told of two lines may overtake each other.
        box.wait(1)
        platform.advance(31)
        platform.advance(60)
        hits = box.wait(3)
    told = [(hit.json["OrderDetailID"], hit.json["Status"]) for hit in hits]
    assert sorted(told[:1]) == [(second, 0)]
    assert told[1:] == [(first, 2), (first, 1)]
    assert {hit.request.header("apikey") for hit in hits} == {platform.credentials["apikey"]}
    codes = hits[-1].json["DeliveryData"]
    assert len(set(codes)) == 3
    detail = shop.data("GET", f"/Order/detail/{first}")
    assert detail["DeliveryData"] == codes
    listed = shop.data("POST", "/Order/customer/list")
    assert [row["OrderID"] for row in listed] == [order["OrderID"]]
    assert shop.balance() == before - Decimal(listed[0]["TotalPrice"]) == before - 3 * price


def test_shop_misses_webhooks_and_gets_them_again(shop: Shop, platform: MockSession) -> None:
    shop.sign_in()
    number = browse(shop)["customerStoreProductID"]
    with Receiver(LOOPBACK) as receiver:
        box = receiver.mailbox(lambda _request, before: 503 if len(before) < 2 else 200)
        order = shop.order(wanted("basket-8", number, 1), NotifyURL=box.url)
        line = order["details"][0]["OrderDetailID"]
        platform.advance(31)
        for attempts in (1, 2, 3):
            box.wait(attempts)
            platform.advance(60)
        hits = box.wait(4)
    bodies = [orjson.loads(hit.request.body) for hit in hits]
    assert [(body["OrderDetailID"], body["Status"]) for body in bodies] == [(line, 2)] * 3 + [(line, 1)]
    assert [hit.status for hit in hits] == [503, 503, 200, 200]


def test_shop_signs_in_again_when_its_token_has_expired(shop: Shop, platform: MockSession) -> None:
    shop.sign_in()
    platform.advance(24 * 3600 + 1)
    refused = shop.client.get("/Customer/Get")
    assert (refused.status_code, refused.json()["errorCode"]) == (401, "auth.token_expired")
    shop.sign_in()
    assert shop.balance() > 0
