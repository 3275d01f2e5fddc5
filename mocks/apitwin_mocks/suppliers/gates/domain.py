"""Carts, orders, prices and stock of one session; the gates, their users and their assortments are the catalogue's."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from apitwin_mocks.kit.auth import TokenBook
from apitwin_mocks.kit.clock import Clock
from apitwin_mocks.kit.errors import MisuseError
from apitwin_mocks.kit.ids import Ids
from apitwin_mocks.kit.session import Session
from apitwin_mocks.kit.store import Table
from apitwin_mocks.supplier import World

from .catalogue import Catalogue
from .entities import Account, Cart, Offer, Order
from .principal import Principal

__all__ = ["CENT", "Gates", "open_world"]

CENT = Decimal("0.01")
_MOST_STOCK = 10_000_000
_MOST_CENTS = 1_000_000_000


class Gates(World):
    """All gates in one session: it owns what the session changed and shares the catalogue."""

    __slots__ = ("carts", "catalogue", "clock", "ids", "offers", "orders", "tokens")

    def __init__(self, catalogue: Catalogue, clock: Clock, ids: Ids) -> None:
        self.catalogue = catalogue
        self.clock = clock
        self.ids = ids
        self.offers: Table[Offer] = Table(catalogue.offers)
        self.carts: Table[Cart] = Table()
        self.orders: Table[Order] = Table()
        self.tokens: TokenBook[Principal] = TokenBook(clock)

    def account_of(self, principal: Principal) -> Account:
        """Give the account for which somebody acts at their gate."""
        return self.catalogue.accounts[principal.account]

    def tables(self) -> Mapping[str, Table[Any]]:
        """Give offers, carts and orders."""
        return {"offers": self.offers, "carts": self.carts, "orders": self.orders}

    def edit(self, table: str, key: str, changes: Mapping[str, Any]) -> object:
        """Set an offer's `prices` (cents, one for each order unit) or `stock` (content units by store), as the distributor would."""
        if table != "offers" or not changes or changes.keys() - {"prices", "stock"}:
            message = f"{table} cannot be changed so; offers take prices and stock"
            raise MisuseError(message)
        offer = self.offers[key]
        if "prices" in changes:
            offer = replace(offer, prices=_prices(offer, changes["prices"]))
        if "stock" in changes:
            offer = replace(offer, stock=_stock(offer, changes["stock"]))
        self.offers.put(key, offer)
        return offer


def open_world(catalogue: Catalogue, session: Session) -> Gates:
    """Begin a session's own world on the shared catalogue."""
    return Gates(catalogue, session.clock, session.ids("gates"))


def _prices(offer: Offer, asked: object) -> tuple[Decimal, ...]:
    if not isinstance(asked, list) or len(asked) != len(offer.prices):
        message = f"prices is a list of {len(offer.prices)} whole numbers of cents, not {str(asked)[:80]}"
        raise MisuseError(message)
    return tuple(_whole("a price in cents", cents, _MOST_CENTS) * CENT for cents in asked)


def _stock(offer: Offer, asked: object) -> tuple[tuple[str, int], ...]:
    stores = dict(offer.stock)
    if not isinstance(asked, dict) or asked.keys() - stores.keys():
        message = f"stock is an object with some of {', '.join(stores)}, not {str(asked)[:80]}"
        raise MisuseError(message)
    changed = {store: _whole(f"the stock of {store}", amount, _MOST_STOCK) for store, amount in asked.items()}
    return tuple((stores | changed).items())


def _whole(name: str, value: object, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        message = f"{name} is a whole number from 0 to {most}, not {str(value)[:80]!r}"
        raise MisuseError(message)
    return value
