import pytest

from tests.mocks.wock.client import FIXTURES, fresh

CLIENT = fresh()


def _page(arguments: str) -> tuple[list[int], bool, bool, int]:
    query = "{ products" + arguments + " { items { id } pageInfo { hasNextPage hasPreviousPage } totalCount } }"
    found = CLIENT.data(query)["products"]
    info = found["pageInfo"]
    return [row["id"] for row in found["items"]], info["hasNextPage"], info["hasPreviousPage"], found["totalCount"]


FIRST = [123, 124, 125, 126, 127, 128, 129, 130, 131, 987]


@pytest.mark.parametrize(
    ("arguments", "ids", "following", "previous"),
    [
        ("", FIRST, True, False),
        ("(take: null, skip: null)", FIRST, True, False),
        ("(take: 2)", FIRST[:2], True, False),
        ("(take: 2, skip: 2)", FIRST[2:4], True, True),
        ("(take: 2, skip: -5)", FIRST[:2], True, False),
        ("(take: 0)", [], True, False),
        ("(take: -1, skip: 3)", [], True, True),
        ("(skip: 119)", [1110], False, True),
        ("(skip: 110, take: 10)", list(range(1101, 1111)), False, True),
        ("(skip: 500)", [], False, True),
    ],
)
def test_a_page_is_cut_by_skip_and_take(arguments: str, ids: list[int], following: object, previous: object) -> None:
    assert _page(arguments) == (ids, following, previous, 120)


def test_the_largest_page_is_fifty_and_one_more_is_refused() -> None:
    assert len(_page("(take: 50)")[0]) == 50
    for field in ("products", "orders"):
        error = CLIENT.body("{ " + field + "(take: 51) { totalCount } }")["errors"][0]
        assert FIXTURES.errors["HC0051"].difference(error) is None
        assert error["extensions"]["coordinate"] == f"Query.{field}"


def test_page_sizes_can_be_set() -> None:
    client = fresh()
    client.settings(default_page_size=3, max_page_size=4, require_paging_boundaries=False)
    assert len(client.data("{ products { items { id } } }")["products"]["items"]) == 3
    assert client.body("{ products(take: 5) { totalCount } }")["errors"][0]["extensions"]["maxAllowedItems"] == 4
    client.settings(require_paging_boundaries=True)
    body = client.body("{ orders { totalCount } }")
    assert FIXTURES.errors["HC0052"].difference(body["errors"][0]) is None


def test_orders_come_in_the_order_of_their_creation_and_only_ones_own() -> None:
    assert fresh().listed() == [
        "e21de451-d7e2-4f28-8925-2c1c3809a42d",
        "e21de451-d7e2-4f28-8925-2c1c3809a42b",
        "e21de451-d7e2-4f28-8925-2c1c3809a42c",
    ]
    assert fresh("internal").listed() == ["e21de451-d7e2-4f28-8925-2c1c3809a42e"]
