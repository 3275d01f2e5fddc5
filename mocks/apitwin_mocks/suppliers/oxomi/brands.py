"""The generated brands: names and addresses by Faker, drawn once for a seed, so that a product costs no Faker call."""

import re
from base64 import b32hexencode
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from apitwin_mocks.kit.inventing import faker_of

from .product import Brand, Series, numbers_of

if TYPE_CHECKING:
    from faker import Faker

__all__ = ["BrandPool", "brand_pools", "hex_id", "object_id", "slug"]

_BRANDS = 24
_SERIES_EACH = 5
_FIRST_SUPPLIER_NUMBER = 2001
_HOST = "https://oxomi.com/dasd"
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def object_id(draw: Random) -> str:
    """Draw an id in the supplier's form: 128 bits in base32hex."""
    return b32hexencode(draw.randbytes(16)).decode()[:26]


def hex_id(draw: Random) -> str:
    """Draw 32 lower-case hex digits."""
    return draw.randbytes(16).hex()


def slug(text: str) -> str:
    """Spell a name with lower-case letters, digits and hyphens alone."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower().translate(_UMLAUTS)).strip("-")


@dataclass(frozen=True, slots=True)
class BrandPool:
    """A brand with what its products share; `number` is part of their item numbers and GTINs."""

    number: int
    prefix: str
    brand: Brand
    series: tuple[Series, ...]
    supplier_number: str
    supplier_numbers: tuple[str, ...]
    suppliers: frozenset[str]


def brand_pools(seed: int) -> tuple[BrandPool, ...]:
    """Draw the brands of a seed; the same seed draws the same brands."""
    faker = faker_of("de_DE", seed, "company", "address", "person")
    draw = Random(f"oxomi brands {seed}")
    return tuple(_pool(number, faker, draw) for number in range(_BRANDS))


def _pool(number: int, faker: "Faker", draw: Random) -> BrandPool:
    name = faker.company()
    first = _FIRST_SUPPLIER_NUMBER + 10 * number
    joined = (", ".join(str(first + step) for step in range(draw.randint(1, 3))),)
    return BrandPool(
        number=number,
        prefix=f"{chr(ord('A') + number)}{slug(name)[0].upper()}",
        brand=_brand(name, faker, draw),
        series=tuple(_series(faker.unique.first_name(), draw) for _ in range(_SERIES_EACH)),
        supplier_number=str(first),
        supplier_numbers=joined,
        suppliers=numbers_of(str(first), joined),
    )


def _brand(name: str, faker: "Faker", draw: Random) -> Brand:
    street, place = faker.street_address(), f"{faker.postcode()} {faker.city()}"
    return Brand(
        id=object_id(draw),
        name=name,
        slogan="",
        medium_image_url=f"{_HOST}/cv/tenants/{hex_id(draw)}/tenant-medium/{object_id(draw)}.png",
        manufacturer_name=name,
        manufacturer_postal_address=f"{name}, {street}, {place}, GERMANY",
        manufacturer_electronic_address=f"info@{slug(name)}.example",
        distributor_name=f"{name} Vertrieb",
        distributor_postal_address=f"{name} Vertrieb, {faker.street_address()}, {place}, GERMANY",
        distributor_electronic_address=f"vertrieb@{slug(name)}.example",
    )


def _series(name: str, draw: Random) -> Series:
    picture = object_id(draw)
    return Series(
        name=name,
        slogan="",
        marketing_text="",
        preview_image_url=f"{_HOST}/cv/series/{hex_id(draw)}/series-image-medium/{picture}.jpg",
        medium_image_url=f"{_HOST}/p/series/{hex_id(draw)}/{picture}/{object_id(draw)}.jpg",
    )
