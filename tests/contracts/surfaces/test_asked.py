"""What a request asks for, read back from its bytes."""

import orjson
import pytest

from apitwin_contracts.registry import load_contracts
from apitwin_contracts.surfaces.asked import Asked, asked_of, may_write
from apitwin_contracts.surfaces.graphql import GraphQLSurface
from apitwin_fixtures import Request

CONTRACTS = load_contracts()


def posted(query: str, **more: object) -> Request:
    return Request("POST", "/gql/v1", body=orjson.dumps({"query": query, **more}))


def axro(request: Request) -> tuple[Asked, ...]:
    return asked_of(CONTRACTS["axro"].surface, request)


@pytest.mark.parametrize("supplier", CONTRACTS)
def test_every_operation_is_recognised_in_its_own_request(supplier: str) -> None:
    contract = CONTRACTS[supplier]
    for operation in contract.operations:
        try:
            request = contract.surface.request(operation.name, {})
        except KeyError:
            continue
        assert [asked.operation for asked in asked_of(contract.surface, request)] == [operation.name]


def test_arguments_come_from_literals_variables_and_defaults() -> None:
    query = (
        "query ($page: Int = 3, $brand: String) { p: products(page: $page, brand: $brand, limit: 5) { totalPages } }"
    )
    assert axro(posted(query, variables={"brand": "HP"})) == (
        Asked("products", {"page": 3, "brand": "HP", "limit": 5}, writes=False, key="p"),
    )


def test_several_fields_and_fragments_are_all_asked() -> None:
    query = "mutation { a: shippingUpdate(id: 1, input: {}) ...F } fragment F on Mutation { orderCreate(order: {cart: []}) ...F }"
    assert [(one.operation, one.key, one.writes) for one in axro(posted(query))] == [
        ("shippingUpdate", "a", True),
        ("orderCreate", "orderCreate", True),
    ]


def test_the_chosen_operation_counts() -> None:
    query = "query A { brands { brands } } mutation B { orderCreate(order: {cart: []}) }"
    assert [one.operation for one in axro(posted(query, operationName="B"))] == ["orderCreate"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"query": 5}', b'{"query": "{ products( "}', b"\xff"])
def test_what_is_no_question_asks_nothing(body: bytes) -> None:
    assert axro(Request("POST", "/gql/v1", body=body)) == ()


def test_rest_paths_are_read_with_their_parameters() -> None:
    surface = CONTRACTS["reseller"].surface
    asked = asked_of(surface, surface.request("get_product", {"productID": "a b"}))
    assert asked[0].arguments == {"productID": "a b"}
    other = asked_of(CONTRACTS["oxomi"].surface, Request("POST", "/portals/api/v1/core/update-sync-date", "date=x"))
    assert [(one.operation, one.arguments, one.writes) for one in other] == [("update_sync_date", {"date": "x"}, True)]
    assert asked_of(surface, Request("GET", "/nowhere")) == ()


def test_a_request_may_write_unless_it_cannot() -> None:
    surface = CONTRACTS["axro"].surface
    assert not may_write(surface, GraphQLSurface.post("/gql/v1", "{ brands { brands } }"))
    assert may_write(surface, GraphQLSurface.post("/gql/v1", "mutation { orderCreate(order: {cart: []}) }"))
    assert may_write(surface, Request("POST", "/gql/v1", body=b"{"))
    assert not may_write(surface, Request("GET", "/gql/v1"))
    reseller = CONTRACTS["reseller"].surface
    listing = reseller.request("list_products", {})
    assert may_write(reseller, listing)
    assert not may_write(reseller, listing, {"list_products"})
