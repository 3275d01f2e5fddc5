from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mocks.gates.client import GATES, Client, fresh_server

if TYPE_CHECKING:
    from collections.abc import Callable

CODES = [gate["code"] for gate in GATES]
CLIENTS = {code: Client("search", code) for code in CODES}


def _pages(client: Client, size: int, **asked: Any) -> list[dict[str, Any]]:
    page, found = 0, []
    while True:
        answer = client.search(page={"page": page, "size": size}, **asked)
        found += answer["content"]
        assert len(answer["content"]) <= size
        if not answer["pageInfo"]["hasNextPage"]:
            assert answer["pageInfo"]["totalCount"] == len(found)
            return found
        assert len(answer["content"]) == size
        page += 1


ALL = {code: _pages(client, 100) for code, client in CLIENTS.items()}
TYPES = {
    feature["code"]: feature
    for found in ALL.values()
    for product in found
    for feature in product["features"]["universalTypes"]
}
gates = st.sampled_from(CODES)


def _text(product: dict[str, Any]) -> str:
    values = [feature["value"] for feature in product["features"]["universalTypes"]]
    words = [
        *product["productDetails"]["descriptions"].values(),
        product["productGateCode"],
        *product["proMaterialIds"],
    ]
    return "\n".join(word for word in (*words, *values) if isinstance(word, str)).casefold()


def test_every_gate_has_its_own_assortment() -> None:
    assortments = [{name for product in ALL[code] for name in product["proMaterialIds"]} for code in CODES]
    assert all(len(found) > 20 for found in ALL.values())
    assert all(mine != other and mine & other for mine in assortments for other in assortments if mine is not other)


@given(gates, st.integers(1, 100), st.sampled_from(["", "gips", "MM", "kabel 400", "PM-"]))
@settings(max_examples=30, deadline=None)
def test_the_pages_together_are_the_whole(code: str, size: int, text: str) -> None:
    assert _pages(CLIENTS[code], size, query=text) == _pages(CLIENTS[code], 100, query=text)


def test_ten_products_come_unless_asked_otherwise() -> None:
    client = CLIENTS["distributor1"]
    first = client.search()
    assert first["content"] == ALL["distributor1"][:10]
    assert (
        first
        == client.search(page={"page": 0, "size": 10})
        == client.search(page={})
        == client.search(page={"size": None})
    )


def test_a_page_past_the_end_is_empty() -> None:
    answer = CLIENTS["distributor2"].search(page={"page": 2**31 - 1, "size": 100})
    assert answer == {"content": [], "pageInfo": {"hasNextPage": False, "totalCount": len(ALL["distributor2"])}}


words = st.sampled_from(
    sorted({word for found in ALL.values() for product in found for word in _text(product).split()})
)


@given(gates, st.lists(words | st.sampled_from(["gkfi", "GKFI", "nothing"]), max_size=3))
@settings(max_examples=60, deadline=None)
def test_every_word_of_a_text_is_in_what_is_found(code: str, asked: list[str]) -> None:
    expected = [product for product in ALL[code] if all(word.casefold() in _text(product) for word in asked)]
    assert _pages(CLIENTS[code], 100, query=" ".join(asked)) == expected


def _condition(draw: st.DrawFn) -> dict[str, Any]:
    feature = TYPES[draw(st.sampled_from(sorted(TYPES)))]
    kind, known = feature["type"]["type"], feature["value"]
    if kind == "BOOLEAN" or draw(st.booleans()):
        return {"operator": "IS_SET", "code": feature["code"]}
    same = sorted(
        {
            str(other["value"])
            for found in ALL.values()
            for p in found
            for other in p["features"]["universalTypes"]
            if other["code"] == feature["code"]
        }
    )
    chosen = draw(st.lists(st.sampled_from(same), min_size=1, max_size=3))
    if kind == "TEXT":
        return {"operator": "EQ", "code": feature["code"], "values": chosen}
    assert known is not None
    return {
        "operator": draw(st.sampled_from(["EQ", "GTE"])),
        "code": feature["code"],
        "values": [Decimal(v) for v in chosen],
    }


def _fits(product: dict[str, Any], condition: dict[str, Any]) -> bool:
    values = [f["value"] for f in product["features"]["universalTypes"] if f["code"] == condition["code"]]
    tests: dict[str, Callable[[Any], bool]] = {
        "IS_SET": lambda _value: True,
        "EQ": lambda value: value in condition["values"],
        "GTE": lambda value: value >= min(condition["values"]),
    }
    return any(tests[condition["operator"]](value) for value in values)


conditions = st.composite(_condition)()


@given(gates, st.lists(conditions, max_size=2))
@settings(max_examples=80, deadline=None)
def test_a_filter_keeps_what_fits_and_nothing_else(code: str, asked: list[dict[str, Any]]) -> None:
    expected = [product for product in ALL[code] if all(_fits(product, condition) for condition in asked)]
    assert _pages(CLIENTS[code], 100, types={"AND": asked}) == expected


def _ids(code: str, condition: dict[str, Any]) -> set[str]:
    return {product["id"] for product in _pages(CLIENTS[code], 100, types={"AND": condition})}


def test_numbers_are_compared_in_the_unit_that_is_asked_for() -> None:
    reaching = {"operator": "GTE", "code": "ST05-LENG"}
    millimetres = _ids("exampledistributor", {**reaching, "values": 2600, "unit": "QM-MILLIMETER"})
    assert {"exampledistributor:NYM315", "exampledistributor:MW160"} <= millimetres
    assert "exampledistributor:00009479" not in millimetres
    assert millimetres == _ids("exampledistributor", {**reaching, "values": Decimal("2.6"), "unit": "QM-METER"})
    assert _ids("exampledistributor", {**reaching, "values": 0, "unit": "QM-VOLT"}) == set()


def test_a_value_is_a_number_or_a_text_as_it_was_written() -> None:
    number = {"operator": "EQ", "code": "MT01-MPID"}
    assert _ids("exampledistributor", {**number, "values": "00009479"}) == {"exampledistributor:00009479"}
    assert _ids("exampledistributor", {**number, "values": 9479}) == set()


def test_a_property_tells_its_path_its_type_and_its_predecessor() -> None:
    [product] = CLIENTS["exampledistributor"].search(query="NYM-J")["content"]
    features = {feature["code"]: feature for feature in product["features"]["universalTypes"]}
    voltage = features["ST05-NVOL"]
    assert voltage["persistedPath"] == "UT05-MT05-ELEC-ST05-NVOL"
    assert (voltage["parent"], voltage["value"]) == ({"code": "MT05-ELEC"}, 500)
    assert voltage["type"] == {"type": "NUMERIC", "rangeMin": None, "rangeMax": None}
    assert features["MT05-ELEC"]["value"] is None
    for feature in TYPES.values():
        if feature["type"]["type"] == "RANGE":
            assert feature["type"]["rangeMin"] <= feature["value"] <= feature["type"]["rangeMax"]


@pytest.mark.parametrize("code", CODES)
def test_availabilities_are_told_in_each_order_unit(code: str) -> None:
    for product in ALL[code]:
        pieces, *larger = product["productOrderDetails"]["orderUnits"]
        for unit in larger:
            assert unit["contentUnit"]["code"] == pieces["contentUnit"]["code"]
            for more, less in zip(pieces["availabilities"], unit["availabilities"], strict=True):
                assert more["location"] == less["location"]
                content = more["amount"] * pieces["contentUnit"]["contentUnitPerOrderUnit"]
                assert less["amount"] == content // unit["contentUnit"]["contentUnitPerOrderUnit"]


def test_the_same_product_costs_what_each_gate_asks() -> None:
    asked = {code: CLIENTS[code].search(query="gkfi")["content"][0] for code in CODES}
    assert len({tuple(product["proMaterialIds"]) for product in asked.values()}) == 1
    assert len({product["id"] for product in asked.values()}) == 3
    prices = {product["productOrderDetails"]["orderUnits"][0]["price"]["amount"] for product in asked.values()}
    assert prices == {Decimal("9.7"), Decimal("9.35"), Decimal("8.99")}


def test_one_seed_gives_one_assortment_and_another_seed_another() -> None:
    here, again, other = (Client("seed", server=fresh_server(seed=seed)) for seed in (7, 7, 8))
    assert here.search() == again.search()
    assert here.search() != other.search()
