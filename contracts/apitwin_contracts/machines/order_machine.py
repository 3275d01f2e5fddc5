"""Orders placed, repeated, refused, cancelled and settled by time in any sequence, beside a model of stock, money and lines."""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Contract
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.surfaces.surface import OK

from .order_life import Again, Cancelling, Key, Line, OrderLife, Refused, Shown, State

__all__ = ["CHECKS"]

_STEPS = 10
_MOST_ORDERS = 3
_SETTLED: frozenset[State] = frozenset({"delivered", "cancelled"})


@dataclass
class _Order:
    """One order of the model; `waited` tells that time has passed since it was placed."""

    arguments: Arguments
    lines: dict[Key, Line]
    waited: bool = False

    @property
    def states(self) -> set[State]:
        return {line.state for line in self.lines.values()}

    @property
    def total(self) -> Decimal:
        return sum((line.price * (line.quantity - line.cancelled) for line in self.lines.values()), Decimal(0))


def _life(examination: Examination, declared: OrderLife) -> None:
    run = examination.run
    movable = not run.read_only and run.target.clock.movable
    if declared.settled and not movable and declared.charged == "delivered":
        raise NothingToExamine("the target's clock cannot be moved")
    orders, again, cancelling = declared.orders(run), declared.again, declared.cancelling

    class Machine(_Machine):
        """The machine of this declaration."""

        life = declared
        at_work = examination

        @precondition(lambda self: len(self.orders) < _MOST_ORDERS)
        @rule(arguments=orders)
        def create(self, arguments: Arguments) -> None:
            self.place(arguments)

        @precondition(lambda self: again is not None and bool(self.orders))
        @rule(data=st.data(), other=st.booleans())
        def repeat(self, data: st.DataObject, other: bool) -> None:  # noqa: FBT001 - a rule's argument
            assert again is not None  # noqa: S101 - the precondition
            self.order_again(again, self.any_order(data), other=other)

        @precondition(lambda self: cancelling is not None and cancelling.line is not None and bool(self.orders))
        @rule(data=st.data())
        def cancel(self, data: st.DataObject) -> None:
            assert cancelling is not None  # noqa: S101 - the precondition
            number = self.any_order(data)
            line = data.draw(st.sampled_from(list(self.orders[number].lines.values())))
            self.cancel_line(cancelling, number, line, data.draw(st.none() | st.integers(1, line.quantity + 1)))

        @precondition(lambda self: cancelling is not None and bool(self.orders))
        @rule(data=st.data())
        def cancel_order(self, data: st.DataObject) -> None:
            assert cancelling is not None  # noqa: S101 - the precondition
            self.cancel_all(cancelling, self.any_order(data))

        @precondition(lambda self: declared.settled is not None and movable and bool(self.orders))
        @rule(long=st.booleans())
        def pass_time(self, long: bool) -> None:  # noqa: FBT001 - a rule's argument
            self.let_time_pass(long=long or declared.begun is None)

        @precondition(lambda _self: bool(declared.refusals))
        @rule(data=st.data())
        def refuse(self, data: st.DataObject) -> None:
            self.be_refused(data.draw(st.sampled_from(declared.refusals)))

    run.drive(Machine, _STEPS, declared.share)


class _Machine(RuleBasedStateMachine):
    """Drives a supplier and its model; every difference is a violation, shown by the sequence that led to it."""

    life: OrderLife
    at_work: Examination

    def __init__(self) -> None:
        super().__init__()
        self.orders: dict[Key, _Order] = {}
        self.evidence: list[Answer] = []
        # An order of earlier that is settled by and by would move balance and stock.
        if not self.at_work.run.read_only and self.at_work.run.target.clock.movable:
            self._advance(self.life.settled)
        self.stock = dict(self.life.stock(self.at_work)[1])
        self.balance = self.life.balance(self.at_work)[1] if self.life.balance else Decimal(0)

    def any_order(self, data: st.DataObject) -> Key:
        """Draw one of the orders."""
        return data.draw(st.sampled_from(list(self.orders)))

    def place(self, arguments: Arguments) -> None:
        """Create an order: what it takes leaves the stock, and what it costs the balance, unless that is charged later."""
        place = self.life.place or (lambda examination, asked: examination.must(self.life.create, asked))
        answer = self._note(place(self.at_work, arguments))
        number = self.life.key(answer)
        if number in self.orders:
            self._differ("order", "another order than those before", number)
        order = self.orders[number] = _Order(arguments, {line.key: line for line in self.life.made(arguments, answer)})
        self._hold_new(order)
        for line in order.lines.values():
            self.stock[line.goods] -= line.quantity
            self._pay(line, line.quantity, -1, when="ordered")

    def _hold_new(self, order: _Order) -> None:
        ordered = self.life.ordered(order.arguments)
        taken = dict.fromkeys(ordered, 0)
        for line in order.lines.values():
            taken[line.goods] = taken.get(line.goods, 0) + line.quantity
            if line.state != "open" or line.cancelled:
                self._differ("lines", "an open line without cancellations", line)
        if taken != ordered:
            self._differ("lines", ordered, taken)

    def order_again(self, again: Again, number: Key, *, other: bool) -> None:
        """Send an order again: it is the same one, unless the payload is another."""
        arguments = self.orders[number].arguments
        changed = again.changed(arguments) if other else arguments
        answer = self._note(self.at_work.client.ask(self.life.create, changed))
        if other:
            self._expect(
                again.conflict, answer, answer.outcome, "the same identifier with another payload", "idempotency"
            )
        elif not answer.ok or self.life.key(answer) != number:
            observed = self.life.key(answer) if answer.ok else answer.outcome
            self._differ("idempotency", f"order {number} again", observed)

    def be_refused(self, refused: Refused) -> None:
        """Try an order that must be refused."""
        answer = self._note(self.at_work.client.ask(self.life.create, refused.arguments(self.at_work.run)))
        self._expect(refused.code, answer, answer.outcome, "an order that cannot be")

    def cancel_line(self, cancelling: Cancelling, number: Key, line: Line, count: int | None) -> None:
        """Cancel so many of a line, or be refused for its state or for too many."""
        assert cancelling.line is not None  # noqa: S101 - the rule's precondition
        answer, outcome = cancelling.line(self.at_work, line.key, count)
        self._note(answer)
        left = line.quantity - line.cancelled
        expected = cancelling.allowed[line.state].line
        if expected == OK and count is not None and count > left:
            expected = cancelling.too_many
        self._expect(expected, answer, outcome, f"{count} of a line that is {line.state}, {left} left")
        if outcome == OK:
            self._hold_refund(cancelling, self._give_back(number, line, left if count is None else count), answer)

    def cancel_all(self, cancelling: Cancelling, number: Key) -> None:
        """Cancel all of an order that may be, or be refused for how it stands."""
        order = self.orders[number]
        answer, outcome = cancelling.order(self.at_work, number)
        self._note(answer)
        self._expect(_expected(cancelling, order.states), answer, outcome, f"an order that is {sorted(order.states)}")
        if outcome == OK:
            going = [line for line in order.lines.values() if cancelling.allowed[line.state].order == OK]
            self._hold_refund(cancelling, sum((self._give_back(number, line) for line in going), Decimal(0)), answer)

    def _expect(self, expected: str, answer: Answer, outcome: str, what: str, place: str = "") -> None:
        if outcome != expected:
            self._differ(place, f"{expected} for {what}", answer.recognition.detail or outcome)

    def _give_back(self, number: Key, line: Line, count: int | None = None) -> Decimal:
        """Cancel pieces of a line in the model: they go back to the stock, and what was charged for them to the balance."""
        count = line.quantity - line.cancelled if count is None else count
        cancelled = line.cancelled + count
        state: State = "cancelled" if cancelled == line.quantity else line.state
        self.orders[number].lines[line.key] = replace(line, cancelled=cancelled, state=state)
        self.stock[line.goods] += count
        return self._pay(line, count, 1, when="ordered" if line.state != "delivered" else self.life.charged)

    def _pay(self, line: Line, count: int, sign: int, *, when: str) -> Decimal:
        if when != self.life.charged:
            return Decimal(0)
        self.balance += sign * line.price * count
        return line.price * count

    def _hold_refund(self, cancelling: Cancelling, expected: Decimal, answer: Answer) -> None:
        if cancelling.refund and cancelling.refund(answer) != expected:
            self._differ("refund", expected, cancelling.refund(answer))

    def let_time_pass(self, *, long: bool) -> None:
        """Let lines be processed, or all be settled; a line that the supplier cancels is paid back."""
        self._advance(self.life.settled if long else self.life.begun)
        for number, order in self.orders.items():
            shown = self.life.read(self.at_work, number)
            for line in list(order.lines.values()):
                self._follow(number, line, shown, long=long)
            order.waited = True

    def _advance(self, step: timedelta | None) -> None:
        if step:
            self.at_work.run.advance(step)

    def _follow(self, number: Key, line: Line, shown: Shown, *, long: bool) -> None:
        state: State | None = line.state
        if shown.lines is not None:
            state = next((told.state for told in shown.lines if told.key == line.key), None)
        elif long and line.state not in _SETTLED:
            state = "delivered"
        if state is None:
            self._differ("lines", f"line {line.key}", "absent", shown.answer)
        if state != line.state and line.state in _SETTLED:
            self._differ("state", f"{line.state} for good", state, shown.answer)
        if long and state not in _SETTLED:
            self._differ("state", f"delivered or cancelled after {self.life.settled}", state, shown.answer)
        if not long and line.state == state == "open" and not line.cancelled and not self.orders[number].waited:
            self._differ("state", f"processed after {self.life.begun}", state, shown.answer)
        if state == "cancelled" and line.state != "cancelled":
            self._give_back(number, line)
        elif state == "delivered" and line.state != "delivered":
            self._pay(line, line.quantity - line.cancelled, -1, when="delivered")
        if state is not None:
            self.orders[number].lines[line.key] = replace(self.orders[number].lines[line.key], state=state)

    def _note(self, answer: Answer) -> Answer:
        self.evidence.append(answer)
        return answer

    @invariant()
    def same_balance(self) -> None:
        if self.life.balance is None:
            return
        answer, observed = self.life.balance(self.at_work)
        if observed != self.balance:
            self._differ("balance", self.balance, observed, answer)

    @invariant()
    def same_stock(self) -> None:
        answer, stock = self.life.stock(self.at_work)
        for goods, expected in self.stock.items():
            if stock.get(goods) != expected:
                self._differ("stock", f"{expected} of {goods}", stock.get(goods), answer)

    @invariant()
    def same_orders(self) -> None:
        for number, order in self.orders.items():
            shown, expected = self.life.read(self.at_work, number), bool(order.states & self.life.listed)
            if shown.listed != expected:
                told = f"{'listed' if expected else 'not listed'} while it is {sorted(order.states)}"
                self._differ("listed", told, "listed" if shown.listed else "not listed", shown.answer)
            if shown.lines is not None and {line.key: line for line in shown.lines} != order.lines:
                self._differ("lines", list(order.lines.values()), list(shown.lines), shown.answer)
            if shown.total is not None and shown.total != order.total:
                self._differ("total", order.total, shown.total, shown.answer)

    def _differ(self, place: str, expected: object, observed: object, *more: Answer) -> None:
        evidence = [*self.evidence, *more]
        raise self.at_work.broken(evidence, place, expected, observed, source=self.life.source)


def _expected(cancelling: Cancelling, states: set[State]) -> str:
    """Give what cancelling a whole order comes to: what is processed holds it, what is open may go, the rest has ended."""
    if "processing" in states:
        return cancelling.allowed["processing"].order
    if len(states) == 1 or "open" in states:
        return cancelling.allowed["open" if "open" in states else next(iter(states))].order
    return cancelling.mixed


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
