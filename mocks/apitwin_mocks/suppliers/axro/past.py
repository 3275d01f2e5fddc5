"""What customers ordered before a session begins: made up from the seed, and as whole as if it had been ordered here."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from .entities import Address, Customer, Order, Place, Product, Shipment
from .orders import FREIGHT, HOME, TOLL, CartLine, Quote, lines_of
from .shipments import PROCESSING, shipment_at

__all__ = ["Past", "past_of"]

_ORDERS = 165
_FIRST_ORDER, _FIRST_SHIPMENT, _FIRST_INVOICE = 401_001, 451_001, 501_001
# The last of them lies before everything that was recorded, so that what was recorded stays on the first page.
_LATEST = datetime(2025, 8, 4, 9, 0, tzinfo=UTC)
_SOURCES = ("Webshop", "online", "Offline", "Api")
_LONG_ENOUGH = timedelta(days=30)
_SHARED_EVERY = 12
_FOREIGN_EVERY = 25


@dataclass(frozen=True)
class Past:
    """Orders and their shipments by number, the oldest first."""

    orders: Mapping[str, Order]
    shipments: Mapping[str, Shipment]


def past_of(
    seed: int, customers: Sequence[Customer], addresses: Iterable[Address], products: Iterable[Product]
) -> Past:
    """Make the past: most orders are the first customer's, each delivered in one shipment, a few two in one."""
    listed = list(addresses)
    maker = _Maker(random.Random(f"axro past|{seed}"), [product for product in products if product.tiers])
    orders = [maker.order(index, *_buyer(index, customers, listed)) for index in range(_ORDERS)]
    shipments = list(_shipments(orders))
    return Past({order.number: order for order in orders}, {shipment.number: shipment for shipment in shipments})


def _buyer(index: int, customers: Sequence[Customer], addresses: Sequence[Address]) -> tuple[Customer, list[Address]]:
    customer = customers[-1 if index % _FOREIGN_EVERY == 0 else 0]
    return customer, [row for row in addresses if row.customer == customer.number and row.usable_from]


@dataclass(frozen=True)
class _Maker:
    """Draws orders, always in the same order of draws."""

    draw: random.Random
    products: Sequence[Product]

    def order(self, index: int, customer: Customer, addresses: Sequence[Address]) -> Order:
        """Make one order; the higher the index, the later it was placed."""
        address = self.draw.choice(addresses)
        quote = self._quote(customer, address)
        carrier = "DHL" if address.country == HOME else "UPS"
        tracked = self.draw.randrange(10**8)
        return Order(
            number=str(_FIRST_ORDER + index),
            customer=customer.number,
            placed=_LATEST - timedelta(days=4 * (_ORDERS - index), minutes=self.draw.randrange(600)),
            commission=f"25{self.draw.randrange(10**6):06}",
            origin=self.draw.choice(_SOURCES),
            invoice=str(_FIRST_INVOICE + index),
            carrier=carrier,
            shipping=Place(address.company, address.street, address.zip, address.city),
            billing=Place(quote.billing.company, quote.billing.street, quote.billing.zip, quote.billing.city),
            lines=lines_of(quote),
            shipment=str(_FIRST_SHIPMENT + index),
            parcel=f"003404342222{tracked:08}" if carrier == "DHL" else f"22{tracked:08}",
        )

    def _quote(self, customer: Customer, address: Address) -> Quote:
        chosen = self.draw.sample(self.products, min(self.draw.randrange(1, 4), len(self.products)))
        levied = address.country == HOME
        lines = tuple(self._line(product, levied=levied) for product in chosen)
        return Quote(address, customer.billing, lines, TOLL, 0 if levied else FREIGHT)

    def _line(self, product: Product, *, levied: bool) -> CartLine:
        quantity = self.draw.randrange(1, 31)
        return CartLine(product, quantity, 0, product.price(quantity) or 0, product.uhg if levied else 0)


def _shipments(orders: Sequence[Order]) -> Iterator[Shipment]:
    waiting: Order | None = None
    for index, order in enumerate(orders):
        before = waiting if waiting and _together(waiting, order) else None
        if waiting and not before:
            yield _sent(waiting)
        waiting = order if index % _SHARED_EVERY == 0 and not before else None
        if not waiting:
            yield _both(before, order) if before else _sent(order)
    if waiting:
        yield _sent(waiting)


def _together(one: Order, other: Order) -> bool:
    return (one.customer, one.shipping) == (other.customer, other.shipping)


def _sent(order: Order) -> Shipment:
    processed = order.placed + PROCESSING
    return shipment_at(order, processed, processed + _LONG_ENOUGH)


def _both(one: Order, other: Order) -> Shipment:
    """Send two orders in the later one's parcel; what belongs to one line keeps its own order's number and reference."""
    last, first = _sent(other), _sent(one)
    return replace(last, orders=(one.number, other.number), lines=(*first.lines, *last.lines))
