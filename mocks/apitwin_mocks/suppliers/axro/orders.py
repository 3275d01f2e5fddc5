"""Orders: what a cart costs, what placing it does to stock, and what a customer sees of it later."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from apitwin_mocks.kit.errors import Refusal

from .domain import Axro
from .entities import LAST_QUANTITY, Address, Billing, Line, Order, Place, Product
from .errors import Code

__all__ = [
    "FREIGHT",
    "HOME",
    "TOLL",
    "CartLine",
    "Quote",
    "lines_of",
    "order_of",
    "orders_of",
    "place_order",
    "quote_order",
]

TOLL, FREIGHT = 295, 490
HOME = "DE"
_TOLL_LINE, _FREIGHT_LINE = "FR_AUTO_MD", "FR_AUTO"
_FIRST_ORDER, _FIRST_SHIPMENT, _FIRST_INVOICE = 1_300_001, 1_600_001, 1_900_001
_DIGITS = "0123456789"

# The lists of orders tell totals as GraphQL's Int, which has 32 bits.
_LARGEST_TOTAL = 2**31 - 1


@dataclass(frozen=True, slots=True)
class CartLine:
    """A priced line of a cart; `difference` is what stock cannot cover, money is cents."""

    product: Product
    quantity: int
    difference: int
    unit_price: int
    uhg_unit: int

    @property
    def uhg_total(self) -> int:
        """The copyright levy on the whole line."""
        return self.quantity * self.uhg_unit

    @property
    def sub_total(self) -> int:
        """Goods and levy of the whole line."""
        return self.quantity * self.unit_price + self.uhg_total


@dataclass(frozen=True, slots=True)
class Quote:
    """What an order would cost, in cents."""

    address: Address
    billing: Billing
    lines: tuple[CartLine, ...]
    toll: int
    freight: int

    @property
    def grand_total(self) -> int:
        """All lines with toll and freight."""
        return sum(line.sub_total for line in self.lines) + self.toll + self.freight


def quote_order(world: Axro, customer: str, address_id: str, cart: Sequence[tuple[str, int]]) -> Quote:
    """Price a cart of (product number, quantity); raises `Refusal` for what cannot be ordered."""
    _require_quantities([quantity for _, quantity in cart])
    address = world.addresses.get(address_id)
    if address is None or address.customer != customer:
        raise Refusal(Code.ORDER_ADDRESS_UNKNOWN)
    lines = _priced(world, cart, levied=address.country == HOME)
    freight = 0 if address.country == HOME else FREIGHT
    quote = Quote(address, world.catalogue.customers[customer].billing, lines, TOLL, freight)
    if quote.grand_total > _LARGEST_TOTAL:
        raise Refusal(Code.ORDER_TOTAL_TOO_LARGE, maximum=_LARGEST_TOTAL)
    return quote


def place_order(world: Axro, customer: str, quote: Quote, reference: str | None) -> Order:
    """Take the order and what stock can deliver of it."""
    for line in quote.lines:
        product = world.products[line.product.number]
        left = product.stock - (line.quantity - line.difference)
        world.products.put(product.number, replace(product, stock=left))
    address = quote.address
    carrier = "DHL" if address.country == HOME else "UPS"
    order = Order(
        number=str(world.ids.number("order", _FIRST_ORDER)),
        customer=customer,
        placed=world.clock.now(),
        commission=reference or "",
        origin="Api",
        invoice=str(world.ids.number("invoice", _FIRST_INVOICE)),
        carrier=carrier,
        shipping=Place(address.company, address.street, address.zip, address.city),
        billing=Place(quote.billing.company, quote.billing.street, quote.billing.zip, quote.billing.city),
        lines=lines_of(quote),
        address=address.id,
        shipment=str(world.ids.number("shipment", _FIRST_SHIPMENT)),
        parcel=_parcel_code(world, carrier),
    )
    world.orders.put(order.number, order)
    return order


def orders_of(world: Axro, customer: str) -> list[Order]:
    """Give a customer's orders, the newest first."""
    own = [order for order in world.orders.values() if order.customer == customer]
    own.reverse()
    return sorted(own, key=lambda order: order.placed, reverse=True)


def order_of(world: Axro, customer: str, number: str) -> Order:
    """Give a customer's order; raises `Refusal` for an unknown or a foreign number."""
    order = world.orders.get(number)
    if order is None:
        raise Refusal(Code.ORDER_UNKNOWN, orderNumber=number)
    if order.customer != customer:
        raise Refusal(Code.ORDER_FOREIGN, orderNumber=number)
    return order


def _require_quantities(quantities: Sequence[int]) -> None:
    if not quantities:
        raise Refusal(Code.ORDER_CART_EMPTY)
    for index, quantity in enumerate(quantities):
        if quantity < 1:
            raise Refusal(Code.ORDER_QUANTITY_TOO_SMALL, index=index)
    for index, quantity in enumerate(quantities):
        if quantity > LAST_QUANTITY:
            raise Refusal(Code.ORDER_QUANTITY_TOO_LARGE, index=index)


def _priced(world: Axro, cart: Sequence[tuple[str, int]], *, levied: bool) -> tuple[CartLine, ...]:
    for number, _ in cart:
        if number not in world.products:
            raise Refusal(Code.ORDER_PRODUCT_UNKNOWN, productNumber=number)
    lines, left = [], {number: world.products[number].stock for number, _ in cart}
    for index, (number, quantity) in enumerate(cart):
        product = world.products[number]
        price = product.price(quantity)
        if price is None:
            raise Refusal(Code.ORDER_PRODUCT_PRICELESS, index=index)
        difference = max(quantity - left[number], 0)
        left[number] -= quantity - difference
        lines.append(CartLine(product, quantity, difference, price, product.uhg if levied else 0))
    return tuple(lines)


def lines_of(quote: Quote) -> tuple[Line, ...]:
    """Give the lines that an order keeps of its quote: goods, toll and freight."""
    goods = [
        Line(
            product=line.product.number,
            oem=line.product.oem,
            quantity=line.quantity,
            total=line.sub_total,
            delivered=line.quantity - line.difference,
            unit=line.unit_price + line.uhg_unit,
        )
        for line in quote.lines
    ]
    charges = [(name, amount) for name, amount in ((_TOLL_LINE, quote.toll), (_FREIGHT_LINE, quote.freight)) if amount]
    sent = int(any(line.delivered for line in goods))
    return (*goods, *(Line(name, name, 1, amount, sent, amount) for name, amount in charges))


def _parcel_code(world: Axro, carrier: str) -> str:
    if carrier == "DHL":
        return "003404341111" + world.ids.code("parcel", 8, _DIGITS)
    return world.ids.code("parcel", 10, _DIGITS)
