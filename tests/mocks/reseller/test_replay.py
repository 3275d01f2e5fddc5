import json
from collections.abc import Mapping
from typing import Any

import pytest

from apitwin_fixtures import Cassette, Exchange, Reply, Request
from apitwin_fixtures.cassettes import read_cassettes
from tests.mocks.replay import differences, replay
from tests.mocks.reseller.client import FIXTURES, Client, Told, fresh_client, fresh_server

WEBHOOKS = {cassette.operation: cassette for cassette in read_cassettes(FIXTURES.root / "webhooks")}


@pytest.mark.parametrize("products", [3, 200])
@pytest.mark.parametrize("cassette", FIXTURES.cassettes, ids=lambda cassette: cassette.name)
def test_a_fresh_mock_gives_the_recorded_answer_back(cassette: Cassette, products: int) -> None:
    server = fresh_server(products)

    def sign(request: Request, known: Mapping[str, Any]) -> Request:
        if "authorization" not in dict(request.headers):
            body = request.body.replace(b"YOUR_EMAIL", known["email"].encode())
            body = body.replace(b"YOUR_PASSWORD", known["password"].encode())
            return Request(request.method, request.path, request.query, request.headers, body)
        token = Client(server).sign_in()
        headers = tuple(
            (name, value.replace("YOUR_ACCESS_TOKEN", token)) for name, value in request.headers if name != "host"
        )
        return Request(request.method, request.path, request.query, headers, request.body)

    assert replay(server, cassette, FIXTURES.credentials, sign) == []


def test_every_operation_was_replayed() -> None:
    assert {cassette.operation for cassette in FIXTURES.cassettes} == {
        "generate_token",
        "list_categories",
        "list_category_types",
        "list_products",
        "get_product",
        "create_order",
        "list_orders",
        "get_order",
        "get_order_detail",
        "cancel_order",
        "account_details",
    }


def told(event: str) -> Exchange:
    told = Told()
    client = fresh_client("webhooks", courier=told.courier)
    client.control("PATCH", "/settings", {"webhook_hosts": ["shop.example.com"]})
    url = WEBHOOKS[event].exchanges[0].request
    if event == "order_delivery":
        sent = json.loads(FIXTURES.json("cassettes/create_order.json")["interactions"][0]["request"]["body"])
        sent["basketData"][0]["Quantity"] = 2
        client.data("create_order", sent)
        client.advance(90)
    else:
        client.edit("customers", 101, product_callback_url=f"https://shop.example.com{url.path}")
        client.edit("products", 1, price="21.50")
    parcel = told.parcels[-1]
    return Exchange(Request("POST", parcel.url, "", parcel.headers, parcel.body), Reply(200))


@pytest.mark.parametrize("event", WEBHOOKS)
def test_a_webhook_is_sent_as_the_recorded_one(event: str) -> None:
    recorded, sent = WEBHOOKS[event].exchanges[0].request, told(event).request
    kinds = (("content-type", "application/json"),)
    as_replies = (Exchange(recorded, Reply(200, kinds, recorded.body)), Reply(200, kinds, sent.body))
    assert differences(*as_replies, WEBHOOKS[event].metadata) == []
    assert {name for name, _ in recorded.headers} <= {name for name, _ in sent.headers}
    assert dict(sent.headers)["apikey"] == FIXTURES.credentials["default"]["apikey"]
