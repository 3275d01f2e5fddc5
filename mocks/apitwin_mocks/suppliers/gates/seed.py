"""The gates' first state: the fixtures' own entities, and as many made-up products as are asked for."""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from apitwin_fixtures import Fixtures
from apitwin_mocks.kit.inventing import faker_of
from apitwin_mocks.supplier import Seeding

from .catalogue import Catalogue
from .domain import CENT
from .entities import Account, Client, Feature, Gate, Offer, Packing, Product, Site, Store, Unit, UniversalType

__all__ = ["make_catalogue"]

_MAKERS = 12
_NO_LETTER = re.compile(r"[^a-z]")
_SOLD_BY_A_GATE = 0.7
_SOLD_OUT = 0.1
_Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Family:
    """What products of a kind are like: their name, features, packings, and cents from and to."""

    name: str
    packings: tuple[Packing, ...]
    cheapest: int
    dearest: int
    material: str
    lengths: tuple[int, ...] = ()
    voltages: tuple[int, ...] = ()
    climate: bool = False


_PIECE = Packing("QM-PIECE", 1, "QM-PIECE", 1)
_FAMILIES = (
    _Family(
        "Gipskartonplatte",
        (_PIECE, Packing("QM-PALLET", 1, "QM-PIECE", 40)),
        490,
        1_990,
        "Gips",
        (2000, 2500, 2600),
        climate=True,
    ),
    _Family("CW-Profil", (_PIECE, Packing("QM-PACKAGE", 1, "QM-PIECE", 8)), 390, 1_490, "Stahl", (2600, 3000, 4000)),
    _Family("Installationskabel", (Packing("QM-METER", 50, "QM-METER", 1),), 49, 890, "Kupfer", voltages=(230, 400)),
    _Family("Zementestrich", (Packing("QM-PACKAGE", 1, "QM-KILOGRAM", 40),), 450, 1_290, "Zement", climate=True),
    _Family("Kies 16/32", (Packing("QM-CUBIC_METER", 1, "QM-CUBIC_METER", 1),), 2_490, 5_990, "Kies"),
    _Family("Dampfbremse", (Packing("QM-PIECE", 1, "QM-SQUARE_METER", 75),), 3_900, 14_900, "PE", (50_000,)),
    _Family("Schnellbauschrauben", (Packing("QM-PACKAGE", 1, "QM-PIECE", 1000),), 490, 2_490, "Stahl", (25, 35, 45)),
    _Family("Kanalrohr DN 110", (_PIECE,), 290, 2_990, "PVC", (500, 1000, 2000, 5000)),
)


def make_catalogue(seeding: Seeding) -> Catalogue:
    """Give the first state; the fixtures' entities come first and are there whatever number of products is asked."""
    fixtures = Fixtures.of("gates")
    rows = fixtures.json("entities/products.json")
    stores = {row["code"]: _store(row) for row in fixtures.json("entities/stores.json")}
    accounts = {row["key"]: _account(row) for row in fixtures.json("entities/accounts.json")}
    gates = {row["code"]: _gate(row, fixtures, accounts) for row in fixtures.json("entities/gates.json")}
    products = {row["key"]: _product(row) for row in rows}
    offers = [offer for row in rows for offer in _offers(row)]
    for product, sold in _invented(seeding.seed, seeding.products - len(rows), gates, stores):
        products[product.key] = product
        offers += sold
    return Catalogue(
        gates=gates,
        stores=stores,
        accounts=accounts,
        clients=tuple(_client(row) for row in fixtures.credentials.values()),
        units={row["code"]: _unit(row) for row in fixtures.json("entities/units.json")},
        types={row["code"]: _type(row) for row in fixtures.json("entities/universal_types.json")},
        products=products,
        offers={offer.id: offer for offer in offers},
    )


def _unit(row: _Row) -> Unit:
    return Unit(row["code"], row["name"], row["symbol"], row["dimension"], Decimal(row["factor"]))


def _type(row: _Row) -> UniversalType:
    limits = (Decimal(row[name]) if name in row else None for name in ("rangeMin", "rangeMax"))
    return UniversalType(row["code"], row["name"], row["type"], row.get("unit"), row.get("parent"), *limits)


def _store(row: _Row) -> Store:
    return Store(**{name: row[name] for name in ("code", "gate", "name", "street", "zip", "city")})


def _account(row: _Row) -> Account:
    sites = tuple(Site(**site) for site in row["sites"])
    return Account(row["key"], row["gate"], row["email"], row["clientNumber"], row["company"], row["discount"], sites)


def _gate(row: _Row, fixtures: Fixtures, accounts: Mapping[str, Account]) -> Gate:
    client = fixtures.credentials[row["code"]]
    date = row["defaultOrderDate"]
    return Gate(
        code=row["code"],
        name=row["name"],
        subtype=row["subtype"],
        client_id=client["client_id"],
        client_secret=client["client_secret"],
        default_site=row["defaultSite"],
        default_store=row["defaultStore"],
        order_date=(date["value"], date["type"], date["saturdaysAllowed"]),
        order_types=tuple((kind["name"], kind["mapping"]) for kind in row["orderTypes"]),
        channel=row["distributionChannelId"],
        pickup_discount=row["pickupDiscount"],
        quantity_discounts=tuple((least, percent) for least, percent in row["quantityDiscounts"]),
        default_account=next(account.key for account in accounts.values() if account.gate == row["code"]),
    )


def _client(row: _Row) -> Client:
    named = {name: row.get(name) for name in ("gate", "account", "username", "password")}
    return Client(row["client_id"], row["client_secret"], row["audience"], tuple(row["scope"].split()), **named)


def _product(row: _Row) -> Product:
    return Product(
        key=row["key"],
        maker=row["productGate"],
        ids=tuple(row["proMaterialIds"]),
        short=row["short"],
        long=row["long"],
        features=tuple(_feature(*feature) for feature in row["features"]),
        images=tuple((url, name) for url, name in row["images"]),
        specifications=tuple((name, value) for name, value in row["specifications"]),
        packings=tuple(Packing(*packing) for packing in row["packings"]),
    )


def _feature(code: str, value: str | None = None, unit: str | None = None) -> Feature:
    return Feature(code, Decimal(value) if value is not None and unit else value, unit)


def _offers(row: _Row) -> Iterator[Offer]:
    for gate, sold in row["offers"].items():
        prices = tuple(Decimal(price) for price in sold["prices"])
        yield Offer(f"{gate}:{sold['code']}", gate, row["key"], prices, tuple(sold["stock"].items()))


def _invented(
    seed: int, count: int, gates: Mapping[str, Gate], stores: Mapping[str, Store]
) -> Iterator[tuple[Product, list[Offer]]]:
    if count <= 0:
        return
    generator = random.Random(f"gates|{seed}")
    makers = _makers(seed)
    for index in range(count):
        family = generator.choice(_FAMILIES)
        product = _invent(generator, index, family, generator.choice(makers))
        sellers = [gate for gate in gates if generator.random() < _SOLD_BY_A_GATE] or [generator.choice(list(gates))]
        base = generator.randrange(family.cheapest, family.dearest)
        offers = [_offer(generator, product, gate, index, base, stores) for gate in sellers]
        yield product, offers


def _makers(seed: int) -> Sequence[str]:
    names = faker_of("de_DE", f"gates|{seed}", "person")
    return [f"{_NO_LETTER.sub('', names.unique.last_name().lower())}werk" for _ in range(_MAKERS)]


def _invent(generator: random.Random, index: int, family: _Family, maker: str) -> Product:
    number = f"{generator.randrange(10_000):04}{index:05}"
    features = [Feature("MT01-MPID", number), Feature("MT05-MATE", family.material)]
    name = family.name
    if family.lengths:
        length = generator.choice(family.lengths)
        features.append(Feature("ST05-LENG", Decimal(length), "QM-MILLIMETER"))
        name = f"{name} {length} mm"
    if family.voltages:
        voltage = Decimal(generator.choice(family.voltages))
        features += [Feature("MT05-ELEC"), Feature("ST05-NVOL", voltage, "QM-VOLT")]
    if family.climate:
        temperature = Decimal(generator.randrange(-10, 41))
        features += [Feature("MT05-CLIM"), Feature("ST05-TEMP", temperature, "QM-CELSIUS")]
    if index % 5 == 0:
        features.append(Feature("ET05-TRST"))
    return Product(
        key=f"p{index}",
        maker=maker,
        ids=(f"PM-{number}", f"PM-X{index:05}") if index % 3 == 0 else (f"PM-{number}",),
        short=f"{name} {maker.capitalize()} {generator.randrange(100, 1000)}",
        long=f"{family.name} aus {family.material}." if index % 2 else None,
        features=tuple(features),
        images=((f"https://images.example.com/{number}.jpg", "Ansicht"),) if index % 4 else (),
        specifications=(("Werkstoff", family.material),) if index % 3 else (),
        packings=family.packings,
    )


def _offer(
    generator: random.Random, product: Product, gate: str, index: int, base: int, stores: Mapping[str, Store]
) -> Offer:
    cents = base * generator.randrange(88, 116) // 100
    first = product.packings[0]
    prices = []
    for place, packing in enumerate(product.packings):
        # A larger packing costs a twentieth less than what it holds.
        whole = CENT * cents * packing.content / first.content * (1 if place == 0 else Decimal("0.95"))
        prices.append(whole.quantize(CENT, ROUND_HALF_UP))
    stock = tuple((store.code, _stock(generator, first)) for store in stores.values() if store.gate == gate)
    return Offer(f"{gate}:{gate[0].upper()}{index:05}", gate, product.key, tuple(prices), stock)


def _stock(generator: random.Random, packing: Packing) -> int:
    return 0 if generator.random() < _SOLD_OUT else generator.randrange(500, 20_000) * packing.content
