import pytest
from graphql import build_schema, introspection_from_schema

from apitwin_contracts.checks.introspection import Change, differences

SDL = """
type Query { products(first: Int = 20, brand: String): [Product!]! order(id: ID!): Order search: Hit }
type Mutation { create(input: OrderInput!): Order }
type Product { name: String! brand: String tags: [String!]! }
type Order { id: ID! status: Status! }
input OrderInput { product: ID! note: String quantity: Int = 1 }
enum Status { NEW DONE }
union Hit = Product | Order
"""


def changes(old: str, new: str) -> list[Change]:
    assert old in SDL
    before, after = build_schema(SDL), build_schema(SDL.replace(old, new))
    return list(differences(introspection_from_schema(before), introspection_from_schema(after)))


def test_a_schema_differs_in_nothing_from_itself() -> None:
    assert changes("Product", "Product") == []


@pytest.mark.parametrize(
    ("old", "new", "coordinate", "severity"),
    [
        ("brand: String tags", "tags", "Product.brand", "breaking"),
        ("brand: String tags", "maker: String brand: String tags", "Product.maker", "additive"),
        ("name: String!", "name: String", "Product.name", "breaking"),
        ("brand: String tags", "brand: String! tags", "Product.brand", "additive"),
        ("tags: [String!]!", "tags: String", "Product.tags", "breaking"),
        ("NEW DONE", "NEW DONE REFUNDED", "Status.REFUNDED", "dangerous"),
        ("NEW DONE", "NEW", "Status.DONE", "breaking"),
        ("first: Int = 20", "first: Int = 10", "Query.products(first:)", "dangerous"),
        (", brand: String)", ")", "Query.products(brand:)", "breaking"),
        (", brand: String)", ", brand: String, page: Int)", "Query.products(page:)", "additive"),
        (", brand: String)", ", brand: String, page: Int!)", "Query.products(page:)", "breaking"),
        ("note: String", "note: String channel: String!", "OrderInput.channel", "breaking"),
        ("note: String", "note: String channel: String", "OrderInput.channel", "additive"),
        ("note: String", "note: String!", "OrderInput.note", "breaking"),
        ("quantity: Int = 1", "quantity: Int = 2", "OrderInput.quantity", "dangerous"),
        ("brand: String tags", 'brand: String @deprecated(reason: "x") tags', "Product.brand", "additive"),
        ("Product | Order", "Product", "Hit.Order", "breaking"),
    ],
)
def test_each_change_is_named_and_graded(old: str, new: str, coordinate: str, severity: str) -> None:
    [found] = changes(old, new)
    assert found[:2] == (coordinate, severity)


def test_a_new_union_member_and_its_type_are_two_changes() -> None:
    found = changes("union Hit = Product | Order", "type Bundle { id: ID! } union Hit = Product | Order | Bundle")
    assert {(coordinate, severity) for coordinate, severity, *_ in found} == {
        ("Bundle", "additive"),
        ("Hit.Bundle", "dangerous"),
    }
