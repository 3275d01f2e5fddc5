"""The way of an order: made of a cart, checked out, passed on to the distributors, finished by the clock."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from apitwin_mocks.kit.errors import Refusal

from .carts import cart_of, check_prices
from .domain import Gates
from .entities import Cart, CartLine, Order, Receipt
from .errors import Code
from .principal import Principal

__all__ = [
    "FINISHING",
    "NewOrder",
    "begin_checkout",
    "create_orders",
    "finish_orders",
    "orders_of",
    "set_receipt",
    "set_store",
    "status_of",
    "warning_of",
]

FINISHING = timedelta(minutes=1)
"""How long the distributors' ERP systems take to accept an order."""

_FRAME = re.compile(r"([0-9]|1[0-9]|2[0-4])-([0-9]|1[0-9]|2[0-4])")


@dataclass(frozen=True, slots=True)
class NewOrder:
    """A cart to order, for a construction site, and when it is expected if that is known already."""

    cart: str
    site: str
    receipt: Receipt | None


def status_of(world: Gates, order: Order) -> str:
    """Give NEW, IN_CHECKOUT, FINISHING or FINISHED by the session's clock."""
    if order.passed_on is None:
        return "IN_CHECKOUT" if order.in_checkout else "NEW"
    return "FINISHED" if world.clock.now() >= order.passed_on + FINISHING else "FINISHING"


def orders_of(world: Gates, principal: Principal, order_ids: Sequence[str] | None = None) -> list[Order]:
    """Give a person's orders, oldest first; of `order_ids` those that are theirs."""
    email = world.account_of(principal).email
    mine = (order for order in world.orders.values() if order.email == email)
    return [order for order in mine if order_ids is None or order.id in order_ids]


def create_orders(world: Gates, principal: Principal, asked: Sequence[NewOrder]) -> list[Order]:
    """Make an order of each cart, or of none when one of them is refused."""
    carts = [_orderable(world, principal, new) for new in asked]
    for place, cart in enumerate(carts):
        if cart.id in {earlier.id for earlier in carts[:place]}:
            raise Refusal(Code.CART_ORDERED, shoppingCartId=cart.id)
    return [_create(world, cart, new) for cart, new in zip(carts, asked, strict=True)]


def set_receipt(world: Gates, principal: Principal, order_ids: Sequence[str], receipt: Receipt) -> list[Order]:
    """Set when orders are expected; raises `Refusal` ORDER_UNKNOWN, ORDER_CLOSED or RECEIPT_INVALID."""
    orders = _open_orders(world, principal, order_ids)
    _check_receipt(world, receipt)
    return _changed(world, orders, lambda order: replace(order, receipt=receipt))


def set_store(world: Gates, principal: Principal, order_ids: Sequence[str], code: str) -> list[Order]:
    """Set the store that orders are booked on; raises `Refusal` STORE_UNKNOWN when none of an order's gates has it."""
    orders = _open_orders(world, principal, order_ids)
    store = world.catalogue.stores.get(code)
    for order in orders:
        gates = {line.gate for line in world.carts[order.cart].lines}
        if store is None or store.gate not in gates:
            raise Refusal(Code.STORE_UNKNOWN, store=code)
    return _changed(world, orders, lambda order: replace(order, store=code))


def begin_checkout(world: Gates, principal: Principal, order_ids: Sequence[str]) -> list[Order]:
    """Start the checkout; raises `Refusal` CART_EMPTY, RECEIPT_MISSING or PRICE_CHANGED for what is not ready."""
    orders = _open_orders(world, principal, order_ids)
    for order in orders:
        cart = world.carts[order.cart]
        _check_filled(cart)
        if order.receipt is None:
            raise Refusal(Code.RECEIPT_MISSING, orderId=order.id)
        check_prices(world, cart)
    return _changed(world, orders, lambda order: replace(order, in_checkout=True))


def finish_orders(world: Gates, principal: Principal, order_ids: Sequence[str]) -> list[Order]:
    """Pass orders on, and take what is there from the stores' stock; raises `Refusal` ORDER_NOT_IN_CHECKOUT."""
    orders = _open_orders(world, principal, order_ids)
    for order in orders:
        if not order.in_checkout:
            raise Refusal(Code.ORDER_NOT_IN_CHECKOUT, orderId=order.id, status=status_of(world, order))
    return _changed(world, orders, lambda order: _passed_on(world, order))


def warning_of(world: Gates, order: Order) -> str | None:
    """Say what the stores are short of now, or what they were short of when the order was passed on."""
    if order.passed_on is not None:
        return order.warning
    return "; ".join(_shortages(world, order)) or None


def _orderable(world: Gates, principal: Principal, new: NewOrder) -> Cart:
    cart = cart_of(world, principal, new.cart)
    if cart.order is not None:
        raise Refusal(Code.CART_ORDERED, shoppingCartId=cart.id)
    _check_filled(cart)
    account = world.account_of(principal)
    if account.site(new.site) is None:
        raise Refusal(Code.SITE_UNKNOWN, site=new.site, clientNumber=account.number)
    if new.receipt is not None:
        _check_receipt(world, new.receipt)
    return cart


def _check_filled(cart: Cart) -> None:
    if not cart.lines:
        raise Refusal(Code.CART_EMPTY, shoppingCartId=cart.id)


def _check_receipt(world: Gates, receipt: Receipt) -> None:
    frame = _FRAME.fullmatch(receipt.frame)
    if frame is None or int(frame[1]) >= int(frame[2]):
        raise Refusal(Code.RECEIPT_INVALID, detail=f"the timeFrame {receipt.frame!r} is not like 0-24")
    if receipt.end < receipt.start:
        raise Refusal(Code.RECEIPT_INVALID, detail="it ends before it begins")
    if receipt.end.date() < world.clock.now().date():
        raise Refusal(Code.RECEIPT_INVALID, detail="it is over")


def _create(world: Gates, cart: Cart, new: NewOrder) -> Order:
    order = Order(world.ids.uuid("order"), cart.id, cart.email, world.clock.now(), new.site, new.receipt)
    world.orders.put(order.id, order)
    world.carts.put(cart.id, replace(cart, order=order.id))
    return order


def _open_orders(world: Gates, principal: Principal, order_ids: Sequence[str]) -> list[Order]:
    known = {order.id: order for order in orders_of(world, principal)}
    orders = []
    for order_id in dict.fromkeys(order_ids):
        if order_id not in known:
            raise Refusal(Code.ORDER_UNKNOWN, orderId=order_id)
        if known[order_id].passed_on is not None:
            raise Refusal(Code.ORDER_CLOSED, orderId=order_id, status=status_of(world, known[order_id]))
        orders.append(known[order_id])
    return orders


def _changed(world: Gates, orders: Sequence[Order], change: Callable[[Order], Order]) -> list[Order]:
    changed = []
    for order in orders:
        row = change(order)
        world.orders.put(order.id, row)
        changed.append(row)
    return changed


def _passed_on(world: Gates, order: Order) -> Order:
    warning = warning_of(world, order)
    for line in world.carts[order.cart].lines:
        _take(world, line, _store_of(world, order, line))
    return replace(order, passed_on=world.clock.now(), warning=warning)


def _store_of(world: Gates, order: Order, line: CartLine) -> str:
    chosen = world.catalogue.stores.get(order.store or "")
    return chosen.code if chosen and chosen.gate == line.gate else world.catalogue.gates[line.gate].default_store


def _content(world: Gates, line: CartLine) -> int:
    packings = world.catalogue.products[line.product].packings
    return next(packing.content for packing in packings if packing.unit == line.unit)


def _shortages(world: Gates, order: Order) -> Iterable[str]:
    for line in world.carts[order.cart].lines:
        store = _store_of(world, order, line)
        there = world.offers[line.offer].stock_at(store) // _content(world, line)
        if there < line.quantity:
            yield f"{line.asked_as}: {there} of {line.quantity} {line.unit} available at {store}"


def _take(world: Gates, line: CartLine, store: str) -> None:
    offer = world.offers[line.offer]
    wanted = line.quantity * _content(world, line)
    stock = tuple((code, max(0, amount - wanted) if code == store else amount) for code, amount in offer.stock)
    world.offers.put(offer.id, replace(offer, stock=stock))
