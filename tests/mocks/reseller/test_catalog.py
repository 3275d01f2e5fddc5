from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apitwin_fixtures import Request
from tests.mocks.reseller.client import OPERATIONS, Client, fresh_client, fresh_server

CLIENT = fresh_client("catalog")
PRODUCTS: list[Any] = CLIENT.data("list_products", query="pageSize=1000")


def listed(query: str) -> list[int]:
    return [row["customerStoreProductID"] for row in CLIENT.data("list_products", query=query)]


def test_products_are_as_many_as_asked_for_and_in_order() -> None:
    numbers = [row["customerStoreProductID"] for row in PRODUCTS]
    assert numbers == sorted(numbers) == list(range(1, 61))
    assert len({row["productID"] for row in PRODUCTS}) == 60


@pytest.mark.parametrize("products", [0, 3, 10, 11, 1500])
def test_the_fixed_products_are_in_every_world(products: int) -> None:
    client = Client(fresh_server(products))
    client.sign_in()
    seen = client.data("list_products", query="pageSize=1000")
    assert len(seen) == min(max(products, 10), 1000)
    assert seen[0]["productName"] == "Nova Quest 100 Gems"


def test_one_seed_makes_one_catalogue() -> None:
    def whole(seed: int) -> bytes:
        client = Client(fresh_server(200, seed))
        client.sign_in()
        return client.ask("list_products", query="pageSize=1000").body

    assert whole(4) == whole(4)
    assert whole(4) != whole(5)


def test_everything_that_can_happen_to_a_product_happens() -> None:
    assert {row["status"] for row in PRODUCTS} == {0, 1}
    assert {row["productTypeID"] for row in PRODUCTS} == {1, 2, 3}
    assert any(row["totalStock"] == 0 for row in PRODUCTS)
    assert {row["regionList"] is None for row in PRODUCTS} == {True, False}


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 70), st.integers(1, 70))
def test_pages_joined_are_the_whole(size: int, page: int) -> None:
    numbers = [row["customerStoreProductID"] for row in PRODUCTS]
    assert listed(f"page={page}&pageSize={size}") == numbers[(page - 1) * size : page * size]


def test_a_page_has_twenty_unless_another_size_is_asked() -> None:
    assert listed("") == list(range(1, 21))
    assert listed("page=4") == []
    assert listed("page=9007199254740991") == []


@settings(max_examples=80, deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "productCategoryID": st.sampled_from([0, 1, 11, 12, 21, 99]),
            "typeID": st.sampled_from([0, 1, 2, 3, 4]),
            "productID": st.sampled_from([0, 265, 270, 300, 1]),
            "search": st.sampled_from(["", "a", "GOLD", "nova quest", "ü", "%"]),
        },
    )
)
def test_filters_keep_exactly_what_satisfies_all_of_them(asked: dict[str, Any]) -> None:
    expected = [
        row["customerStoreProductID"]
        for row in PRODUCTS
        if asked.get("productCategoryID", 0) in (0, row["productCategoryID"])
        and asked.get("typeID", 0) in (0, row["productTypeID"])
        and asked.get("productID", 0) in (0, row["productID"])
        and asked.get("search", "").lower() in row["productName"].lower()
    ]
    in_query = Request.encode({"pageSize": "1000", **{name: str(value) for name, value in asked.items()}})
    assert listed(in_query) == expected
    in_body = CLIENT.data("list_products", {"pageSize": 1000, **asked})
    assert [row["customerStoreProductID"] for row in in_body] == expected


def test_the_query_wins_over_the_body_and_both_are_read_in_any_case() -> None:
    rows = CLIENT.data("list_products", {"PAGESIZE": 5, "page": 2}, query="Page=1")
    assert [row["customerStoreProductID"] for row in rows] == [1, 2, 3, 4, 5]
    assert len(CLIENT.data("list_products", {"pageSize": None})) == 20
    assert len(CLIENT.data("list_products", {})) == 20


def test_texts_are_left_out_on_demand() -> None:
    [row] = CLIENT.data("list_products", query="productID=265&detailed=FALSE")
    assert row["productData"]["productDescription"] is row["productData"]["productInfo"] is None
    assert row == {**PRODUCTS[0], "productData": {**row["productData"]}}
    assert CLIENT.data("list_products", {"productID": 265, "detailed": False}) == [row]
    assert CLIENT.data("list_products", query="productID=265&detailed=true") == [PRODUCTS[0]]


@pytest.mark.parametrize("store_id", [1, 2, 30, 60])
def test_a_product_is_the_same_in_list_and_detail(store_id: int) -> None:
    row = PRODUCTS[store_id - 1]
    assert CLIENT.data("get_product", row["productID"]) == row


@pytest.mark.parametrize("number", [1, 10, 264, 325, 2**53 - 1])
def test_an_unknown_product_is_not_found(number: int) -> None:
    reply = CLIENT.ask("get_product", number)
    assert CLIENT.code("get_product", reply) == "PRODUCT_NOT_FOUND"
    assert reply.json["details"] == {"productId": number}  # type: ignore[index] # JSON


def test_categories_are_a_tree_and_every_product_hangs_in_it() -> None:
    categories = {row["ProductCategoryID"]: row for row in CLIENT.data("list_categories")}
    assert {row["ParentID"] for row in categories.values()} - {None} <= set(categories)
    types = {row["ProductTypeID"] for row in CLIENT.data("list_category_types")}
    assert {row["productCategoryID"] for row in PRODUCTS} <= set(categories)
    assert {row["productTypeID"] for row in PRODUCTS} <= types


@pytest.mark.parametrize("path", ["/ORDER/CUSTOMER/LIST", "/order/customer/list", "/Order/Customer/List"])
def test_paths_are_compared_without_regard_to_case(path: str) -> None:
    assert CLIENT.send("POST", path).status == 200


def test_a_path_with_a_number_is_too() -> None:
    assert CLIENT.send("POST", "/pRODUCTS/dETAIL/265").status == 200
    assert CLIENT.send("GET", "/ORDER/get", query="ORDERID=1").status == 404


def test_money_is_exact_to_the_digit() -> None:
    client = fresh_client("digits")
    for price in ("0.10", "0.30", "19.99", "1000000000.00", "0.07", "123456789.01"):
        client.edit("products", 1, price=price)
        reply = client.ask("list_products", query="productID=265")
        assert f'"salePrice":{price},'.encode() in reply.body
        assert client.product(1)["salePrice"] == Decimal(price)


def test_amounts_have_two_digits_everywhere() -> None:
    client = fresh_client("digits-2")
    client.edit("customers", 101, balance=7, credit_limit="3.5")
    reply = client.ask("account_details")
    assert b'"balance":7.00' in reply.body
    assert b'"creditLimit":3.50' in reply.body


@pytest.mark.parametrize("operation", ["list_products", "list_orders"])
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=x", "page"),
        ("page=", "page"),
        ("page=1.0", "page"),
        ("page=٣", "page"),
        ("pageSize=0", "pageSize"),
        ("pageSize=1001", "pageSize"),
        ("pageSize=99999999999999999999", "pageSize"),
        ("page=0&pageSize=0", "page"),
    ],
)
def test_wrong_pages_are_refused_and_named(operation: str, query: str, field: str) -> None:
    reply = CLIENT.ask(operation, query=query)
    assert CLIENT.code(operation, reply) == "VALIDATION_FAILED"
    assert reply.json["details"]["field"] == field  # type: ignore[index] # JSON


@pytest.mark.parametrize(
    "body",
    [
        {"page": "1"},
        {"page": 1.5},
        {"page": True},
        {"typeID": -1},
        {"search": 5},
        {"search": "x" * 201},
        {"detailed": 1},
    ],
)
def test_wrong_values_in_a_body_are_refused(body: dict[str, Any]) -> None:
    assert CLIENT.refusal("list_products", body) == "VALIDATION_FAILED"


@pytest.mark.parametrize("operation", ["list_products", "list_orders", "create_order", "cancel_order"])
@pytest.mark.parametrize(
    ("raw", "content_type", "code"),
    [
        (b"{", "application/json", "BODY_MALFORMED"),
        (b"[]", "application/json; charset=utf-8", "BODY_MALFORMED"),
        (b'"x"', "application/json", "BODY_MALFORMED"),
        (b"\xff", "application/json", "BODY_MALFORMED"),
        (b"{}", "text/plain", "MEDIA_TYPE"),
        (b"{}", None, "MEDIA_TYPE"),
        (b"page=1", "application/x-www-form-urlencoded", "MEDIA_TYPE"),
    ],
)
def test_only_json_objects_are_read(operation: str, raw: bytes, content_type: str | None, code: str) -> None:
    assert CLIENT.refusal(operation, raw, content_type=content_type) == code


def test_the_explorers_document_is_the_fixtures_with_this_mock_as_its_server() -> None:
    client = Client(session="explorer")
    document: Any = client.send("GET", "/openapi.json").json
    assert document["servers"] == [{"url": "/s/explorer/reseller", "description": "This mock, session explorer."}]
    assert set(document["paths"]) == {path for _, path, _ in OPERATIONS.values()}
    default: Any = Client().send("GET", "/openapi.json").json
    assert default["servers"][0]["url"] == "/s/default/reseller".removeprefix("/s/default")


def test_the_explorers_page_and_its_assets_need_no_token_and_no_internet() -> None:
    client = Client(session="explorer")
    page = client.send("GET", "/docs")
    assert (page.status, page.media_type) == (200, "text/html")
    assert "http" not in page.text
    for name, media_type in [
        ("swagger-ui.css", "text/css"),
        ("swagger-ui-bundle.js", "text/javascript"),
        ("favicon-32x32.png", "image/png"),
    ]:
        assert f'"docs/{name}"' in page.text
        asset = client.send("GET", f"/docs/{name}")
        assert (asset.status, asset.media_type) == (200, media_type)
        assert len(asset.body) > 500
    assert client.send("GET", "/docs/../secrets").status == 404
    assert client.send("GET", "/docs/__init__.py").status == 404
    assert client.send("POST", "/docs").status == 405
