"""Manners towards somebody else's sandbox: a budget of requests, patience when it asks for it, and a cap on money and side effects."""

import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime

from apitwin_contracts.errors import NothingToExamine, UnreachableError
from apitwin_fixtures import Exchange, Reply, Request

from .callbacks import Callbacks, callbacks_of
from .clock import TargetClock
from .target import Target

__all__ = ["Limits", "Polite", "Purse", "SpentError", "amount_of_money", "turned_away_by"]

_TOO_MANY, _UNAVAILABLE = 429, 503
_FIRST_ERROR = 400
_TRIES = 6
_FIRST_PAUSE = 1.0


class SpentError(NothingToExamine):
    """What a run may use up is used up; nothing more is sent for it."""


@dataclass(frozen=True)
class Limits:
    """What one run may use up of a target; None: as much as it likes.

    `budget` counts requests, those that undo what was made included; `max_orders` counts what is created, `max_spend` adds up its price in
    the supplier's currency. A target that asks for a pause is waited for, `longest_wait` seconds at once and `patience` in all.
    """

    budget: int | None = None
    max_orders: int | None = None
    max_spend: Decimal | None = None
    longest_wait: float = 60.0
    patience: float = 180.0

    def under(self, wanted: "Limits") -> "Limits":
        """Give these limits with those in their place that are wanted for a run."""
        return replace(
            self,
            budget=self.budget if wanted.budget is None else wanted.budget,
            max_orders=self.max_orders if wanted.max_orders is None else wanted.max_orders,
            max_spend=self.max_spend if wanted.max_spend is None else wanted.max_spend,
        )


class Purse:
    """What a run has used up, and what it has set aside to undo what it made."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.sent = 0
        self.aside = 0
        self.orders = 0
        self.spent = Decimal(0)
        self.waited = 0.0
        self.refusals: dict[str, None] = {}

    @property
    def is_spent(self) -> bool:
        """Whether no request is left but those that are set aside."""
        budget = self.limits.budget
        return budget is not None and self.sent + self.aside >= budget

    def pay(self) -> None:
        """Count a request; raises `SpentError` when the budget allows none but those that are set aside."""
        if self.is_spent:
            kept = f", {self.aside} of them kept for cleaning up" if self.aside else ""
            raise self._refused(f"the budget of {self.limits.budget:,} requests is used up{kept}")
        self.sent += 1

    def _refused(self, why: str) -> SpentError:
        self.refusals[why] = None
        return SpentError(why)

    def set_aside(self, requests: int) -> None:
        """Keep so many requests for undoing what the next request makes; raises `SpentError` when the budget has not so many left."""
        budget = self.limits.budget
        if budget is not None and self.sent + self.aside + requests >= budget:
            raise self._refused(f"the budget of {budget:,} requests leaves too few to make something and to undo it")
        self.aside += requests

    def release(self, requests: int) -> None:
        """Give back what was set aside."""
        self.aside = max(0, self.aside - requests)

    def buy(self, price: Decimal | None) -> None:
        """Count something that is created and its price; raises `SpentError` when it is one too many, too dear or of unknown price."""
        limits = self.limits
        if limits.max_orders is not None and self.orders >= limits.max_orders:
            raise self._refused(f"the run may create {limits.max_orders:,} things, and has")
        if limits.max_spend is not None:
            if price is None:
                raise self._refused(
                    "the run may spend a limited amount, and what this costs cannot be known beforehand"
                )
            if self.spent + price > limits.max_spend:
                raise self._refused(
                    f"the run may spend {limits.max_spend}, has spent {self.spent}, and this costs {price}"
                )
        self.orders += 1
        self.spent += price or 0

    def refund(self, price: Decimal | None) -> None:
        """Take back what was counted for something that was not created after all."""
        self.orders -= 1
        self.spent -= price or 0

    def wait(self, seconds: float) -> bool:
        """Tell whether so long a pause is within what the run has patience for, and count it."""
        if seconds > self.limits.longest_wait or self.waited + seconds > self.limits.patience:
            return False
        self.waited += seconds
        return True


class Polite:
    """A target asked as it wants to be asked: within the run's purse, and again after the pause that a 429 or a 503 asks for.

    A request that may change something is not sent a second time after a 503: it may have been carried out. Where no pause helps, what was
    once answered is asked again: if that gets no answer either, it is not this request that the target refuses, it is down.
    `turned_away` keeps the replies that asked for a pause, for whoever has to tell of them.
    """

    def __init__(
        self,
        target: Target,
        purse: Purse,
        tell: Callable[[str], None],
        writes: Callable[[Request], bool],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._target = target
        self._purse = purse
        self._tell = tell
        self._writes = writes
        self._sleep = sleep
        self.turned_away: list[Exchange] = []
        self._answered: Request | None = None
        inner = target.authority
        self._authority = Polite(inner, purse, tell, writes, sleep) if inner else None

    @property
    def url(self) -> str:
        """The target's base."""
        return self._target.url

    @property
    def clock(self) -> TargetClock:
        """The target's time."""
        return self._target.clock

    @property
    def callbacks(self) -> Callbacks | None:
        """Where the target can send webhooks."""
        return callbacks_of(self._target)

    @property
    def authority(self) -> "Polite | None":
        """Where tokens are granted, when that is another host."""
        return self._authority

    def send(self, request: Request) -> Exchange:
        """Send a request; raises `SpentError` when the purse is empty, and `UnreachableError` when no reply comes."""
        for attempt in range(_TRIES):
            self._purse.pay()
            exchange = self._target.send(request)
            pause = self._pause(request, exchange.reply, attempt)
            if pause is None or attempt == _TRIES - 1 or not self._purse.wait(pause):
                self._watch(exchange)
                return exchange
            self.turned_away.append(exchange)
            self._tell(f"{self.url} answers {exchange.reply.status}: waiting {pause:g} s before asking again")
            self._sleep(pause)
        raise AssertionError  # the last attempt returns

    def _watch(self, exchange: Exchange) -> None:
        """Remember a question that was answered; raises `UnreachableError` where it no longer is."""
        request, status = exchange.request, exchange.reply.status
        if status < _FIRST_ERROR and not self._writes(request):
            self._answered = request
        if status not in (_TOO_MANY, _UNAVAILABLE) or self._answered is None:
            return
        with suppress(SpentError):
            self._purse.pay()
            again = self._target.send(self._answered).reply.status
            if again in (_TOO_MANY, _UNAVAILABLE):
                was = "what it answered before" if request != self._answered else "the same again"
                raise UnreachableError(
                    f"{self.url} is down: it answers {status} to {request.path}, and {again} to {was}"
                )

    def _pause(self, request: Request, reply: Reply, attempt: int) -> float | None:
        """Give the seconds after which to ask again; None where asking again is not wanted."""
        if reply.status not in (_TOO_MANY, _UNAVAILABLE):
            return None
        told = _retry_after(reply, self.clock)
        if reply.status == _UNAVAILABLE:
            return None if told is None or self._writes(request) else told
        return _FIRST_PAUSE * 2**attempt if told is None else told


def amount_of_money(value: object) -> Decimal:
    """Read an amount of at least 0 as it is written; raises `ValueError` for anything else."""
    text = str(value)
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,12}([.][0-9]{1,4})?", text):
        raise ValueError(text)
    return Decimal(text)


def turned_away_by(target: object) -> list[Exchange]:
    """Give, once, the replies with which a target asked for a pause that it was then granted."""
    found = getattr(target, "turned_away", None)
    if not isinstance(found, list):
        return []
    told = list(found)
    found.clear()
    return told


def _retry_after(reply: Reply, clock: TargetClock) -> float | None:
    text = (reply.header("retry-after") or "").strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        instant = parsedate_to_datetime(text)
    except ValueError:
        return None
    now = _instant(reply.header("date")) or clock.now()
    return max(0.0, (instant.replace(tzinfo=instant.tzinfo or UTC) - now).total_seconds())


def _instant(text: str | None) -> datetime | None:
    """Read the target's own idea of now: its clock and ours may differ by more than the pause."""
    try:
        instant = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return instant.replace(tzinfo=instant.tzinfo or UTC)
