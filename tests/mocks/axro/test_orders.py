from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.mocks.axro.client import (
    ACME,
    FIXTURES,
    HAMBURG,
    ORDERS,
    WAITING,
    Client,
    fresh_client,
)

CHECKED = Draft202012Validator(
    FIXTURES.json("json-schemas/orderCreate.json"), format_checker=Draft202012Validator.FORMAT_CHECKER
)
QUERY = "{ products(limit: 1000) { products { productNumber stock price { fromQuantity toQuantity price } } } }"
PRODUCTS = {product["productNumber"]: product for product in Client("orders").data(QUERY)["products"]}
LEVIES: dict[str, int] = {row["number"]: row["uhg"] for row in FIXTURES.json("entities/products.json")}
priced = st.sampled_from([number for number, product in PRODUCTS.items() if product["price"] and number in LEVIES])
carts = st.lists(st.tuples(priced, st.integers(1, 700) | st.just(5_000)), min_size=1, max_size=4)
addresses = st.sampled_from([ACME, HAMBURG, WAITING])


def _price(number: str, quantity: int) -> int:
    tiers = PRODUCTS[number]["price"]
    [price] = [tier["price"] for tier in tiers if tier["fromQuantity"] <= quantity <= tier["toQuantity"]]
    return int(price)


def _expected_total(cart: list[tuple[str, int]], address: str) -> int:
    levied = address == HAMBURG
    goods = sum(quantity * (_price(number, quantity) + LEVIES[number] * levied) for number, quantity in cart)
    return goods + (295 if levied else 295 + 490)


@given(carts, addresses, st.booleans())
@settings(max_examples=100, deadline=None)
def test_the_totals_add_up_to_the_cent(cart: list[tuple[str, int]], address: str, place: bool) -> None:  # noqa: FBT001 - drawn
    order = fresh_client("totals").order(*cart, address=address, place=place)
    assert list(CHECKED.iter_errors(order)) == []
    for line, (number, quantity) in zip(order["cart"], cart, strict=True):
        assert (line["product_number"], line["quantity"]) == (number, quantity)
        assert line["uhg_total"] == line["uhg_unit"] * quantity
        assert line["sub_total"] == line["unit_price"] * quantity + line["uhg_total"]
    assert (
        order["grand_total"]
        == sum(line["sub_total"] for line in order["cart"]) + order["toll"] + order["freight_costs"]
    )
    assert order["grand_total"] == _expected_total(cart, address)
    assert order["order_placed"] is place


@given(carts, addresses)
@settings(max_examples=60, deadline=None)
def test_an_order_is_read_as_it_was_written(cart: list[tuple[str, int]], address: str) -> None:
    client = fresh_client("written")
    placed = client.order(*cart, address=address, customReference="PO-7")
    newest = client.newest()
    assert (newest["commission"], newest["orderTotal"], newest["orderSource"]) == ("PO-7", placed["grand_total"], "Api")
    order = client.details(newest["orderNumber"])
    assert order["orderTotal"] == sum(item["total"] for item in order["items"])
    assert order["orderTotal"] == placed["grand_total"]
    assert order["shippingAddress"]["street"] == placed["shipping_address"]["street"]
    goods = [item for item in order["items"] if not item["productNumber"].startswith("FR_AUTO")]
    assert [(item["productNumber"], item["quantity"]) for item in goods] == cart
    charges = {item["productNumber"]: item["total"] for item in order["items"] if item not in goods}
    assert charges == {"FR_AUTO_MD": 295} | ({} if address == HAMBURG else {"FR_AUTO": 490})


@given(st.lists(st.tuples(st.sampled_from(["HP303A", "CANL055BK"]), st.integers(1, 400)), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_stock_falls_by_what_can_be_delivered_and_never_below_nothing(cart: list[tuple[str, int]]) -> None:
    client, left = fresh_client("stock"), {"HP303A": 725, "CANL055BK": 640}
    for part in (cart[::2], cart[1::2]):
        if not part:
            continue
        for line in client.order(*part)["cart"]:
            number = line["product_number"]
            assert line["difference"] == max(line["quantity"] - left[number], 0)
            left[number] -= line["quantity"] - line["difference"]
        assert {number: client.stock(number) for number in left} == left


def test_a_prepared_order_changes_nothing() -> None:
    client = fresh_client("prepared")
    before = (client.stock("HP303A"), client.data(ORDERS))
    prepared = client.order(("HP303A", 3), place=False)
    assert (prepared["order_placed"], prepared["place_order_url"][:8]) == (False, "https://")
    assert (client.stock("HP303A"), client.data(ORDERS)) == before


def test_two_equal_orders_are_two_orders() -> None:
    client = fresh_client("twice")
    client.order(("HP303A", 3), customReference="same")
    client.order(("HP303A", 3), customReference="same")
    first, second, *_ = client.data(ORDERS)["orders"]
    assert first["orderNumber"] != second["orderNumber"]
    assert int(first["orderNumber"]) > int(second["orderNumber"])
    assert client.stock("HP303A") == 725 - 6


def test_a_levy_is_due_in_germany_alone() -> None:
    client = fresh_client("levy")
    abroad, home = client.order(("HP303A", 2), place=False), client.order(("HP303A", 2), address=HAMBURG, place=False)
    assert [(line["uhg_unit"], line["uhg_total"]) for line in (*abroad["cart"], *home["cart"])] == [
        (0, 0),
        (1200, 2400),
    ]
    assert (abroad["freight_costs"], home["freight_costs"]) == (490, 0)


def test_sessions_do_not_see_each_other() -> None:
    one, two = fresh_client("one"), fresh_client("two")
    one.order(("HP303A", 25))
    assert (one.stock("HP303A"), two.stock("HP303A")) == (700, 725)
    assert one.data(ORDERS)["orders"][1] == two.data(ORDERS)["orders"][0]
    assert PRODUCTS["HP303A"]["stock"] == Client("orders").stock("HP303A") == 725


def test_customers_share_the_stock_and_nothing_else() -> None:
    ours, theirs = fresh_client("shared"), Client("shared", "other")
    orders = theirs.data(ORDERS)
    ours.order(("HP303A", 25))
    assert theirs.stock("HP303A") == 700
    assert theirs.data(ORDERS) == orders


def test_the_same_session_begins_the_same_again() -> None:
    def life() -> list[Any]:
        client = fresh_client("again")
        return [client.order(("HP303A", 1)), client.newest(), client.details(client.newest()["orderNumber"])]

    assert life() == life()


def test_orders_come_in_pages_of_fifty() -> None:
    client = fresh_client("many")
    before = len(client.pages("orderList", "orders", "orderNumber"))
    for _ in range(51):
        client.order(("HP303A", 1))
    pages = client.data("{ orderList { totalPages } }")["totalPages"]
    numbers = client.pages("orderList", "orders", "orderNumber")
    assert pages == -(-(before + 51) // 50) > 3
    assert len(set(numbers)) == len(numbers) == before + 51
    for page, expected in ((1, 50), (pages - 1, 50), (pages, (before + 51) % 50), (pages + 1, 0)):
        answer = client.data(f"{{ orderList(page: {page}) {{ totalPages orders {{ orderNumber }} }} }}")
        assert (answer["totalPages"], len(answer["orders"])) == (pages, expected)
