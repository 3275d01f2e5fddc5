from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mocks.reseller.client import USER_ID, Client, fresh_client, line

BALANCE = Decimal("10000.00")


def test_an_order_costs_quantity_times_price_and_takes_from_the_stock() -> None:
    client = fresh_client("cost")
    data = client.create(line(10, 3), line(1, 2, "mine", RequireData=USER_ID), BillingAddressID=1234)
    assert [(row["Quantity"], row["Price"]) for row in data["details"]] == [(3, Decimal("5.05")), (2, Decimal("19.90"))]
    assert client.balance == BALANCE - 3 * Decimal("5.05") - 2 * Decimal("19.90")
    assert (client.product(10)["totalStock"], client.product(1)["totalStock"]) == (99_997, 248)


def test_numbers_count_on_from_the_documentations_samples() -> None:
    client = fresh_client("numbers")
    first, second = client.create(line(), line()), client.create(line())
    assert (first["OrderID"], second["OrderID"]) == (9876, 9877)
    assert [row["OrderDetailID"] for row in (*first["details"], *second["details"])] == [55501, 55502, 55503]


def test_an_order_is_seen_alike_in_every_view() -> None:
    client = fresh_client("views")
    made = client.create(line(10, 2, "a"), line(7 + 1, 1, "b"))
    [order] = client.data("list_orders")
    assert client.data("get_order", query=f"orderID={made['OrderID']}") == order
    assert [client.data("get_order_detail", row["OrderDetailID"]) for row in made["details"]] == order["details"]
    assert order["TotalPrice"] == 2 * Decimal("5.05") + Decimal("59.00")
    assert [row["DeliverID"] for row in order["details"]] == ["a", "b"]


def test_orders_are_listed_latest_first_and_page_by_page() -> None:
    client = fresh_client("latest")
    numbers = [client.create(line())["OrderID"] for _ in range(7)][::-1]
    assert [row["OrderID"] for row in client.data("list_orders")] == numbers
    pages = [client.data("list_orders", {"page": page, "pageSize": 3}) for page in (1, 2, 3, 4)]
    assert [row["OrderID"] for page in pages for row in page] == numbers
    assert [len(page) for page in pages] == [3, 3, 1, 0]


def test_an_account_sees_and_cancels_its_own_orders_alone() -> None:
    mine = fresh_client("accounts")
    yours = Client(mine.server, mine.session, "second")
    yours.sign_in()
    made = mine.create(line(10, 1, "same"))
    assert yours.data("list_orders") == []
    assert yours.refusal("get_order", query=f"orderID={made['OrderID']}") == "ORDER_NOT_FOUND"
    number = made["details"][0]["OrderDetailID"]
    assert yours.refusal("get_order_detail", number) == "LINE_NOT_FOUND"
    assert yours.refusal("cancel_order", {"OrderDetailID": number}) == "LINE_NOT_FOUND"
    assert yours.refusal("cancel_order", {"OrderID": made["OrderID"]}) == "ORDER_NOT_FOUND"
    assert yours.create(line(10, 1, "same"))["OrderID"] != made["OrderID"]
    assert (mine.data("account_details")["currencyCode"], yours.data("account_details")["currencyCode"]) == (
        "TL",
        "EUR",
    )


def test_prices_are_those_of_the_order_and_not_of_today() -> None:
    client = fresh_client("price")
    made = client.create(line(10, 2, "old"))
    client.edit("products", 10, price="9.99")
    assert client.create(line(10, 2, "old")) == made
    client.data("cancel_order", {"OrderID": made["OrderID"]})
    assert client.balance == BALANCE
    assert client.create(line(10, 1))["details"][0]["Price"] == Decimal("9.99")


def test_the_credit_limit_can_be_spent_and_no_more() -> None:
    client = fresh_client("credit")
    client.edit("customers", 101, balance="5.00", credit_limit="5.10")
    assert client.refusal("create_order", {"basketData": [line(10, 3)]}) == "BALANCE_INSUFFICIENT"
    client.create(line(10, 2))
    assert client.balance == Decimal("-5.10")
    reply = client.ask("create_order", {"basketData": [line(10, 1)]})
    assert b'"details":{"required":5.05,"available":0.00}' in reply.body


def test_names_in_bodies_are_read_in_any_case() -> None:
    client = fresh_client("spelling")
    requires = [{"productRequireID": 1, "identifier": "userid", "title": "Player ID", "value": "12341234"}]
    asked = {"deliverID": "x", "customerStoreProductID": 1, "quantity": 1, "requireData": requires}
    data = client.data("create_order", {"basketData": [asked], "notifyURL": None})
    assert data == client.create(line(1, 1, "x", RequireData=[{**USER_ID[0], "Title": "other"}]))
    assert client.data("cancel_order", {"orderdetailid": data["details"][0]["OrderDetailID"]})[
        "RefundAmount"
    ] == Decimal("19.90")


# Idempotency


def test_the_same_order_twice_is_one_order_and_one_debit() -> None:
    client = fresh_client("twice")
    body = {
        "basketData": [line(10, 2, "a"), line(8, 1, "b")],
        "BillingAddressID": 1234,
        "NotifyURL": "http://localhost/x",
    }
    first = client.ask("create_order", body)
    assert client.ask("create_order", body).body == first.body
    assert client.balance == BALANCE - Decimal("69.10")
    assert len(client.data("list_orders")) == 1


def test_the_same_order_is_found_again_whatever_became_of_it() -> None:
    client = fresh_client("later")
    body = {"basketData": [line(10, 2, "a")]}
    first = client.data("create_order", body)
    client.edit("products", 10, stock=0, active=False)
    client.edit("customers", 101, balance="-500.00")
    assert client.data("create_order", body) == first
    client.advance(1000)
    assert client.data("create_order", body) == first


OTHERS: dict[str, dict[str, Any]] = {
    "quantity": {"basketData": [line(10, 2, "a"), line(10, 1, "b")]},
    "product": {"basketData": [line(8, 1, "a"), line(10, 1, "b")]},
    "order of lines": {"basketData": [line(10, 1, "b"), line(10, 1, "a")]},
    "a line less": {"basketData": [line(10, 1, "a")]},
    "a line more": {"basketData": [line(10, 1, "a"), line(10, 1, "b"), line(10, 1, "c")]},
    "a nameless line more": {"basketData": [line(10, 1, "a"), line(10, 1, "b"), line(10, 1)]},
    "another name beside": {"basketData": [line(10, 1, "a"), line(10, 1, "c")]},
    "billing address": {"basketData": [line(10, 1, "a"), line(10, 1, "b")], "BillingAddressID": 1234},
    "notify URL": {"basketData": [line(10, 1, "a"), line(10, 1, "b")], "NotifyURL": "http://localhost/other"},
    "what cannot be ordered": {"basketData": [line(999, 1, "a"), line(10, 1, "b")]},
}


@pytest.mark.parametrize("other", OTHERS)
def test_a_known_identifier_with_another_payload_is_refused_and_changes_nothing(other: str) -> None:
    client = fresh_client("other")
    made = client.create(line(10, 1, "a"), line(10, 1, "b"))
    before = client.balance
    reply = client.ask("create_order", OTHERS[other])
    assert client.code("create_order", reply) == "DELIVER_ID_REUSED"
    assert reply.json["details"]["orderId"] == made["OrderID"]  # type: ignore[index] # JSON
    assert (client.balance, len(client.data("list_orders"))) == (before, 1)


def test_identifiers_of_two_orders_cannot_be_mixed() -> None:
    client = fresh_client("mixed")
    client.create(line(10, 1, "a"))
    client.create(line(10, 1, "b"))
    assert client.refusal("create_order", {"basketData": [line(10, 1, "a"), line(10, 1, "b")]}) == "DELIVER_ID_REUSED"


def test_a_refused_order_leaves_its_identifiers_free() -> None:
    client = fresh_client("free")
    assert client.refusal("create_order", {"basketData": [line(7, 1, "a")]}) == "OUT_OF_STOCK"
    assert client.create(line(10, 1, "a"))["OrderID"] == 9876


def test_without_identifiers_each_request_is_an_order() -> None:
    client = fresh_client("nameless")
    assert client.create(line())["OrderID"] != client.create(line())["OrderID"]
    [detail] = client.create(line())["details"]
    assert detail["DeliverID"] is None


def test_identifiers_are_kept_whole_and_compared_exactly() -> None:
    client = fresh_client("exact")
    longest = "x" * 63 + "Ü"
    assert client.create(line(10, 1, longest))["details"][0]["DeliverID"] == longest
    assert client.create(line(10, 1, longest.lower()))["OrderID"] == 9877
    assert client.refusal("create_order", {"basketData": [line(10, 1, "x" * 65)]}) == "VALIDATION_FAILED"


# All or none


def test_of_several_bad_lines_each_is_listed_and_the_first_in_precedence_speaks() -> None:
    client = fresh_client("bad")
    lines = [
        line(10, 1, "good"),
        line(7, 1, "stock"),
        line(999, 1, "unknown"),
        line(6, 1, "inactive"),
        line(None, 1, "none"),
    ]
    lines += [line("abc", 1, "text"), line(1, 1, "data"), line(4, 1, "region"), line(5, 1, "step"), line(3, 6, "many")]
    reply = client.ask("create_order", {"basketData": lines})
    body: Any = reply.json
    assert client.code("create_order", reply) == "PRODUCT_ID_MISSING"
    numbers = {item["DeliverID"]: item["ErrorCode"] for item in body["data"]["items"]}
    assert numbers == {
        "stock": -12, "unknown": -7, "inactive": -12, "none": -6, "text": -8, "data": -13, "region": -15, "step": -14, "many": -13
    }  # fmt: skip
    assert [
        item["CustomerStoreProductID"] for item in body["data"]["items"] if item["DeliverID"] in ("none", "text")
    ] == [None] * 2
    assert (client.balance, client.data("list_orders")) == (BALANCE, [])


def test_lines_of_one_product_share_its_stock() -> None:
    client = fresh_client("stock")
    client.edit("products", 10, stock=3)
    reply = client.ask("create_order", {"basketData": [line(10, 2, "a"), line(10, 2, "b")]})
    items: Any = reply.json
    assert [item["DeliverID"] for item in items["data"]["items"]] == ["a", "b"]
    client.create(line(10, 2, "a"), line(10, 1, "b"))
    assert client.product(10)["totalStock"] == 0
    assert client.refusal("create_order", {"basketData": [line(10, 1)]}) == "OUT_OF_STOCK"


DATA: list[tuple[list[dict[str, Any]] | None, str | None]] = [
    (USER_ID, None),
    ([{"ProductRequireID": 1, "Value": "1234"}], None),
    ([{"ProductRequireID": 1, "Identifier": None, "Value": "1" * 16}], None),
    (None, "REQUIRE_DATA"),
    ([], "REQUIRE_DATA"),
    ([{"ProductRequireID": 2, "Identifier": "userid", "Value": "12341234"}], "REQUIRE_DATA"),
    ([{"ProductRequireID": 1, "Identifier": "user_id", "Value": "12341234"}], "REQUIRE_DATA"),
    ([{"ProductRequireID": 1, "Value": ""}], "REQUIRE_DATA"),
    ([{"ProductRequireID": 1, "Value": "123"}], "REQUIRE_DATA"),
    ([{"ProductRequireID": 1, "Value": "1" * 17}], "REQUIRE_DATA"),
    ([*USER_ID, *USER_ID], "REQUIRE_DATA"),
    ([*USER_ID, {"ProductRequireID": 3, "Value": "Hero"}], "REQUIRE_DATA"),
]


@pytest.mark.parametrize(("data", "code"), DATA)
def test_data_for_the_delivery_must_be_what_the_product_asks_for(
    data: list[dict[str, Any]] | None, code: str | None
) -> None:
    client = fresh_client("data")
    reply = client.ask("create_order", {"basketData": [line(1, 1, RequireData=data)]})
    assert (client.code("create_order", reply) if code else reply.status) == (code or 200)


def test_a_choice_must_be_one_of_its_options() -> None:
    client = fresh_client("choice")
    for server, status in [("Europe", 200), ("Mars", 422)]:
        data = [*USER_ID, {"ProductRequireID": 2, "Value": server}]
        assert client.ask("create_order", {"basketData": [line(2, 1, RequireData=data)]}).status == status


@pytest.mark.parametrize(("region", "code"), [(None, "REGION_EXCLUDED"), ("TR", "REGION_EXCLUDED"), ("EU", None)])
def test_regions_decide_what_is_sold(region: str | None, code: str | None) -> None:
    client = fresh_client("region")
    reply = client.ask("create_order", {"basketData": [line(4)]}, h_region_code=region)
    assert (client.code("create_order", reply) if code else reply.status) == (code or 200)


def test_a_step_that_was_taken_opens_a_product() -> None:
    client = fresh_client("steps", "second")
    assert client.create(line(5, 1))["OrderID"]


MALFORMED: list[tuple[dict[str, Any], str]] = [
    ({}, "basketData"),
    ({"basketData": []}, "basketData"),
    ({"basketData": {}}, "basketData"),
    ({"basketData": [5]}, "basketData"),
    ({"basketData": [line()] * 101}, "basketData"),
    ({"basketData": [line(), line(quantity=0)]}, "basketData[1].Quantity"),
    ({"basketData": [line(quantity=-1)]}, "basketData[0].Quantity"),
    ({"basketData": [line(quantity=1.5)]}, "basketData[0].Quantity"),
    ({"basketData": [line(quantity=True)]}, "basketData[0].Quantity"),
    ({"basketData": [line(quantity="1")]}, "basketData[0].Quantity"),
    ({"basketData": [line(quantity=10_001)]}, "basketData[0].Quantity"),
    ({"basketData": [line(quantity=None)]}, "basketData[0].Quantity"),
    ({"basketData": [line(deliver_id="")]}, "basketData[0].DeliverID"),
    ({"basketData": [line(DeliverID=5)]}, "basketData[0].DeliverID"),
    ({"basketData": [line(RequireData={})]}, "basketData[0].RequireData"),
    ({"basketData": [line(RequireData=[{}])]}, "basketData[0].RequireData[0].ProductRequireID"),
    ({"basketData": [line(RequireData=[{"ProductRequireID": 1}])]}, "basketData[0].RequireData[0].Value"),
    ({"basketData": [line(deliver_id="a"), line(deliver_id="a")]}, "basketData"),
    ({"basketData": [line()], "BillingAddressID": "1234"}, "BillingAddressID"),
    ({"basketData": [line()], "NotifyURL": "shop"}, "NotifyURL"),
    ({"basketData": [line()], "NotifyURL": "ftp://localhost/"}, "NotifyURL"),
    ({"basketData": [line()], "NotifyURL": "http:///x"}, "NotifyURL"),
    ({"basketData": [line()], "NotifyURL": "http://a b/"}, "NotifyURL"),
    ({"basketData": [line()], "NotifyURL": "http://a:999999/"}, "NotifyURL"),
    ({"basketData": [line()], "NotifyURL": "http://a/ü"}, "NotifyURL"),
    ({"basketData": [line()], "NotifyURL": 5}, "NotifyURL"),
]


@pytest.mark.parametrize(("body", "field"), MALFORMED)
def test_what_is_malformed_is_refused_and_named(body: dict[str, Any], field: str) -> None:
    client = fresh_client("malformed")
    reply = client.ask("create_order", body)
    assert client.code("create_order", reply) == "VALIDATION_FAILED"
    assert reply.json["details"]["field"] == field  # type: ignore[index] # JSON
    assert client.balance == BALANCE


@pytest.mark.parametrize("product", [0, -1, "1", "x", 1.5, True, [1], {"a": 1}, 2**53, 2**70, 1e300])
def test_a_product_number_that_is_none_is_malformed(product: object) -> None:
    client = fresh_client("malformed")
    assert client.refusal("create_order", {"basketData": [line(product)]}) == "PRODUCT_ID_MALFORMED"


def test_a_number_without_a_fraction_is_whole_as_json_schema_has_it() -> None:
    client = fresh_client("whole")
    assert client.create(line(10.0, 2.0))["details"][0]["Quantity"] == 2


# Cancelling


def test_a_partial_cancellation_gives_back_its_part_and_leaves_the_rest() -> None:
    client = fresh_client("part")
    [detail] = client.create(line(10, 5, "a"))["details"]
    done = client.data("cancel_order", {"OrderDetailID": detail["OrderDetailID"], "Quantity": 2})
    assert done["details"] == [
        {
            "OrderDetailID": 55501, "DeliverID": "a", "CancelledQuantity": 2, "RemainingQuantity": 3,
            "RefundAmount": Decimal("10.10"), "Status": None,
        }
    ]  # fmt: skip
    assert client.balance == BALANCE - 3 * Decimal("5.05")
    assert client.product(10)["totalStock"] == 99_997
    shown = client.data("get_order_detail", 55501)
    assert (shown["Quantity"], shown["CancelledQuantity"], shown["Status"]) == (5, 2, None)
    assert client.data("get_order", query="orderID=9876")["TotalPrice"] == 3 * Decimal("5.05")


def test_cancelling_the_rest_cancels_the_line() -> None:
    client = fresh_client("rest")
    client.create(line(10, 5))
    client.data("cancel_order", {"OrderDetailID": 55501, "Quantity": 2})
    reply = client.ask("cancel_order", {"OrderDetailID": 55501, "Quantity": 4})
    assert client.code("cancel_order", reply) == "CANCEL_QUANTITY"
    assert reply.json["details"] == {"requested": 4, "remaining": 3}  # type: ignore[index] # JSON
    assert client.data("cancel_order", {"OrderDetailID": 55501})["details"][0]["Status"] == 0
    assert client.refusal("cancel_order", {"OrderDetailID": 55501}) == "LINE_CANCELLED"
    assert client.balance == BALANCE


def test_a_whole_order_is_cancelled_with_what_is_left_of_it() -> None:
    client = fresh_client("whole")
    client.create(line(10, 2), line(10, 3), line(10, 4))
    client.data("cancel_order", {"OrderDetailID": 55502})
    client.data("cancel_order", {"OrderDetailID": 55503, "Quantity": 1})
    done = client.data("cancel_order", {"OrderID": 9876})
    assert [(row["OrderDetailID"], row["CancelledQuantity"]) for row in done["details"]] == [(55501, 2), (55503, 3)]
    assert done["RefundAmount"] == 5 * Decimal("5.05")
    assert client.balance == BALANCE
    assert client.refusal("cancel_order", {"OrderID": 9876}) == "ORDER_CANCELLED"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"Quantity": 1},
        {"OrderID": 9876, "OrderDetailID": 55501},
        {"OrderID": 9876, "Quantity": 1},
        {"OrderDetailID": "55501"},
        {"OrderDetailID": 0},
        {"OrderDetailID": 55501, "Quantity": 0},
    ],
)
def test_a_malformed_cancellation_is_refused(body: dict[str, Any]) -> None:
    client = fresh_client("malformed")
    client.create(line(10, 2))
    assert client.refusal("cancel_order", body) == "VALIDATION_FAILED"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([3, 8, 9, 10]), st.integers(1, 5)), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 5)), max_size=6),
    st.integers(0, 400),
)
def test_balance_and_stock_are_conserved(
    wanted: list[tuple[int, int]], cancelled: list[tuple[int, int]], seconds: int
) -> None:
    client = fresh_client("conserved")
    client.edit("customers", 101, balance="100000.00")
    client.edit("products", 3, stock=100)
    before = {row["customerStoreProductID"]: row["totalStock"] for row in client.data("list_products")}
    hero = [{"ProductRequireID": 3, "Value": "Hero"}]
    lines = [line(number, count, RequireData=hero if number == 3 else None) for number, count in wanted]
    made = client.create(*lines)
    for place, count in cancelled:
        number = made["details"][place % len(made["details"])]["OrderDetailID"]
        client.ask("cancel_order", {"OrderDetailID": number, "Quantity": count})
    client.advance(seconds)
    [order] = client.data("list_orders")
    left = {row["OrderDetailID"]: row["Quantity"] - row["CancelledQuantity"] for row in order["details"]}
    owed = sum(row["Price"] * left[row["OrderDetailID"]] for row in order["details"])
    assert client.balance == Decimal("100000.00") - owed
    assert order["TotalPrice"] == owed
    for row in client.data("list_products"):
        gone = sum(
            left[detail["OrderDetailID"]]
            for detail in order["details"]
            if detail["CustomerStoreProductID"] == row["customerStoreProductID"]
        )
        assert row["totalStock"] == before[row["customerStoreProductID"]] - gone
