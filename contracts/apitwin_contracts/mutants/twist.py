"""Mutants of the wire: a target whose requests and replies are rewritten on their way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import orjson

from apitwin_contracts.targets import Target
from apitwin_contracts.targets.callbacks import Callbacks, callbacks_of
from apitwin_contracts.targets.clock import TargetClock
from apitwin_fixtures import Exchange, Reply, Request

from .asked import Asked, asked_of
from .mutant import Stage
from .places import ABSENT, Change, at
from .stage import fresh_target

__all__ = [
    "Forward",
    "Twist",
    "Twisted",
    "answered",
    "bodies",
    "headed",
    "refused",
    "replied",
    "sent",
    "staged",
    "values",
    "with_body",
]

Forward = Callable[[Request], Exchange]
Twist = Callable[[Asked, Request, Forward], Exchange]
_OK, _FIRST_REFUSAL = 200, 400


class Twisted:
    """A target behind a twist."""

    authority = None

    def __init__(self, target: Target, supplier: str, twist: Twist) -> None:
        self._target = target
        self._supplier = supplier
        self._twist = twist
        self.url = target.url

    @property
    def clock(self) -> TargetClock:
        return self._target.clock

    @property
    def callbacks(self) -> Callbacks | None:
        return callbacks_of(self._target)

    def send(self, request: Request) -> Exchange:
        """Pass a request through the twist."""
        exchange = self._twist(asked_of(self._supplier, request), request, self._target.send)
        return replace(exchange, request=request)


def staged(supplier: str, make: Callable[[], Twist]) -> Stage:
    """Give a stage of a twist, made anew each time because some remember."""

    @contextmanager
    def stage() -> Iterator[Target]:
        yield Twisted(fresh_target(supplier), supplier, make())

    return stage


def replied(change: Callable[[Asked, Reply], Reply]) -> Twist:
    """Rewrite every reply."""

    def twist(asked: Asked, request: Request, forward: Forward) -> Exchange:
        exchange = forward(request)
        return replace(exchange, reply=change(asked, exchange.reply))

    return twist


def sent(change: Callable[[Asked, Request], Request]) -> Twist:
    """Rewrite every request."""
    return lambda asked, request, forward: forward(change(asked, request))


def headed(operation: str, name: str, change: Change, status: int | None = None) -> Twist:
    """Change a header of an operation's replies (of all, when it is empty); `ABSENT` drops it."""

    def change_header(asked: Asked, reply: Reply) -> Reply:
        if operation not in ("", asked.operation) or status not in (None, reply.status):
            return reply
        value = change(reply.header(name))
        others = tuple(pair for pair in reply.headers if pair[0] != name)
        return replace(reply, headers=others if value is ABSENT else (*others, (name, value)))

    return replied(change_header)


def bodies(change: Callable[[Asked, Reply, Any], Any]) -> Twist:
    """Rewrite every JSON body."""

    def change_body(asked: Asked, reply: Reply) -> Reply:
        try:
            body = orjson.loads(reply.body)
        except orjson.JSONDecodeError:
            return reply
        return with_body(reply, change(asked, reply, body))

    return replied(change_body)


def with_body(reply: Reply, body: Any) -> Reply:
    """Give a reply with another JSON body."""
    return replace(reply, body=orjson.dumps(body))


def answered(operation: str, change: Change, when: Callable[[Asked], bool] = lambda _asked: True) -> Twist:
    """Rewrite what an operation answers when it succeeds."""

    def change_body(asked: Asked, reply: Reply, body: Any) -> Any:
        if asked.operation != operation or reply.status != _OK or not when(asked):
            return body
        if "data" not in body:
            return change(body) if body.get("success") else body
        payload = (body["data"] or {}).get(operation)
        if payload is None or _is_refusal(payload):
            return body
        changed = change(payload)
        others = {key: value for key, value in body["data"].items() if key != operation}
        return {**body, "data": others if changed is ABSENT else {**others, operation: changed}}

    return bodies(change_body)


def _is_refusal(payload: Any) -> bool:
    return isinstance(payload, dict) and payload.get("error") not in (None, False)


def values(operation: str, path: str, change: Change, when: Callable[[Asked], bool] = lambda _asked: True) -> Twist:
    """Change every value at a path of what an operation answers."""
    return answered(operation, lambda payload: at(payload, path, change), when)


def refused(operation: str, change: Change) -> Twist:
    """Rewrite the whole body of an operation's refusals (of all operations', when it is empty)."""

    def change_body(asked: Asked, reply: Reply, body: Any) -> Any:
        if operation not in ("", asked.operation):
            return body
        payload = (body.get("data") or {}).get(asked.operation) if isinstance(body, dict) else None
        is_refusal = reply.status >= _FIRST_REFUSAL or body.get("errors") or _is_refusal(payload)
        return change(body) if is_refusal else body

    return bodies(change_body)
