from decimal import Decimal
from typing import Any

import pytest

from tests.mocks.gates.client import MAKERS, ORDER, UPSERT, Client, fresh_client

GKFI = ("PM-00009479", MAKERS["gkfi"])
RECEIPT = """mutation($o: [String!]!, $r: ExpectedReceiptDateTimeInput!) {
    upsertExpectedReceiptDateTime(orderIds: $o, expectedReceiptDateTime: $r) { orderId expectedReceiptDateTime { type from to timeFrame } } }"""
STORE = "mutation($o: [String!]!, $s: StoreInput!) { upsertStore(orderIds: $o, store: $s) { orderId store { code } } }"
EVENING = {
    "type": "PICKUP",
    "from": "2026-01-02T18:00:00+01:00",
    "to": "2026-01-02T20:00:00+01:00",
    "timeFrame": "18-20",
}


def _ordered(client: Client, quantity: int = 1, *, receipt: bool = True) -> Any:
    price = client.price("exampledistributor:00009479", quantity)
    cart = client.upsert(*GKFI, price, quantity)["shoppingCartId"]
    [order] = client.order(cart, receipt=receipt)
    return order


def _stock(client: Client) -> list[int]:
    [product] = client.search(query="gkfi")["content"]
    return [there["amount"] for there in product["productOrderDetails"]["orderUnits"][0]["availabilities"]]


def _code(client: Client, operation: str, *orders: str) -> str:
    query = f"mutation($o: [String!]!) {{ {operation}(orderIds: $o) {{ orderId }} }}"
    return client.code(client.ask("/bg/graphql", query, o=list(orders)), operation)


def test_an_order_goes_from_new_to_finished_by_the_clock() -> None:
    client = fresh_client("life")
    order = _ordered(client, 2)
    name = order["orderId"]
    assert order["status"] == {"status": "NEW", "message": None, "subStatus": {"warning": None}}
    assert order["constructionSite"] == {"code": "BV-1001"}
    assert order["orderTotals"]["totalAmountNet"] == Decimal("15.52")
    [checked] = client.step("beginCheckout", name)
    assert checked == order | {"status": order["status"] | {"status": "IN_CHECKOUT"}}
    [finishing] = client.step("finishOrder", name)
    assert finishing["status"]["status"] == "FINISHING"
    client.advance(seconds=59)
    assert client.orders(name)[0]["status"]["status"] == "FINISHING"
    client.advance(seconds=1)
    [finished] = client.orders(name)
    assert finished["status"]["status"] == "FINISHED"
    assert finished["status"]["message"]


def test_changing_the_cart_sets_the_order_back() -> None:
    client = fresh_client("back")
    order = _ordered(client)
    for quantity in (5, 6):
        client.step("beginCheckout", order["orderId"])
        client.upsert(
            *GKFI, client.price("exampledistributor:00009479", 1), quantity, shoppingCartId=order["shoppingCartId"]
        )
        [changed] = client.orders(order["orderId"])
        assert changed["status"]["status"] == "NEW"
        assert changed["products"][0]["productOrderDetails"]["quantity"] == quantity
    assert _code(client, "finishOrder", order["orderId"]) == "ORDER_NOT_IN_CHECKOUT"


def test_what_was_passed_on_cannot_be_changed() -> None:
    client = fresh_client("closed")
    order = _ordered(client)
    client.step("beginCheckout", order["orderId"])
    client.step("finishOrder", order["orderId"])
    for _ in range(2):
        for operation in ("beginCheckout", "finishOrder"):
            assert _code(client, operation, order["orderId"]) == "ORDER_CLOSED"
        line = client.line(*GKFI, 7.76, shoppingCartId=order["shoppingCartId"])
        assert client.code(client.ask("/bg/graphql", UPSERT, product=line), "upsertProduct") == "CART_ORDERED"
        client.advance(minutes=1)


def test_the_time_and_the_store_can_be_set_until_it_is_passed_on() -> None:
    client = fresh_client("receipt")
    order = _ordered(client, receipt=False)
    assert order["expectedReceiptDateTime"] is None
    assert _code(client, "beginCheckout", order["orderId"]) == "RECEIPT_MISSING"
    [timed] = client.booking(RECEIPT, o=[order["orderId"]], r=EVENING)
    assert timed["expectedReceiptDateTime"] == EVENING | {"from": "2026-01-02T17:00:00Z", "to": "2026-01-02T19:00:00Z"}
    client.step("beginCheckout", order["orderId"])
    [stored] = client.booking(STORE, o=[order["orderId"]], s={"code": "EX-02"})
    assert stored["store"] == {"code": "EX-02"}
    assert client.orders(order["orderId"])[0]["status"]["status"] == "IN_CHECKOUT"


@pytest.mark.parametrize(("store", "left"), [(None, [1190, 79]), ("EX-02", [1200, 69])])
def test_the_quantity_is_taken_from_the_store(store: str | None, left: list[int]) -> None:
    client = fresh_client("stock")
    order = _ordered(client, 10)
    if store:
        client.booking(STORE, o=[order["orderId"]], s={"code": store})
    client.step("beginCheckout", order["orderId"])
    assert _stock(client) == [1200, 79]
    client.step("finishOrder", order["orderId"])
    assert _stock(client) == left
    assert _stock(fresh_client("other-stock")) == [1200, 79]


def test_what_a_store_does_not_have_is_a_warning() -> None:
    client = fresh_client("warning")
    order = _ordered(client, 80)
    client.booking(STORE, o=[order["orderId"]], s={"code": "EX-02"})
    warning = "PM-00009479: 79 of 80 QM-PIECE available at EX-02"
    assert client.orders()[0]["status"]["subStatus"]["warning"] == warning
    client.step("beginCheckout", order["orderId"])
    [finishing] = client.step("finishOrder", order["orderId"])
    assert finishing["status"]["subStatus"]["warning"] == warning
    assert _stock(client) == [1200, 0]
    assert client.orders()[0]["status"]["subStatus"]["warning"] == warning


def test_a_price_that_changed_since_stops_the_checkout() -> None:
    client = fresh_client("changed")
    order = _ordered(client)
    world = client.server.sessions.get("changed").world("gates")
    world.edit("offers", "exampledistributor:00009479", {"prices": [1000, 38_000]})
    assert _code(client, "beginCheckout", order["orderId"]) == "PRICE_CHANGED"
    client.upsert(*GKFI, 8, shoppingCartId=order["shoppingCartId"])
    assert client.step("beginCheckout", order["orderId"])


def test_a_cart_over_two_gates_is_booked_as_one_order() -> None:
    here, there = fresh_client("both"), Client("both", "distributor1")
    cart = here.upsert(*GKFI, 7.76, 10)["shoppingCartId"]
    there.upsert(*GKFI, there.price("distributor1:GK1250", 5), 5, shoppingCartId=cart)
    [order] = there.order(cart, site="4711")
    for step in ("beginCheckout", "finishOrder"):
        here.step(step, order["orderId"])
    here.advance(minutes=1)
    assert there.orders(order["orderId"])[0]["status"]["status"] == "FINISHED"
    assert (_stock(here), _stock(there)) == ([1190, 79], [395, 0])


def test_several_orders_are_changed_together_or_not_at_all() -> None:
    client = fresh_client("several")
    carts = [client.upsert(*GKFI, 7.76)["shoppingCartId"] for _ in range(2)]
    orders = [order["orderId"] for order in client.order(*carts)]
    assert [order["orderId"] for order in client.orders()] == orders
    assert [order["orderId"] for order in client.orders(orders[1], "nothing")] == [orders[1]]
    assert _code(client, "beginCheckout", *orders, "nothing") == "ORDER_UNKNOWN"
    assert {order["status"]["status"] for order in client.orders()} == {"NEW"}
    client.step("beginCheckout", orders[0])
    assert _code(client, "finishOrder", *orders) == "ORDER_NOT_IN_CHECKOUT"
    assert [order["status"]["status"] for order in client.orders()] == ["IN_CHECKOUT", "NEW"]


def test_a_refused_order_orders_nothing() -> None:
    client = fresh_client("refused")
    cart = client.upsert(*GKFI, 7.76)["shoppingCartId"]
    query = "mutation($o: [OrderInput!]!) { createOrder(orders: $o) { orderId } }"
    asked = [{"shoppingCartId": name, "constructionSite": {"code": "BV-1001"}} for name in (cart, cart)]
    assert client.code(client.ask("/bg/graphql", query, o=asked), "createOrder") == "CART_ORDERED"
    assert client.orders() == []
    assert client.order(cart)


def test_orders_are_seen_by_their_person_alone() -> None:
    owner = fresh_client("whose", "user")
    order = _ordered(owner)
    stranger = Client("whose", "other")
    assert stranger.orders() == []
    assert _code(stranger, "beginCheckout", order["orderId"]) == "ORDER_UNKNOWN"
    assert Client("whose", "reader").orders() == [order]


def test_every_field_of_an_order_is_that_of_its_cart() -> None:
    client = fresh_client("same")
    order = _ordered(client, 3)
    cart = client.cart(order["shoppingCartId"])
    assert {name: order[name] for name in cart} == cart
    assert "products" in ORDER
