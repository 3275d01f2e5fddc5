"""Shopping carts of the BookingGate: a person's products from as many DistributionGates as they shop at."""

from dataclasses import dataclass, replace
from decimal import Decimal

from apitwin_mocks.kit.errors import Refusal

from .domain import Gates
from .entities import Account, Cart, CartLine, Offer, Product, Tax
from .errors import Code
from .prices import check_quantity, current_prices
from .principal import Principal

__all__ = ["CURRENCY", "NewLine", "cart_of", "check_prices", "delete_product", "upsert_product"]

CURRENCY = "EUR"
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class NewLine:
    """A product to put into a cart; no cart means a new one, no unit the first, no quantity the smallest."""

    cart: str | None
    product: str
    maker: str
    gate: str
    channel: str
    price: Decimal
    currency: str
    tax: Tax | None
    unit: str | None
    quantity: int | None
    email: str
    client_number: str


def cart_of(world: Gates, principal: Principal, cart_id: str) -> Cart:
    """Give a cart of the person who asks; raises `Refusal` CART_UNKNOWN, also for somebody else's."""
    cart = world.carts.get(cart_id)
    if cart is None or cart.email != world.account_of(principal).email:
        raise Refusal(Code.CART_UNKNOWN, shoppingCartId=cart_id)
    return cart


def upsert_product(world: Gates, principal: Principal, new: NewLine) -> Cart:
    """Put a product into a cart, replacing the line that it has there; raises the `Refusal` of what cannot be bought so."""
    account = _account(world, principal, new)
    cart = _open_cart(world, principal, new.cart) if new.cart else None
    line = _line(world, account, new)
    if cart is None:
        cart = Cart(world.ids.uuid("cart"), account.email, world.clock.now())
    if any(known.offer == line.offer for known in cart.lines):
        lines = tuple(line if known.offer == line.offer else known for known in cart.lines)
    else:
        lines = (*cart.lines, line)
    return _keep(world, replace(cart, lines=lines))


def delete_product(world: Gates, principal: Principal, cart_id: str, product: str) -> Cart:
    """Take a product of the caller's gate out of a cart; raises `Refusal` CART_UNKNOWN, CART_ORDERED or CART_PRODUCT_UNKNOWN."""
    cart = _open_cart(world, principal, cart_id)
    gate = world.account_of(principal).gate
    offer = world.catalogue.offer_of(gate, product)
    lines = tuple(line for line in cart.lines if line.offer != offer)
    if len(lines) == len(cart.lines):
        raise Refusal(Code.CART_PRODUCT_UNKNOWN, shoppingCartId=cart_id, product=product, gate=gate)
    return _keep(world, replace(cart, lines=lines))


def check_prices(world: Gates, cart: Cart) -> None:
    """Raise `Refusal` PRICE_CHANGED for the first line whose price is no longer one of the current ones."""
    for line in cart.lines:
        account = next(
            account
            for account in world.catalogue.accounts.values()
            if (account.gate, account.number) == (line.gate, line.client_number)
        )
        offer = world.offers[line.offer]
        product = world.catalogue.products[line.product]
        _check_price(world, account, offer, _packing(product, line.unit), line)


def _account(world: Gates, principal: Principal, new: NewLine) -> Account:
    gate = world.catalogue.gates.get(new.gate)
    if gate is None:
        raise Refusal(Code.GATE_UNKNOWN, gate=new.gate)
    account = world.account_of(principal)
    if account.gate != gate.code:
        raise Refusal(Code.GATE_FOREIGN, gate=gate.code, own=account.gate)
    if (new.email, new.client_number) != (account.email, account.number):
        raise Refusal(Code.CLIENT_UNKNOWN, email=new.email, clientNumber=new.client_number)
    if new.channel != gate.channel:
        raise Refusal(Code.CHANNEL_UNKNOWN, channel=new.channel, gate=gate.code)
    return account


def _open_cart(world: Gates, principal: Principal, cart_id: str) -> Cart:
    cart = cart_of(world, principal, cart_id)
    if cart.order is not None and world.orders[cart.order].passed_on is not None:
        raise Refusal(Code.CART_ORDERED, shoppingCartId=cart_id)
    return cart


def _line(world: Gates, account: Account, new: NewLine) -> CartLine:
    offer_id = world.catalogue.offer_of(account.gate, new.product)
    offer = world.offers[offer_id] if offer_id is not None else None
    product = world.catalogue.products[offer.product] if offer else None
    if offer is None or product is None or product.maker != new.maker:
        raise Refusal(Code.PRODUCT_UNKNOWN, product=new.product, gate=account.gate)
    place = _packing(product, new.unit or product.packings[0].unit)
    packing = product.packings[place]
    quantity = packing.minimum if new.quantity is None else new.quantity
    check_quantity(new.product, quantity, packing.minimum)
    if new.tax is not None and not 0 <= new.tax.amount <= _WHOLE:
        raise Refusal(Code.TAX_INVALID, product=new.product, amount=new.tax.amount)
    line = CartLine(
        offer=offer.id,
        product=product.key,
        asked_as=new.product,
        maker=product.maker,
        gate=account.gate,
        client_number=account.number,
        unit=packing.unit,
        quantity=quantity,
        price=new.price,
        tax=new.tax,
    )
    _check_price(world, account, offer, place, line, new.currency)
    return line


def _packing(product: Product, unit: str) -> int:
    for place, packing in enumerate(product.packings):
        if packing.unit == unit:
            return place
    raise Refusal(Code.ORDER_UNIT_UNKNOWN, unit=unit, units=", ".join(packing.unit for packing in product.packings))


def _check_price(
    world: Gates, account: Account, offer: Offer, place: int, line: CartLine, currency: str = CURRENCY
) -> None:
    prices = current_prices(world, account, offer, place, line.quantity)
    if currency != CURRENCY or line.price not in prices:
        now, seen = f"{prices[0]} {CURRENCY}", f"{line.price} {currency}"
        raise Refusal(Code.PRICE_CHANGED, product=line.asked_as, now=now, seen=seen)


def _keep(world: Gates, cart: Cart) -> Cart:
    """Store a changed cart; a checkout that had begun has to begin again."""
    world.carts.put(cart.id, cart)
    if cart.order is not None:
        world.orders.put(cart.order, replace(world.orders[cart.order], in_checkout=False))
    return cart
