import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote_plus

import pytest

from apitwin_fixtures import Cassette, Request
from apitwin_mocks.server import Server
from tests.mocks.gates.client import FIXTURES, Client, fresh_server
from tests.mocks.replay import Sign, replay

CASSETTES = {cassette.name: cassette for cassette in FIXTURES.cassettes}


class Actor:
    """Fills a cassette's placeholders in: credentials, fixed values, and a cart or an order made just before."""

    def __init__(self, server: Server, cassette: Cassette) -> None:
        self.client = Client("default", cassette.metadata["credential"], server)
        self.cassette = cassette

    def sign(self, request: Request, credential: Mapping[str, Any]) -> Request:
        body = request.body.decode()
        form = request.header("content-type") != "application/json"
        for placeholder, meaning in self.cassette.metadata["placeholders"].items():
            value = self._value(meaning, credential)
            body = body.replace(placeholder, quote_plus(value) if form else json.dumps(value)[1:-1])
        headers = tuple(
            (name, f"Bearer {self.client.token}" if name == "authorization" else value)
            for name, value in request.headers
        )
        return replace(request, path=self.cassette.metadata["path"], headers=headers, body=body.encode())

    def _value(self, meaning: str, credential: Mapping[str, Any]) -> str:
        if meaning.startswith("credential:"):
            return str(credential[meaning.partition(":")[2]])
        if meaning not in ("cart", "order"):
            return meaning
        cart = str(self.client.upsert("PM-00009479", "gipswerk", 7.76)["shoppingCartId"])
        if meaning == "cart":
            return cart
        [order] = self.client.order(cart)
        if self.cassette.operation == "finishOrder":
            self.client.step("beginCheckout", order["orderId"])
        return str(order["orderId"])


def _sign(server: Server, cassette: Cassette) -> Sign:
    return Actor(server, cassette).sign


@pytest.mark.parametrize("cassette", CASSETTES.values(), ids=list(CASSETTES))
def test_a_fresh_mock_answers_as_recorded(cassette: Cassette) -> None:
    server = fresh_server()
    assert replay(server, cassette, FIXTURES.credentials, _sign(server, cassette)) == []


@pytest.mark.parametrize("seed", range(1, 4))
def test_it_does_so_for_every_seed(seed: int) -> None:
    server = fresh_server(seed=seed)
    for cassette in CASSETTES.values():
        server.sessions.reset("default")
        assert replay(server, cassette, FIXTURES.credentials, _sign(server, cassette)) == []
