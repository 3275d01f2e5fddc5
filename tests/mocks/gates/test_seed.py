import re
from collections.abc import Mapping
from decimal import Decimal
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apitwin_mocks.kit.errors import MisuseError
from apitwin_mocks.supplier import Seeding
from apitwin_mocks.suppliers.gates.seed import make_catalogue
from tests.mocks.gates.client import FIXTURES, Client, fresh_client

RECORDED = [row["key"] for row in FIXTURES.json("entities/products.json")]


@given(st.integers(0, 10_000), st.integers(0, 200))
@settings(max_examples=15, deadline=None)
def test_one_seed_makes_one_catalogue(seed: int, products: int) -> None:
    catalogue = make_catalogue(Seeding(seed, products))
    assert catalogue == make_catalogue(Seeding(seed, products))
    assert len(catalogue.products) == max(products, len(RECORDED))
    assert list(catalogue.products)[: len(RECORDED)] == RECORDED


def test_another_seed_makes_another() -> None:
    assert make_catalogue(Seeding(1, 50)).products != make_catalogue(Seeding(2, 50)).products


def test_made_up_products_keep_the_forms_of_the_contract() -> None:
    catalogue = make_catalogue(Seeding(0, 1000))
    names = [name for product in catalogue.products.values() for name in product.ids]
    assert len(set(names)) == len(names)
    for product in catalogue.products.values():
        assert re.fullmatch(r"[a-z0-9]+", product.maker)
        assert len({feature.code for feature in product.features}) == len(product.features)
        assert len({packing.unit for packing in product.packings}) == len(product.packings)
        for feature in product.features:
            kind = catalogue.types[feature.code]
            assert (feature.value is None) == (kind.type == "BOOLEAN")
            assert isinstance(feature.value, Decimal) == (kind.type in ("NUMERIC", "RANGE"))
            assert kind.parent is None or kind.parent in {other.code for other in product.features}
    for offer in catalogue.offers.values():
        assert re.fullmatch(rf"{offer.gate}:[A-Za-z0-9]+", offer.id)
        assert len(offer.prices) == len(catalogue.products[offer.product].packings)
        assert all(price > 0 and price == round(price, 2) for price in offer.prices)
        assert {store for store, _ in offer.stock} == {
            s.code for s in catalogue.stores.values() if s.gate == offer.gate
        }


def test_every_kind_of_property_and_of_packing_is_there() -> None:
    catalogue = make_catalogue(Seeding(0, 300))
    kinds = {catalogue.types[f.code].type for product in catalogue.products.values() for f in product.features}
    assert kinds == {"NUMERIC", "TEXT", "RANGE", "BOOLEAN"}
    assert {len(product.packings) for product in catalogue.products.values()} == {1, 2}
    assert any(amount == 0 for offer in catalogue.offers.values() for _, amount in offer.stock)


def test_a_large_catalogue_is_made_and_searched_in_time() -> None:
    make_catalogue(Seeding(0, 10))
    started = perf_counter()
    catalogue = make_catalogue(Seeding(0, 20_000))
    assert catalogue.text_of("gkfi")
    assert len(catalogue.products) == 20_000
    assert perf_counter() - started < 10


EDITS: list[Mapping[str, Any]] = [
    {},
    {"name": "x"},
    {"prices": [1]},
    {"prices": [1, -1]},
    {"prices": "1"},
    {"stock": {"D1-HH": 1}},
    {"stock": {"EX-01": True}},
    {"stock": 1},
]


@pytest.mark.parametrize("changes", EDITS)
def test_an_offer_cannot_be_changed_anyhow(changes: Mapping[str, Any]) -> None:
    world = fresh_client("edit").server.sessions.get("edit").world("gates")
    with pytest.raises(MisuseError):
        world.edit("offers", "exampledistributor:00009479", changes)
    with pytest.raises(MisuseError):
        world.edit("carts", "x", {"prices": [1, 2]})


def test_a_changed_stock_is_seen_in_its_session_alone() -> None:
    client = fresh_client("restocked")
    client.server.sessions.get("restocked").world("gates").edit(
        "offers", "exampledistributor:00009479", {"stock": {"EX-02": 7}}
    )

    def stock(visitor: Client) -> list[int]:
        [product] = visitor.search(query="gkfi")["content"]
        return [there["amount"] for there in product["productOrderDetails"]["orderUnits"][0]["availabilities"]]

    assert stock(client) == [1200, 7]
    assert stock(fresh_client("untouched")) == [1200, 79]
