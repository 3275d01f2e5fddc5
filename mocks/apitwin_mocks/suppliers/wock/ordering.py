"""createOrder and deleteOrder: the ten refusals in their order of precedence, and what an accepted order changes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from apitwin_mocks.kit.errors import Refusal

from .domain import DELIVERY_TIME, Wock
from .entities import KEY_TYPES, BundleItem, Order, OrderedItem, OrderLine, Partner, Product
from .errors import Code

__all__ = ["HARD_LIMIT", "AskedLine", "create_order", "delete_order", "ordered_item"]

HARD_LIMIT = 500
"""The most keys of one product in one order."""


@dataclass(frozen=True, slots=True)
class AskedLine:
    """One line of the input."""

    product: int
    quantity: int
    unit_price: Decimal
    key_type: int | None = None
    partner_product_id: str | None = None


_Lines = Sequence[AskedLine]
_Products = Mapping[int, Product]


def create_order(world: Wock, partner: Partner, asked: _Lines) -> Order:
    """Take an order in; raises the `Refusal` that comes first in the catalogue's precedence."""
    world.settle()
    partner = world.partners[partner.id]
    products = {line.product: row for line in asked if (row := world.products.get(str(line.product))) is not None}
    for code, applies in _CHECKS:
        if applies(partner, asked, products):
            raise Refusal(code)
    now = world.clock.now()
    number = world.ids.number("order", 200)
    order = Order(
        id=world.ids.uuid("order"),
        partner=partner.id,
        identifier=f"SO-{number:06}",
        delivery_identifier=f"OD-{number:06}",
        created_at=now.replace(microsecond=now.microsecond // 1000 * 1000),
        due=now + DELIVERY_TIME,
        lines=tuple(_line(world, line, products[line.product]) for line in asked),
    )
    world.add_order(order)
    return order


def delete_order(world: Wock, partner: Partner, key: str) -> bool:
    """Delete a new or ready order, its keys and its price going back; tell whether there was one that could be deleted."""
    world.settle()
    order = world.orders.get(key)
    if order is None or order.partner != partner.id or order.state not in ("new", "ready"):
        return False
    if order.state == "ready":
        world.charge(world.partners[partner.id], order, -1)
    world.restock(order.lines)
    world.put_order(replace(order, state="deleted"))
    return True


def ordered_item(
    product: Product | BundleItem, inside: Mapping[str, Product], line: AskedLine | None = None
) -> OrderedItem:
    """Note a product as it is when it is ordered; what a bundle holds has neither quantity nor price of its own."""
    whole = inside.get(str(product.id))
    items = whole.bundle_items if whole else ()
    return OrderedItem(
        id=product.id,
        name=product.name,
        platform=product.platform,
        region=product.region,
        language=product.language,
        is_bundle=bool(items),
        is_sub_bundle=isinstance(product, BundleItem) and product.is_sub_bundle,
        quantity=line.quantity if line else None,
        price=line.unit_price if line else None,
        children=tuple(ordered_item(item, inside) for item in items),
    )


def _line(world: Wock, line: AskedLine, product: Product) -> OrderLine:
    left = product.quantity.without(line.key_type, line.quantity)
    price = product.price_for(line.quantity)
    return OrderLine(
        item=ordered_item(product, world.products, replace(line, unit_price=price)),
        quantity=line.quantity,
        price=price,
        key_type=line.key_type,
        text=product.quantity.text - left.text,
        image=product.quantity.image - left.image,
        partner_product_id=line.partner_product_id,
    )


def _wrong(_partner: Partner, lines: _Lines, _products: _Products) -> bool:
    return not lines or any(line.quantity < 1 or line.unit_price < 0 for line in lines)


def _repeated(_partner: Partner, lines: _Lines, _products: _Products) -> bool:
    return len({line.product for line in lines}) < len(lines)


def _unknown(_partner: Partner, lines: _Lines, products: _Products) -> bool:
    return any(line.product not in products or products[line.product].is_disabled for line in lines)


def _key_type(_partner: Partner, lines: _Lines, _products: _Products) -> bool:
    return any(line.key_type is not None and line.key_type not in KEY_TYPES for line in lines)


def _too_many(partner: Partner, lines: _Lines, _products: _Products) -> bool:
    return any(line.quantity > min(HARD_LIMIT, partner.stock_limit) for line in lines)


def _price(_partner: Partner, lines: _Lines, products: _Products) -> bool:
    return any(line.unit_price != products[line.product].price_for(line.quantity) for line in lines)


def _stock(_partner: Partner, lines: _Lines, products: _Products) -> bool:
    return any(line.quantity > products[line.product].quantity.has(line.key_type) for line in lines)


def _balance(partner: Partner, lines: _Lines, _products: _Products) -> bool:
    return sum((line.unit_price * line.quantity for line in lines), Decimal(0)) > partner.available


_CHECKS: tuple[tuple[Code, Callable[[Partner, _Lines, _Products], bool]], ...] = (
    (Code.PARTNER_ERR, lambda partner, _lines, _products: not partner.complete),
    (Code.ORDER_ERR, _wrong),
    (Code.PRODUCT_UNIQUE_ERR, _repeated),
    (Code.PRODUCT_NOT_FOUND, _unknown),
    (Code.ORDER_KEY_TYPE_ERR, _key_type),
    (Code.PRODUCT_QTY_ERR, _too_many),
    (Code.PRODUCT_PRICE_MISMATCH, _price),
    (Code.PRODUCT_STOCK_MISMATCH, _stock),
    (Code.PARTNER_BALANCE_ERR, _balance),
)
