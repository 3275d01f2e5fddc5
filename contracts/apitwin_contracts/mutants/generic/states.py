"""Mutators of memory: writes that are lost, done twice or come late, reads that are stale, time that stands still or runs."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import orjson

from apitwin_contracts.drift import Severity
from apitwin_contracts.laws.webhooks import WebhookEvents
from apitwin_contracts.mutants.asked import Asked, asked_of
from apitwin_contracts.mutants.places import at
from apitwin_contracts.mutants.stage import fresh_target
from apitwin_contracts.mutants.twist import Forward, Twist
from apitwin_contracts.targets import Target, TargetClock
from apitwin_contracts.targets.callbacks import Callbacks, callbacks_of
from apitwin_fixtures import Exchange, Request

from .ground import Ground, Leaf
from .mutator import Mutator, NothingToDrift, Spot
from .rewriting import answering, carried, leaf_changed

__all__ = ["STATES"]


class _Forgetful:
    """A mock with a double: what is to be forgotten is answered by the double alone, everything else by both."""

    authority = None

    def __init__(self, ground: Ground, operation: str, late: int = -1) -> None:
        self._target, self._double = fresh_target(ground.supplier), fresh_target(ground.supplier)
        self._supplier, self._operation, self._late = ground.supplier, operation, late
        self._due: list[tuple[int, Request]] = []
        self.url = self._target.url

    @property
    def clock(self) -> TargetClock:
        return _Clocks(self._target.clock, self._double.clock)

    @property
    def callbacks(self) -> Callbacks | None:
        return callbacks_of(self._target)

    def send(self, request: Request) -> Exchange:
        """Answer; what is late is done after so many other requests, what is lost never is."""
        doubled = self._double.send(request)
        if asked_of(self._supplier, request).operation == self._operation:
            if self._late >= 0:
                self._due.append((self._late, request))
            return doubled
        found = self._target.send(request)
        self._due = [(left - 1, waiting) for left, waiting in self._due]
        for _, waiting in [one for one in self._due if one[0] < 0]:
            self._target.send(waiting)
        self._due = [one for one in self._due if one[0] >= 0]
        return found


class _Clocks:
    """Two clocks that are moved together."""

    movable = True

    def __init__(self, one: TargetClock, other: TargetClock) -> None:
        self._one, self._other = one, other

    def now(self) -> datetime:
        return self._one.now()

    def advance(self, step: timedelta) -> None:
        self._one.advance(step)
        self._other.advance(step)


def _forgetful(late: int, ground: Ground) -> Iterator[Spot]:
    for name in ground.kinds("write"):
        if name in ground.answers:
            yield Spot(name, (name,), partial(_opened, ground, name, late))


@contextmanager
def _opened(ground: Ground, operation: str, late: int) -> Iterator[Target]:
    yield _Forgetful(ground, operation, late)


class _Warped:
    """A target whose time goes otherwise than it is moved."""

    authority = None

    def __init__(self, target: Target, factor: float) -> None:
        self._target = target
        self.url = target.url
        self.clock = _Warp(target.clock, factor)

    @property
    def callbacks(self) -> Callbacks | None:
        return callbacks_of(self._target)

    def send(self, request: Request) -> Exchange:
        return self._target.send(request)


class _Warp:
    movable = True

    def __init__(self, clock: TargetClock, factor: float) -> None:
        self._clock, self._factor = clock, factor
        self._begun, self._moved = clock.now(), timedelta()

    def now(self) -> datetime:
        return self._begun + self._moved

    def advance(self, step: timedelta) -> None:
        self._moved += step
        if self._factor:
            self._clock.advance(step * self._factor)


def _warped(factor: float, ground: Ground) -> Iterator[Spot]:
    if ground.contract.auth.lifetime is None and not ground.contract.declared(WebhookEvents):
        raise NothingToDrift("it promises no lifetime, and nothing else of it is due at a time")

    def stage(_ground: Ground = ground) -> Any:
        return _opened_warped(ground, factor)

    yield Spot("", tuple(sorted(ground.names)), stage)


@contextmanager
def _opened_warped(ground: Ground, factor: float) -> Iterator[Target]:
    yield _Warped(fresh_target(ground.supplier), factor)


def _twisted(kind: str, make: Callable[[str], Twist], ground: Ground) -> Iterator[Spot]:
    for name in ground.kinds(kind):
        if name in ground.answers:
            words = {word.lower() for word in _WORD.findall(name)}
            same = next((why for verb, why in _IDEMPOTENT.items() if verb in words), "")
            equivalent = same if make is _twice else ""
            yield Spot(name, (name,), answering(ground, partial(make, name)), equivalent=equivalent)


_SAME = "what sets a thing to what it was told leaves it the same when it is done twice"
_GONE = "what is deleted is gone, and deleting it again leaves it so"
_WORD = re.compile(r"[A-Z]?[a-z]+")
_IDEMPOTENT = {"upsert": _SAME, "update": _SAME, "set": _SAME, "delete": _GONE, "remove": _GONE}


def _twice(name: str) -> Twist:
    def twist(asked: Asked, request: Request, forward: Forward) -> Exchange:
        first = forward(request)
        if asked.operation == name:
            forward(request)
        return first

    return twist


def _stale(name: str) -> Twist:
    known: dict[tuple[str, bytes], Exchange] = {}

    def twist(asked: Asked, request: Request, forward: Forward) -> Exchange:
        if asked.operation != name:
            return forward(request)
        key = (f"{request.path}?{request.query}{request.header('authorization')}", request.body)
        if key not in known:
            known[key] = forward(request)
        return known[key]

    return twist


def _behind(name: str) -> Twist:
    known: dict[tuple[str, bytes], Exchange] = {}

    def twist(asked: Asked, request: Request, forward: Forward) -> Exchange:
        exchange = forward(request)
        if asked.operation != name:
            return exchange
        key = (f"{request.path}?{request.query}{request.header('authorization')}", request.body)
        before = known.get(key, exchange)
        known[key] = exchange
        return before

    return twist


def _now_and_then(name: str) -> Twist:
    count = [0]

    def twist(asked: Asked, request: Request, forward: Forward) -> Exchange:
        exchange = forward(request)
        count[0] += asked.operation == name
        if asked.operation != name or count[0] % 5:
            return exchange
        return replace(exchange, reply=replace(exchange.reply, status=503, body=b'{"message":"try again"}'))

    return twist


def _echoes(ground: Ground) -> Iterator[Spot]:
    """Change what a write says again of what it was told."""
    for heard in ground.heard:
        if heard.outcome == "ok" and heard.asked.operation in ground.kinds("write"):
            told = set(_scalars(dict(heard.asked.arguments))) | set(_scalars(_sent(heard.exchange.request)))
            for leaf in ground.leaves:
                if leaf.operation == heard.asked.operation and any(_is_told(value, told) for value in leaf.values):
                    yield _changed(ground, leaf, partial(_other, told))


def _sent(request: Request) -> Any:
    try:
        return orjson.loads(request.body)
    except orjson.JSONDecodeError:
        return None


def _is_told(value: Any, told: set[Any]) -> bool:
    return (
        isinstance(value, (str, int))
        and not isinstance(value, bool)
        and value in told
        and str(value) not in ("", "0", "1")
    )


def _scalars(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for part in value.values():
            yield from _scalars(part)
    elif isinstance(value, list):
        for part in value:
            yield from _scalars(part)
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
        yield value


def _other(_told: set[Any], value: Any) -> Any:
    if isinstance(value, str):
        return f"{value[:-1]}~" if value else value
    return value + 1 if isinstance(value, int) and not isinstance(value, bool) else value


def _changed(ground: Ground, leaf: Leaf, change: Callable[[Any], Any]) -> Spot:
    stage = leaf_changed(ground, leaf.operation, leaf.path, change)
    return Spot(f"{leaf.operation}.{leaf.path}", (leaf.operation,), stage, leaf.name)


def _same_id(ground: Ground) -> Iterator[Spot]:
    """Give everything that is made the name of the first."""
    for leaf in ground.leaves:
        values = [value for value in leaf.values if isinstance(value, (str, int)) and not isinstance(value, bool)]
        is_name = leaf.name.lower().endswith(("id", "number", "ids", "url")) or leaf.name == "order"
        if leaf.operation in ground.kinds("write") and is_name and len(values) > 1 and len(set(values)) == len(values):
            stage = answering(ground, partial(_repeated, ground, leaf))
            yield Spot(f"{leaf.operation}.{leaf.path}", (leaf.operation,), stage, leaf.name)


def _repeated(ground: Ground, leaf: Leaf) -> Twist:
    first: list[Any] = []

    def change(value: Any) -> Any:
        first.append(value)
        return first[0]

    def twist(asked: Asked, request: Request, forward: Forward) -> Exchange:
        exchange = forward(request)
        if asked.operation != leaf.operation:
            return exchange
        return replace(
            exchange, reply=carried(ground, leaf.operation, exchange.reply, lambda body: at(body, leaf.path, change))
        )

    return twist


def _make(
    name: str, severity: Severity, promise: str, spots: Callable[[Ground], Iterator[Spot]], most: int = 3
) -> Mutator:
    return Mutator(name, "state", severity, promise, spots, most)


_VISIBLE = "what was written can be read"
STATES: tuple[Mutator, ...] = (
    _make("write-lost", "breaking", _VISIBLE, partial(_forgetful, -1)),
    _make("write-late", "breaking", "what was written can be read at once", partial(_forgetful, 1)),
    _make("write-twice", "breaking", "what is asked once is done once", partial(_twisted, "write", _twice)),
    _make(
        "write-now-and-then",
        "breaking",
        "what is right is done every time",
        partial(_twisted, "write", _now_and_then),
        2,
    ),
    _make(
        "read-now-and-then",
        "breaking",
        "what is right is answered every time",
        partial(_twisted, "read", _now_and_then),
        2,
    ),
    _make("read-stale", "breaking", "a read says what is now", partial(_twisted, "read", _stale)),
    _make("read-behind", "breaking", "a read says what is now", partial(_twisted, "read", _behind)),
    _make("echo-changed", "breaking", "what was told is kept as it was told", _echoes),
    _make("name-reused", "breaking", "what is made has a name of its own", _same_id, 2),
    _make("time-stands", "breaking", "what is due happens", partial(_warped, 0.0)),
    _make("time-runs", "breaking", "what is due happens when it is due", partial(_warped, 3.0)),
)
