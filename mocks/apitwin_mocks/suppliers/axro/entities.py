"""The rows of AXRO's tables; money is integer cents, instants are aware and in UTC."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

__all__ = [
    "LAST_QUANTITY",
    "LOCAL",
    "Address",
    "Billing",
    "Category",
    "Customer",
    "Line",
    "Order",
    "Place",
    "Product",
    "Shipment",
    "ShipmentLine",
    "Tier",
]

LAST_QUANTITY = 999_999
LOCAL = timezone(timedelta(hours=2), "Etc/GMT-2")
"""The one offset in which days and tracking events are told, as in the document's sample."""


@dataclass(frozen=True, slots=True)
class Tier:
    """A price for ordered quantities from `first` to `last`, both included."""

    first: int
    last: int
    price: int


@dataclass(frozen=True, slots=True)
class Category:
    """A product category with its names."""

    id: int
    de: str
    en: str


@dataclass(frozen=True, slots=True)
class Product:
    """An article; `uhg` is the copyright levy on one piece, `modified` stands as the wire has it."""

    number: str
    oem: str
    ean: str | None
    brand: str
    category: int
    stock: int
    uhg: int
    de: str
    en: str
    tiers: tuple[Tier, ...]
    modified: str

    def price(self, quantity: int) -> int | None:
        """Give the unit price at a quantity; None when the product has none."""
        return next((tier.price for tier in self.tiers if tier.first <= quantity <= tier.last), None)


@dataclass(frozen=True, slots=True)
class Billing:
    """Where a customer's invoices go."""

    company: str
    department: str | None
    street: str
    zip: str
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer of AXRO's, the owner of orders, shipments and addresses."""

    number: str
    email: str
    company: str
    billing: Billing


@dataclass(frozen=True, slots=True)
class Address:
    """A shipping address; `usable_from` is the instant of its approval, None one hour after the session began."""

    id: str
    customer: str
    company: str
    department: str
    firstname: str | None
    lastname: str | None
    street: str
    zip: str
    city: str
    country: str
    phone: str | None
    email: str | None
    usable_from: datetime | None


@dataclass(frozen=True, slots=True)
class Place:
    """An address as an order remembers it."""

    company: str
    street: str
    zip: str
    city: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an order; `delivered` is what stock covered, `unit` what one piece costs with its levy."""

    product: str
    oem: str
    quantity: int
    total: int
    delivered: int
    unit: int


@dataclass(frozen=True, slots=True)
class Order:
    """A placed order; `address` is the shipping address that it waits for, None for recorded ones, whose invoice is out."""

    number: str
    customer: str
    placed: datetime
    commission: str
    origin: str
    invoice: str
    carrier: str
    shipping: Place
    billing: Place
    lines: tuple[Line, ...]
    address: str | None = None
    shipment: str | None = None
    parcel: str | None = None

    @property
    def total(self) -> int:
        """The sum of its lines."""
        return sum(line.total for line in self.lines)


@dataclass(frozen=True, slots=True)
class ShipmentLine:
    """What a shipment holds of one order's line."""

    product: str
    order: str
    oem: str
    commission: str
    quantity: int
    total: int


@dataclass(frozen=True, slots=True)
class Shipment:
    """A shipment as it stands at an instant; days are ISO dates, what is not known yet is an empty text."""

    number: str
    customer: str
    orders: tuple[str, ...]
    invoice: str
    company: str
    commission: str
    status: str
    delivery: str
    shipped: str
    url: str
    code: str
    carrier: str
    lines: tuple[ShipmentLine, ...]
    history: Mapping[str, object]
