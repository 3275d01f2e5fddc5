from time import perf_counter

from hypothesis import given, settings
from hypothesis import strategies as st

from apitwin_mocks.supplier import Seeding
from apitwin_mocks.suppliers.axro.entities import LAST_QUANTITY
from apitwin_mocks.suppliers.axro.seed import make_catalogue
from tests.mocks.axro.client import FIXTURES

RECORDED = [row["number"] for row in FIXTURES.json("entities/products.json")]


@given(st.integers(0, 10_000), st.integers(0, 300))
@settings(max_examples=15, deadline=None)
def test_one_seed_makes_one_catalogue(seed: int, products: int) -> None:
    catalogue = make_catalogue(Seeding(seed, products))
    assert catalogue == make_catalogue(Seeding(seed, products))
    assert len(catalogue.products) == max(products, len(RECORDED))
    assert list(catalogue.products)[: len(RECORDED)] == RECORDED


def test_another_seed_makes_another() -> None:
    assert make_catalogue(Seeding(1, 50)).products != make_catalogue(Seeding(2, 50)).products


def test_made_up_products_are_plausible() -> None:
    products = list(make_catalogue(Seeding(0, 2000)).products.values())
    eans = [product.ean for product in products if product.ean]
    assert len(set(eans)) == len(eans)
    for ean in eans:
        assert sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(ean)) % 10 == 0
    for product in products:
        starts, ends = [tier.first for tier in product.tiers], [tier.last for tier in product.tiers]
        assert starts == [end + 1 for end in [0, *ends][: len(starts)]]
        assert ends[-1:] in ([LAST_QUANTITY], [])
        assert [tier.price for tier in product.tiers] == sorted((tier.price for tier in product.tiers), reverse=True)
        assert product.brand in product.de
        assert product.brand in product.en


def test_most_products_can_be_ordered_often_and_some_not_at_all() -> None:
    products = list(make_catalogue(Seeding(0, 2000)).products.values())
    assert 20 < sum(not product.tiers for product in products) < 100
    assert 20 < sum(product.stock == 0 for product in products) < 200
    assert sum(product.stock >= 200 for product in products) > 1800
    assert sum(product.ean is None for product in products) > 20
    assert sum(product.uhg > 0 for product in products) > 100
    assert sum(product.de != product.en for product in products) > 1000


def test_a_large_catalogue_is_made_in_time() -> None:
    make_catalogue(Seeding(0, 10))
    started = perf_counter()
    catalogue = make_catalogue(Seeding(0, 50_000))
    catalogue.numbers({"brand": "HP"})
    assert len(catalogue.products) == 50_000
    assert perf_counter() - started < 10
