"""Mutators of limits: bounds of inputs moved or ignored, texts cut, requests counted, documents measured."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import orjson

from apitwin_contracts.drift import Severity
from apitwin_contracts.laws.limits import Limit
from apitwin_contracts.mutants.asked import Asked
from apitwin_contracts.mutants.twist import Forward, Twist
from apitwin_fixtures import Exchange, Reply, Request

from .ground import Ground
from .mutator import Mutator, NothingToDrift, Spot
from .rewriting import answering

__all__ = ["BOUNDS"]

_JSON = (("content-type", "application/json"),)
_LONG_DOCUMENT, _LONG_QUERY, _LONG_BODY = 700, 150, 400
Bound = Callable[[Ground, Limit], Twist]


def _limits(make: Bound, fits: Callable[[Limit], bool], missing: str, ground: Ground) -> Iterator[Spot]:
    found = [
        limit for limit in ground.contract.declared(Limit) if fits(limit) and _is_sent(ground, limit, limit.largest)
    ]
    if not found:
        raise NothingToDrift(missing)
    for limit in found:
        stage = answering(ground, partial(make, ground, limit))
        yield Spot(limit.name, (limit.operation,), stage, "", (f"limits.bound:{limit.name}",))


def _is_sent(ground: Ground, limit: Limit, value: Any) -> bool:
    """Tell whether a bound's value is sent as it is, and is no mere name of what is computed when it is asked."""
    seen: list[Any] = []

    def look(one: Any) -> Any:
        seen.append(one)
        return one

    _values(ground.tried(lambda run: limit.asked(run, value)), look)
    return any(_is(value)(one) for one in seen)


def _values(value: Any, change: Callable[[Any], Any]) -> Any:
    """Change scalars and lists wherever they are."""
    if isinstance(value, dict):
        return {key: _values(part, change) for key, part in value.items()}
    if isinstance(value, list):
        return change([_values(part, change) for part in value])
    return change(value)


def _rewritten(ground: Ground, request: Request, change: Callable[[Any], Any]) -> Request:
    query = {name: change(value) for name, value in request.parameters.items()}
    made = request if query == dict(request.parameters) else replace(request, query=Request.encode(query))
    try:
        body = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        return made
    if ground.is_rest:
        return replace(made, body=orjson.dumps(_values(body, change)))
    inner = body.get("variables") if isinstance(body, dict) else None
    return replace(made, body=orjson.dumps({**body, "variables": _values(inner, change)})) if inner else made


def _is(wanted: Any) -> Callable[[Any], bool]:
    return lambda value: (type(value) is type(wanted) and bool(value == wanted)) or str(value) == str(wanted)


def _asks_for(ground: Ground, request: Request, wanted: Any) -> bool:
    seen: list[Any] = []

    def look(value: Any) -> Any:
        seen.append(value)
        return value

    _rewritten(ground, request, look)
    return any(_is(wanted)(value) for value in seen)


def _lowered(ground: Ground, limit: Limit) -> Twist:
    refused = next(
        (heard.exchange.reply for (code, _), heard in ground.refusals.items() if code == limit.refused), None
    )
    reply = refused or Reply(400, _JSON, b'{"message":"too large"}')

    def twist(asked: Asked, request: Request, forward: Forward) -> Exchange:
        if asked.operation == limit.operation and _asks_for(ground, request, limit.largest):
            return Exchange(request, reply)
        return forward(request)

    return twist


def _raised(ground: Ground, limit: Limit) -> Twist:
    def twist(asked: Asked, request: Request, forward: Forward) -> Exchange:
        if asked.operation != limit.operation:
            return forward(request)
        return forward(_rewritten(ground, request, lambda value: limit.largest if _is(limit.beyond)(value) else value))

    return twist


def _cut(ground: Ground, limit: Limit) -> Twist:
    most = len(limit.largest) - 1

    def twist(asked: Asked, request: Request, forward: Forward) -> Exchange:
        if asked.operation != limit.operation:
            return forward(request)
        return forward(
            _rewritten(
                ground,
                request,
                lambda value: value[:most] if isinstance(value, str) and len(value) == most + 1 else value,
            )
        )

    return twist


def _is_sized(limit: Limit) -> bool:
    return isinstance(limit.largest, (str, int)) and not isinstance(limit.largest, bool)


def _has_beyond(limit: Limit) -> bool:
    return (
        _is_sized(limit)
        and limit.beyond is not None
        and limit.refused is not None
        and type(limit.beyond) is type(limit.largest)
    )


def _is_echoed_text(limit: Limit) -> bool:
    return isinstance(limit.largest, str) and limit.echo is not None


def _counted(most: int, status: int, ground: Ground) -> Iterator[Spot]:
    def make() -> Twist:
        sent = [0]

        def twist(asked: Asked, request: Request, forward: Forward) -> Exchange:
            sent[0] += asked.operation in ground.names
            if sent[0] <= most:
                return forward(request)
            return Exchange(request, Reply(status, (*_JSON, ("retry-after", "60")), b'{"message":"Too many requests"}'))

        return twist

    yield Spot("", tuple(sorted(ground.names)), answering(ground, make))


def _counted_for_one(ground: Ground) -> Iterator[Spot]:
    for name in ground.kinds("write"):
        if name in ground.answers:
            yield Spot(name, (name,), answering(ground, partial(_few, name)))


def _few(name: str) -> Twist:
    sent = [0]

    def twist(asked: Asked, request: Request, forward: Forward) -> Exchange:
        sent[0] += asked.operation == name
        if asked.operation != name or sent[0] <= 5:  # noqa: PLR2004 - the drifted limit
            return forward(request)
        return Exchange(request, Reply(429, _JSON, b'{"message":"Enough for today"}'))

    return twist


def _measured(is_too_much: Callable[[Request], bool], reply: Reply, ground: Ground) -> Iterator[Spot]:
    if not any(is_too_much(heard.exchange.request) for heard in ground.heard if heard.asked.operation in ground.names):
        raise NothingToDrift("nothing so large is asked of it")

    def twist(asked: Asked, request: Request, forward: Forward) -> Exchange:
        too_much = asked.operation in ground.names and is_too_much(request)
        return Exchange(request, reply) if too_much else forward(request)

    yield Spot("", tuple(sorted(ground.names)), answering(ground, lambda: twist))


def _graphql_only(spots: Callable[[Ground], Iterator[Spot]]) -> Callable[[Ground], Iterator[Spot]]:
    def found(ground: Ground) -> Iterator[Spot]:
        if ground.is_rest:
            raise NothingToDrift("a REST request has no document")
        return spots(ground)

    return found


def _rest_only(spots: Callable[[Ground], Iterator[Spot]]) -> Callable[[Ground], Iterator[Spot]]:
    def found(ground: Ground) -> Iterator[Spot]:
        if not ground.is_rest:
            raise NothingToDrift("a GraphQL request has no query string to speak of")
        return spots(ground)

    return found


def _depth(request: Request) -> int:
    depth = deepest = 0
    for sign in request.body.decode("utf-8", "replace").partition('"variables"')[0]:
        depth += (sign == "{") - (sign == "}")
        deepest = max(deepest, depth)
    return deepest - 1


def _deep(most: int) -> Callable[[Request], bool]:
    return lambda request: _depth(request) > most


def _errors(text: str, status: int = 200) -> Reply:
    return Reply(status, _JSON, orjson.dumps({"errors": [{"message": text}]}))


def _bound(
    name: str, severity: Severity, promise: str, make: Bound, fits: Callable[[Limit], bool], missing: str
) -> Mutator:
    return Mutator(name, "limits", severity, promise, partial(_limits, make, fits, missing), 4)


def _make(name: str, promise: str, spots: Callable[[Ground], Iterator[Spot]]) -> Mutator:
    return Mutator(name, "limits", "breaking", promise, spots)


_RATE, _SIZE = "as many requests as documented are answered", "what the documents allow is not too much"
_NO_LIMIT = "it declares no such bound"
BOUNDS: tuple[Mutator, ...] = (
    _bound("bound-lowered", "breaking", "the largest documented value is taken", _lowered, _is_sized, _NO_LIMIT),
    _bound(
        "bound-raised", "dangerous", "above the largest documented value it is refused", _raised, _has_beyond, _NO_LIMIT
    ),
    _bound(
        "bound-cuts",
        "breaking",
        "the longest documented text is kept whole",
        _cut,
        _is_echoed_text,
        "it says no bounded text again",
    ),
    _make("rate-30", _RATE, partial(_counted, 30, 429)),
    _make("rate-200", _RATE, partial(_counted, 200, 429)),
    _make("rate-unavailable", _RATE, partial(_counted, 40, 503)),
    _make("rate-of-writes", _RATE, _counted_for_one),
    _make("document-depth", _SIZE, _graphql_only(partial(_measured, _deep(3), _errors("The document is too deep.")))),
    _make(
        "document-length",
        _SIZE,
        _graphql_only(
            partial(
                _measured, lambda request: len(request.body) > _LONG_DOCUMENT, _errors("The document is too long.", 413)
            )
        ),
    ),
    _make(
        "query-length",
        _SIZE,
        _rest_only(partial(_measured, lambda request: len(request.query) > _LONG_QUERY, Reply(414, (), b""))),
    ),
    _make(
        "body-length", _SIZE, partial(_measured, lambda request: len(request.body) > _LONG_BODY, Reply(413, (), b""))
    ),
)
