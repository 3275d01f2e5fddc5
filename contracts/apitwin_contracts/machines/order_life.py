"""How a supplier's orders live, as data: what is declared here shapes the machine that drives them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Literal, get_args

from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments
from apitwin_contracts.run import Run
from apitwin_fixtures import ASSUMED, Source

__all__ = ["STATES", "Again", "Allowed", "Cancelling", "Key", "Line", "OrderLife", "Refused", "Shown", "State"]

Key = str | int
State = Literal["open", "processing", "delivered", "cancelled"]
STATES: frozenset[State] = frozenset(get_args(State))


@dataclass(frozen=True)
class Line:
    """A line of an order; `goods` is the key of its stock, `price` that of one piece."""

    key: Key
    goods: str
    quantity: int
    price: Decimal
    cancelled: int = 0
    state: State = "open"


@dataclass(frozen=True)
class Shown:
    """An order as the target shows it: whether it is listed, and its lines and total where they are told."""

    answer: Answer
    listed: bool = True
    lines: tuple[Line, ...] | None = None
    total: Decimal | None = None


@dataclass(frozen=True)
class Refused:
    """An order that must be refused with a code, and change nothing."""

    code: str
    arguments: Callable[[Run], Arguments]


@dataclass(frozen=True)
class Again:
    """What comes of an order that is sent again: the same order, and with another payload (`changed`) the code `conflict`."""

    changed: Callable[[Arguments], Arguments]
    conflict: str


@dataclass(frozen=True)
class Allowed:
    """What cancelling comes to while a line is in a state, `ok` or what refuses it: of the line alone, and of its whole order."""

    line: str
    order: str


@dataclass(frozen=True)
class Cancelling:
    """How orders are cancelled; each way gives the answer and its outcome, and `refund` what the answer says is paid back.

    `order` cancels all of an order that may be, `line` so many of a line (None: the rest). `too_many` refuses more than are left, `mixed`
    an order whose lines ended in several ways.
    """

    allowed: Mapping[State, Allowed]
    order: Callable[[Examination, Key], tuple[Answer, str]]
    line: Callable[[Examination, Key, int | None], tuple[Answer, str]] | None = None
    refund: Callable[[Answer], Decimal] | None = None
    too_many: str = ""
    mixed: str = ""


@dataclass(frozen=True)
class OrderLife:
    """How a supplier takes orders, what they move, which states follow which, and how all that is read.

    `place` makes an order where that takes more than one request, and gives the last answer. `made` gives the lines of a new order as its
    request and answer tell them, `ordered` the pieces that its request names, by goods. `stock` reads how many are left by goods, `balance`
    what may still be spent: an order lowers it when it is `charged`. Orders are `listed` in these states. `begun` and `settled` are steps of
    the clock: after the first an open line is processed or settled, after the second it is delivered or cancelled; without `settled` it
    stays open.
    """

    name: str
    create: str
    orders: Callable[[Run], SearchStrategy[Arguments]]
    key: Callable[[Answer], Key]
    made: Callable[[Arguments, Answer], Iterable[Line]]
    ordered: Callable[[Arguments], Mapping[str, int]]
    read: Callable[[Examination, Key], Shown]
    stock: Callable[[Examination], tuple[Answer, Mapping[str, int]]]
    balance: Callable[[Examination], tuple[Answer, Decimal]] | None = None
    charged: Literal["ordered", "delivered"] = "ordered"
    listed: frozenset[State] = STATES
    begun: timedelta | None = None
    settled: timedelta | None = None
    cancelling: Cancelling | None = None
    again: Again | None = None
    refusals: tuple[Refused, ...] = ()
    source: Source = ASSUMED
    place: Callable[[Examination, Arguments], Answer] | None = None
    share: float = 0.4
    changes_state = True
