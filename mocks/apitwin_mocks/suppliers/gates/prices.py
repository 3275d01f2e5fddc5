"""What a product costs: list price less the discounts of the account, the quantity, the construction site and picking it up."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from apitwin_mocks.kit.errors import Refusal

from .domain import CENT, Gates
from .entities import Account, Gate, Offer
from .errors import Code

__all__ = ["MOST", "Calculation", "calculation_of", "check_quantity", "current_prices", "net_price"]

MOST = 100_000
"""The largest quantity that is priced or ordered."""

_WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Calculation:
    """For whom, where and how delivered a price is calculated; discounts in per cent."""

    gate: Gate
    discount: int

    def at(self, listed: Decimal, quantity: int) -> Decimal:
        """Give the net price of one order unit, rounded to the cent."""
        bulk = max((percent for least, percent in self.gate.quantity_discounts if quantity >= least), default=0)
        return (listed * (_WHOLE - self.discount - bulk) / _WHOLE).quantize(CENT, ROUND_HALF_UP)


def calculation_of(
    world: Gates, account: Account, delivery_type: str | None = None, project: str | None = None
) -> Calculation:
    """Make the calculation for an account; raises `Refusal` DELIVERY_TYPE_UNKNOWN or PROJECT_UNKNOWN."""
    gate = world.catalogue.gates[account.gate]
    kinds = dict(gate.order_types)
    if delivery_type is not None and delivery_type not in kinds:
        raise Refusal(Code.DELIVERY_TYPE_UNKNOWN, deliveryType=delivery_type, gate=gate.code)
    site = account.site(project) if project is not None else None
    if project is not None and site is None:
        raise Refusal(Code.PROJECT_UNKNOWN, project=project, clientNumber=account.number)
    pickup = gate.pickup_discount if delivery_type is not None and kinds[delivery_type] == "PICKUP" else 0
    return Calculation(gate, account.discount + pickup + (site.discount if site else 0))


def check_quantity(product: str, quantity: int, minimum: int) -> None:
    """Raise `Refusal` QUANTITY_TOO_SMALL or QUANTITY_TOO_LARGE for what is not sold."""
    if quantity < minimum:
        raise Refusal(Code.QUANTITY_TOO_SMALL, product=product, quantity=quantity, minimum=minimum)
    if quantity > MOST:
        raise Refusal(Code.QUANTITY_TOO_LARGE, product=product, quantity=quantity, maximum=MOST)


def net_price(world: Gates, calculation: Calculation, product_id: str, quantity: int) -> Decimal:
    """Give the price of one of the first order unit; raises `Refusal` PRODUCT_UNKNOWN or one about the quantity."""
    offer = world.offers.get(product_id)
    if offer is None or offer.gate != calculation.gate.code:
        raise Refusal(Code.PRODUCT_UNKNOWN, product=product_id, gate=calculation.gate.code)
    packing = world.catalogue.products[offer.product].packings[0]
    check_quantity(product_id, quantity, packing.minimum)
    return calculation.at(offer.prices[0], quantity)


def current_prices(world: Gates, account: Account, offer: Offer, packing: int, quantity: int) -> list[Decimal]:
    """Give every price that the account may have been shown, the one without delivery type and project first."""
    listed = offer.prices[packing]
    return list(dict.fromkeys(calculation.at(listed, quantity) for calculation in _calculations(world, account)))


def _calculations(world: Gates, account: Account) -> Iterator[Calculation]:
    gate = world.catalogue.gates[account.gate]
    for project in (None, *(site.code for site in account.sites)):
        for kind in (None, *dict(gate.order_types)):
            yield calculation_of(world, account, kind, project)
