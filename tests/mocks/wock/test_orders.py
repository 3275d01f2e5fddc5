from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mocks.wock.client import FIXTURES, Client, fresh

LINE = {"productId": 123, "quantity": 1, "unitPrice": 24.99}
PRECEDENCE = [
    "PARTNER_ERR",
    "ORDER_ERR",
    "PRODUCT_UNIQUE_ERR",
    "PRODUCT_NOT_FOUND",
    "ORDER_KEY_TYPE_ERR",
    "PRODUCT_QTY_ERR",
    "PRODUCT_PRICE_MISMATCH",
    "PRODUCT_STOCK_MISMATCH",
    "PARTNER_BALANCE_ERR",
]
WRONG: dict[str, list[dict[str, Any]]] = {
    "ORDER_ERR": [{**LINE, "quantity": 0}],
    "PRODUCT_UNIQUE_ERR": [LINE, LINE],
    "PRODUCT_NOT_FOUND": [{**LINE, "productId": 5}],
    "ORDER_KEY_TYPE_ERR": [{**LINE, "keyType": 30}],
    "PRODUCT_QTY_ERR": [{"productId": 126, "quantity": 301, "unitPrice": 3.5}],
    "PRODUCT_PRICE_MISMATCH": [{"productId": 131, "quantity": 1, "unitPrice": 9.99}],
    "PRODUCT_STOCK_MISMATCH": [{"productId": 128, "quantity": 1, "unitPrice": 59.95}],
}


def _code(body: Any) -> str:
    [error] = body["errors"]
    code = str(error["extensions"]["code"])
    assert FIXTURES.errors[code].difference(error) is None
    assert body["data"] == {"createOrder": None}
    return code


@pytest.mark.parametrize(("code", "lines"), WRONG.items())
def test_each_mistake_has_its_code(code: str, lines: list[dict[str, Any]]) -> None:
    body = fresh().order(*lines)
    assert _code(body) == code
    assert list(body["errors"][0]) == ["message", "extensions"]
    assert set(body["errors"][0]["extensions"]) == {"code", "correlationId"}
    assert len(body["errors"][0]["extensions"]["correlationId"]) == 32


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([], "ORDER_ERR"),
        ([{**LINE, "quantity": -1}], "ORDER_ERR"),
        ([{**LINE, "unitPrice": -24.99}], "ORDER_ERR"),
        ([{"productId": 129, "quantity": 1, "unitPrice": 12}], "PRODUCT_NOT_FOUND"),
        ([{**LINE, "keyType": 0}], "ORDER_KEY_TYPE_ERR"),
        ([{"productId": 126, "quantity": 501, "unitPrice": 3.5}], "PRODUCT_QTY_ERR"),
        ([{"productId": 126, "quantity": 10, "unitPrice": 4.2}], "PRODUCT_PRICE_MISMATCH"),
        ([{"productId": 127, "quantity": 1, "unitPrice": 54.95, "keyType": 20}], "PRODUCT_STOCK_MISMATCH"),
        ([{"productId": 130, "quantity": 2, "unitPrice": 189.99, "keyType": 10}], "PRODUCT_STOCK_MISMATCH"),
    ],
)
def test_what_else_is_a_mistake(lines: list[dict[str, Any]], code: str) -> None:
    assert _code(fresh().order(*lines)) == code


@pytest.mark.parametrize(
    ("credential", "code"),
    [
        ("unassigned", "PARTNER_NOT_FOUND"),
        ("incomplete", "PARTNER_ERR"),
        ("empty", "PARTNER_BALANCE_ERR"),
        ("internal", "AUTH_NOT_AUTHORIZED"),
    ],
)
def test_who_may_not_order_is_told_why(credential: str, code: str) -> None:
    assert _code(fresh(credential).order(LINE)) == code


@pytest.mark.parametrize(("first", "second"), list(combinations(PRECEDENCE, 2)))
def test_of_two_mistakes_the_first_is_told(first: str, second: str) -> None:
    client = fresh("incomplete" if first == "PARTNER_ERR" else "default")
    if second == "PARTNER_BALANCE_ERR":
        client.edit("partners", "e21de451-d7e2-4f28-8925-2c1c3809a42b", balance="-20000.00")
    lines = [*WRONG.get(first, []), *WRONG.get(second, [LINE])]
    if first != "PRODUCT_UNIQUE_ERR":
        lines = list({line["productId"]: line for line in reversed(lines)}.values())
        if second == "PRODUCT_UNIQUE_ERR":
            lines += [{**LINE, "productId": 987}, {**LINE, "productId": 987}]
    assert _code(client.order(*lines)) == first


def test_precedence_is_the_catalogues() -> None:
    codes = ["AUTH_NOT_AUTHORIZED", "PARTNER_NOT_FOUND", *PRECEDENCE]
    assert codes == sorted(codes, key=lambda code: FIXTURES.errors[code].precedence)


def test_without_a_partner_products_can_be_read_and_nothing_else() -> None:
    client = fresh("unassigned")
    assert client.data("{ products(take: 1) { totalCount } product(id: 123) { id } }")["product"] == {"id": 123}
    for query in (
        "{ partner { id } }",
        "{ orders { totalCount } }",
        '{ delivery(legacyOrderId: "x") { orderId } }',
        'mutation { deleteOrder(orderId: "e21de451-d7e2-4f28-8925-2c1c3809a42b") }',
    ):
        assert client.body(query)["errors"][0]["extensions"]["code"] == "PARTNER_NOT_FOUND"


def test_an_order_repeats_what_was_sent_at_the_tiers_price() -> None:
    body = fresh().order(
        {"productId": 126, "quantity": 50, "unitPrice": 3.95, "keyType": 10, "partnerProductId": "mine"},
        {**LINE, "quantity": 100, "unitPrice": 21.99},
    )
    assert body["data"]["createOrder"]["products"] == [
        {"productId": 126, "price": 3.95, "quantity": 50, "keyType": 10, "partnerProductId": "mine"},
        {"productId": 123, "price": 21.99, "quantity": 100, "keyType": None, "partnerProductId": None},
    ]
    assert body["data"]["createOrder"]["partnerOrderId"] is None


def test_an_order_is_charged_and_listed_when_its_delivery_is_made() -> None:
    client = fresh()
    before, listed = client.partner(), client.listed()
    order = client.ordered({**LINE, "quantity": 10, "unitPrice": 23.49})
    assert client.status(order) == {"ready": False, "error": None}
    assert client.delivery(order)["products"] == []
    assert (client.partner(), client.listed()) == (before, listed)
    client.advance(59.9)
    assert client.status(order) == {"ready": False, "error": None}
    client.advance(0.1)
    assert client.status(order) == {"ready": True, "error": None}
    after = client.partner()
    assert (after["available"], after["used"]) == (before["available"] - 234.9, before["used"] + 234.9)
    assert client.listed() == [*listed, order]
    found = client.data(
        "{ orders(order: { createdAt: DESC }, take: 1) { items { id status createdAt products { id quantity price } } } }"
    )
    assert found["orders"]["items"] == [
        {
            "id": order,
            "status": 30,
            "createdAt": "2026-01-01T00:00:00.000Z",
            "products": [{"id": 123, "quantity": 10, "price": 23.49}],
        }
    ]


def test_an_order_takes_its_keys_out_of_the_stock_at_once() -> None:
    client = fresh()
    client.advance(5)
    client.ordered(
        {**LINE, "quantity": 290, "unitPrice": 21.99},
        {"productId": 127, "quantity": 5, "unitPrice": 54.95, "keyType": 10},
    )
    changed = client.product(123)
    assert changed["quantity"] == {"text": 110, "image": 120, "all": 230}
    assert changed["lastUpdateDateTime"] == "2026-01-01T00:00:05.000Z"
    assert changed["lastIncreasedStockDateTime"] == "2025-02-28T22:45:10.000Z"
    assert client.product(127)["quantity"] == {"text": 0, "image": 70, "all": 70}
    client.ordered({**LINE, "quantity": 120, "unitPrice": 21.99})
    assert client.product(123)["quantity"] == {"text": 0, "image": 110, "all": 110}


def test_a_delivery_that_the_balance_no_longer_covers_fails() -> None:
    client = fresh()
    lines = {"productId": 126, "quantity": 250, "unitPrice": 3.5}
    client.edit("partners", client.partner()["id"], credit_line="0.00", balance="1000.00")
    first, second = client.ordered(lines), client.ordered(lines)
    client.advance(60)
    assert client.status(first) == {"ready": True, "error": None}
    assert client.status(second) == {
        "ready": False,
        "error": "The available amount limit has been reached for the partner.",
    }
    assert client.partner()["available"] == 125
    assert client.product(126)["quantity"]["all"] == 2750
    assert second not in client.listed()
    assert not client.delete(second)


def test_a_delivery_can_be_made_to_fail() -> None:
    client = fresh()
    order = client.ordered(LINE)
    client.edit("orders", order, error="The supplier ran out of keys.")
    client.advance(60)
    assert client.status(order) == {"ready": False, "error": "The supplier ran out of keys."}


@pytest.mark.parametrize("seconds", [0, 60])
def test_a_new_or_ready_order_can_be_deleted(seconds: int) -> None:
    client = fresh()
    before, stock, listed = client.partner(), client.product(123)["quantity"], client.listed()
    order = client.ordered({**LINE, "quantity": 9})
    client.advance(seconds)
    assert client.delete(order) is True
    assert (client.partner(), client.product(123)["quantity"], client.listed()) == (before, stock, listed)
    assert client.status(order) is None
    assert client.delete(order) is False
    client.advance(100)
    assert client.partner() == before


def test_no_other_order_can_be_deleted() -> None:
    client = fresh()
    order = client.ordered(LINE)
    assert client.another("empty").delete(order) is False
    client.advance(60)
    client.delivery(order)
    for key in (order, "e21de451-d7e2-4f28-8925-2c1c3809a42b", "00000000-0000-4000-8000-000000000000"):
        assert client.delete(key) is False


_steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("order"),
            st.sampled_from([123, 126, 127, 131, 987]),
            st.integers(1, 310),
            st.sampled_from([None, 10, 20]),
        ),
        st.tuples(st.just("advance"), st.sampled_from([10, 30, 60])),
        st.tuples(st.just("delete"), st.integers(0, 5)),
        st.tuples(st.just("fetch"), st.integers(0, 5)),
    ),
    max_size=14,
)


@settings(max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(_steps)
def test_money_and_keys_are_neither_made_nor_lost(steps: list[Any]) -> None:
    client = fresh()
    products = (123, 126, 127, 131, 987)
    stock = {key: client.product(key)["quantity"]["all"] for key in products}
    money = _total(client)
    orders: dict[str, tuple[int, int]] = {}
    for name, *arguments in steps:
        if name == "order":
            _try_order(client, orders, *arguments)
        elif name == "advance":
            client.advance(arguments[0])
        elif orders:
            key = list(orders)[arguments[0] % len(orders)]
            if name == "fetch":
                client.status(key)
            elif client.delete(key):
                del orders[key]
        assert _total(client) == money
        kept = {key: client.product(key)["quantity"]["all"] for key in products}
        live = {key: bought for key, bought in orders.items() if (client.status(key) or {"error": 1})["error"] is None}
        sold = {key: sum(count for product, count in live.values() if product == key) for key in products}
        assert {key: kept[key] + sold[key] for key in products} == stock


def _total(client: Client) -> Decimal:
    partner = client.partner()
    return Decimal(str(partner["available"])) + Decimal(str(partner["used"]))


def _try_order(
    client: Client, orders: dict[str, tuple[int, int]], product: int, count: int, key_type: int | None
) -> None:
    shown = client.product(product)
    price = [tier["price"] for tier in shown["bulkPrices"] if tier["minimumQuantity"] <= count][-1]
    body = client.order({"productId": product, "quantity": count, "unitPrice": price, "keyType": key_type})
    have = shown["quantity"][{None: "all", 10: "image", 20: "text"}[key_type]]
    expected = "PRODUCT_QTY_ERR" if count > 300 else "PRODUCT_STOCK_MISMATCH" if count > have else None
    if expected is None and Decimal(str(price)) * count > Decimal(str(client.partner()["available"])):
        expected = "PARTNER_BALANCE_ERR"
    if expected is None:
        orders[body["data"]["createOrder"]["orderId"]] = (product, count)
    else:
        assert _code(body) == expected
