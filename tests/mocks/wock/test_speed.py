"""A filter of depth four over twenty thousand products, and a page of fifty with every field, in process."""

import json
import time
from typing import Any

import pytest

from apitwin_fixtures import Request
from apitwin_mocks.server import Server
from apitwin_mocks.supplier import Seeding
from apitwin_mocks.suppliers.wock import SUPPLIER
from tests.mocks.replay import answer
from tests.mocks.wock.client import ALL_OF_A_PRODUCT, Client

WHERE = {
    "isDisabled": {"eq": False},
    "or": [
        {"and": [{"name": {"contains": "sim"}}, {"bulkPrices": {"some": {"price": {"lt": 20}}}}]},
        {
            "or": [
                {"quantity": {"all": {"gt": 300}}},
                {
                    "and": [
                        {"languages": {"none": {"eq": "DE"}}},
                        {"lastUpdateDateTime": {"gte": "2024-10-01T00:00:00Z"}},
                    ]
                },
            ]
        },
    ],
}
SLOWEST = {"filtered": 0.040, "page": 0.010}


def _best(server: Server, client: Client, query: str, variables: Any, promised: float) -> float:
    body = json.dumps({"query": query, "variables": variables}).encode()
    headers = (("content-type", "application/json"), ("authorization", f"Bearer {client.token}"))
    request = Request("POST", "/s/speed/wock/graphql", "", headers, body)
    best = 1.0
    # The quickest of many counts: what slows the others down is the machine's other work.
    for _ in range(60):
        before = time.perf_counter()
        reply = answer(server, request)
        best = min(best, time.perf_counter() - before)
        assert b'"errors"' not in reply.body[:20]
        if best < promised:
            break
    return best


@pytest.mark.slow
def test_the_promised_times_are_kept() -> None:
    server = Server({"wock": SUPPLIER}, Seeding(0, 20_000))
    client = Client("speed", server=server)
    filtered = """query($w: ProductResponseFilterInput, $o: [ProductResponseSortInput!]) {
      products(where: $w, order: $o, take: 50) { items { id name } totalCount } }"""
    variables = {"w": WHERE, "o": [{"name": "ASC"}, {"id": "DESC"}]}
    assert _best(server, client, filtered, variables, SLOWEST["filtered"]) < SLOWEST["filtered"]
    page = "{ products(take: 50) { items {" + ALL_OF_A_PRODUCT + "} totalCount pageInfo { hasNextPage } } }"
    assert _best(server, client, page, None, SLOWEST["page"]) < SLOWEST["page"]
