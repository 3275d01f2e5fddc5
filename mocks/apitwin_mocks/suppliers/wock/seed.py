"""The first state: the fixtures' partners, products and orders, and as many made-up products as are asked for."""

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from apitwin_fixtures import Fixtures
from apitwin_mocks.kit.inventing import faker_of
from apitwin_mocks.supplier import Seeding

from .catalogue import Catalogue
from .entities import IMAGE, BundleItem, Client, Order, OrderLine, Partner, Product, Quantity, Tier
from .ordering import AskedLine, ordered_item

__all__ = ["make_catalogue"]

_FIRST_ID = 1001
_SPRING = datetime(2025, 3, 1, tzinfo=UTC)
_YEAR_MS = 365 * 86_400_000
_PLATFORMS = ("Steam", "GOG", "Epic Games", "Xbox Live", "PlayStation Network", "Nintendo eShop", "EA App", "Ubisoft")
_REGIONS = ("Europe", "Worldwide", "North America", "Latin America", "Asia", "Japan", "EMEA", "Poland")
_LANGUAGES = ("EN", "DE", "FR", "ES", "IT", "PL", "PT", "JA", "ZH", "MULTI")
_KINDS = ("", "", "", " Deluxe Edition", " Season Pass", " - DLC Pack", " GOTY", " VR")
_SUBJECTS = ("of Ash", "Frontier", "Simulator", "Legends", "Tactics", "Online", "Rising", "Souls", "Manager", "Racing")


def make_catalogue(seeding: Seeding) -> Catalogue:
    """Give the first state; the fixtures' rows come first and are there whatever number of products is asked."""
    fixtures = Fixtures.of("wock")
    rows: list[dict[str, Any]] = fixtures.json("entities/products.json")
    rows += _invented(seeding.seed, seeding.products - len(rows))
    names = {row["id"]: row for row in rows}
    products = {str(row["id"]): _product(row, names) for row in sorted(rows, key=lambda row: row["id"])}
    partners: list[dict[str, Any]] = fixtures.json("entities/partners.json")
    by_client = {row["client"]: row["id"] for row in partners}
    orders = [_order(row, products, by_client) for row in fixtures.json("entities/orders.json")]
    return Catalogue(
        products=products,
        partners={row["id"]: _partner(row) for row in partners},
        orders={order.id: order for order in sorted(orders, key=lambda order: order.created_at)},
        clients={row["client_id"]: _client(name, row, by_client) for name, row in fixtures.credentials.items()},
    )


def _client(name: str, row: Mapping[str, str], partners: Mapping[str, str]) -> Client:
    return Client(
        name=name,
        tenant=row["tenant"],
        id=row["client_id"],
        secret=row["client_secret"],
        scope=row["scope"],
        partner=partners.get(name),
        role=name != "roleless",
    )


def _partner(row: Mapping[str, Any]) -> Partner:
    money = {name: Decimal(row[name]) for name in ("credit_line", "balance", "used")}
    return Partner(
        row["id"], row["name"], row["kind"], **money, stock_limit=row["stock_limit"], complete=row["complete"]
    )


def _product(row: Mapping[str, Any], names: Mapping[int, Mapping[str, Any]]) -> Product:
    partner_ids = tuple(row["partner_ids"])
    return Product(
        id=row["id"],
        name=row["name"],
        platform=row["platform"],
        language=", ".join(row["languages"]),
        region=", ".join(row["regions"]),
        currency=row["currency"],
        is_disabled=row["disabled"],
        quantity=Quantity.of(row["text"], row["image"]),
        bulk_prices=tuple(Tier(Decimal(price), minimum) for minimum, price in row["tiers"]),
        languages=tuple(row["languages"]),
        regions=tuple(row["regions"]),
        excluded_languages=tuple(row["excluded_languages"]),
        excluded_regions=tuple(row["excluded_regions"]),
        product_partner_ids=partner_ids,
        bundle_items=tuple(_bundle_item(names[key]) for key in row["bundle"]),
        last_update_date_time=datetime.fromisoformat(row["updated"]),
        last_updated_price_date_time=datetime.fromisoformat(row["priced"]),
        last_increased_stock_date_time=datetime.fromisoformat(row["stocked"]),
        is_bundle=bool(row["bundle"]),
        product_partner_id=partner_ids[0] if partner_ids else None,
    )


def _bundle_item(row: Mapping[str, Any]) -> BundleItem:
    languages, regions = ", ".join(row["languages"]), ", ".join(row["regions"])
    return BundleItem(row["id"], row["name"], row["platform"], languages, regions, bool(row["bundle"]))


def _order(row: Mapping[str, Any], products: Mapping[str, Product], partners: Mapping[str, str]) -> Order:
    created = datetime.fromisoformat(row["created"])
    downloaded = datetime.fromisoformat(row["downloaded"]) if row["downloaded"] else None
    return Order(
        id=row["id"],
        partner=partners[row["partner"]],
        identifier=row["identifier"],
        delivery_identifier=row["delivery_identifier"],
        created_at=created,
        due=created,
        lines=tuple(_line(line, products) for line in row["lines"]),
        state="completed" if downloaded else "ready",
        legacy_id=row["legacy_id"],
        downloaded=downloaded,
    )


def _line(row: Mapping[str, Any], products: Mapping[str, Product]) -> OrderLine:
    asked = AskedLine(
        row["product"], row["quantity"], Decimal(row["price"]), row["key_type"], row["partner_product_id"]
    )
    images = asked.quantity if asked.key_type == IMAGE else 0
    return OrderLine(
        item=ordered_item(products[str(asked.product)], products, asked),
        quantity=asked.quantity,
        price=asked.unit_price,
        key_type=asked.key_type,
        text=asked.quantity - images,
        image=images,
        partner_product_id=asked.partner_product_id,
    )


def _invented(seed: int, count: int) -> Iterator[dict[str, Any]]:
    generator = random.Random(f"wock|{seed}")
    words = _words(seed) if count > 0 else ()
    for number in range(_FIRST_ID, _FIRST_ID + count):
        yield _invent(generator, number, words)


def _words(seed: int) -> tuple[str, ...]:
    names = faker_of(["en_US", "de_DE", "pl_PL"], f"wock|{seed}", "person")
    return tuple(names.unique.last_name() for _ in range(120))


def _invent(generator: random.Random, number: int, words: tuple[str, ...]) -> dict[str, Any]:
    languages = sorted(generator.sample(_LANGUAGES, generator.choice((1, 1, 2, 3, 5))))
    regions = sorted(generator.sample(_REGIONS, generator.choice((1, 1, 1, 2))))
    name = f"{generator.choice(words)} {generator.choice(_SUBJECTS)}{generator.choice(_KINDS)}"
    empty, bundled = generator.random() < 0.06, number % 9 == 0 and number > _FIRST_ID + 20  # noqa: PLR2004 - some are sold out, some are bundles
    earlier = range(_FIRST_ID, number)
    updated = _SPRING - timedelta(milliseconds=generator.randrange(_YEAR_MS))
    return {
        "id": number,
        "name": name,
        "platform": generator.choice(_PLATFORMS),
        "languages": languages,
        "regions": regions,
        "excluded_languages": sorted(set(generator.sample(_LANGUAGES, 2)) - set(languages))[: generator.randrange(2)],
        "excluded_regions": sorted(set(generator.sample(_REGIONS, 2)) - set(regions))[: generator.randrange(2)],
        "currency": "EUR",
        "disabled": generator.random() < 0.05,  # noqa: PLR2004 - a few are switched off
        "text": 0 if empty else generator.randrange(0, 900),
        "image": 0 if empty else generator.choice((0, 0, generator.randrange(1, 300))),
        "tiers": _tiers(generator),
        "partner_ids": [f"EXG-{number}"][: generator.randrange(2)],
        "bundle": sorted(generator.sample(earlier, generator.randrange(2, 4))) if bundled else [],
        "updated": updated.isoformat(),
        "priced": (updated - timedelta(minutes=generator.randrange(10_000))).isoformat(),
        "stocked": (updated - timedelta(minutes=generator.randrange(10_000))).isoformat(),
    }


def _tiers(generator: random.Random) -> list[list[Any]]:
    cents = generator.choice((199, 499, 999, 1499, 1999, 2999, 4999, 5999)) - generator.randrange(100)
    starts = (1, *generator.choice(((), (10,), (5, 50), (10, 100, 250))))
    return [[start, f"{Decimal(cents * (100 - 4 * place) // 100) / 100:.2f}"] for place, start in enumerate(starts)]
