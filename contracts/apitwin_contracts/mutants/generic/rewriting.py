"""Stages on which what passes by is rewritten, whatever the surface."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import orjson

from apitwin_contracts.mutants import twist
from apitwin_contracts.mutants.asked import Asked, asked_of
from apitwin_contracts.mutants.mutant import Stage
from apitwin_contracts.mutants.places import ABSENT, Change, at
from apitwin_contracts.mutants.twist import Forward, Twist, with_body
from apitwin_contracts.surfaces.surface import OK
from apitwin_fixtures import Exchange, Reply, Request

from .ground import Ground

__all__ = [
    "answering",
    "asking",
    "carried",
    "leaf_changed",
    "named",
    "payload_changed",
    "refusal_changed",
    "reply_of",
    "with_arguments",
    "without_header",
]

Named = Callable[[Asked], bool]


def named(*operations: str) -> Named:
    """Tell requests of these operations; of any, when none is named."""
    return lambda asked: not operations or asked.operation in operations


def answering(ground: Ground, make: Callable[[], Twist]) -> Stage:
    """Give a stage of a twist, made anew each time."""
    return twist.staged(ground.supplier, make)


def reply_of(ground: Ground, which: Named, change: Callable[[Reply], Reply], outcome: str = "") -> Stage:
    """Give a stage on which replies are changed: all, or those that are `ok` or a code."""

    def changed(asked: Asked, reply: Reply) -> Reply:
        if not which(asked) or (outcome and _outcome(ground, asked, reply) != outcome):
            return reply
        return change(reply)

    return answering(ground, lambda: twist.replied(changed))


def _outcome(ground: Ground, asked: Asked, reply: Reply) -> str:
    if asked.operation not in ground.names:
        return ""
    return ground.contract.surface.recognise(asked.operation, reply, ground.contract.errors).outcome


def carried(ground: Ground, operation: str, reply: Reply, change: Change) -> Reply:
    """Give a successful reply with another payload; `ABSENT` leaves it out."""
    found = ground.contract.surface.recognise(operation, reply, ground.contract.errors)
    if found.outcome != OK or found.payload is None:
        return reply
    made = change(found.payload)
    if ground.is_rest:
        return with_body(reply, made)
    body: Any = reply.json
    data = {key: value for key, value in body["data"].items() if key != operation}
    return with_body(reply, {**body, "data": data if made is ABSENT else {**data, operation: made}})


def payload_changed(ground: Ground, operation: str, change: Change) -> Stage:
    """Give a stage on which an operation's successful answers are others."""
    return reply_of(ground, named(operation), lambda reply: carried(ground, operation, reply, change))


def leaf_changed(ground: Ground, operation: str, path: str, change: Change) -> Stage:
    """Give a stage on which the values at a path are others."""
    return payload_changed(ground, operation, lambda payload: at(payload, path, change))


def refusal_changed(ground: Ground, operation: str, code: str, change: Callable[[Reply], Reply]) -> Stage:
    """Give a stage on which one code's replies are others."""
    return reply_of(ground, named(operation), change, code)


def without_header(headers: tuple[tuple[str, str], ...], name: str) -> tuple[tuple[str, str], ...]:
    """Give headers without one."""
    return tuple(pair for pair in headers if pair[0].lower() != name)


def with_arguments(ground: Ground, request: Request, change: Callable[[dict[str, Any]], Mapping[str, Any]]) -> Request:
    """Give a request that asks with other arguments: its variables, or its query and, where it has one, its JSON body."""
    if not ground.is_rest:
        return _with_variables(asked_of(ground.supplier, request).operation, request, change)
    query = change(dict(request.parameters))
    return replace(request, query=Request.encode({key: value for key, value in query.items() if value is not None}))


def _with_variables(operation: str, request: Request, change: Callable[[dict[str, Any]], Mapping[str, Any]]) -> Request:
    try:
        body = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        return request
    if not isinstance(body, dict) or not isinstance(body.get("variables") or {}, dict):
        return request
    before = dict(body.get("variables") or {})
    made = dict(change(dict(before)))
    known = {name: value for name, value in made.items() if name in before}
    query = _with_literals(
        str(body.get("query")), operation, {name: made[name] for name in made.keys() - before.keys()}
    )
    return replace(request, body=orjson.dumps({**body, "query": query, **({"variables": known} if before else {})}))


def _with_literals(query: str, operation: str, added: Mapping[str, Any]) -> str:
    """Write arguments into a document that does not declare them."""
    if not added:
        return query
    written = ", ".join(f"{name}: {_literal(value)}" for name, value in added.items())
    return re.sub(
        rf"\b{operation}\b(\s*\()?", lambda found: f"{operation}({written}{', ' if found[1] else ')'}", query, count=1
    )


def _literal(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_literal(part)}" for name, part in value.items()) + "}"
    return orjson.dumps(value).decode()


def asking(ground: Ground, which: Named, change: Callable[[dict[str, Any]], Mapping[str, Any]]) -> Stage:
    """Give a stage on which requests ask with other arguments."""

    def twisted(asked: Asked, request: Request, forward: Forward) -> Exchange:
        return forward(with_arguments(ground, request, change) if which(asked) else request)

    return answering(ground, lambda: twisted)
