"""The state of World of CD Keys in one session: products, partners and orders, and what the clock does to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from apitwin_mocks.kit.clock import Clock
from apitwin_mocks.kit.errors import Refusal
from apitwin_mocks.kit.ids import Ids
from apitwin_mocks.kit.session import Session
from apitwin_mocks.kit.store import Table
from apitwin_mocks.supplier import World

from .catalogue import Catalogue
from .edits import edited
from .entities import Order, OrderLine, Partner, Product, Quantity, Settings
from .errors import Code

__all__ = ["DELIVERY_TIME", "Wock", "open_world"]

DELIVERY_TIME = timedelta(seconds=60)
"""How long an order is new before its delivery is made."""

_SERVER = "server"


class Wock(World):
    """World of CD Keys in one session: it owns what the session changed and shares the catalogue."""

    __slots__ = ("_pending", "_rows", "catalogue", "clock", "ids", "orders", "partners", "products", "settings_table")

    def __init__(self, catalogue: Catalogue, clock: Clock, ids: Ids) -> None:
        self.catalogue = catalogue
        self.clock = clock
        self.ids = ids
        self.products: Table[Product] = Table(catalogue.products)
        self.partners: Table[Partner] = Table(catalogue.partners)
        self.orders: Table[Order] = Table(catalogue.orders)
        self.settings_table: Table[Settings] = Table({_SERVER: Settings()})
        self._pending: dict[str, None] = {}
        self._rows: Sequence[Product] | None = None

    @property
    def settings(self) -> Settings:
        """How the server is set up in this session."""
        return self.settings_table[_SERVER]

    def product_rows(self) -> Sequence[Product]:
        """Give all products in the order of their ids."""
        if self._rows is None:
            self._rows = _current(self.catalogue, self.products.changed)
        return self._rows

    def put_product(self, product: Product) -> None:
        """Change a product."""
        self.products.put(str(product.id), product)
        self._rows = None

    def partner_of(self, partner: str | None) -> Partner:
        """Give a client's partner; raises `Refusal` PARTNER_NOT_FOUND for a client without one."""
        if partner is None or partner not in self.partners:
            raise Refusal(Code.PARTNER_NOT_FOUND)
        return self.partners[partner]

    def orders_of(self, partner: Partner) -> list[Order]:
        """Give a partner's orders that can be or were downloaded, in the order in which they came."""
        self.settle()
        return [
            row for row in self.orders.values() if row.partner == partner.id and row.state in ("ready", "completed")
        ]

    def add_order(self, order: Order) -> None:
        """Take an order in; its keys leave the stock now, its price the balance when the delivery is made."""
        for line in order.lines:
            product = self.products[str(line.item.id)]
            left = Quantity.of(product.quantity.text - line.text, product.quantity.image - line.image)
            self.put_product(replace(product, quantity=left, last_update_date_time=self.clock.now()))
        self.orders.put(order.id, order)
        self._pending[order.id] = None

    def put_order(self, order: Order) -> None:
        """Change an order."""
        self.orders.put(order.id, order)
        if order.state != "new":
            self._pending.pop(order.id, None)

    def restock(self, lines: Iterable[OrderLine]) -> None:
        """Put the keys of lines that will not be delivered back into the stock."""
        now = self.clock.now()
        for line in lines:
            product = self.products[str(line.item.id)]
            more = Quantity.of(product.quantity.text + line.text, product.quantity.image + line.image)
            changed = replace(product, quantity=more, last_update_date_time=now, last_increased_stock_date_time=now)
            self.put_product(changed)

    def settle(self) -> None:
        """Make the deliveries that are due by now, in the order of their orders."""
        now = self.clock.now()
        for key in [key for key in self._pending if self.orders[key].due <= now]:
            self._deliver(self.orders[key])

    def _deliver(self, order: Order) -> None:
        partner = self.partners[order.partner]
        if order.error is None and order.total > partner.available:
            order = replace(order, error="The available amount limit has been reached for the partner.")
        if order.error is not None:
            self.restock(order.lines)
            self.put_order(replace(order, state="failed"))
            return
        self.charge(partner, order, 1)
        self.put_order(replace(order, state="ready"))

    def charge(self, partner: Partner, order: Order, sign: int) -> None:
        """Take an order's price from the balance (1) or give it back (-1)."""
        amount = order.total * sign
        self.partners.put(partner.id, replace(partner, balance=partner.balance - amount, used=partner.used + amount))

    def download(self, order: Order) -> Order:
        """Note that a ready order's keys were fetched; the first time counts."""
        if order.state != "ready":
            return order
        fetched = replace(order, state="completed", downloaded=self.clock.now())
        self.put_order(fetched)
        return fetched

    def tables(self) -> Mapping[str, Table[Any]]:
        """Give products, partners, orders and the server's settings; deliveries follow from the orders and the clock."""
        self.settle()
        return {
            "products": self.products,
            "partners": self.partners,
            "orders": self.orders,
            "settings": self.settings_table,
        }

    def edit(self, table: str, key: str, changes: Mapping[str, Any]) -> object:
        """Change a row as the supplier's staff would: see `edits`."""
        row = edited(self.tables()[table][key], changes, self.clock.now())
        self.tables()[table].put(key, row)
        self._rows = None
        return row


def open_world(catalogue: Catalogue, session: Session) -> Wock:
    """Begin a session's own world on the shared catalogue."""
    return Wock(catalogue, session.clock, session.ids("wock"))


def _current(catalogue: Catalogue, changed: Mapping[str, Product]) -> Sequence[Product]:
    if not changed:
        return catalogue.product_rows
    rows = list(catalogue.product_rows)
    for key, row in changed.items():
        rows[catalogue.product_places[key]] = row
    return rows
