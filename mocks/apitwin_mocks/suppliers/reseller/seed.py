"""The first state: accounts, categories and the products that every world has, enlarged by made-up ones to the number asked for."""

import random
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from apitwin_fixtures import Fixtures
from apitwin_mocks.kit.inventing import faker_of
from apitwin_mocks.supplier import Seeding

from .entities import Catalogue, Category, CategoryType, Customer, Product, Requirement, Supply

if TYPE_CHECKING:
    from faker import Faker

__all__ = ["make_catalogue"]

_TOP_UP, _GOLD = 2, 3
_FIRST_GENERATED = 11
_AMOUNTS = (5, 10, 20, 25, 50, 75, 100, 150, 200, 250, 500, 1000)
_PLATFORMS = ("PC", "MOBILE", "PS5", "XBOX", "SWITCH")
_AGES = (None, 3, 7, 12, 16, 18)
_SUPPLIES = (Supply.READY,) * 18 + (Supply.HESITANT, Supply.NONE)


def make_catalogue(seeding: Seeding) -> Catalogue:
    """Make the first state; the fixed products are always in it and count."""
    fixtures = Fixtures.of("reseller")
    kinds = fixtures.json("entities/categories.json")
    categories = tuple(Category(**row) for row in kinds["categories"])
    requirements = {row["id"]: _requirement(row) for row in fixtures.json("entities/requirements.json")["requirements"]}
    fixed = [_product(row, requirements) for row in fixtures.json("entities/products.json")["products"]]
    made = _generated(seeding, categories, requirements) if seeding.products > len(fixed) else iter(())
    customers = [_customer(row) for row in fixtures.json("entities/customers.json")["customers"]]
    secrets = {fields["email"]: fields for fields in fixtures.credentials.values()}
    return Catalogue(
        categories=categories,
        types=tuple(CategoryType(**row) for row in kinds["types"]),
        products={str(product.store_id): product for product in (*fixed, *made)},
        customers={str(customer.id): customer for customer in customers},
        passwords={customer.email: (customer.id, secrets[customer.email]["password"]) for customer in customers},
        api_keys={customer.id: secrets[customer.email]["apikey"] for customer in customers},
    )


def _requirement(row: Mapping[str, Any]) -> Requirement:
    return Requirement(**{**row, "options": tuple(row["options"])})


def _product(row: Mapping[str, Any], requirements: Mapping[int, Requirement]) -> Product:
    made = {
        "price": Decimal(row["price"]),
        "market_price": _money(row["market_price"]),
        "requires": tuple(requirements[number] for number in row["requires"]),
        "steps": tuple(row["steps"]),
        "regions": _texts(row["regions"]),
        "platforms": _texts(row["platforms"]),
        "supply": Supply(row["supply"]),
    }
    return Product(**{**{name: value for name, value in row.items() if name != "about"}, **made})


def _money(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _texts(values: list[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)


def _customer(row: Mapping[str, Any]) -> Customer:
    made = {
        "balance": Decimal(row["balance"]),
        "credit_limit": Decimal(row["credit_limit"]),
        "billing_addresses": tuple(row["billing_addresses"]),
        "steps": tuple(row["steps"]),
    }
    return Customer(**{**row, **made})


def _generated(
    seeding: Seeding, categories: tuple[Category, ...], requirements: Mapping[int, Requirement]
) -> Iterator[Product]:
    draw, faker = random.Random(seeding.seed), faker_of("en_US", seeding.seed, "lorem", "person")
    leaves = [category for category in categories if category.parent is not None]
    titles = {category.id: [_title(faker) for _ in range(20)] for category in leaves}
    for store_id in range(_FIRST_GENERATED, seeding.products + 1):
        category = draw.choice(leaves)
        yield _draft(draw, store_id, category.id, draw.choice(titles[category.id]), requirements)


def _title(faker: "Faker") -> str:
    return f"{faker.word().capitalize()} {faker.last_name()}"


def _draft(
    draw: random.Random, store_id: int, category: int, title: str, requirements: Mapping[int, Requirement]
) -> Product:
    kind, amount = draw.choice((1, 1, 1, _TOP_UP, _GOLD)), draw.choice(_AMOUNTS)
    price = Decimal(draw.randint(199, 29_999)) / 100
    asked = {_TOP_UP: (requirements[1],), _GOLD: (requirements[3],)}.get(kind, ())
    return Product(
        id=store_id + 264,
        store_id=store_id,
        name=f"{title} {amount}{'K Gold' if kind == _GOLD else ''}",
        category=category,
        type=kind,
        price=price,
        market_price=draw.choice((None, price + Decimal(draw.randint(0, 999)) / 100)),
        stock=draw.choice((0, draw.randint(1, 20), draw.randint(20, 2_000))),
        requires=asked,
        steps=(),
        regions=draw.choice((None, None, None, ("TR",), ("TR", "EU"))),
        platforms=tuple(sorted(draw.sample(_PLATFORMS, draw.randint(1, 3)))),
        pegi=draw.choice(_AGES),
        most=draw.choice((None, None, 10, 50)),
        active=draw.random() < 0.95,  # noqa: PLR2004 - a few are off sale
        supply=draw.choice(_SUPPLIES),
    )
