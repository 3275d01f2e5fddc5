"""World of CD Keys' state drifts: stock, balance, orders, deliveries, keys, archives, times."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from apitwin_contracts.mutants.mutant import Mutant, Stage
from apitwin_contracts.mutants.suppliers.wock.tools import checks, making, rule, world
from apitwin_mocks.suppliers.wock import api, domain
from apitwin_mocks.suppliers.wock.entities import Order, Product, Quantity

__all__ = ["MUTANTS"]

_make = making("state")

_STOCK = "state.conservation"

_SAME = "walk.state equations.state"

_WRITES = "createOrder deleteOrder products product orders partner delivery"


def _lines(change: Any) -> Stage:
    """Give a stage on which an order takes other lines from the stock than it notes."""

    def add(original: Any, self: Any, order: Order) -> None:
        original(self, replace(order, lines=tuple(change(line) for line in order.lines)))
        self.orders.put(order.id, order)

    return world("add_order", add)


def _text_first(line: Any) -> Any:
    return replace(line, text=line.quantity, image=0)


def _untouched(original: Any, self: Any, order: Order) -> None:
    products = {line.product_id: self.products[str(line.product_id)] for line in order.lines}
    original(self, order)
    for row in products.values():
        self.put_product(row)


def _same_time(original: Any, self: Any, order: Order) -> None:
    times = {line.product_id: self.products[str(line.product_id)].last_update_date_time for line in order.lines}
    original(self, order)
    for key, time in times.items():
        self.put_product(replace(self.products[str(key)], last_update_date_time=time))


def _increased(original: Any, self: Any, order: Order) -> None:
    original(self, order)
    for line in order.lines:
        self.put_product(replace(self.products[str(line.product_id)], last_increased_stock_date_time=self.clock.now()))


def _unincreased(original: Any, self: Any, lines: Any) -> None:
    times = {line.product_id: self.products[str(line.product_id)].last_increased_stock_date_time for line in lines}
    original(self, lines)
    for key, time in times.items():
        self.put_product(replace(self.products[str(key)], last_increased_stock_date_time=time))


def _stale(original: Any) -> Any:
    """Answer `product` as it was in the beginning."""
    return lambda info: _Stale(original(info)) if info.field_name == "product" else original(info)


class _Stale:
    def __init__(self, world: Any) -> None:
        self.products = world.catalogue.products


def _lower(self: Any, order: Order) -> None:
    for line in order.lines:
        product: Product = self.products[str(line.product_id)]
        left = Quantity.of(product.quantity.text - line.text, product.quantity.image - line.image)
        self.put_product(replace(product, quantity=left))


def _lowering(original: Any) -> Any:
    def charge(self: Any, partner: Any, order: Order, sign: int) -> None:
        original(self, partner, order, sign)
        if sign > 0:
            _lower(self, order)

    return charge


_STOCKS = (
    _make(
        "stock-not-lowered", "breaking", _WRITES, "quantity", _STOCK, world("add_order", _untouched), of="state_stock"
    ),
    _make(
        "stock-lowered-twice",
        "breaking",
        _WRITES,
        "quantity",
        _STOCK,
        _lines(lambda line: replace(line, text=2 * line.text, image=2 * line.image)),
    ),
    _make(
        "stock-lowered-by-one",
        "breaking",
        _WRITES,
        "quantity",
        _STOCK,
        _lines(lambda line: replace(line, text=min(1, line.text), image=min(1, line.image))),
    ),
    _make(
        "stock-of-first-line-only",
        "breaking",
        _WRITES,
        "quantity",
        _STOCK,
        world(
            "add_order",
            lambda original, self, order: (
                original(self, replace(order, lines=order.lines[:1])),
                self.orders.put(order.id, order),
            ),
        ),
    ),
    _make(
        "stock-of-wrong-type",
        "breaking",
        _WRITES,
        "quantity",
        "state.conservation equations.state",
        _lines(_text_first),
    ),
    _make(
        "stock-not-restored",
        "breaking",
        _WRITES,
        "quantity",
        "equations.state life.orders",
        world("restock", lambda _original, _self, _lines: None),
    ),
    _make(
        "stock-restored-twice",
        "breaking",
        _WRITES,
        "quantity",
        "equations.state life.orders",
        world("restock", lambda original, self, lines: original(self, [*lines, *lines])),
    ),
    _make(
        "stock-restored-as-text",
        "breaking",
        _WRITES,
        "quantity",
        "equations.state",
        world("restock", lambda original, self, lines: original(self, [_text_first(line) for line in lines])),
    ),
    _make(
        "stock-stale-in-detail",
        "breaking",
        _WRITES,
        "",
        "equations.state state.conservation",
        rule((api, "_world", _stale)),
    ),
    _make(
        "stock-lowered-at-delivery",
        "breaking",
        _WRITES,
        "quantity",
        _STOCK,
        rule(
            (
                domain.Wock,
                "add_order",
                lambda _original: (
                    lambda self, order: (self.orders.put(order.id, order), self._pending.update({order.id: None}))
                ),
            ),
            (domain.Wock, "charge", _lowering),
        ),
    ),
    _make("update-time-stands", "breaking", _WRITES, "lastUpdateDateTime", _SAME, world("add_order", _same_time)),
    _make(
        "increase-time-moves-down",
        "dangerous",
        _WRITES,
        "lastIncreasedStockDateTime",
        _SAME,
        world("add_order", _increased),
    ),
    _make(
        "increase-time-stands",
        "dangerous",
        _WRITES,
        "lastIncreasedStockDateTime",
        _SAME,
        world("restock", _unincreased),
    ),
)


def _charged(change: Any) -> Stage:
    """Give a stage on which a delivery charges another amount: `change` gets the order and the sign."""

    def charge(_original: Any, self: Any, partner: Any, order: Order, sign: int) -> None:
        amount, used = change(order, sign)
        partner = self.partners[partner.id]
        self.partners.put(partner.id, replace(partner, balance=partner.balance - amount, used=partner.used + used))

    return world("charge", charge)


def _both(amount: Any) -> Any:
    return lambda order, sign: (amount(order, sign), amount(order, sign))


def _at_once(original: Any, self: Any, order: Order) -> None:
    original(self, order)
    partner = self.partners[order.partner]
    self.partners.put(
        partner.id, replace(partner, balance=partner.balance - order.total, used=partner.used + order.total)
    )


def _base_price(order: Order, sign: int) -> Decimal:
    return sum((line.price for line in order.lines), Decimal(0)) * sign


_MONEY = (
    _make(
        "balance-not-charged",
        "breaking",
        "partner createOrder deleteOrder",
        "",
        "equations.state life.orders",
        _charged(_both(lambda _order, _sign: Decimal(0))),
        of="state_balance",
    ),
    _make(
        "balance-charged-at-once",
        "breaking",
        "partner createOrder deleteOrder",
        "",
        "equations.state life.orders",
        rule(
            (domain.Wock, "add_order", lambda original: lambda self, order: _at_once(original, self, order)),
            (
                domain.Wock,
                "charge",
                lambda original: (
                    lambda self, partner, order, sign: original(self, partner, order, sign) if sign < 0 else None
                ),
            ),
        ),
    ),
    _make(
        "balance-charged-twice",
        "breaking",
        "partner createOrder deleteOrder",
        "",
        "equations.state life.orders",
        world("add_order", _at_once),
    ),
    _make(
        "balance-charged-per-line",
        "breaking",
        "partner createOrder deleteOrder",
        "",
        "equations.state life.orders",
        _charged(_both(_base_price)),
    ),
    _make(
        "balance-rounded",
        "breaking",
        "partner createOrder deleteOrder",
        "",
        "equations.state life.orders",
        _charged(_both(lambda order, sign: round(order.total) * sign)),
    ),
    _make(
        "balance-with-tax",
        "breaking",
        "partner createOrder deleteOrder",
        "",
        "equations.state life.orders",
        _charged(_both(lambda order, sign: round(order.total * Decimal("1.19"), 2) * sign)),
    ),
    _make(
        "used-stands",
        "breaking",
        "partner createOrder",
        "used",
        "equations.state",
        _charged(lambda order, sign: (order.total * sign, Decimal(0))),
    ),
    _make(
        "used-falls",
        "breaking",
        "partner createOrder",
        "used",
        "equations.state",
        _charged(lambda order, sign: (order.total * sign, -order.total * sign)),
    ),
    _make(
        "balance-not-refunded",
        "breaking",
        "partner createOrder deleteOrder",
        "",
        "life.orders equations.state",
        _charged(_both(lambda order, sign: order.total if sign > 0 else Decimal(0))),
    ),
    _make(
        "used-not-refunded",
        "dangerous",
        "partner createOrder deleteOrder",
        "used",
        "equations.state life.orders",
        _charged(lambda order, sign: (order.total * sign, order.total if sign > 0 else Decimal(0))),
    ),
    _make(
        "new-orders-refunded",
        "breaking",
        "partner createOrder deleteOrder",
        "",
        "life.orders equations.state",
        rule(
            (api, "delete_order", lambda original: lambda state, partner, key: _generous(original, state, partner, key))
        ),
    ),
    _make(
        "price-not-compared",
        "breaking",
        "createOrder",
        "PRODUCT_PRICE_MISMATCH",
        "error.provoked state.no-effect",
        checks(PRODUCT_PRICE_MISMATCH=None),
        of="state_price_mismatch",
        also=("error",),
    ),
    _make(
        "price-compared-roughly",
        "breaking",
        "createOrder",
        "",
        "error.named",
        checks(
            PRODUCT_PRICE_MISMATCH=lambda _partner, lines, products: any(
                abs(line.unit_price - products[line.product].price_for(line.quantity)) > Decimal("0.05")
                for line in lines
            )
        ),
        also=("error",),
    ),
    _make(
        "higher-price-accepted",
        "breaking",
        "createOrder",
        "",
        "error.named",
        checks(
            PRODUCT_PRICE_MISMATCH=lambda _partner, lines, products: any(
                line.unit_price < products[line.product].price_for(line.quantity) for line in lines
            )
        ),
        also=("error",),
    ),
    _make(
        "tier-not-compared",
        "breaking",
        "createOrder",
        "",
        "error.named limits.bound",
        checks(
            PRODUCT_PRICE_MISMATCH=lambda _partner, lines, products: any(
                line.unit_price not in [tier.price for tier in products[line.product].bulk_prices] for line in lines
            )
        ),
        also=("error", "limits"),
    ),
    _make(
        "tier-begins-later",
        "breaking",
        "createOrder",
        "",
        "error.named equations.state limits.bound",
        rule((Product, "price_for", lambda original: lambda self, quantity: original(self, quantity - 1 or 1))),
        also=("error", "limits"),
    ),
    _make(
        "second-price-not-compared",
        "breaking",
        "createOrder",
        "",
        "error.named",
        checks(
            PRODUCT_PRICE_MISMATCH=lambda _partner, lines, products: any(
                line.unit_price != products[line.product].price_for(line.quantity) for line in lines[:1]
            )
        ),
        also=("error",),
    ),
)


def _generous(original: Any, state: Any, partner: Any, key: str) -> bool:
    order = state.orders.get(key)
    done = bool(original(state, partner, key))
    if done and order.state == "new":
        state.charge(state.partners[partner.id], order, -1)
    return done


MUTANTS: tuple[Mutant, ...] = (*_STOCKS, *_MONEY)
