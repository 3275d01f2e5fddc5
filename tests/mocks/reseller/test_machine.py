"""The platform beside a model of it: whatever a shop does, balance, stock, orders and webhooks add up."""

import itertools
import json
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from tests.mocks.reseller.client import Client, Told, fresh_server, line

URL = "http://127.0.0.1:9/hook"
PATHS = {10: [2, 1], 9: [2, 3, 2, 1], 8: [2, 0]}
CHANGES = {10: [30, 90], 9: [30, 60, 90, 150], 8: [30, 90]}
NAMES = itertools.count()


@dataclass
class Model:
    """What a shop believes of one line."""

    product: int
    quantity: int
    price: Decimal
    created: float
    cancelled: int = 0
    by_shop: bool = False

    def path(self, now: float) -> list[int]:
        return [
            status
            for status, after in zip(PATHS[self.product], CHANGES[self.product], strict=True)
            if self.created + after <= now
        ]

    def status(self, now: float) -> int | None:
        path = self.path(now)
        return 0 if self.by_shop else path[-1] if path else None

    def left(self, now: float) -> int:
        return 0 if self.status(now) == 0 else self.quantity - self.cancelled


class ShopMachine(RuleBasedStateMachine):
    orders = Bundle("orders")

    @initialize()
    def open(self) -> None:
        self.told = Told()
        self.client = Client(fresh_server(10, courier=self.told.courier))
        self.client.sign_in()
        self.now = 0.0
        self.lines: dict[int, Model] = {}
        self.prices = {10: Decimal("5.05"), 9: Decimal("34.95"), 8: Decimal("59.00")}
        self.stock = {10: 100_000, 9: 60, 8: 20}
        self.expected: dict[int, list[int]] = defaultdict(list)

    @rule(
        target=orders,
        wanted=st.lists(st.tuples(st.sampled_from([8, 9, 10]), st.integers(1, 3)), min_size=1, max_size=3),
        url=st.sampled_from([URL, None]),
    )
    def create(self, wanted: list[tuple[int, int]], url: str | None) -> dict[str, Any] | None:
        lines = [line(product, count, f"line-{next(NAMES)}") for product, count in wanted]
        body = {"basketData": lines, "NotifyURL": url}
        reply = self.client.ask("create_order", body)
        total = sum(self.prices[product] * count for product, count in wanted)
        short = any(sum(n for p, n in wanted if p == product) > self.in_stock(product) for product, _ in wanted)
        if short or total > self.balance + 500:
            assert self.client.code("create_order", reply) == ("OUT_OF_STOCK" if short else "BALANCE_INSUFFICIENT")
            return None
        made: Any = reply.json
        for detail, (product, count) in zip(made["data"]["details"], wanted, strict=True):
            self.lines[detail["OrderDetailID"]] = Model(product, count, self.prices[product], self.now)
        return {"body": body, "reply": reply.body, "id": made["data"]["OrderID"]}

    @rule(order=orders)
    def repeat(self, order: dict[str, Any] | None) -> None:
        if order:
            assert self.client.ask("create_order", order["body"]).body == order["reply"]

    @rule(order=orders)
    def alter(self, order: dict[str, Any] | None) -> None:
        if order:
            body = json.loads(json.dumps(order["body"]))
            body["basketData"][-1]["Quantity"] += 1
            assert self.client.refusal("create_order", body) == "DELIVER_ID_REUSED"

    @rule(place=st.integers(0, 30), quantity=st.integers(1, 3) | st.none())
    def cancel(self, place: int, quantity: int | None) -> None:
        if not self.lines:
            return
        number = list(self.lines)[place % len(self.lines)]
        known = self.lines[number]
        body = {"OrderDetailID": number, **({"Quantity": quantity} if quantity else {})}
        reply = self.client.ask("cancel_order", body)
        status, left = known.status(self.now), known.left(self.now)
        if status in (None, 3) and (quantity or 1) <= left:
            assert reply.status == 200
            known.cancelled += quantity or left
            known.by_shop = known.cancelled == known.quantity
            if known.by_shop:
                self.expected[number] = [*known.path(self.now), 0]
            return
        code = {
            None: "CANCEL_QUANTITY",
            3: "CANCEL_QUANTITY",
            2: "LINE_PROCESSING",
            1: "LINE_DELIVERED",
            0: "LINE_CANCELLED",
        }
        assert self.client.code("cancel_order", reply) == code[status]

    @rule(seconds=st.sampled_from([1, 29, 30, 31, 60, 200]))
    def wait(self, seconds: int) -> None:
        self.now += seconds
        self.client.advance(seconds)

    @rule(product=st.sampled_from([8, 9, 10]), price=st.decimals("0.01", "99.99", places=2))
    def change_price(self, product: int, price: Decimal) -> None:
        self.prices[product] = price
        self.client.edit("products", product, price=str(price))

    @property
    def balance(self) -> Decimal:
        return Decimal("10000.00") - sum(known.price * known.left(self.now) for known in self.lines.values())

    def in_stock(self, product: int) -> int:
        return self.stock[product] - sum(
            known.left(self.now) for known in self.lines.values() if known.product == product
        )

    @invariant()
    def money_and_stock_add_up(self) -> None:
        assert self.client.balance == self.balance
        shown = {row["customerStoreProductID"]: row["totalStock"] for row in self.client.data("list_products")}
        assert {product: shown[product] for product in self.stock} == {
            product: self.in_stock(product) for product in self.stock
        }

    @invariant()
    def lines_are_as_the_model_has_them(self) -> None:
        orders = self.client.data("list_orders", {"pageSize": 1000})
        shown = {row["OrderDetailID"]: row for order in orders for row in order["details"]}
        assert set(shown) == set(self.lines)
        for number, known in self.lines.items():
            row = shown[number]
            assert (row["Status"], row["Quantity"] - row["CancelledQuantity"]) == (
                known.status(self.now),
                known.left(self.now),
            )
            assert len(row["DeliveryData"]) == (known.left(self.now) if row["Status"] == 1 else 0)

    @invariant()
    def webhooks_tell_each_lines_story(self) -> None:
        heard: dict[int, list[int]] = defaultdict(list)
        for body in self.told.bodies():
            heard[body["OrderDetailID"]].append(body["Status"])
        for number, story in heard.items():
            known = self.lines[number]
            assert story == (self.expected[number] if known.by_shop else known.path(self.now))


ShopMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestShop = ShopMachine.TestCase
