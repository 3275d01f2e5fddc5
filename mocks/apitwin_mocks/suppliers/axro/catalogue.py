"""The immutable first state that all sessions share, with the indexes that its filters need."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from .entities import Address, Category, Customer, Order, Product, Shipment

__all__ = ["FILTERS", "Catalogue", "Credential"]

FILTERS: Mapping[str, Callable[[Product], str | None]] = MappingProxyType(
    {
        "productNumber": lambda product: product.number,
        "oem": lambda product: product.oem,
        "ean": lambda product: product.ean,
        "brand": lambda product: product.brand,
        "category": lambda product: str(product.category),
    }
)
"""Each filter of products with the value that it looks at."""

_Index = Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Credential:
    """A development credential: a standing token, and a name and password for the token endpoint where there are any."""

    token: str
    customer: str
    username: str | None = None
    password: str | None = None
    expired: bool = False


@dataclass(frozen=True)
class Catalogue:
    """Everything that exists when a session begins, by key, in the order in which it is listed."""

    products: Mapping[str, Product]
    categories: Mapping[int, Category]
    customers: Mapping[str, Customer]
    addresses: Mapping[str, Address]
    orders: Mapping[str, Order]
    shipments: Mapping[str, Shipment]
    credentials: Sequence[Credential]
    countries: frozenset[str]
    places: Sequence[tuple[str, str, str, str]]
    """Known streets as (country, street, zip, city)."""

    @cached_property
    def brands(self) -> Sequence[str]:
        """Every brand once, in alphabetical order."""
        return sorted({product.brand for product in self.products.values()})

    @cached_property
    def _numbers(self) -> Sequence[str]:
        return tuple(self.products)

    @cached_property
    def _indexes(self) -> Mapping[str, _Index]:
        indexes: dict[str, dict[str, list[int]]] = {name: {} for name in FILTERS}
        for position, product in enumerate(self.products.values()):
            for name, value_of in FILTERS.items():
                value = value_of(product)
                if value is not None:
                    indexes[name].setdefault(value.casefold(), []).append(position)
        return indexes

    def numbers(self, filters: Mapping[str, str]) -> Sequence[str]:
        """Give the numbers of the products that fit every filter; a filter is a comma list of which one must fit."""
        kept: set[int] | None = None
        for name, text in filters.items():
            wanted = [value.strip().casefold() for value in text.split(",") if value.strip()]
            if wanted:
                fitting = {position for value in wanted for position in self._indexes[name].get(value, ())}
                kept = fitting if kept is None else kept & fitting
        return self._numbers if kept is None else [self._numbers[position] for position in sorted(kept)]
