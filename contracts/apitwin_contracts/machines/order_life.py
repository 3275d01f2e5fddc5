"""The life of orders: create, refuse, delete, deliver and read back in any sequence, beside a model of stock, balance and orders."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Contract
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.run import Run
from apitwin_fixtures import ASSUMED, Source

__all__ = ["CHECKS", "OrderLife", "Refused"]

_STEPS = 8


@dataclass(frozen=True)
class Refused:
    """An order that must be refused with a code, and change nothing."""

    code: str
    arguments: Callable[[Run], Arguments]


@dataclass(frozen=True)
class OrderLife:
    """How a supplier takes orders, what an order moves, and how it is read.

    `stock` reads how many are left by key, `moved` says how many an order takes by key, `price` what it costs in all, `balance` reads
    what may still be spent (None where there is no balance), `listed` reads the keys of the orders that are listed.
    An order is listed, and paid, `after` a step of the clock; None means at once.
    """

    name: str
    create: str
    orders: Callable[[Run], SearchStrategy[Arguments]]
    key: Callable[[Answer], str]
    stock: Callable[[Examination], tuple[Answer, Mapping[str, int]]]
    moved: Callable[[Arguments], Mapping[str, int]]
    price: Callable[[Arguments], Decimal]
    listed: Callable[[Examination, str], tuple[Answer, bool]]
    balance: Callable[[Examination], tuple[Answer, Decimal]] | None = None
    delete: Callable[[Examination, str], tuple[Answer, bool]] | None = None
    after: timedelta | None = None
    refusals: tuple[Refused, ...] = ()
    source: Source = ASSUMED
    changes_state = True


@dataclass
class _Order:
    """One order of the model."""

    arguments: Arguments
    answer: Answer
    state: str = "new"


@dataclass
class _Model:
    """What the supplier must know: by how much stock and balance have moved since the machine began, and the orders."""

    stock: dict[str, int]
    balance: Decimal | None
    orders: dict[str, _Order] = field(default_factory=dict)


def _life(examination: Examination, declared: OrderLife) -> None:
    run = examination.run
    if declared.after and (run.read_only or not run.target.clock.movable):
        raise NothingToExamine("the target's clock cannot be moved")
    orders = declared.orders(run)

    class Machine(_Machine):
        """The machine of this declaration."""

        life = declared
        at_work = examination

        @rule(arguments=orders)
        def create(self, arguments: Arguments) -> None:
            self.order(arguments)

        @precondition(lambda _self: bool(declared.refusals))
        @rule(data=st.data())
        def refuse(self, data: st.DataObject) -> None:
            self.be_refused(data.draw(st.sampled_from(declared.refusals)))

        @precondition(lambda self: bool(declared.delete and self.model.orders))
        @rule(data=st.data())
        def delete(self, data: st.DataObject) -> None:
            self.remove(data.draw(st.sampled_from(sorted(self.model.orders))))

    run.drive(Machine, _STEPS, 0.4)


class _Machine(RuleBasedStateMachine):
    """Drives a supplier and its model; every difference is a violation, shown by the sequence that led to it."""

    life: OrderLife
    at_work: Examination

    def __init__(self) -> None:
        super().__init__()
        self._let_time_pass()
        _, stock = self.life.stock(self.at_work)
        balance = self.life.balance(self.at_work)[1] if self.life.balance else None
        self.model = _Model(dict(stock), balance)
        self.evidence: list[Answer] = []

    def order(self, arguments: Arguments) -> None:
        """Create an order; what it takes leaves the stock at once."""
        answer = self.at_work.must(self.life.create, arguments)
        self.evidence.append(answer)
        for key, count in self.life.moved(arguments).items():
            self.model.stock[key] -= count
        self.model.orders[self.life.key(answer)] = _Order(arguments, answer)
        if self.life.after is None:
            self._settle()

    def be_refused(self, refused: Refused) -> None:
        """Try an order that must be refused."""
        answer = self.at_work.client.ask(self.life.create, refused.arguments(self.at_work.run))
        self.evidence.append(answer)
        if answer.outcome != refused.code:
            self._differ("", refused.code, answer.recognition.detail or answer.outcome)

    def remove(self, key: str) -> None:
        """Delete an order: a new or delivered one goes, and gives back what it took; a deleted one cannot go again."""
        order = self.model.orders[key]
        assert self.life.delete is not None  # noqa: S101 - the rule's precondition
        answer, gone = self.life.delete(self.at_work, key)
        self.evidence.append(answer)
        if gone != (order.state != "deleted"):
            self._differ("", f"{not gone} for an order that is {order.state}", gone)
        if order.state == "deleted":
            return
        for name, count in self.life.moved(order.arguments).items():
            self.model.stock[name] += count
        if order.state == "delivered" and self.model.balance is not None:
            self.model.balance += self.life.price(order.arguments)
        order.state = "deleted"

    @rule()
    def pass_time(self) -> None:
        """Let time pass until every order is delivered and paid."""
        self._let_time_pass()
        self._settle()

    def _let_time_pass(self) -> None:
        if self.life.after:
            self.at_work.run.advance(self.life.after)

    def _settle(self) -> None:
        for order in self.model.orders.values():
            if order.state == "new":
                order.state = "delivered"
                if self.model.balance is not None:
                    self.model.balance -= self.life.price(order.arguments)

    @invariant()
    def same_stock(self) -> None:
        answer, stock = self.life.stock(self.at_work)
        for key, expected in self.model.stock.items():
            if stock.get(key) != expected:
                self._differ("stock", f"{expected} of {key}", stock.get(key), answer)

    @invariant()
    def same_balance(self) -> None:
        if self.life.balance is None:
            return
        answer, observed = self.life.balance(self.at_work)
        if observed != self.model.balance:
            self._differ("balance", self.model.balance, observed, answer)

    @invariant()
    def same_orders(self) -> None:
        for key, order in self.model.orders.items():
            answer, listed = self.life.listed(self.at_work, key)
            if listed != (order.state == "delivered"):
                self._differ("listed", f"{not listed} for an order that is {order.state}", listed, answer)

    def _differ(self, place: str, expected: object, observed: object, *more: Answer) -> None:
        evidence = [*self.evidence, *more]
        raise self.at_work.broken(evidence, place, expected, observed, source=self.life.source)


def _declared(contract: Contract) -> tuple[OrderLife, ...]:
    return contract.declared(OrderLife)


CHECKS = (
    Check(
        "life.orders",
        "state",
        "Whatever is done in whatever order, stock, balance and orders are what the rules say.",
        _declared,
        _life,
        changes_state=True,
    ),
)
