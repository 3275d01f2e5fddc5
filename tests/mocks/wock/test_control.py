from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apitwin_fixtures import Request
from tests.mocks.wock.client import Client, fresh

PARTNER = "e21de451-d7e2-4f28-8925-2c1c3809a42b"


def test_the_state_shows_every_table() -> None:
    shown: Any = fresh().send(Request("GET", "/_twin/state")).json
    assert set(shown["state"]["wock"]) == {"products", "partners", "orders", "settings"}


def test_staff_can_change_stock_price_money_and_settings() -> None:
    client = fresh()
    client.advance(30)
    client.edit("products", 123, text=1, image=2, price="9.90", disabled=True)
    product = client.product(123)
    assert product["quantity"] == {"text": 1, "image": 2, "all": 3}
    assert product["bulkPrices"] == [{"price": 9.9, "minimumQuantity": 1}]
    assert (product["isDisabled"], product["lastUpdatedPriceDateTime"]) == (True, "2026-01-01T00:00:30.000Z")
    assert product["lastIncreasedStockDateTime"] == "2025-02-28T22:45:10.000Z"
    client.edit("products", 123, image=500, disabled=False)
    assert client.product(123)["lastIncreasedStockDateTime"] == "2026-01-01T00:00:30.000Z"
    client.edit("partners", PARTNER, balance="1.25", credit_line="2.50", stock_limit=7)
    assert client.partner() == {
        "id": PARTNER,
        "available": 3.75,
        "used": 1499.3,
        "partnerType": "External",
        "stockLimit": 7,
    }
    client.edit("partners", PARTNER, complete=False)
    body = client.order({"productId": 123, "quantity": 1, "unitPrice": 9.9})
    assert body["errors"][0]["extensions"]["code"] == "PARTNER_ERR"


@pytest.mark.parametrize(
    ("table", "key", "changes"),
    [
        ("products", 123, {}),
        ("products", 123, {"name": "x"}),
        ("products", 123, {"text": -1}),
        ("products", 123, {"text": True}),
        ("products", 123, {"disabled": 1}),
        ("products", 123, {"price": 9.99}),
        ("products", 123, {"price": "9.999"}),
        ("products", 123, {"price": "NaN"}),
        ("products", 123, {"price": "x"}),
        ("partners", PARTNER, {"stock_limit": "5"}),
        ("orders", "e21de451-d7e2-4f28-8925-2c1c3809a42b", {"error": "x"}),
        ("settings", "server", {"transport": "newest"}),
        ("settings", "server", {"introspection": "no"}),
        ("settings", "server", {"max_page_size": 5000}),
    ],
)
def test_a_wrong_change_is_refused_with_what_would_work(table: str, key: object, changes: dict[str, Any]) -> None:
    reply = fresh().control("PATCH", f"/state/wock/{table}/{key}", changes)
    assert reply.status == 400
    assert len(reply.text) > 40


def test_a_fault_answers_with_a_code_of_the_catalogue() -> None:
    client = fresh()
    client.control("POST", "/faults", {"supplier": "wock", "operation": "partner", "code": "HC0012", "times": 1})
    assert client.ask("{ products { totalCount } }").status == 200
    assert client.ask("{ partner { id } }").status == 400
    assert client.ask("{ partner { id } }").status == 200


def test_the_journal_knows_operations_and_codes() -> None:
    client = fresh()
    client.ask("{ partner { id } product { id } }")
    client.ask("{ prodcts { id } }")
    client.order({"productId": 1, "quantity": 1, "unitPrice": 1})
    client.ask("{ __typename }", authorization=None)
    shown: Any = client.send(Request("GET", "/_twin/journal")).json
    told = [(entry["operation"], entry["status"], entry["code"], entry["nearest"]) for entry in shown["entries"]]
    assert told == [
        ("token", 200, None, None),
        ("partner,product", 200, None, None),
        ("prodcts", 400, "FIELD_UNKNOWN", "products"),
        ("createOrder", 200, "PRODUCT_NOT_FOUND", None),
        (None, 401, "UNAUTHENTICATED", None),
    ]


def _look(client: Client) -> tuple[Any, ...]:
    listing = client.data("{ products(take: 5) { items { id quantity { all } lastUpdateDateTime } } }")
    return client.partner(), client.listed(), listing


@settings(max_examples=10, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(["order", "advance", "delete", "edit", "settings"]), max_size=8))
def test_sessions_do_not_see_each_other(steps: list[str]) -> None:
    busy, idle = fresh(), fresh()
    before = _look(idle)
    for step in steps:
        if step == "order":
            busy.order({"productId": 123, "quantity": 2, "unitPrice": 24.99})
        elif step == "advance":
            busy.advance(60)
        elif step == "delete":
            for key in busy.listed()[3:]:
                busy.delete(key)
        elif step == "edit":
            busy.edit("products", 124, text=0, image=0)
        else:
            busy.settings(default_page_size=1)
    assert _look(idle) == before


def test_equal_sessions_answer_byte_for_byte_alike() -> None:
    def life() -> list[bytes]:
        client = Client("same")
        client.control("POST", "/reset", {})
        replies = [client.ask("{ products { items { id name } } }").body, client.token.encode()]
        order = client.ordered({"productId": 124, "quantity": 2, "unitPrice": 31.5})
        client.advance(60)
        query = '{ delivery(orderId: "' + order + '") { archives { link password } products { keys { id key } } } }'
        reply: Any = client.ask(query)
        link = reply.json["data"]["delivery"]["archives"][0]["link"]
        path, _, query = link.partition("/s/same")[2].partition("?")
        archive = client.send(Request("GET", path, query))
        assert archive.status == 200
        refused = client.ask("mutation { createOrder(input: { products: [] }) { orderId } }")
        return [*replies, reply.body, archive.body, refused.body]

    assert life() == life()
