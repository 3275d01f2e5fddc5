"""One customer base, one stock, one clock: the state that all of AXRO's operations share."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from apitwin_mocks.kit.auth import TokenBook
from apitwin_mocks.kit.clock import Clock
from apitwin_mocks.kit.errors import MisuseError
from apitwin_mocks.kit.ids import Ids
from apitwin_mocks.kit.session import Session
from apitwin_mocks.kit.store import Table
from apitwin_mocks.supplier import World

from .catalogue import Catalogue
from .entities import LAST_QUANTITY, Address, Order, Product, Shipment, Tier

__all__ = ["APPROVAL", "Axro", "open_world"]

APPROVAL = timedelta(hours=1)
"""How long a new shipping address waits."""

_MOST_STOCK = 10_000_000
_MOST_CENTS = 1_000_000_000


class Axro(World):
    """AXRO in one session: it owns what the session changed and shares the catalogue."""

    __slots__ = ("addresses", "began", "catalogue", "clock", "ids", "orders", "products", "shipments", "tokens")

    def __init__(self, catalogue: Catalogue, clock: Clock, ids: Ids) -> None:
        self.catalogue = catalogue
        self.clock = clock
        self.ids = ids
        self.began = clock.now()
        self.products: Table[Product] = Table(catalogue.products)
        self.addresses: Table[Address] = Table(catalogue.addresses)
        self.orders: Table[Order] = Table(catalogue.orders)
        self.shipments: Table[Shipment] = Table(catalogue.shipments)
        self.tokens: TokenBook[str] = TokenBook(clock)
        for credential in catalogue.credentials:
            self.tokens.issue(credential.token, credential.customer, timedelta(-1) if credential.expired else None)

    def usable_from(self, address: Address) -> datetime:
        """Give the instant from which an address can be used."""
        return address.usable_from or self.began + APPROVAL

    def usable(self, address: Address) -> bool:
        """Tell whether an address is approved by now."""
        return self.usable_from(address) <= self.clock.now()

    def tables(self) -> Mapping[str, Table[Any]]:
        """Give products, addresses and orders, and the shipments that were recorded; those of new orders follow from the clock."""
        return {
            "products": self.products,
            "addresses": self.addresses,
            "orders": self.orders,
            "shipments": self.shipments,
        }

    def edit(self, table: str, key: str, changes: Mapping[str, Any]) -> object:
        """Set a product's `stock` or `price` (cents, any quantity), or approve an address with `approved: true`."""
        if table == "products":
            product = self.products[key]
            row = replace(product, **_product_changes(changes))
            self.products.put(key, row)
            return row
        if table == "addresses" and dict(changes) == {"approved": True}:
            address = replace(self.addresses[key], usable_from=self.clock.now())
            self.addresses.put(key, address)
            return address
        message = f"{table} cannot be changed so; products take stock and price, addresses take approved: true"
        raise MisuseError(message)


def open_world(catalogue: Catalogue, session: Session) -> Axro:
    """Begin a session's own world on the shared catalogue."""
    return Axro(catalogue, session.clock, session.ids("axro"))


def _product_changes(changes: Mapping[str, Any]) -> dict[str, Any]:
    unknown = changes.keys() - {"stock", "price"}
    if unknown or not changes:
        message = f"a product's stock and price can be changed, not {', '.join(sorted(unknown)) or 'nothing'}"
        raise MisuseError(message)
    read: dict[str, Any] = {}
    if "stock" in changes:
        read["stock"] = _whole("stock", changes["stock"], _MOST_STOCK)
    if "price" in changes:
        read["tiers"] = (Tier(1, LAST_QUANTITY, _whole("price", changes["price"], _MOST_CENTS)),)
    return read


def _whole(name: str, value: object, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        message = f"{name} is a whole number from 0 to {most}, not {value!r}"
        raise MisuseError(message)
    return value
