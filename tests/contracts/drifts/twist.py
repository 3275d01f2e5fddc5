"""Drifts of the wire: a target whose requests and replies are rewritten on their way."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import orjson
from graphql import FieldNode, GraphQLError, OperationDefinitionNode, VariableNode, parse, value_from_ast_untyped

from apitwin_contracts.targets import Target
from apitwin_contracts.targets.clock import TargetClock
from apitwin_fixtures import Exchange, Reply, Request
from tests.contracts.drifts.stage import contract, fresh_target

__all__ = [
    "ABSENT",
    "Asked",
    "Change",
    "Exchange",
    "Forward",
    "Twist",
    "Twisted",
    "answered",
    "at",
    "bodies",
    "headed",
    "moved",
    "refused",
    "renamed",
    "replied",
    "sent",
    "staged",
    "values",
]

Forward = Callable[[Request], Exchange]
Change = Callable[[Any], Any]
ABSENT = object()
"""What a change gives for a key or an item that is to be left out."""


@dataclass(frozen=True)
class Asked:
    """What a request asks for: an operation with its arguments; `operation` is empty for anything else."""

    operation: str
    arguments: Mapping[str, Any]

    @classmethod
    def of(cls, supplier: str, request: Request) -> "Asked":
        """Read a request of one of the suppliers."""
        return _rest(request) if supplier == "oxomi" else _graphql(request)


Twist = Callable[[Asked, Request, Forward], Exchange]


class Twisted:
    """A target behind a twist."""

    def __init__(self, target: Target, supplier: str, twist: Twist) -> None:
        self._target = target
        self._supplier = supplier
        self._twist = twist
        self.url = target.url
        self.authority = None

    @property
    def clock(self) -> TargetClock:
        return self._target.clock

    def send(self, request: Request) -> Exchange:
        exchange = self._twist(Asked.of(self._supplier, request), request, self._target.send)
        return replace(exchange, request=request)


def staged(supplier: str, make: Callable[[], Twist]) -> Callable[[], Any]:
    """Give a stage of a twist, made anew each time because some remember."""

    @contextmanager
    def stage() -> Iterator[Target]:
        yield Twisted(fresh_target(supplier), supplier, make())

    return stage


@cache
def _routes() -> Mapping[tuple[str, str], str]:
    operations = contract("oxomi").surface.operations  # type: ignore[attr-defined] # OXOMI's surface is a REST one
    found = {(operation.method, operation.path): name for name, operation in operations.items()}
    return {**found, ("POST", "/portals/api/v1/core/update-sync-date"): "update_sync_date"}


def _rest(request: Request) -> Asked:
    return Asked(_routes().get((request.method, request.path), ""), request.parameters)


def _graphql(request: Request) -> Asked:
    if request.path.endswith("/token"):
        return Asked("token", {})
    try:
        body = orjson.loads(request.body)
        name, arguments = _root(body["query"])
    except (orjson.JSONDecodeError, GraphQLError, KeyError, TypeError):
        return Asked("", {})
    variables = body.get("variables") or {}
    return Asked(
        name, {key: variables.get(value[1:]) if _is_variable(value) else value for key, value in arguments.items()}
    )


def _is_variable(value: object) -> bool:
    return isinstance(value, str) and value.startswith("$")


@cache
def _root(query: str) -> tuple[str, dict[str, Any]]:
    operations = [node for node in parse(query).definitions if isinstance(node, OperationDefinitionNode)]
    fields = [node for node in operations[0].selection_set.selections if isinstance(node, FieldNode)]
    if len(operations) != 1 or not fields:
        return "", {}
    return fields[0].name.value, {
        argument.name.value: f"${argument.value.name.value}"
        if isinstance(argument.value, VariableNode)
        else value_from_ast_untyped(argument.value)
        for argument in fields[0].arguments or ()
    }


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
        return replace(reply, body=orjson.dumps(change(asked, reply, body)))

    return replied(change_body)


def answered(operation: str, change: Change, when: Callable[[Asked], bool] = lambda _asked: True) -> Twist:
    """Rewrite what an operation answers when it succeeds."""

    def change_body(asked: Asked, reply: Reply, body: Any) -> Any:
        if asked.operation != operation or reply.status != 200 or not when(asked):
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
        is_refusal = reply.status >= 400 or body.get("errors") or _is_refusal(payload)
        return change(body) if is_refusal else body

    return bodies(change_body)


def renamed(old: str, new: str) -> Change:
    """Give an object with a key renamed."""
    return lambda item: {new if key == old else key: value for key, value in item.items()}


def moved(one: str, other: str) -> Change:
    """Give an object with two values swapped."""
    return lambda item: {**item, one: item[other], other: item[one]} if {one, other} <= item.keys() else item


def at(value: Any, path: str, change: Change) -> Any:
    """Give a value with everything at a path changed; `[]` is every item, `[2]` one, `*` every key; absent keys stay absent."""
    if not path:
        return change(value)
    head, _, rest = path.partition(".")
    name, bracket, index = head.partition("[")
    inner = f"[{index}" + (f".{rest}" if rest else "") if bracket and name else rest
    if name == "*":
        return {key: at(part, inner, change) for key, part in value.items()} if isinstance(value, dict) else value
    if name:
        return _at_key(value, name, inner, change)
    return _at_items(value, index[:-1], rest, change)


def _at_key(value: Any, name: str, rest: str, change: Change) -> Any:
    if not isinstance(value, dict) or name not in value:
        return value
    changed = at(value[name], rest, change)
    return {
        key: changed if key == name else part for key, part in value.items() if key != name or changed is not ABSENT
    }


def _at_items(value: Any, index: str, rest: str, change: Change) -> Any:
    if not isinstance(value, list):
        return value
    chosen = range(len(value)) if not index else [range(len(value))[int(index)]] if _has(value, int(index)) else []
    changed = [at(item, rest, change) if place in chosen else item for place, item in enumerate(value)]
    return [item for item in changed if item is not ABSENT]


def _has(items: list[Any], index: int) -> bool:
    return -len(items) <= index < len(items)
