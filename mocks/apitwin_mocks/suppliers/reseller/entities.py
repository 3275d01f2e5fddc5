"""The rows that the platform keeps; money is `Decimal`, in the account's currency, with two digits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from functools import cached_property

__all__ = [
    "Basket",
    "BasketLine",
    "Catalogue",
    "Category",
    "CategoryType",
    "Customer",
    "Line",
    "Order",
    "Product",
    "Requirement",
    "Status",
    "Supply",
]


class Status(IntEnum):
    """What the platform says of an order line; until it is first processed it says nothing."""

    CANCELLED = 0
    DELIVERED = 1
    PROCESSING = 2
    REMOVED = 3


class Supply(StrEnum):
    """How reliably a product arrives: at once, after one relapse, or never."""

    READY = "ready"
    HESITANT = "hesitant"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Category:
    """A node of the category tree; `parent` is None at the top."""

    id: int
    name: str
    parent: int | None


@dataclass(frozen=True, slots=True)
class CategoryType:
    """A kind of goods."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a buyer must tell for a delivery; a `select` takes one of its options."""

    id: int
    identifier: str
    title: str
    type: str
    min_length: int | None
    max_length: int | None
    placeholder: str | None
    options: tuple[str, ...]

    def takes(self, value: str) -> bool:
        """Tell whether a value has the form that is asked for."""
        if self.options:
            return value in self.options
        return (self.min_length or 1) <= len(value) <= (self.max_length or len(value))


@dataclass(frozen=True, slots=True)
class Product:
    """Goods: `id` on the platform, `store_id` in the account's shop; `regions` None is everywhere, `most` None any number at once."""

    id: int
    store_id: int
    name: str
    category: int
    type: int
    price: Decimal
    market_price: Decimal | None
    stock: int
    requires: tuple[Requirement, ...]
    steps: tuple[str, ...]
    regions: tuple[str, ...] | None
    platforms: tuple[str, ...] | None
    pegi: int | None
    most: int | None
    active: bool
    supply: Supply


@dataclass(frozen=True, slots=True)
class Customer:
    """A reseller's account; `balance` may fall to minus `credit_limit`, `steps` are those it has taken."""

    id: int
    first_name: str
    last_name: str
    email: str
    balance: Decimal
    credit_limit: Decimal
    currency: str
    is_api: bool
    billing_addresses: tuple[int, ...]
    steps: tuple[str, ...]
    order_callback_url: str | None = None
    product_callback_url: str | None = None

    @property
    def available(self) -> Decimal:
        """What it can spend."""
        return self.balance + self.credit_limit


@dataclass(frozen=True, slots=True)
class BasketLine:
    """A line as it was asked for; `product` is None or a text where the client sent no usable number."""

    deliver_id: str | None
    product: int | str | None
    quantity: int
    data: tuple[tuple[int, str | None, str], ...]


@dataclass(frozen=True, slots=True)
class Basket:
    """An order as it was asked for."""

    lines: tuple[BasketLine, ...]
    billing_address: int | None = None
    notify_url: str | None = None

    @property
    def deliver_ids(self) -> tuple[str, ...]:
        """The client's own identifiers."""
        return tuple(line.deliver_id for line in self.lines if line.deliver_id is not None)


@dataclass(frozen=True, slots=True)
class Order:
    """An order with the numbers of its lines; `basket` is what was asked for, to know a repetition by."""

    id: int
    customer: int
    created_at: datetime
    basket: Basket
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an order; `price` is for one, `step` counts the changes of state that time has brought."""

    id: int
    order: int
    customer: int
    deliver_id: str | None
    product: int
    name: str
    quantity: int
    price: Decimal
    supply: Supply
    created_at: datetime
    updated_at: datetime
    cancelled: int = 0
    status: Status | None = None
    codes: tuple[str, ...] = ()
    note: str | None = None
    step: int = 0

    @property
    def remaining(self) -> int:
        """How many were not cancelled."""
        return self.quantity - self.cancelled

    @property
    def is_open(self) -> bool:
        """Whether it waits to be processed."""
        return self.status in (None, Status.REMOVED)


@dataclass(frozen=True)
class Catalogue:
    """What every session starts from; keys are the wire's numbers as texts, `passwords` are by e-mail address, `api_keys` by account."""

    categories: tuple[Category, ...]
    types: tuple[CategoryType, ...]
    products: Mapping[str, Product]
    customers: Mapping[str, Customer]
    passwords: Mapping[str, tuple[int, str]]
    api_keys: Mapping[int, str]

    @cached_property
    def store_keys(self) -> Mapping[int, str]:
        """The key of each product by its number on the platform."""
        return {product.id: key for key, product in self.products.items()}
