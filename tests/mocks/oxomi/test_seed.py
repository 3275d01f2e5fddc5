import re
import subprocess
import sys
import time

import pytest

from apitwin_mocks.supplier import Seeding
from apitwin_mocks.suppliers.oxomi import SUPPLIER
from apitwin_mocks.suppliers.oxomi.generated import decimal_text, gtin

CATALOGUE = SUPPLIER.catalogue(Seeding(0, 600))
PRODUCTS = list(CATALOGUE.products.values())


@pytest.mark.parametrize(("asked", "made"), [(0, 3), (3, 3), (4, 4), (8, 8), (600, 600)])
def test_as_many_products_as_asked_and_always_the_documented(asked: int, made: int) -> None:
    products = SUPPLIER.catalogue(Seeding(0, asked)).products
    assert len(products) == made
    assert {"ST.001.A", "ST.100.Z", "ST.900.S"} <= set(products.by_item_number)


def test_one_seed_gives_the_same_products_whatever_is_looked_at_first() -> None:
    again = SUPPLIER.catalogue(Seeding(0, 600)).products
    assert [again[product.id] for product in reversed(PRODUCTS)] == list(reversed(PRODUCTS))
    assert set(SUPPLIER.catalogue(Seeding(1, 600)).products) & set(again) == {
        product.id for product in PRODUCTS if product.item_number.startswith("ST.")
    }


def test_a_larger_catalogue_begins_with_the_smaller() -> None:
    larger = SUPPLIER.catalogue(Seeding(0, 700)).products
    assert set(CATALOGUE.products) < set(larger)


def test_a_listing_says_what_its_product_says() -> None:
    for listing in CATALOGUE.products.listings:
        product = CATALOGUE.products[listing.id]
        for name in ("id", "item_number", "gtin", "suppliers", "lang", "countries", "changed_at"):
            assert getattr(listing, name) == getattr(product, name)


def test_products_come_by_id_and_ids_have_the_suppliers_form() -> None:
    ids = list(CATALOGUE.products)
    assert ids == sorted(set(ids))
    assert all(re.fullmatch(r"[0-9A-V]{25}[048CGKOS]", key) for key in ids)


@pytest.mark.parametrize("number", ["00012345600012", "4006381333931", "96385074"])
def test_check_digits_are_gs1s(number: str) -> None:
    assert gtin(number[:-1]) == number


def test_every_generated_gtin_is_valid_and_belongs_to_one_item() -> None:
    items: dict[str, str] = {}
    for product in PRODUCTS:
        assert len(product.gtin) == 14
        assert gtin(product.gtin[:-1]) == product.gtin
        assert items.setdefault(product.gtin, product.item_number) == product.item_number
        if product.item_number != "ST.001.A":
            assert all(gtin(package.gtin[:-1]) == package.gtin for package in product.packages)


def test_relationships_lead_to_other_products() -> None:
    numbers = {product.visible_item_number for product in PRODUCTS}
    pointers = [(product, row) for product in PRODUCTS for row in product.relationships]
    assert len(pointers) > 100
    assert all(row.visible_item_number in numbers - {product.item_number} for product, row in pointers)


def test_editions_agree_on_all_but_the_language() -> None:
    pairs = [pair for pair in CATALOGUE.products.by_item_number.values() if len(pair) > 1]
    assert len(pairs) > 100
    for pair in pairs:
        german, english = sorted((CATALOGUE.products[listing.id] for listing in pair), key=lambda made: made.lang)
        assert (german.lang, english.lang) == ("de", "en")
        assert german.pricing == english.pricing
        assert german.measurements == english.measurements
        assert german.features == english.features
        assert german.details.short_text != english.details.short_text
        assert german.unique_identifier != english.unique_identifier


@pytest.mark.parametrize(("thousandths", "text"), [(0, "0"), (5, "0.005"), (4500, "4.5"), (600_000, "600")])
def test_quantities_have_no_trailing_zeros(thousandths: int, text: str) -> None:
    assert decimal_text(thousandths) == text


def test_fifty_thousand_products_are_made_in_seconds() -> None:
    started = time.perf_counter()
    products = SUPPLIER.catalogue(Seeding(0, 50_000)).products
    assert len(products) == 50_000
    assert products[next(iter(products))].id
    assert time.perf_counter() - started < 10


def test_the_documented_products_alone_need_no_faker() -> None:
    script = (
        "import sys; from apitwin_mocks.supplier import Seeding; from apitwin_mocks.suppliers.oxomi import SUPPLIER;"
        "SUPPLIER.catalogue(Seeding(0, 3)); assert 'faker' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
