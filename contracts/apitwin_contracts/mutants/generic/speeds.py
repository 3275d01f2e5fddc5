"""Mutators of time: answers that come late, all of them or some, from the beginning or more and more. Nobody waits: only the told time grows."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from apitwin_contracts.mutants.asked import Asked
from apitwin_contracts.mutants.twist import Forward, Twist
from apitwin_fixtures import Exchange, Request

from .ground import Ground
from .mutator import Mutator, Spot
from .rewriting import answering

__all__ = ["SPEEDS"]

Late = Callable[[Asked, int], float]
"""Gives the seconds by which an answer is late, of what is asked and of how often anything was asked before."""


def _slowed(late: Late) -> Twist:
    count = [0]

    def twist(asked: Asked, request: Request, forward: Forward) -> Exchange:
        count[0] += 1
        exchange = forward(request)
        return replace(exchange, seconds=exchange.seconds + late(asked, count[0]))

    return twist


def _one(kind: str, seconds: float, ground: Ground) -> Iterator[Spot]:
    for name in ground.kinds(kind):
        if name in ground.answers:
            yield _spot(ground, name, partial(_of, name, seconds))


def _of(name: str, seconds: float, asked: Asked, _count: int) -> float:
    return seconds if asked.operation == name else 0.0


def _spot(ground: Ground, name: str, late: Late) -> Spot:
    return Spot(name, (name,), answering(ground, lambda: _slowed(late)), "", (f"performance.latency:{name}",))


def _argued(ground: Ground) -> Iterator[Spot]:
    for name in ground.answers:
        asked = [heard.asked.arguments for heard in ground.heard if heard.asked.operation == name]
        if any(arguments for arguments in asked) and name in ground.kinds("read"):
            yield _spot(ground, name, partial(_of_argued, name))


def _of_argued(name: str, asked: Asked, _count: int) -> float:
    return 0.8 if asked.operation == name and asked.arguments else 0.0


def _every(seconds: float, ground: Ground) -> Iterator[Spot]:
    yield Spot("", tuple(sorted(ground.names)), answering(ground, lambda: _slowed(lambda _asked, _count: seconds)))


def _growing(ground: Ground) -> Iterator[Spot]:
    stage = answering(ground, lambda: _slowed(lambda _asked, count: count * 0.01))
    yield Spot("", tuple(sorted(ground.names)), stage)


_TIME = "an answer comes within its documented time"
SPEEDS: tuple[Mutator, ...] = (
    Mutator("late-read", "performance", "dangerous", _TIME, partial(_one, "read", 0.8)),
    Mutator("late-write", "performance", "dangerous", _TIME, partial(_one, "write", 0.8)),
    Mutator("very-late-read", "performance", "breaking", _TIME, partial(_one, "read", 20.0)),
    Mutator("late-with-arguments", "performance", "dangerous", _TIME, _argued),
    Mutator("late-always", "performance", "dangerous", _TIME, partial(_every, 0.7)),
    Mutator(
        "later-and-later",
        "performance",
        "dangerous",
        "an answer takes as long after many requests as at first",
        _growing,
    ),
)
