from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mocks.gates.client import MAKERS, SERVER, UPSERT, Client, exact, fresh_client

GKFI = ("PM-00009479", MAKERS["gkfi"])
_sessions = count()


def _assortment(code: str) -> list[dict[str, Any]]:
    return list(Client("assortment", code).search(page={"size": 100}, prices={})["content"])


SOLD = {code: _assortment(code) for code in ("exampledistributor", "distributor1", "distributor2")}
gates = st.sampled_from(sorted(SOLD))


@given(st.data(), gates, st.integers(0, 300))
@settings(max_examples=60, deadline=None)
def test_search_price_search_and_cart_agree_on_a_product(data: st.DataObject, code: str, more: int) -> None:
    client = Client("agreement", code)
    product = data.draw(st.sampled_from(SOLD[code]))
    unit = product["productOrderDetails"]["orderUnits"][0]
    shown = unit["price"]["amount"]
    assert client.price(product["id"], unit["quantityMin"]) == shown
    quantity = unit["quantityMin"] + more
    price = client.price(product["id"], quantity)
    assert price <= shown
    asked_as = data.draw(st.sampled_from(product["proMaterialIds"]))
    cart = client.upsert(asked_as, product["productGateCode"], price, quantity)
    [line] = cart["products"]
    assert (line["productId"], line["proMaterialId"]) == (product["id"], asked_as)
    assert (line["productPrice"]["amount"], line["productOrderDetails"]["quantity"]) == (price, quantity)
    assert line["productOrderDetails"]["orderUnit"]["code"] == unit["code"]
    assert cart["orderTotals"]["totalAmountNet"] == price * quantity


@pytest.mark.parametrize("code", sorted(SOLD))
def test_a_calculated_price_is_never_above_the_static_one(code: str) -> None:
    listed = Client("assortment", code).search(page={"size": 100})["content"]
    for plain, calculated in zip(listed, SOLD[code], strict=True):
        units = zip(*(product["productOrderDetails"]["orderUnits"] for product in (plain, calculated)), strict=True)
        assert all(mine["price"]["amount"] <= static["price"]["amount"] for static, mine in units)


changes = st.lists(
    st.tuples(st.sampled_from(["upsert", "upsert", "delete"]), gates, st.integers(0, 4), st.integers(0, 50)),
    max_size=12,
)


@given(changes)
@settings(max_examples=40, deadline=None)
def test_a_cart_holds_what_was_put_in_last_and_adds_up(changed: list[tuple[str, str, int, int]]) -> None:
    session = f"cart-{next(_sessions)}"
    clients = {code: Client(session, code) for code in SOLD}
    cart: Any = {"shoppingCartId": None, "products": []}
    held: dict[str, tuple[int, Decimal]] = {}
    for action, code, place, more in changed:
        product, client = SOLD[code][place], clients[code]
        if action == "upsert":
            quantity = product["productOrderDetails"]["orderUnits"][0]["quantityMin"] + more
            price = client.price(product["id"], quantity)
            asked_as = product["proMaterialIds"][more % len(product["proMaterialIds"])]
            known = {"shoppingCartId": cart["shoppingCartId"]}
            cart = client.upsert(asked_as, product["productGateCode"], price, quantity, **known)
            held[product["id"]] = (quantity, price)
        elif product["id"] in held:
            cart = _delete(client, cart["shoppingCartId"], product["proMaterialIds"][0])
            del held[product["id"]]
        _check(cart, held)
        assert cart["shoppingCartId"] is None or cart == client.cart(cart["shoppingCartId"])
    SERVER.sessions.drop(session)


def _delete(client: Client, cart: str, product: str) -> Any:
    fields = UPSERT[UPSERT.index("shoppingCartId creationDate") : -3]
    query = (
        f"mutation($c: String!, $p: String!) {{ deleteProduct(shoppingCartId: $c, proMaterialId: $p) {{ {fields} }} }}"
    )
    return client.booking(query, c=cart, p=product)


def _check(cart: dict[str, Any], held: dict[str, tuple[int, Decimal]]) -> None:
    lines = [
        (line["productId"], (line["productOrderDetails"]["quantity"], line["productPrice"]["amount"]))
        for line in cart["products"]
    ]
    assert lines == list(held.items())
    if cart["shoppingCartId"]:
        assert cart["orderTotals"] == {
            "totalOrderProducts": len(held),
            "totalAmountNet": sum((quantity * price for quantity, price in held.values()), Decimal(0)),
            "orderCurrency": "EUR",
        }


def test_a_product_in_another_order_unit_or_by_another_id_is_the_same_line() -> None:
    client = fresh_client("line")
    cart = client.upsert(*GKFI, 7.76, 3)["shoppingCartId"]
    pallet = {"orderUnit": {"code": "QM-PALLET"}, "quantity": 2}
    changed = client.upsert("PM-4003950000011", GKFI[1], 297.92, shoppingCartId=cart, productOrderDetails=pallet)
    [line] = changed["products"]
    assert line["productOrderDetails"] == {"orderUnit": {"code": "QM-PALLET"}, "quantity": 2}
    assert changed["orderTotals"]["totalAmountNet"] == Decimal("595.84")


def test_without_details_the_smallest_quantity_of_the_first_unit_is_meant() -> None:
    client = fresh_client("details")
    [product] = client.search(query="NYM-J", prices={})["content"]
    amount = product["productOrderDetails"]["orderUnits"][0]["price"]["amount"]
    [line] = client.upsert("PM-NYMJ315", MAKERS["nym"], amount, None)["products"]
    assert line["productOrderDetails"] == {"orderUnit": {"code": "QM-METER"}, "quantity": 50}


@pytest.mark.parametrize("empty", [None, ""])
def test_an_empty_id_makes_a_new_cart(empty: str | None) -> None:
    client = fresh_client("empty")
    carts = [client.upsert(*GKFI, 7.76, shoppingCartId=empty)["shoppingCartId"] for _ in range(2)]
    assert carts[0] != carts[1]


def test_one_cart_is_filled_at_two_gates_by_one_person() -> None:
    here, there = fresh_client("two-gates"), Client("two-gates", "distributor1")
    cart = here.upsert(*GKFI, 7.76, 10)["shoppingCartId"]
    price = there.price("distributor1:GK1250", 4)
    filled = there.upsert(*GKFI, price, 4, shoppingCartId=cart)
    assert [(line["distributionGateCode"], line["clientNumber"]) for line in filled["products"]] == [
        ("exampledistributor", "801754"),
        ("distributor1", "654"),
    ]
    assert filled["orderTotals"]["totalAmountNet"] == Decimal("77.6") + 4 * price
    assert here.cart(cart) == there.cart(cart) == filled
    assert [line["distributionGateCode"] for line in _delete(there, cart, GKFI[0])["products"]] == [
        "exampledistributor"
    ]


@given(st.decimals(-100, 10_000, places=2), st.integers(1, 300))
@settings(max_examples=60, deadline=None)
def test_only_a_current_price_is_taken(amount: Decimal, quantity: int) -> None:
    client = Client("price")
    current = {
        client.price("exampledistributor:00009479", quantity, **calculation)
        for calculation in ({}, {"deliveryType": "Abholung"}, {"project": "BV-1002"})
    } | {client.price("exampledistributor:00009479", quantity, deliveryType="Abholung", project="BV-1002")}
    for price in (amount, *current):
        reply = client.ask("/bg/graphql", UPSERT, product=client.line(*GKFI, price, quantity))
        refused = "errors" in exact(reply)
        assert refused == (price not in current)
        assert not refused or client.code(reply, "upsertProduct") == "PRICE_CHANGED"


def test_a_price_that_the_distributor_changes_is_stale_at_once() -> None:
    client = fresh_client("stale")
    assert client.upsert(*GKFI, 7.76)
    client.server.sessions.get("stale").world("gates").edit(
        "offers", "exampledistributor:00009479", {"prices": [1000, 38_000]}
    )
    reply = client.ask("/bg/graphql", UPSERT, product=client.line(*GKFI, 7.76))
    assert exact(reply)["errors"][0]["message"] == "The price of PM-00009479 is 8.00 EUR, not 7.76 EUR"
    assert client.upsert(*GKFI, client.price("exampledistributor:00009479", 1))
    assert fresh_client("fresh").price("exampledistributor:00009479", 1) == Decimal("7.76")


def test_a_tax_is_kept_and_given_back() -> None:
    price = {"amount": 7.76, "currency": "EUR", "taxDetails": {"taxType": "VAT", "taxAmount": 19}}
    [line] = fresh_client("tax").upsert(*GKFI, 7.76, productPrice=price)["products"]
    assert line["productPrice"] == {
        "amount": Decimal("7.76"),
        "currency": "EUR",
        "taxDetails": {"taxType": "VAT", "taxAmount": 19},
    }


def test_a_cart_is_seen_by_its_person_in_its_session_alone() -> None:
    owner = fresh_client("owner", "user")
    cart = owner.upsert(*GKFI, 7.76)["shoppingCartId"]
    query = f'{{ shoppingcart(shoppingCartId: "{cart}") {{ shoppingCartId }} }}'
    for stranger in (Client("owner", "other"), fresh_client("elsewhere", "user")):
        assert stranger.code(stranger.ask("/bg/graphql", query), "shoppingcart") == "CART_UNKNOWN"
    for same in (Client("owner"), Client("owner", "distributor2"), Client("owner", "reader")):
        assert same.booking(query) == {"shoppingCartId": cart}
