from collections.abc import Mapping
from typing import Any

import pytest

from apitwin_fixtures import Cassette, Request
from tests.mocks.oxomi.client import FIXTURES, TODAY, fresh_server, signature
from tests.mocks.replay import replay


def sign(request: Request, credential: Mapping[str, Any]) -> Request:
    asked = request.parameters
    parts = (asked["portal"], asked["user"], TODAY, asked.get("roles", ""), asked["apiToken"])
    query = Request.encode({**asked, "accessToken": signature(credential["secret"], *parts)})
    return Request(request.method, request.path, query, request.headers, request.body)


@pytest.mark.parametrize("products", [3, 500])
@pytest.mark.parametrize("cassette", FIXTURES.cassettes, ids=lambda cassette: cassette.name)
def test_a_fresh_mock_gives_the_recorded_answer_back(cassette: Cassette, products: int) -> None:
    assert replay(fresh_server(products), cassette, FIXTURES.credentials, sign) == []


def test_all_versions_were_replayed() -> None:
    assert len(FIXTURES.cassettes) == 12
