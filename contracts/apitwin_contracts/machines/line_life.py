"""The life of order lines that are paid at once: ordered, repeated, cancelled in part or whole, delivered by time, beside a model."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Literal

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Contract
from apitwin_contracts.run import Run
from apitwin_contracts.surfaces.surface import OK
from apitwin_fixtures import ASSUMED, Source

from .order_life import Refused

__all__ = ["CHECKS", "LineLife", "LineState", "LineView", "State"]

State = Literal["open", "processing", "delivered", "cancelled"]
_STEPS = 10
_SETTLED: frozenset[State] = frozenset({"delivered", "cancelled"})


@dataclass(frozen=True)
class LineView:
    """A line as the target shows it; `goods` is the key of its stock."""

    key: int
    goods: str
    quantity: int
    cancelled: int
    price: Decimal
    state: State


@dataclass(frozen=True)
class LineState:
    """What a cancellation of a line must come to while it is in a state: `ok` or a code."""

    line: str
    order: str


@dataclass(frozen=True)
class LineLife:
    """How a supplier takes orders that are paid at once, and how their lines are read and cancelled.

    `stock` reads how many are left by key, `moved` says how many an order takes by key. `lines` reads an order's lines with its total,
    `cancel` cancels so many of a line (None: the rest), `cancel_order` all of an order. `changed` makes another payload with the same
    identifier, which `conflict` refuses. `begun` and `settled` are steps of the clock: after the first a line is processed or settled,
    after the second it is delivered or cancelled.
    """

    name: str
    create: str
    orders: Callable[[Run], SearchStrategy[Arguments]]
    order: Callable[[Answer], int]
    lines: Callable[[Examination, int], tuple[Answer, list[LineView], Decimal]]
    cancel: Callable[[Examination, int, int | None], Answer]
    cancel_order: Callable[[Examination, int], Answer]
    refund: Callable[[Answer], Decimal]
    balance: Callable[[Examination], tuple[Answer, Decimal]]
    stock: Callable[[Examination], tuple[Answer, Mapping[str, int]]]
    moved: Callable[[Arguments], Mapping[str, int]]
    states: Mapping[State, LineState]
    too_many: str
    mixed: str
    changed: Callable[[Arguments], Arguments]
    conflict: str
    begun: timedelta
    settled: timedelta
    refusals: tuple[Refused, ...] = ()
    source: Source = ASSUMED
    changes_state = True


@dataclass
class _Order:
    """One order of the model, with its lines by key."""

    arguments: Arguments
    lines: dict[int, LineView] = field(default_factory=dict)
    waited: bool = False

    @property
    def total(self) -> Decimal:
        return sum((line.price * (line.quantity - line.cancelled) for line in self.lines.values()), Decimal(0))


def _life(examination: Examination, declared: LineLife) -> None:
    run = examination.run
    orders = declared.orders(run)
    movable = not run.read_only and run.target.clock.movable

    class Machine(_Machine):
        """The machine of this declaration."""

        life = declared
        at_work = examination

        @precondition(lambda self: len(self.orders) < 3)  # noqa: PLR2004 - more orders show nothing that three do not
        @rule(arguments=orders)
        def create(self, arguments: Arguments) -> None:
            self.place(arguments)

        @precondition(lambda self: bool(self.orders))
        @rule(data=st.data(), other=st.booleans())
        def repeat(self, data: st.DataObject, other: bool) -> None:  # noqa: FBT001 - a rule's argument
            self.order_again(data.draw(st.sampled_from(sorted(self.orders))), other=other)

        @precondition(lambda self: bool(self.orders))
        @rule(data=st.data())
        def cancel(self, data: st.DataObject) -> None:
            number = data.draw(st.sampled_from(sorted(self.orders)))
            line = self.orders[number].lines[data.draw(st.sampled_from(sorted(self.orders[number].lines)))]
            self.cancel_line(number, line, data.draw(st.none() | st.integers(1, line.quantity + 1)))

        @precondition(lambda self: bool(self.orders))
        @rule(data=st.data())
        def cancel_order(self, data: st.DataObject) -> None:
            self.cancel_all(data.draw(st.sampled_from(sorted(self.orders))))

        @precondition(lambda self: movable and bool(self.orders))
        @rule(long=st.booleans())
        def pass_time(self, long: bool) -> None:  # noqa: FBT001 - a rule's argument
            self.let_time_pass(long=long)

        @precondition(lambda _self: bool(declared.refusals))
        @rule(data=st.data())
        def refuse(self, data: st.DataObject) -> None:
            self.be_refused(data.draw(st.sampled_from(declared.refusals)))

    run.drive(Machine, _STEPS, 0.4)


class _Machine(RuleBasedStateMachine):
    """Drives a supplier and its model; every difference is a violation, shown by the sequence that led to it."""

    life: LineLife
    at_work: Examination

    def __init__(self) -> None:
        super().__init__()
        self.orders: dict[int, _Order] = {}
        self.evidence: list[Answer] = []
        # An order of earlier that is given up by and by would move balance and stock.
        if not self.at_work.run.read_only and self.at_work.run.target.clock.movable:
            self.at_work.run.advance(self.life.settled)
        _, stock = self.life.stock(self.at_work)
        _, self.balance = self.life.balance(self.at_work)
        self.stock = dict(stock)

    def place(self, arguments: Arguments) -> None:
        """Create an order: what it costs leaves the balance, what it takes leaves the stock."""
        answer = self._must(self.at_work.must(self.life.create, arguments))
        number = self.life.order(answer)
        read, lines, _ = self.life.lines(self.at_work, number)
        if number in self.orders:
            self._differ("order", "another order than those before", number, read)
        order = self.orders[number] = _Order(arguments, {line.key: line for line in lines})
        self._hold_new(order, read)
        self._move(order.lines.values())

    def _hold_new(self, order: _Order, read: Answer) -> None:
        taken = dict.fromkeys(self.life.moved(order.arguments), 0)
        for line in order.lines.values():
            taken[line.goods] = taken.get(line.goods, 0) + line.quantity
            if line.state != "open" or line.cancelled:
                self._differ("lines", "an open line without cancellations", line, read)
        if taken != self.life.moved(order.arguments):
            self._differ("lines", self.life.moved(order.arguments), taken, read)

    def _move(self, lines: Iterable[LineView]) -> None:
        for line in lines:
            self.balance -= line.price * line.quantity
            self.stock[line.goods] -= line.quantity

    def order_again(self, number: int, *, other: bool) -> None:
        """Send an order again: it is the same one, unless the payload is another."""
        arguments = self.orders[number].arguments
        answer = self.at_work.client.ask(self.life.create, self.life.changed(arguments) if other else arguments)
        self._must(answer)
        if other and answer.outcome != self.life.conflict:
            self._differ("idempotency", self.life.conflict, answer.recognition.detail or answer.outcome)
        if not other and (not answer.ok or self.life.order(answer) != number):
            self._differ(
                "idempotency", f"order {number} again", self.life.order(answer) if answer.ok else answer.outcome
            )

    def cancel_line(self, number: int, line: LineView, count: int | None) -> None:
        """Cancel so many of a line, or be refused for its state or for too many."""
        answer = self._must(self.life.cancel(self.at_work, line.key, count))
        left = line.quantity - line.cancelled
        expected = self.life.states[line.state].line
        if expected == OK and count is not None and count > left:
            expected = self.life.too_many
        self._expect(expected, answer, f"{count} of a line that is {line.state}, {left} left")
        if answer.ok:
            self._give_back(number, line, left if count is None else count, answer)

    def cancel_all(self, number: int) -> None:
        """Cancel all that is open of an order, or be refused for how it stands."""
        lines = self.orders[number].lines
        states: set[State] = {line.state for line in lines.values()}
        answer = self._must(self.life.cancel_order(self.at_work, number))
        self._expect(self._expected(states), answer, f"an order that is {sorted(states)}")
        if answer.ok:
            refund = sum(self._undo(number, line) for line in list(lines.values()) if line.state == "open")
            self._hold_refund(Decimal(refund), answer)

    def _expected(self, states: set[State]) -> str:
        if "processing" in states:
            return self.life.states["processing"].order
        if len(states) == 1 or "open" in states:
            return self.life.states["open" if "open" in states else next(iter(states))].order
        return self.life.mixed

    def _expect(self, expected: str, answer: Answer, what: str) -> None:
        if answer.outcome != expected:
            observed = answer.recognition.detail or answer.outcome
            self._differ("", f"{expected} for {what}", observed)

    def _give_back(self, number: int, line: LineView, count: int, answer: Answer) -> None:
        self._hold_refund(self._undo(number, line, count), answer)

    def _undo(self, number: int, line: LineView, count: int | None = None) -> Decimal:
        count = line.quantity - line.cancelled if count is None else count
        cancelled = line.cancelled + count
        state: State = "cancelled" if cancelled == line.quantity else line.state
        self.orders[number].lines[line.key] = replace(line, cancelled=cancelled, state=state)
        self.balance += line.price * count
        self.stock[line.goods] += count
        return line.price * count

    def _hold_refund(self, expected: Decimal, answer: Answer) -> None:
        if self.life.refund(answer) != expected:
            self._differ("refund", expected, self.life.refund(answer))

    def let_time_pass(self, *, long: bool) -> None:
        """Let lines be processed, or all be settled; a line that the supplier cancels is paid back."""
        self.at_work.run.advance(self.life.settled if long else self.life.begun)
        for number, order in self.orders.items():
            read, lines, _ = self.life.lines(self.at_work, number)
            for line in lines:
                self._follow(number, order.lines[line.key], line.state, read, long=long)

    def _follow(self, number: int, line: LineView, state: State, read: Answer, *, long: bool) -> None:
        if state != line.state and line.state in _SETTLED:
            self._differ("state", f"{line.state} for good", state, read)
        if long and state not in _SETTLED:
            self._differ("state", f"delivered or cancelled after {self.life.settled}", state, read)
        if not long and line.state == state == "open" and line.cancelled == 0 and not self.orders[number].waited:
            self._differ("state", f"processed after {self.life.begun}", state, read)
        if state == "cancelled" and line.state != "cancelled":
            self._undo(number, line)
        self.orders[number].waited = True
        self.orders[number].lines[line.key] = replace(self.orders[number].lines[line.key], state=state)

    def be_refused(self, refused: Refused) -> None:
        """Try an order that must be refused."""
        answer = self._must(self.at_work.client.ask(self.life.create, refused.arguments(self.at_work.run)))
        self._expect(refused.code, answer, "an order that cannot be")

    def _must(self, answer: Answer) -> Answer:
        self.evidence.append(answer)
        return answer

    @invariant()
    def same_balance(self) -> None:
        answer, observed = self.life.balance(self.at_work)
        if observed != self.balance:
            self._differ("balance", self.balance, observed, answer)

    @invariant()
    def same_stock(self) -> None:
        answer, stock = self.life.stock(self.at_work)
        for key, expected in self.stock.items():
            if stock.get(key) != expected:
                self._differ("stock", f"{expected} of {key}", stock.get(key), answer)

    @invariant()
    def same_orders(self) -> None:
        for number, order in self.orders.items():
            answer, lines, total = self.life.lines(self.at_work, number)
            shown = {line.key: line for line in lines}
            if shown != order.lines:
                self._differ("lines", list(order.lines.values()), lines, answer)
            if total != order.total:
                self._differ("total", order.total, total, answer)

    def _differ(self, place: str, expected: object, observed: object, *more: Answer) -> None:
        evidence = [*self.evidence, *more]
        raise self.at_work.broken(evidence, place, expected, observed, source=self.life.source)


def _declared(contract: Contract) -> tuple[LineLife, ...]:
    return contract.declared(LineLife)


CHECKS = (
    Check(
        "life.lines",
        "state",
        "Whatever is done in whatever order, balance, stock and lines are what the rules say.",
        _declared,
        _life,
        changes_state=True,
    ),
)
