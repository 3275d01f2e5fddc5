import json
from typing import Any

import pytest
from graphql import build_schema
from hypothesis import HealthCheck, example, given, settings

from apitwin_fixtures.sdl import wire_sdl
from apitwin_mocks.suppliers.wock.filtered import ORDER as ORDER_FILTER
from apitwin_mocks.suppliers.wock.filtered import PRODUCT as PRODUCT_FILTER
from apitwin_mocks.suppliers.wock.filtered import Filter, Many, Nested
from apitwin_mocks.suppliers.wock.filters import compile_filter
from apitwin_mocks.suppliers.wock.sorting import ORDER as ORDER_KEYS
from apitwin_mocks.suppliers.wock.sorting import PRODUCT as PRODUCT_KEYS
from tests.mocks.wock import naive
from tests.mocks.wock.client import ALL_OF_A_PRODUCT, FIXTURES, every_page, fresh

CLIENT = fresh()
CLIENT.settings(max_field_cost=1_000_000, max_type_cost=1_000_000, max_page_size=1000)
PRODUCTS = CLIENT.data("{ products(take: 1000) { items {" + ALL_OF_A_PRODUCT + "} } }")["products"]["items"]
ORDERS = CLIENT.data(
    """{ orders { items { id legacyId createdAt identifier status products {
      id name isBundle isSubBundle quantity price children { id name isBundle isSubBundle quantity price children { id name
      isBundle isSubBundle quantity price children { id } } } } } } }"""
)["orders"]["items"]
SORTED_BY = [name for name in PRODUCT_KEYS if name != "quantity"] + ["quantity.all", "quantity.text", "quantity.image"]


def _examples(most: int) -> settings:
    slow = [HealthCheck.too_slow]
    return settings(max_examples=most, deadline=None, derandomize=True, suppress_health_check=slow, database=None)


def _products(where: Any, order: Any = None) -> Any:
    query = """query($w: ProductResponseFilterInput, $o: [ProductResponseSortInput!]) {
      products(take: 1000, where: $w, order: $o) { items { id } totalCount } }"""
    return CLIENT.data(query, {"w": where, "o": order})["products"]


def _ids(where: Any) -> list[int]:
    return [row["id"] for row in _products(where)["items"]]


@_examples(60)
@given(naive.wheres(naive.PRODUCT, PRODUCTS))
@example({"or": [{}, {"id": {"eq": 123}}]})
@example({"productPartnerId": {"in": [None, "exg-123"]}})
@example({"productPartnerId": {"nin": [None, "exg-123"]}})
@example({"bulkPrices": {"all": {"price": {"nlt": 20}}}, "languages": {"none": {"startsWith": "e"}}})
@example({"name": {"contains": "STAR"}, "or": [{"id": {"eq": 123}}, {"platform": {"neq": "steam"}}]})
def test_products_are_filtered_as_a_second_reading_says(where: Any) -> None:
    expected = [row["id"] for row in PRODUCTS if naive.allowed(naive.PRODUCT, where, row)]
    segment = _products(where)
    assert [row["id"] for row in segment["items"]] == expected
    assert segment["totalCount"] == len(expected)


@_examples(40)
@given(naive.wheres(naive.ORDER, ORDERS))
def test_orders_are_filtered_as_a_second_reading_says(where: Any) -> None:
    query = "query($w: OrderResponseFilterInput) { orders(where: $w) { items { id } totalCount } }"
    segment = CLIENT.data(query, {"w": where})["orders"]
    assert [row["id"] for row in segment["items"]] == [
        row["id"] for row in ORDERS if naive.allowed(naive.ORDER, where, row)
    ]


@_examples(40)
@given(naive.orders(SORTED_BY))
def test_products_are_sorted_key_by_key(order: Any) -> None:
    assert [row["id"] for row in _products(None, order)["items"]] == [
        row["id"] for row in naive.ordered(PRODUCTS, order)
    ]


@_examples(20)
@given(naive.wheres(naive.PRODUCT, PRODUCTS, 2), naive.orders(SORTED_BY))
def test_pages_are_cut_from_the_whole(where: Any, order: Any) -> None:
    query = """query($skip: Int, $take: Int) { products(skip: $skip, take: $take, order: ORDER, where: WHERE) {
      items { id } totalCount pageInfo { hasNextPage hasPreviousPage } } }"""
    whole = [row["id"] for row in _products(where, order)["items"]]
    literal = query.replace("ORDER", _literal(order)).replace("WHERE", _literal(where))
    pages = list(every_page(CLIENT, literal, 7))
    assert [row["id"] for page in pages for row in page["items"]] == whole
    assert {page["totalCount"] for page in pages} == {len(whole)}
    assert [page["pageInfo"]["hasPreviousPage"] for page in pages] == [False] + [True] * (len(pages) - 1)
    assert [page["pageInfo"]["hasNextPage"] for page in pages] == [True] * (len(pages) - 1) + [False]


def _literal(value: Any, name: str = "") -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_literal(inner, key)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_literal(item, name) for item in value) + "]"
    # Enum values stand where an order names a field, never behind an operation.
    enum = value in ("ASC", "DESC") and name in {key.partition(".")[0] for key in SORTED_BY} | {"all", "text", "image"}
    return str(value) if enum else json.dumps(value)


@pytest.mark.parametrize(
    ("where", "filters"),
    [
        ({"id": {"eq": None}}, [("eq", "IntOperationFilterInput", "Int!")]),
        ({"name": {"ncontains": None}}, [("ncontains", "StringOperationFilterInput", "String!")]),
        ({"productPartnerId": {"startsWith": None}}, [("startsWith", "StringOperationFilterInput", "String!")]),
        ({"lastUpdateDateTime": {"nlte": None}}, [("nlte", "DateTimeOperationFilterInput", "DateTime!")]),
        ({"id": {"in": None}}, [("in", "IntOperationFilterInput", "[Int]!")]),
        ({"name": None}, [("name", "ProductResponseFilterInput", "StringOperationFilterInput!")]),
        ({"quantity": None}, [("quantity", "ProductResponseFilterInput", "QuantityResponseFilterInput!")]),
        ({"languages": {"any": None}}, [("any", "ListStringOperationFilterInput", "Boolean!")]),
        (
            {"bulkPrices": {"some": None}},
            [("some", "ListFilterInputTypeOfBulkPriceResponseFilterInput", "BulkPriceResponseFilterInput!")],
        ),
        (
            {"or": [{"id": {"gt": None, "lt": None}}]},
            [("gt", "IntOperationFilterInput", "Int!"), ("lt", "IntOperationFilterInput", "Int!")],
        ),
    ],
)
def test_null_is_refused_where_an_operation_takes_none(where: Any, filters: list[tuple[str, str, str]]) -> None:
    query = "query($w: ProductResponseFilterInput) { products(where: $w) { items { id } totalCount } }"
    body = CLIENT.body(query, {"w": where})
    assert body["data"] == {"products": {"items": [], "totalCount": 0}}
    for error, (name, kind, expected) in zip(body["errors"], filters, strict=True):
        assert FIXTURES.errors["FILTER_NULL"].difference(error) is None
        assert f"filter `{name}` of type {kind} is invalid" in error["message"]
        assert error["extensions"] == {"expectedType": expected, "filterType": kind}
        assert "locations" not in error


@pytest.mark.parametrize(
    "where",
    [None, {}, {"and": []}, {"or": [{}]}, {"and": None}, {"quantity": {}}, {"languages": {"some": {}}}, {"name": {}}],
)
def test_a_filter_that_says_nothing_lets_everything_through(where: Any) -> None:
    assert _products(where)["totalCount"] == 120


def test_an_or_beside_other_fields_is_and_ed_with_them() -> None:
    both = _ids({"platform": {"eq": "Steam"}, "or": [{"id": {"eq": 123}}, {"id": {"eq": 126}}]})
    assert both == [123]


def test_one_object_stands_for_a_list() -> None:
    assert CLIENT.data("{ products(where: { or: { id: { eq: 123 } } }, order: { id: DESC }) { items { id } } }") == {
        "products": {"items": [{"id": 123}]}
    }


def test_filters_of_any_depth_are_read() -> None:
    where: Any = {"id": {"eq": 123}}
    for level in range(70):
        where = {"and": [where]} if level % 2 else {"or": [where, {"id": {"lt": 0}}]}
    assert compile_filter(PRODUCT_FILTER, where).predicate is not None
    assert _ids(where) == [123]


def test_a_tenth_of_a_microsecond_is_between_two_instants() -> None:
    for operator, expected in (("gt", 1), ("gte", 1), ("lt", 0), ("lte", 0), ("eq", 0), ("neq", 1)):
        where = {"id": {"eq": 123}, "lastUpdateDateTime": {operator: "2025-03-01T08:15:29.9999999Z"}}
        assert _products(where)["totalCount"] == expected, operator


SCHEMA = build_schema(wire_sdl(FIXTURES.text("schema.graphql")))


def _input_fields(name: str) -> set[str]:
    return set(SCHEMA.type_map[name].fields)  # type: ignore[attr-defined]


def _filters(kind: Filter, seen: dict[str, Filter]) -> dict[str, Filter]:
    if kind.name not in seen:
        seen[kind.name] = kind
        for field in kind.fields.values():
            inner = field.filter if isinstance(field, Nested) else field.item if isinstance(field, Many) else None
            if isinstance(inner, Filter):
                _filters(inner, seen)
    return seen


@pytest.mark.parametrize("root", [PRODUCT_FILTER, ORDER_FILTER], ids=lambda kind: kind.name)
def test_every_field_of_every_filter_is_known(root: Filter) -> None:
    for name, kind in _filters(root, {}).items():
        assert _input_fields(name) == {"and", "or", *kind.fields}
        for field in kind.fields.values():
            assert _input_fields(field.input_type)


def test_every_sort_key_is_known() -> None:
    assert set(PRODUCT_KEYS) == _input_fields("ProductResponseSortInput")
    assert set(ORDER_KEYS) == _input_fields("OrderResponseSortInput")
