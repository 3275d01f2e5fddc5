from apitwin_mocks.supplier import Seeding
from apitwin_mocks.suppliers.wock.catalogue import Catalogue
from apitwin_mocks.suppliers.wock.seed import make_catalogue

CATALOGUE = make_catalogue(Seeding(0, 600))


def _kinds(catalogue: Catalogue) -> set[str]:
    rows = catalogue.product_rows
    found = {
        "bundle": any(row.bundle_items for row in rows),
        "bundle in a bundle": any(item.is_sub_bundle for row in rows for item in row.bundle_items),
        "disabled": any(row.is_disabled for row in rows),
        "sold out": any(not row.quantity.all for row in rows),
        "text only": any(row.quantity.text and not row.quantity.image for row in rows),
        "image only": any(row.quantity.image and not row.quantity.text for row in rows),
        "tiers": any(len(row.bulk_prices) > 2 for row in rows),
        "several regions": any(len(row.regions) > 1 for row in rows),
        "excluded": any(row.excluded_languages and row.excluded_regions for row in rows),
        "no partner id": any(row.product_partner_id is None for row in rows),
        "beyond ascii": any(not row.name.isascii() for row in rows),
    }
    return {name for name, there in found.items() if there}


def test_one_seed_gives_one_catalogue_and_another_gives_another() -> None:
    assert make_catalogue(Seeding(0, 60)) == make_catalogue(Seeding(0, 60))
    assert make_catalogue(Seeding(0, 60)).products != make_catalogue(Seeding(1, 60)).products


def test_the_first_products_are_there_whatever_number_is_asked() -> None:
    few = make_catalogue(Seeding(0, 0))
    assert list(few.products) == ["123", "124", "125", "126", "127", "128", "129", "130", "131", "987"]
    assert len(CATALOGUE.products) == 600
    assert [row.id for row in CATALOGUE.product_rows] == sorted(row.id for row in CATALOGUE.product_rows)


def test_products_are_of_every_kind() -> None:
    assert len(_kinds(CATALOGUE)) == 11


def test_products_are_sound() -> None:
    for row in CATALOGUE.product_rows:
        starts = [tier.minimum_quantity for tier in row.bulk_prices]
        prices = [tier.price for tier in row.bulk_prices]
        assert starts[0] == 1
        assert starts == sorted(set(starts))
        assert prices == sorted(prices, reverse=True)
        assert prices[-1] > 0
        assert row.last_update_date_time >= max(row.last_updated_price_date_time, row.last_increased_stock_date_time)
        assert not set(row.languages) & set(row.excluded_languages)
        assert not set(row.regions) & set(row.excluded_regions)
        assert row.is_bundle == bool(row.bundle_items)
        for item in row.bundle_items:
            inside = CATALOGUE.products[str(item.id)]
            assert (item.name, item.is_sub_bundle) == (inside.name, inside.is_bundle)


def test_orders_belong_to_partners_and_name_products() -> None:
    for order in CATALOGUE.orders.values():
        assert order.partner in CATALOGUE.partners
        for line in order.lines:
            assert line.price == CATALOGUE.products[str(line.product_id)].price_for(line.quantity)
            assert line.text + line.image == line.quantity
