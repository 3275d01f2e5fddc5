from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mocks.oxomi.client import SERVER, Client

CLIENT = Client(session="filters")
PRODUCTS = {product.id: product for product in SERVER.catalogue("oxomi").products.values()}
COUNTRIES = sorted({code for product in PRODUCTS.values() for code in product.countries})
LANGUAGES = sorted({product.lang for product in PRODUCTS.values()})
NUMBERS = sorted({number for product in PRODUCTS.values() for number in product.suppliers})


def asked(values: list[str], other: str) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from([*values, *(value.upper() for value in values), other])


def numbers_of(product: dict[str, Any]) -> set[str]:
    return {product["supplierNumber"], *(part for text in product["supplierNumbers"] for part in text.split(", "))}


@settings(max_examples=40, deadline=None)
@given(asked(COUNTRIES, "xx"), asked(LANGUAGES, "xx"), st.none() | st.sampled_from([*NUMBERS, "815", "1352, 1353"]))
def test_filters_keep_what_satisfies_all_of_them(country: str | None, language: str | None, number: str | None) -> None:
    found = CLIENT.sync(filterCountry=country, filterLanguage=language, supplierNumber=number)
    wanted = [
        key
        for key, product in sorted(PRODUCTS.items())
        if (country is None or country.lower() in product.countries)
        and (language is None or language.lower() == product.lang)
        and (number is None or number in product.suppliers)
    ]
    assert [product["id"] for product in found] == wanted


@pytest.mark.parametrize("number", ["1351", "1352", "1353"])
def test_a_supplier_number_is_found_inside_the_joined_text(number: str) -> None:
    [product] = CLIENT.sync(supplierNumber=number)
    assert product["itemNumber"] == "ST.001.A"
    assert numbers_of(product) == {"1351", "1352", "1353"}


def test_every_filter_has_something_to_keep_and_to_drop() -> None:
    for name, values in (("filterCountry", COUNTRIES), ("filterLanguage", LANGUAGES), ("supplierNumber", NUMBERS)):
        assert len(values) > 1
        assert all(0 < len(CLIENT.sync(blocks="TEXTS", **{name: value})) < len(PRODUCTS) for value in values)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(PRODUCTS)), st.sampled_from(["spx_v2", "spx_v3"]))
def test_spx_finds_every_edition_by_number_by_gtin_and_by_both(key: str, operation: str) -> None:
    product = PRODUCTS[key]
    by_number = CLIENT.get(operation, itemNumber=product.item_number)["products"]
    assert key in {found["id"] for found in by_number}
    assert {found["itemNumber"] for found in by_number} == {product.item_number}
    assert CLIENT.get(operation, gtin=product.gtin)["products"] == by_number
    assert CLIENT.get(operation, gtin=product.gtin, itemNumber=product.item_number)["products"] == by_number


def test_item_number_and_gtin_must_both_hold() -> None:
    assert CLIENT.get("spx_v3", itemNumber="ST.001.A", gtin="00012345601002")["products"] == []


@pytest.mark.parametrize("unknown", [{"itemNumber": "st.001.a"}, {"itemNumber": "ST.001"}, {"gtin": "12345600012"}])
def test_spx_of_something_unknown_is_an_empty_last_page(unknown: dict[str, str]) -> None:
    page = CLIENT.get("spx_v3", **unknown)
    assert page == {"success": True, "error": False, "products": [], "continuationToken": "-"}


def test_spx_filters_editions_by_language() -> None:
    product = next(product for product in PRODUCTS.values() if product.lang == "en")
    german, english = (
        CLIENT.get("spx_v3", itemNumber=product.item_number, filterLanguage=code)["products"] for code in ("de", "en")
    )
    assert [found["id"] for found in english] == [product.id]
    assert [found["lang"] for found in german] == ["de"]


def test_spx_does_not_ask_when_a_product_changed() -> None:
    client = Client(session="spx-after-sync")
    client.get("update_sync_date", date="2026-01-01 00:00:00")
    assert len(client.get("spx_v3", itemNumber="ST.001.A")["products"]) == 1
