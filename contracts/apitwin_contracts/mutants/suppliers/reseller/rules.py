"""Other rules for the mock's orders, each breaking one promise."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from apitwin_contracts.mutants.suppliers.reseller.tools import ruled
from apitwin_fixtures import Exchange, Reply, Request
from apitwin_mocks.kit.errors import Refusal
from apitwin_mocks.suppliers.reseller import domain, life, ordering
from apitwin_mocks.suppliers.reseller.entities import Status
from apitwin_mocks.suppliers.reseller.errors import Code

__all__ = [
    "Hidden",
    "Merged",
    "again",
    "cancel_any",
    "cancel_processing",
    "charged",
    "delivered",
    "first_order",
    "forgotten_refusal",
    "half",
    "loose",
    "never_refunded",
    "no_stock",
    "paths",
    "platform",
    "refund",
    "relapsing",
    "unknown_cancelled",
]


class Hidden:
    """Answers 404 for an order until time has passed."""

    def __init__(self) -> None:
        self.fresh = 0

    def __call__(self, operation: str, request: Request, forward: Any) -> Exchange:
        exchange: Exchange = forward(request)
        if operation == "create_order" and exchange.reply.status == 200:
            self.fresh = 1
        elif operation == "get_order" and self.fresh:
            self.fresh = 0
            hidden: Exchange = forward(replace(request, query="orderID=888888888"))
            return hidden
        return exchange


def again(_original: Any) -> Any:
    return lambda _world, _customer, _basket: None


def first_order(original: Any) -> Any:
    def known(world: Any, customer: int, basket: Any) -> Any:
        try:
            return original(world, customer, basket)
        except Refusal as refusal:
            return world.orders[str(refusal.values["orderID"])]

    return known


def cancel_any(original: Any) -> Any:
    def refuse(line: Any) -> None:
        if line.status != Status.DELIVERED:
            original(line)

    return refuse


def cancel_processing(original: Any) -> Any:
    def refuse(line: Any) -> None:
        if line.status != Status.PROCESSING:
            original(line)

    return refuse


def platform(name: str, make: Any) -> Any:
    return ruled((domain.Platform, name, make))


def charged(change: Any) -> Any:
    return platform("_pay", lambda original: lambda world, customer, amount: original(world, customer, change(amount)))


def refund(change: Any) -> Any:
    return charged(lambda amount: amount if amount > 0 else change(amount))


def no_stock(*, taken: bool) -> Any:
    return platform(
        "_move_stock",
        lambda original: lambda world, store, by, at: original(world, store, by, at) if (by < 0) != taken else None,
    )


def delivered(change: Any) -> Any:
    return platform("_delivered", lambda original: lambda world, line: change(original(world, line)))


def half(original: Any) -> Any:
    def create(world: Any, customer: int, basket: Any, region: str) -> Any:
        try:
            return original(world, customer, basket, region)
        except ordering.RejectedError as rejected:
            bad = [problem.line for problem in rejected.problems]
            good = tuple(line for line in basket.lines if line not in bad)
            if good:
                original(world, customer, replace(basket, lines=good), region)
            raise

    return create


def forgotten_refusal(original: Any) -> Any:
    def create(world: Any, customer: int, basket: Any, region: str) -> Any:
        try:
            return original(world, customer, basket, region)
        except ordering.RejectedError:
            world._pay(customer, Decimal("0.01"))
            raise

    return create


def never_refunded(original: Any) -> Any:
    def change(world: Any, line: Any, status: Any, at: Any) -> None:
        before = world.customers[str(line.customer)].balance
        original(world, line, status, at)
        if status == Status.CANCELLED:
            account = world.customers[str(line.customer)]
            world.customers.put(str(line.customer), replace(account, balance=before))

    return change


def paths(change: Any) -> Any:
    return ruled((life, "_PATHS", lambda paths: {supply: change(path) for supply, path in paths.items()}))


def relapsing(original: Any) -> Any:
    def following(line: Any) -> Any:
        if line.status == Status.DELIVERED:
            return life.Change(line.created_at + timedelta(seconds=700), Status.PROCESSING)
        return original(line)

    return following


def loose(original: Any, world: Any, customer: int, basket: Any) -> Any:
    found = [world._order_of[customer, name] for name in basket.deliver_ids if (customer, name) in world._order_of]
    if found:
        order = world.orders[str(found[0])]
        if [line.product for line in order.basket.lines] == [line.product for line in basket.lines]:
            return order
    return original(world, customer, basket)


class Merged:
    """Answers the same body with the same order, identifier or not."""

    def __init__(self) -> None:
        self.known: dict[bytes, Reply] = {}

    def __call__(self, operation: str, request: Request, forward: Any) -> Exchange:
        if operation == "create_order" and request.body in self.known:
            return Exchange(request, self.known[request.body])
        exchange: Exchange = forward(request)
        if operation == "create_order" and exchange.reply.status == 200:
            self.known[request.body] = exchange.reply
        return exchange


def unknown_cancelled(original: Any, endpoint: Any, call: Any) -> Any:
    try:
        return original(endpoint, call)
    except Refusal as refusal:
        if refusal.code != Code.LINE_NOT_FOUND or call.operation != "cancel_order":
            raise
        return Reply(200, (("content-type", "application/json"),), b'{"data":null,"success":true,"message":"OK"}')
