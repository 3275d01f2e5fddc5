"""What all sessions share: the seeded first state of World of CD Keys, and who may ask for tokens."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from .entities import Client, Order, Partner, Product

__all__ = ["Catalogue"]


@dataclass(frozen=True)
class Catalogue:
    """The first state; products by the text of their id, in the order of their ids."""

    products: Mapping[str, Product]
    partners: Mapping[str, Partner]
    orders: Mapping[str, Order]
    clients: Mapping[str, Client]

    @cached_property
    def product_rows(self) -> tuple[Product, ...]:
        """All products in their order."""
        return tuple(self.products.values())

    @cached_property
    def product_places(self) -> Mapping[str, int]:
        """Where in `product_rows` a product stands."""
        return {key: place for place, key in enumerate(self.products)}
