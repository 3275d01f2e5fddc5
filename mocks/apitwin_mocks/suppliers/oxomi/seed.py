"""The first state: the documented products, portals and dictionaries of the fixtures, enlarged to the number asked."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

from apitwin_fixtures import Fixtures
from apitwin_mocks.supplier import Seeding

from .catalogue import ApiToken, Catalogue, Dictionary, Listing, Portal, Products
from .domain import moment
from .generated import EtimClass, drafts
from .product import (
    Attachment,
    Brand,
    Classification,
    Details,
    Feature,
    Image,
    Measurements,
    Package,
    Price,
    Pricing,
    Product,
    Property,
    Relationship,
    Series,
    Text,
    VariantMaster,
)

__all__ = ["catalogue"]

Row = TypeVar("Row")


def catalogue(fixtures: Fixtures, seeding: Seeding) -> Catalogue:
    """Make the first state; the documented products are always in it and count."""
    documented = [_product(row) for row in fixtures.json("entities/products.json")["products"]]
    dictionary = _dictionary(fixtures)
    numbers = [product.visible_item_number for product in documented]
    generated = drafts(seeding, numbers, _classes(fixtures), dictionary)
    portals = fixtures.json("entities/portals.json")
    first_sync_date = moment(portals["first_sync_date"])
    credentials = fixtures.credentials.values()
    return Catalogue(
        products=Products([*map(_listing, documented), *generated]),
        portals={row["code"]: _portal(row) for row in portals["portals"]},
        api_tokens={row["apiToken"]: ApiToken(row["apiToken"], row["portal"], first_sync_date) for row in credentials},
        secrets={row["apiToken"]: row["secret"] for row in credentials},
        dictionary=dictionary,
    )


@dataclass(frozen=True, slots=True)
class _Documented(Listing):
    """A listing whose product is at hand."""

    product: Product

    def make(self) -> Product:
        return self.product


def _listing(product: Product) -> Listing:
    return _Documented(
        id=product.id,
        item_number=product.item_number,
        gtin=product.gtin,
        suppliers=product.suppliers,
        lang=product.lang,
        countries=product.countries,
        changed_at=product.changed_at,
        product=product,
    )


def _portal(row: dict[str, Any]) -> Portal:
    return Portal(row["code"], tuple(row["users"]), frozenset(row["features"]), tuple(row["roles"]))


def _dictionary(fixtures: Fixtures) -> Dictionary:
    labels = fixtures.json("entities/etim.json")["labels"]
    groups = fixtures.json("entities/product_groups.json")["product_groups"]
    return Dictionary(
        labels={code: entry["labels"] for code, entry in labels.items()},
        product_groups={row["code"]: row["names"] for row in groups},
    )


def _classes(fixtures: Fixtures) -> tuple[EtimClass, ...]:
    etim = fixtures.json("entities/etim.json")
    features = {row["code"]: (row["code"], tuple(row["values"]), row.get("unit")) for row in etim["features"]}
    return tuple(
        EtimClass(row["code"], row["group"], row["product_group"], tuple(features[code] for code in row["features"]))
        for row in etim["classes"]
    )


def _product(row: dict[str, Any]) -> Product:
    made = {
        "supplier_numbers": tuple(row["supplier_numbers"]),
        "countries": tuple(row["countries"]),
        "details": _details(row["details"]),
        "measurements": Measurements(**row["measurements"]),
        "classifications": _rows(Classification, row["classifications"]),
        "features": _rows(Feature, row["features"]),
        "properties": _rows(Property, row["properties"]),
        "texts": _rows(Text, row["texts"]),
        "images": _rows(Image, row["images"]),
        "attachments": _rows(Attachment, row["attachments"]),
        "relationships": _rows(Relationship, row["relationships"]),
        "packages": tuple(_package(package) for package in row["packages"]),
        "pricing": Pricing(**{**row["pricing"], "prices": _rows(Price, row["pricing"]["prices"])}),
        "changed_at": datetime.fromisoformat(row["changed_at"]),
    }
    known = {field.name for field in fields(Product)}
    return Product(**{**{name: value for name, value in row.items() if name in known}, **made})


def _rows(row: type[Row], values: list[dict[str, Any]]) -> tuple[Row, ...]:
    return tuple(row(**value) for value in values)


def _details(row: dict[str, Any]) -> Details:
    made = {
        "brand": Brand(**row["brand"]),
        "series": Series(**row["series"]),
        "variant_master": VariantMaster(**row["variant_master"]),
    }
    return Details(**{**row, **made})


def _package(row: dict[str, Any]) -> Package:
    return Package(**{**row, "measurements": Measurements(**row["measurements"])})
