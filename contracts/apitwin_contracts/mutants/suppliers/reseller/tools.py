"""Twists and rules of the reseller platform's mock that several files of mutants share."""

from collections.abc import Callable
from functools import partial
from typing import Any

import orjson

from apitwin_contracts.drift import Category
from apitwin_contracts.mutants import stage, twist
from apitwin_contracts.mutants.asked import Asked
from apitwin_contracts.mutants.mutant import Mutant, Stage, family
from apitwin_contracts.mutants.twist import Forward
from apitwin_fixtures import Exchange, Reply, Request

__all__ = ["EVERY", "breaking", "changed", "refused", "ruled", "staged", "twisted"]

Twist = Callable[[str, Request, Forward], Exchange]
ruled = partial(stage.ruled, "reseller")
EVERY = " ".join(operation.name for operation in stage.contract_of("reseller").operations)
"""Every operation."""


def breaking(
    category: Category, name: str, operations: str, place: str, by: str, on: Stage, of: str, also: tuple[Category, ...]
) -> Mutant:
    """Make a mutant of the platform."""
    return family("reseller", category)(name, "breaking", operations, place, by, on, of=of, also=also)


def twisted(make: Callable[[], Twist]) -> Stage:
    """Give a stage of a twist that is told the operation's name, made anew each time because some remember."""

    def made() -> twist.Twist:
        inner = make()

        def named(asked: Asked, request: Request, forward: Forward) -> Exchange:
            return inner(asked.operation, request, forward)

        return named

    return twist.staged("reseller", made)


def staged(change: Callable[[str, Reply], Reply]) -> Stage:
    """Give a stage whose replies are rewritten."""
    return twist.staged("reseller", lambda: twist.replied(lambda asked, reply: change(asked.operation, reply)))


def changed(operations: str, change: Callable[[Any], Any]) -> Stage:
    """Give a stage whose successful bodies are rewritten; a change that gives None has changed the body in place."""
    return _rewritten(operations, change, good=True)


def refused(change: Callable[[Any], Any], operations: str = "") -> Stage:
    """Give a stage whose refusals' bodies are rewritten."""
    return _rewritten(operations, change, good=False)


def _rewritten(operations: str, change: Callable[[Any], Any], *, good: bool) -> Stage:
    def rewrite(operation: str, reply: Reply) -> Reply:
        takes = not operations or operation in operations.split()
        if not takes or (reply.status < 300) != good or reply.media_type != "application/json":
            return reply
        body = orjson.loads(reply.body)
        made = change(body)
        return twist.with_body(reply, body if made is None else made)

    return staged(rewrite)
