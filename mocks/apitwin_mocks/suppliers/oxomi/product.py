"""A product of the information graph as rows: everything that one of the wire's versions shows."""

from dataclasses import dataclass
from datetime import datetime

__all__ = [
    "CUSTOM",
    "Attachment",
    "Brand",
    "Classification",
    "Details",
    "Feature",
    "Image",
    "Measurements",
    "Package",
    "Price",
    "Pricing",
    "Product",
    "Property",
    "Relationship",
    "Series",
    "Text",
    "VariantMaster",
    "numbers_of",
]

CUSTOM = "CUSTOM"
"""The classification system of a portal's own classes and features; it has no dictionary."""


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand with its manufacturer and distributor."""

    id: str
    name: str
    slogan: str
    medium_image_url: str
    manufacturer_name: str
    manufacturer_postal_address: str
    manufacturer_electronic_address: str
    distributor_name: str
    distributor_postal_address: str
    distributor_electronic_address: str


@dataclass(frozen=True, slots=True)
class Series:
    """A series of products."""

    name: str
    slogan: str
    marketing_text: str
    preview_image_url: str
    medium_image_url: str


@dataclass(frozen=True, slots=True)
class VariantMaster:
    """The picture that stands for a group of variants."""

    filename: str
    description: str
    preview_image_url: str
    medium_image_url: str
    hd_image_url: str
    preview_is_variant_image: bool


@dataclass(frozen=True, slots=True)
class Details:
    """The block DETAILS of V3; V1 and V2 show parts of it flat."""

    product_group: str
    lifecycle: str
    brand: Brand
    series_code: str
    series_normalized_code: str
    series_name: str
    series: Series
    short_text: str
    preview_image_url: str
    medium_image_url: str
    hd_image_url: str
    type: str
    variant_group: str
    variant_priority: int
    variant_master: VariantMaster
    order_unit: str
    price_quantity: str
    min_order_quantity: str
    order_step: str
    content_unit: str
    package_quantity: str
    vat: str


@dataclass(frozen=True, slots=True)
class Measurements:
    """Decimal strings in the units that the names carry."""

    length_mm: str
    width_mm: str
    height_mm: str
    weight_kg: str
    diameter_mm: str | None
    volume_cm3: str | None


@dataclass(frozen=True, slots=True)
class Classification:
    """A class of a system; CUSTOM has no group."""

    classification_system: str
    classification_code: str
    group_code: str | None = None


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature's value as text; CUSTOM has no effective unit."""

    classification_system: str
    code: str
    value: str
    value2: str | None = None
    unit: str | None = None
    effective_unit: str | None = None


@dataclass(frozen=True, slots=True)
class Property:
    """A property outside of any classification."""

    code: str
    value: str
    value2: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the product's language."""

    type: str
    lang: str
    text_original: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture in three sizes."""

    type: str
    filename: str
    priority: int
    preview_image_url: str
    medium_image_url: str
    hd_image_url: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document to download; V1 and V2 show neither `external` nor `priority`."""

    type: str
    filename: str
    url: str
    external: bool
    priority: int


@dataclass(frozen=True, slots=True)
class Price:
    """An amount as decimal text with two digits, from `lower_bound` pieces on; days as YYYY-MM-DD."""

    type: str
    amount: str
    currency: str
    price_line: str | None
    lower_bound: int
    valid_from: str
    valid_until: str | None


@dataclass(frozen=True, slots=True)
class Pricing:
    """The block PRICES."""

    discount_group: str
    bonus_group: str
    prices: tuple[Price, ...]


@dataclass(frozen=True, slots=True)
class Relationship:
    """A pointer to another product, by the number that people see."""

    type: str
    visible_item_number: str
    priority: int
    amount: str
    description: str | None


@dataclass(frozen=True, slots=True)
class Package:
    """A way in which the product is packed."""

    type: str
    description: str | None
    gtin: str
    gs128_bar_code: str | None
    min_contents: str
    max_contents: str
    separable: bool | None
    measurements: Measurements


@dataclass(frozen=True, slots=True)
class Product:
    """One product in one language; `stock` is not shown, `revision` orders changes that share an instant."""

    id: str
    unique_identifier: str
    visible_item_number: str
    item_number: str
    gtin: str
    model: str
    supplier_number: str
    supplier_numbers: tuple[str, ...]
    lang: str
    countries: tuple[str, ...]
    details: Details
    measurements: Measurements
    classifications: tuple[Classification, ...]
    features: tuple[Feature, ...]
    properties: tuple[Property, ...]
    texts: tuple[Text, ...]
    images: tuple[Image, ...]
    attachments: tuple[Attachment, ...]
    relationships: tuple[Relationship, ...]
    packages: tuple[Package, ...]
    pricing: Pricing
    changed_at: datetime
    stock: int
    revision: int = 0

    @property
    def suppliers(self) -> frozenset[str]:
        """Every supplier number that finds this product."""
        return numbers_of(self.supplier_number, self.supplier_numbers)


def numbers_of(number: str, joined: tuple[str, ...]) -> frozenset[str]:
    """Take apart the texts in which the supplier joins numbers with commas."""
    return frozenset([number, *(part.strip() for text in joined for part in text.split(","))])
