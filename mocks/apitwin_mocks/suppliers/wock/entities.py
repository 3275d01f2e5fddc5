"""The rows of World of CD Keys: products with tiers and stock, partners with money, orders with their lines."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

__all__ = [
    "IMAGE",
    "KEY_TYPES",
    "TEXT",
    "BundleItem",
    "Client",
    "Order",
    "OrderLine",
    "OrderedItem",
    "Partner",
    "Product",
    "Quantity",
    "Settings",
    "State",
    "Tier",
]

IMAGE, TEXT = 10, 20
KEY_TYPES = (IMAGE, TEXT)
State = Literal["new", "ready", "completed", "failed", "deleted"]


@dataclass(frozen=True, slots=True)
class Tier:
    """A price for each key, from this quantity on."""

    price: Decimal
    minimum_quantity: int


@dataclass(frozen=True, slots=True)
class Quantity:
    """How many keys are in stock, by type."""

    text: int
    image: int
    all: int

    @classmethod
    def of(cls, text: int, image: int) -> "Quantity":
        """Count both types."""
        return cls(text, image, text + image)

    def has(self, key_type: int | None) -> int:
        """Give the number of keys of one type, or of both."""
        return {IMAGE: self.image, TEXT: self.text}.get(key_type or 0, self.all)

    def without(self, key_type: int | None, count: int) -> "Quantity":
        """Take keys out; where no type is asked for, text keys go first."""
        text = {IMAGE: 0, TEXT: count}.get(key_type or 0, min(count, self.text))
        return Quantity.of(self.text - text, self.image - (count - text))


@dataclass(frozen=True, slots=True)
class BundleItem:
    """A product inside a bundle; it is a sub-bundle when it is a bundle itself."""

    id: int
    name: str
    platform: str
    language: str
    region: str
    is_sub_bundle: bool


@dataclass(frozen=True, slots=True)
class Product:
    """A kind of key that can be bought; `language` and `region` are the joined lists."""

    id: int
    name: str
    platform: str
    language: str
    region: str
    currency: str
    is_disabled: bool
    quantity: Quantity
    bulk_prices: tuple[Tier, ...]
    languages: tuple[str, ...]
    regions: tuple[str, ...]
    excluded_languages: tuple[str, ...]
    excluded_regions: tuple[str, ...]
    product_partner_ids: tuple[str, ...]
    bundle_items: tuple[BundleItem, ...]
    last_update_date_time: datetime
    last_updated_price_date_time: datetime
    last_increased_stock_date_time: datetime
    is_bundle: bool
    product_partner_id: str | None

    def price_for(self, quantity: int) -> Decimal:
        """Give the price for each key when this many are bought."""
        fitting = [tier.price for tier in self.bulk_prices if tier.minimum_quantity <= quantity]
        return fitting[-1] if fitting else self.bulk_prices[0].price


@dataclass(frozen=True, slots=True)
class Partner:
    """Who buys, and for how much: money is in the supplier's currency."""

    id: str
    name: str
    partner_type: str
    credit_line: Decimal
    balance: Decimal
    used: Decimal
    stock_limit: int
    complete: bool

    @property
    def available(self) -> Decimal:
        """Credit line and balance together."""
        return self.credit_line + self.balance


@dataclass(frozen=True, slots=True)
class Client:
    """An application that may ask for tokens; a tenant's administrator gave it a role, and the supplier a partner, or not."""

    name: str
    tenant: str
    id: str
    secret: str
    scope: str
    partner: str | None
    role: bool


@dataclass(frozen=True, slots=True)
class OrderedItem:
    """What was ordered, as the product was then; `children` are what its bundle holds."""

    id: int
    name: str
    platform: str
    region: str
    language: str
    is_bundle: bool
    is_sub_bundle: bool
    quantity: int | None
    price: Decimal | None
    children: tuple["OrderedItem", ...] = ()


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One product of an order, with how many of its keys are text and how many are images."""

    item: OrderedItem
    quantity: int
    price: Decimal
    key_type: int | None
    text: int
    image: int
    partner_product_id: str | None

    @property
    def product_id(self) -> int:
        """The product that was ordered."""
        return self.item.id

    @property
    def total(self) -> Decimal:
        """What the line costs."""
        return self.price * self.quantity


@dataclass(frozen=True, slots=True)
class Order:
    """An order and, once it is ready, its delivery."""

    id: str
    partner: str
    identifier: str
    delivery_identifier: str
    created_at: datetime
    due: datetime
    lines: tuple[OrderLine, ...]
    state: State = "new"
    legacy_id: str | None = None
    error: str | None = None
    downloaded: datetime | None = None

    @property
    def total(self) -> Decimal:
        """What the order costs."""
        return sum((line.total for line in self.lines), Decimal(0))

    @property
    def products(self) -> tuple[OrderedItem, ...]:
        """What was ordered, line by line."""
        return tuple(line.item for line in self.lines)

    @property
    def status(self) -> int:
        """30 while it waits to be downloaded, 40 afterwards."""
        return 40 if self.state == "completed" else 30


@dataclass(frozen=True, slots=True)
class Settings:
    """How the server is set up; a session may change it through the control API."""

    transport: Literal["latest", "legacy"] = "latest"
    authorization: Literal["endpoint", "field"] = "endpoint"
    introspection: bool = True
    require_paging_boundaries: bool = False
    default_page_size: int = field(default=10, metadata={"most": 1000})
    max_page_size: int = field(default=50, metadata={"most": 1000})
    max_field_cost: int = field(default=1000, metadata={"most": 1_000_000})
    max_type_cost: int = field(default=1000, metadata={"most": 1_000_000})
