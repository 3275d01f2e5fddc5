"""The platform in one session: its products, accounts and orders, and what time does to an order's lines."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from heapq import heappop, heappush
from typing import Any

from apitwin_mocks.kit.auth import TokenBook
from apitwin_mocks.kit.errors import Refusal
from apitwin_mocks.kit.session import Session
from apitwin_mocks.kit.store import Table
from apitwin_mocks.supplier import World

from .edits import edited_customer, edited_product, edited_status
from .entities import Basket, Catalogue, Customer, Line, Order, Product, Status
from .errors import Code
from .life import next_change
from .money import money
from .ordering import RejectedError, line_problems
from .webhooks import order_delivery, product_update

__all__ = ["Cancelled", "Platform", "Wanted"]

_FIRST_ORDER, _FIRST_LINE = 9876, 55501
_CODE_GROUPS, _CODE_ALPHABET = 4, "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_E_PIN = 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which products are asked for; None and 0 ask for all."""

    category: int | None = None
    product: int | None = None
    type: int | None = None
    search: str | None = None

    def keeps(self, product: Product) -> bool:
        """Tell whether a product satisfies all that is asked."""
        return (
            (not self.category or self.category == product.category)
            and (not self.product or self.product == product.id)
            and (not self.type or self.type == product.type)
            and (not self.search or self.search.casefold() in product.name.casefold())
        )


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A line after a cancellation, with how many that cancelled and what it gave back."""

    line: Line
    quantity: int
    refund: Decimal


class Platform(World):
    """State and rules; amounts are exact, and what an order takes from balance and stock a cancellation gives back."""

    def __init__(self, catalogue: Catalogue, session: Session) -> None:
        self.catalogue = catalogue
        self.products: Table[Product] = Table(catalogue.products)
        self.customers: Table[Customer] = Table(catalogue.customers)
        self.orders: Table[Order] = Table()
        self.lines: Table[Line] = Table()
        self.tokens: TokenBook[int] = TokenBook(session.clock)
        self.ids = session.ids("reseller")
        self._clock, self._outbox = session.clock, session.outbox
        self._order_of: dict[tuple[int, str], int] = {}
        self._changes: list[tuple[datetime, int]] = []

    def tables(self) -> Mapping[str, Table[Any]]:
        return {"products": self.products, "customers": self.customers, "orders": self.orders, "lines": self.lines}

    # What can be sold

    def find_products(self, wanted: Wanted) -> list[Product]:
        """Give the products that are wanted, in the order of their numbers in the shop."""
        return [product for product in self.products.values() if wanted.keeps(product)]

    def product(self, number: int) -> Product:
        """Give a product by its number on the platform."""
        key = self.catalogue.store_keys.get(number)
        if key is None:
            raise Refusal(Code.PRODUCT_NOT_FOUND, productID=number)
        return self.products[key]

    def _put_product(self, product: Product, at: datetime) -> None:
        before = self.products[str(product.store_id)]
        self.products.put(str(product.store_id), product)
        if (before.price, before.stock, before.active) == (product.price, product.stock, product.active):
            return
        for customer in self.customers.values():
            url = customer.product_callback_url
            if url is not None:
                key = self.catalogue.api_keys[customer.id]
                self._outbox.queue(product_update(product, at, customer, url, key), at)

    def _move_stock(self, store_id: int, by: int, at: datetime) -> None:
        product = self.products[str(store_id)]
        self._put_product(replace(product, stock=product.stock + by), at)

    def _pay(self, customer: int, amount: Decimal) -> None:
        account = self.customers[str(customer)]
        self.customers.put(str(customer), replace(account, balance=account.balance - amount))

    # Orders

    def create(self, customer: int, basket: Basket, region: str) -> Order:
        """Order all lines or none; a basket that was ordered before gives its order. Raises `RejectedError` for lines that cannot be."""
        known = self._known_order(customer, basket)
        if known is not None:
            return known
        account = self.customers[str(customer)]
        problems = list(line_problems(self.products, account, basket, region))
        if problems:
            raise RejectedError(problems)
        prices = [self.products[str(line.product)].price for line in basket.lines]
        total = sum((price * line.quantity for price, line in zip(prices, basket.lines, strict=True)), Decimal(0))
        if basket.billing_address not in (None, *account.billing_addresses):
            raise Refusal(Code.BILLING_ADDRESS, billingAddressID=basket.billing_address)
        if total > account.available:
            raise Refusal(Code.BALANCE_INSUFFICIENT, required=money(total), available=money(account.available))
        return self._place(account, basket, total)

    def _known_order(self, customer: int, basket: Basket) -> Order | None:
        found = {
            name: self._order_of[customer, name] for name in basket.deliver_ids if (customer, name) in self._order_of
        }
        for name, number in found.items():
            order = self.orders[str(number)]
            if order.basket != basket:
                raise Refusal(Code.DELIVER_ID_REUSED, deliverID=name, orderID=number)
            return order
        return None

    def _place(self, account: Customer, basket: Basket, total: Decimal) -> Order:
        now = self._clock.now()
        number = self.ids.number("order", _FIRST_ORDER)
        lines = []
        for asked in basket.lines:
            product = self.products[str(asked.product)]
            line = Line(
                id=self.ids.number("line", _FIRST_LINE),
                order=number,
                customer=account.id,
                deliver_id=asked.deliver_id,
                product=product.store_id,
                name=product.name,
                quantity=asked.quantity,
                price=product.price,
                supply=product.supply,
                created_at=now,
                updated_at=now,
            )
            lines.append(line.id)
            self.lines.put(str(line.id), line)
            self._schedule(line)
            self._move_stock(product.store_id, -asked.quantity, now)
        order = Order(number, account.id, now, basket, tuple(lines))
        self.orders.put(str(number), order)
        self._order_of.update({(account.id, name): number for name in basket.deliver_ids})
        self._pay(account.id, total)
        return order

    def orders_of(self, customer: int) -> list[Order]:
        """Give an account's orders, the latest first."""
        return [order for order in reversed(tuple(self.orders.values())) if order.customer == customer]

    def order(self, customer: int, number: int) -> Order:
        """Give an account's order."""
        order = self.orders.get(str(number))
        if order is None or order.customer != customer:
            raise Refusal(Code.ORDER_NOT_FOUND, orderID=number)
        return order

    def line(self, customer: int, number: int) -> Line:
        """Give a line of one of an account's orders."""
        line = self.lines.get(str(number))
        if line is None or line.customer != customer:
            raise Refusal(Code.LINE_NOT_FOUND, orderDetailID=number)
        return line

    def lines_of(self, order: Order) -> list[Line]:
        """Give an order's lines."""
        return [self.lines[str(number)] for number in order.lines]

    # Cancelling

    def cancel_line(self, customer: int, number: int, quantity: int | None) -> Cancelled:
        """Cancel so many of a line, all that remain for None."""
        line = self.line(customer, number)
        _refuse_closed(line)
        asked = line.remaining if quantity is None else quantity
        if asked > line.remaining:
            raise Refusal(Code.CANCEL_QUANTITY, requested=asked, remaining=line.remaining)
        return self._cancel(line, asked, self._clock.now())

    def cancel_order(self, customer: int, number: int) -> list[Cancelled]:
        """Cancel all that is open of an order."""
        lines = self.lines_of(self.order(customer, number))
        _refuse_settled(number, {line.status for line in lines})
        processing = next((line for line in lines if line.status == Status.PROCESSING), None)
        if processing is not None:
            raise Refusal(Code.LINE_PROCESSING, orderDetailID=processing.id)
        now = self._clock.now()
        return [self._cancel(line, line.remaining, now) for line in lines if line.is_open]

    def _cancel(self, line: Line, quantity: int, at: datetime) -> Cancelled:
        refund = line.price * quantity
        left = replace(line, cancelled=line.cancelled + quantity, updated_at=at)
        if left.remaining:
            self.lines.put(str(line.id), left)
        else:
            left = self._enter(left, Status.CANCELLED, at)
        self._pay(line.customer, -refund)
        self._move_stock(line.product, quantity, at)
        return Cancelled(left, quantity, refund)

    # What time does

    def tick(self) -> None:
        now = self._clock.now()
        while self._changes and self._changes[0][0] <= now:
            at, number = heappop(self._changes)
            line = self.lines[str(number)]
            change = next_change(line)
            # A line that was cancelled or moved by hand has left the path that time had planned for it.
            if change is not None and change.at == at:
                self._change(replace(line, step=line.step + 1), change.status, at)

    def _change(self, line: Line, status: Status, at: datetime) -> None:
        if status == Status.CANCELLED:
            self._cancel(line, line.remaining, at)
            return
        self._schedule(self._enter(line, status, at))

    def _schedule(self, line: Line) -> None:
        change = next_change(line)
        if change is not None:
            heappush(self._changes, (change.at, line.id))

    def _enter(self, line: Line, status: Status, at: datetime) -> Line:
        entered = replace(line, status=status, updated_at=at)
        if status == Status.DELIVERED:
            entered = self._delivered(entered)
        self.lines.put(str(line.id), entered)
        self._tell(entered, at)
        return entered

    def _delivered(self, line: Line) -> Line:
        if self.products[str(line.product)].type != _E_PIN:
            return replace(line, note=f"{line.remaining} x {line.name} delivered.")
        return replace(line, codes=tuple(self._code() for _ in range(line.remaining)))

    def _code(self) -> str:
        return "-".join(self.ids.code("code", 4, _CODE_ALPHABET) for _ in range(_CODE_GROUPS))

    def _tell(self, line: Line, at: datetime) -> None:
        account = self.customers[str(line.customer)]
        url = self.orders[str(line.order)].basket.notify_url or account.order_callback_url
        if url is not None:
            self._outbox.queue(order_delivery(line, url, self.catalogue.api_keys[account.id]), at)

    # What the platform's own staff does

    def edit(self, table: str, key: str, changes: Mapping[str, Any]) -> object:
        now = self._clock.now()
        self.tick()
        if table == "products":
            self._put_product(edited_product(self.products[key], changes), now)
        elif table == "customers":
            self.customers.put(key, edited_customer(self.customers[key], changes))
        else:
            line = self.lines[key] if table == "lines" else None
            self._change(*edited_status(table, line, changes), now)
        return self.tables()[table][key]


def _refuse_closed(line: Line) -> None:
    codes: Mapping[Status | None, Code] = {
        Status.DELIVERED: Code.LINE_DELIVERED,
        Status.CANCELLED: Code.LINE_CANCELLED,
        Status.PROCESSING: Code.LINE_PROCESSING,
    }
    code = codes.get(line.status)
    if code is not None:
        raise Refusal(code, orderDetailID=line.id)


def _refuse_settled(number: int, states: Iterable[Status | None]) -> None:
    found = set(states)
    if found == {Status.DELIVERED}:
        raise Refusal(Code.ORDER_DELIVERED, orderID=number)
    if found == {Status.CANCELLED}:
        raise Refusal(Code.ORDER_CANCELLED, orderID=number)
    if found == {Status.DELIVERED, Status.CANCELLED}:
        raise Refusal(Code.NOTHING_TO_DELIVER, orderID=number)
