"""Every recorded exchange, documented or observed, is answered by the mock on an equal request."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from apitwin_fixtures import Cassette, Request
from apitwin_mocks.server import Server
from apitwin_mocks.supplier import Seeding
from apitwin_mocks.suppliers.wock import SUPPLIER
from tests.mocks.replay import replay
from tests.mocks.wock.client import FIXTURES, Client


@pytest.mark.parametrize("cassette", FIXTURES.cassettes, ids=lambda cassette: cassette.name)
def test_a_recorded_exchange_is_answered_as_it_was(cassette: Cassette) -> None:
    server = Server({"wock": SUPPLIER}, Seeding(0, 0))
    client = Client("default", server=server)
    if "settings" in cassette.metadata:
        client.settings(**cassette.metadata["settings"])

    def sign(request: Request, credential: Mapping[str, Any]) -> Request:
        [name] = [name for name, known in FIXTURES.credentials.items() if known == credential]
        token = client.another(name).token
        headers = tuple((key, value.replace("YOUR_TOKEN_HERE", token)) for key, value in request.headers)
        secret = request.body.replace(b"YOUR_CLIENT_SECRET", credential["client_secret"].encode())
        return replace(request, headers=headers, body=secret)

    assert replay(server, cassette, FIXTURES.credentials, sign) == []
