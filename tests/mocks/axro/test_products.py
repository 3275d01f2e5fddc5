import re
from collections.abc import Callable
from math import ceil
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mocks.axro.client import FIXTURES, Client, fresh_client

CLIENT = Client("products")
FIELDS = """totalPages products { productNumber ean brand oemNumber stock modifiedAt
    price { fromQuantity toQuantity price } title { enGb deDe } category { id de en } }"""
QUERY = f"""query($productNumber: String, $oem: String, $ean: String, $brand: String, $category: String,
    $page: IntOrString, $limit: IntOrString) {{ products(productNumber: $productNumber, oem: $oem, ean: $ean,
    brand: $brand, category: $category, page: $page, limit: $limit) {{ {FIELDS} }} }}"""
ALL: list[dict[str, Any]] = CLIENT.data(QUERY, limit=1000)["products"]
VALUE: dict[str, Callable[[dict[str, Any]], str | None]] = {
    "productNumber": lambda product: product["productNumber"],
    "oem": lambda product: product["oemNumber"],
    "ean": lambda product: product["ean"],
    "brand": lambda product: product["brand"],
    "category": lambda product: str(product["category"]["id"]),
}


def _values(name: str) -> st.SearchStrategy[str]:
    known = sorted({value for product in ALL if (value := VALUE[name](product))})
    spelled = st.sampled_from(known).flatmap(
        lambda value: st.sampled_from([value, value.lower(), value.upper(), f" {value} "])
    )
    return st.lists(spelled | st.sampled_from(["nothing", ""]), max_size=3).map(",".join)


filters = st.fixed_dictionaries({}, optional={name: _values(name) for name in VALUE})


def _fits(product: dict[str, Any], name: str, text: str) -> bool:
    wanted = {value.strip().casefold() for value in text.split(",")} - {""}
    return not wanted or (VALUE[name](product) or "").casefold() in wanted


@given(filters)
@settings(max_examples=150, deadline=None)
def test_a_filter_keeps_what_fits_and_nothing_else(chosen: dict[str, str]) -> None:
    found = CLIENT.data(QUERY, limit=1000, **chosen)["products"]
    assert found == [product for product in ALL if all(_fits(product, *filter_) for filter_ in chosen.items())]


@given(filters, st.integers(1, 200))
@settings(max_examples=60, deadline=None)
def test_the_pages_together_are_the_whole(chosen: dict[str, str], limit: int) -> None:
    whole = CLIENT.data(QUERY, limit=1000, **chosen)["products"]
    pages = [CLIENT.data(QUERY, limit=limit, **chosen)]
    for page in range(2, pages[0]["totalPages"] + 1):
        pages.append(CLIENT.data(QUERY, limit=limit, page=page, **chosen))  # noqa: PERF401 - one request after another
    assert [product for page in pages for product in page["products"]] == whole
    assert {page["totalPages"] for page in pages} == {max(ceil(len(whole) / limit), 1)}


def test_a_page_past_the_end_is_empty() -> None:
    assert CLIENT.data(QUERY, page=10**15)["products"] == []
    assert CLIENT.data(QUERY, page="9" * 4000)["products"] == []


def test_a_page_has_a_hundred_products_unless_asked_otherwise() -> None:
    assert len(CLIENT.data(QUERY)["products"]) == 100
    assert CLIENT.data(QUERY) == CLIENT.data(QUERY, page=1, limit=100)


@pytest.mark.parametrize("page", ["2", "02"])
def test_numbers_may_be_written_as_text(page: str) -> None:
    assert CLIENT.data(QUERY, page=page, limit="7") == CLIENT.data(QUERY, page=2, limit=7)


def test_the_documents_examples_find_their_products() -> None:
    assert _numbers(productNumber="CANL055BK,CANL056WH") == ["CANL055BK", "CANL056WH"]
    assert _numbers(oem="3016C002,CF540A") == ["CANL055BK", "HP303A"]
    assert _numbers(ean="4549292124699,4549292124706") == ["CANL055BK"]
    assert {"HP303A", "CANL055BK", "EPSET20692"} <= set(_numbers(brand="HP,Canon,Epson"))
    assert {"CANL055BK", "EPSET20692"} <= set(_numbers(category="50593,50638"))


def _numbers(**chosen: str) -> list[str]:
    return [product["productNumber"] for product in CLIENT.data(QUERY, limit=1000, **chosen)["products"]]


def test_brands_and_categories_are_those_of_the_products() -> None:
    brands = CLIENT.data("{ brands { brands } }")["brands"]
    assert brands == sorted({product["brand"] for product in ALL})
    categories = CLIENT.data("{ categories { id de en } }")
    assert all(product["category"] in categories for product in ALL)
    assert [category["id"] for category in categories] == sorted(category["id"] for category in categories)


def test_every_product_keeps_the_forms_of_the_contract() -> None:
    for product in ALL:
        assert re.fullmatch(r"[A-Z0-9][A-Z0-9_./-]*", product["productNumber"])
        assert product["ean"] is None or re.fullmatch(r"[0-9]{13}", product["ean"])
        assert re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}\+00:00", product["modifiedAt"])
        assert "," not in product["brand"]


def test_the_quick_start_of_the_document_is_answered() -> None:
    client = fresh_client("quick-start")
    body = next(c for c in FIXTURES.cassettes if c.name == "products-quick-start").exchanges[0].request.body
    answer: Any = client.post(body).json
    assert len(answer["data"]["products"]["products"]) == 5


def test_a_field_asked_for_twice_is_answered_once() -> None:
    [first, *_] = CLIENT.data("{ products(limit: 1) { products { stock stock } } }")["products"]
    assert first == {"stock": 0}
