"""The rows of the gates' tables; money is euros in `Decimal`, instants are aware and in UTC."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

__all__ = [
    "Account",
    "Cart",
    "CartLine",
    "Client",
    "Feature",
    "Gate",
    "Offer",
    "Order",
    "Packing",
    "Product",
    "Receipt",
    "Site",
    "Store",
    "Tax",
    "Unit",
    "UniversalType",
    "Value",
]

Value = str | Decimal | None


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measurement; `factor` makes it comparable with the others of its dimension."""

    code: str
    name: str
    symbol: str
    dimension: str
    factor: Decimal


@dataclass(frozen=True, slots=True)
class UniversalType:
    """A property that products can have."""

    code: str
    name: str
    type: str
    unit: str | None = None
    parent: str | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Feature:
    """A UniversalType that a product has, with its value and unit where there are any."""

    code: str
    value: Value = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Packing:
    """A unit in which a product is ordered: from `minimum` of them, each holding `content` of the content unit."""

    unit: str
    minimum: int
    content_unit: str
    content: int


@dataclass(frozen=True, slots=True)
class Product:
    """A maker's product, the same whichever gate sells it."""

    key: str
    maker: str
    ids: tuple[str, ...]
    short: str
    long: str | None
    features: tuple[Feature, ...]
    images: tuple[tuple[str, str], ...]
    specifications: tuple[tuple[str, str], ...]
    packings: tuple[Packing, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A product in a gate's assortment: its list prices by packing, and its stock by store in content units."""

    id: str
    gate: str
    product: str
    prices: tuple[Decimal, ...]
    stock: tuple[tuple[str, int], ...]

    def stock_at(self, store: str) -> int:
        """Give how many content units a store has."""
        return dict(self.stock).get(store, 0)


@dataclass(frozen=True, slots=True)
class Store:
    """A place where a distributor has its goods."""

    code: str
    gate: str
    name: str
    street: str
    zip: str
    city: str


@dataclass(frozen=True, slots=True)
class Site:
    """A user's construction site, with the discount in per cent that was agreed for it."""

    code: str
    name: str
    discount: int


@dataclass(frozen=True, slots=True)
class Account:
    """A user's account with one distributor, with the discount in per cent that was agreed."""

    key: str
    gate: str
    email: str
    number: str
    company: str
    discount: int
    sites: tuple[Site, ...]

    def site(self, code: str) -> Site | None:
        """Give the construction site of a code; None when there is none."""
        return next((site for site in self.sites if site.code == code), None)


@dataclass(frozen=True, slots=True)
class Gate:
    """A DistributionGate as the BusinessManager tells of it, and how its prices are made."""

    code: str
    name: str
    subtype: str
    client_id: str
    client_secret: str
    default_site: str
    default_store: str
    order_date: tuple[str, str, bool]
    order_types: tuple[tuple[str, str], ...]
    channel: str
    pickup_discount: int
    quantity_discounts: tuple[tuple[int, int], ...]
    default_account: str


@dataclass(frozen=True, slots=True)
class Client:
    """A way to sign in: a client, the user who signs in with it if one does, and what both may do."""

    id: str
    secret: str
    audience: str
    scopes: tuple[str, ...]
    gate: str | None = None
    account: str | None = None
    username: str | None = None
    password: str | None = None


@dataclass(frozen=True, slots=True)
class Tax:
    """A tax on a price, in per cent."""

    type: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class CartLine:
    """A product in a cart: as which of its ids it was asked for, in which packing, how many, and the price that was seen."""

    offer: str
    product: str
    asked_as: str
    maker: str
    gate: str
    client_number: str
    unit: str
    quantity: int
    price: Decimal
    tax: Tax | None

    @property
    def total(self) -> Decimal:
        """The net amount of the line."""
        return self.price * self.quantity


@dataclass(frozen=True, slots=True)
class Cart:
    """A shopping cart of the person with this e-mail address, over as many gates as they shop at."""

    id: str
    email: str
    created: datetime
    lines: tuple[CartLine, ...] = ()
    order: str | None = None

    @property
    def total(self) -> Decimal:
        """The net amount of all lines."""
        return sum((line.total for line in self.lines), Decimal(0))


@dataclass(frozen=True, slots=True)
class Receipt:
    """When goods are expected; `type` is DELIVERY or PICKUP."""

    type: str
    start: datetime
    end: datetime
    frame: str


@dataclass(frozen=True, slots=True)
class Order:
    """An order of a cart; `passed_on` is the instant at which the distributors got it, `warning` what they were short of then."""

    id: str
    cart: str
    email: str
    created: datetime
    site: str
    receipt: Receipt | None = None
    store: str | None = None
    in_checkout: bool = False
    passed_on: datetime | None = None
    warning: str | None = None
