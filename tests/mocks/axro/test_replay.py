import json
from collections.abc import Mapping
from typing import Any

import pytest

from apitwin_fixtures import Cassette, Request
from tests.mocks.axro.client import FIXTURES, Client, fresh_client, fresh_server
from tests.mocks.replay import replay

CASSETTES = {cassette.name: cassette for cassette in FIXTURES.cassettes}


def _sign(request: Request, credential: Mapping[str, Any]) -> Request:
    others = tuple(pair for pair in request.headers if pair[0] != "authorization")
    signed = (*others, ("authorization", f"Bearer {credential['token']}"))
    return Request(request.method, request.path, request.query, signed, request.body)


@pytest.mark.parametrize("cassette", CASSETTES.values(), ids=list(CASSETTES))
def test_a_fresh_mock_answers_as_recorded(cassette: Cassette) -> None:
    assert replay(fresh_server(), cassette, FIXTURES.credentials, _sign) == []


@pytest.mark.parametrize("seed", range(1, 6))
def test_it_does_so_for_every_seed(seed: int) -> None:
    server = fresh_server(seed=seed)
    for cassette in CASSETTES.values():
        server.sessions.reset("default")
        assert replay(server, cassette, FIXTURES.credentials, _sign) == []


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("categories", ["categories"]),
        ("brands", ["brands", "brands"]),
        ("shipping-addresses", ["shippingAddresses"]),
        ("order-list", ["orderList", "orders"]),
    ],
)
def test_what_was_recorded_of_a_longer_list_is_in_it(name: str, path: list[str]) -> None:
    exchange = CASSETTES[name].exchanges[0]
    recorded, answered = json.loads(exchange.reply.body)["data"], _data(fresh_client(name), exchange.request)
    for key in path:
        recorded, answered = recorded[key], answered[key]
    assert [item for item in answered if item in recorded] == recorded


def test_the_recorded_filter_filters() -> None:
    answered = _data(fresh_client("hp"), CASSETTES["products-by-brand"].exchanges[0].request)
    assert {product["brand"] for product in answered["products"]["products"]} == {"HP"}
    assert 1 < len(answered["products"]["products"]) <= 10


def _data(client: Client, request: Request) -> Any:
    body: Any = client.post(request.body).json
    return body["data"]
