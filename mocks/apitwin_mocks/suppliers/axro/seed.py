"""AXRO's first state: the document's own entities, a past behind them, and as many made-up products as are asked for."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from apitwin_fixtures import Fixtures
from apitwin_mocks.kit.inventing import faker_of
from apitwin_mocks.supplier import Seeding

from .catalogue import Catalogue, Credential
from .entities import (
    LAST_QUANTITY,
    Address,
    Billing,
    Category,
    Customer,
    Line,
    Order,
    Place,
    Product,
    Shipment,
    ShipmentLine,
    Tier,
)
from .past import past_of

__all__ = ["make_catalogue"]

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_SUMMER = datetime(2025, 6, 1, tzinfo=UTC)
_SEASON = 120 * 86_400
_HOUSE_BRANDS = 8
# The past ordered of the first products only: it must cost nothing when there are many.
_ORDERED = 200


@dataclass(frozen=True, slots=True)
class _Kind:
    """What products of a category are like: German and English names, cents from and to, levy, and whether they come in colours."""

    category: int
    de: str
    en: str
    cheapest: int
    dearest: int
    uhg: int = 0
    coloured: bool = False


_KINDS = (
    _Kind(50593, "Toner", "Toner", 2_900, 24_900, coloured=True),
    _Kind(50593, "Toner", "Toner", 2_900, 24_900, coloured=True),
    _Kind(50638, "Tinte", "Ink", 790, 6_900, coloured=True),
    _Kind(50638, "Tinte", "Ink", 790, 6_900, coloured=True),
    _Kind(50702, "Laserdrucker", "Laser printer", 11_900, 149_900, uhg=1_250),
    _Kind(50704, "Tintenstrahldrucker", "Inkjet printer", 5_900, 39_900, uhg=500),
    _Kind(50711, "Multifunktionsgerät", "Multifunction device", 14_900, 249_900, uhg=2_500),
    _Kind(50815, "Trommel", "Drum", 4_900, 29_900),
    _Kind(50820, "Resttonerbehälter", "Waste toner box", 990, 4_900),
    _Kind(51024, "Farbband", "Ribbon", 590, 3_900),
    _Kind(51158, "Kopiertoner", "Copy toner", 3_900, 18_900, coloured=True),
)
_COLOURS = (("BK", "Schwarz", "Black"), ("C", "Cyan", "Cyan"), ("M", "Magenta", "Magenta"), ("Y", "Gelb", "Yellow"))
_BRANDS = ("HP", "Canon", "Epson", "Brother", "Kyocera", "Lexmark", "OKI", "Ricoh", "Samsung", "Xerox", "Utax", "Sharp")


def make_catalogue(seeding: Seeding) -> Catalogue:
    """Give the first state; the document's entities come first and are there whatever number of products is asked."""
    fixtures = Fixtures.of("axro")
    recorded = [_product(row) for row in fixtures.json("entities/products.json")]
    products = {product.number: product for product in recorded}
    for product in _invented(seeding.seed, seeding.products - len(recorded)):
        products[product.number] = product
    customers = {row["number"]: _customer(row) for row in fixtures.json("entities/customers.json")}
    addresses = {row["id"]: _address(row) for row in fixtures.json("entities/addresses.json")}
    past = past_of(seeding.seed, [*customers.values()], addresses.values(), islice(products.values(), _ORDERED))
    return Catalogue(
        products=products,
        categories={row["id"]: _row(Category, row) for row in fixtures.json("entities/categories.json")},
        customers=customers,
        addresses=addresses,
        orders={**past.orders, **{row["number"]: _order(row) for row in fixtures.json("entities/orders.json")}},
        shipments={
            **past.shipments,
            **{row["number"]: _shipment(row) for row in fixtures.json("entities/shipments.json")},
        },
        credentials=tuple(_row(Credential, row) for row in fixtures.credentials.values()),
        countries=frozenset(fixtures.text("entities/countries.txt").split()),
        places=tuple(
            (row["country"], row["street"], row["zip"], row["city"]) for row in fixtures.json("entities/places.json")
        ),
    )


def _row(kind: type[Any], row: Mapping[str, Any], **given: Any) -> Any:
    known = {field.name for field in fields(kind)}
    return kind(**{name: value for name, value in row.items() if name in known} | given)


def _product(row: Mapping[str, Any]) -> Product:
    product: Product = _row(Product, row, tiers=tuple(Tier(*tier) for tier in row["prices"]))
    return product


def _customer(row: Mapping[str, Any]) -> Customer:
    customer: Customer = _row(Customer, row, billing=Billing(**row["billing"]))
    return customer


def _address(row: Mapping[str, Any]) -> Address:
    address: Address = _row(Address, row, usable_from=_BEGINNING if row["approved"] else None)
    return address


def _order(row: Mapping[str, Any]) -> Order:
    lines = tuple(
        _row(Line, line, delivered=line["quantity"], unit=line["total"] // line["quantity"]) for line in row["lines"]
    )
    order: Order = _row(
        Order,
        row,
        placed=datetime.fromisoformat(row["placed"]),
        shipping=Place(**row["shipping"]),
        billing=Place(**row["billing"]),
        lines=lines,
    )
    return order


def _shipment(row: Mapping[str, Any]) -> Shipment:
    lines = tuple(ShipmentLine(**line) for line in row["lines"])
    shipment: Shipment = _row(Shipment, row, orders=tuple(row["orders"]), lines=lines)
    return shipment


def _invented(seed: int, count: int) -> Iterator[Product]:
    if count <= 0:
        return
    generator = random.Random(f"axro|{seed}")
    house_brands = _house_brands(seed)
    for index in range(count):
        yield _invent(generator, index, house_brands)


def _house_brands(seed: int) -> tuple[str, ...]:
    names = faker_of("de_DE", f"axro|{seed}", "person")
    return tuple(f"{names.unique.last_name()} Print" for _ in range(_HOUSE_BRANDS))


def _invent(generator: random.Random, index: int, house_brands: tuple[str, ...]) -> Product:
    kind = generator.choice(_KINDS)
    original = generator.random() < 0.8  # noqa: PLR2004 - four in five are the makers' own
    brand = generator.choice(_BRANDS if original else house_brands)
    model = f"{generator.choice('ABCEFHKLMPSTWX')}{index + 1000}"
    colour, german, english = generator.choice(_COLOURS) if kind.coloured else ("", "", "")
    oem = f"{model}-{generator.randrange(100, 1000)}{colour}"
    return Product(
        number=f"{brand[:3].upper().replace('Ü', 'U').replace('Ö', 'O').replace('Ä', 'A')}{model}{colour}",
        oem=oem,
        # House brands refill cartridges and have no article number of their own for half of them.
        ean=_ean(generator, index) if original or index % 2 else None,
        brand=brand,
        category=kind.category,
        stock=0 if generator.random() < 0.04 else generator.randrange(200, 2000),  # noqa: PLR2004 - a few are sold out
        uhg=kind.uhg,
        de=f"{brand} {kind.de} {model} / {oem} {german}".rstrip(),
        en=f"{brand} {kind.en} {model} / {oem} {english}".rstrip(),
        tiers=_tiers(generator, kind) if index % 50 != 49 else (),  # noqa: PLR2004 - one in fifty has no price
        modified=f"{_SUMMER + timedelta(seconds=generator.randrange(_SEASON)):%Y-%m-%d %H:%M:%S}+00:00",
    )


def _ean(generator: random.Random, index: int) -> str:
    digits = f"40{index:07}{generator.randrange(1000):03}"
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-weighted % 10}"


def _tiers(generator: random.Random, kind: _Kind) -> tuple[Tier, ...]:
    price = generator.randrange(kind.cheapest, kind.dearest + 1)
    steps = generator.choice(((), (5,), (10,), (10, 50), (5, 20, 100)))
    starts = (1, *steps)
    ends = (*(step - 1 for step in steps), LAST_QUANTITY)
    return tuple(
        Tier(first, last, price * (100 - 3 * place) // 100)
        for place, (first, last) in enumerate(zip(starts, ends, strict=True))
    )
