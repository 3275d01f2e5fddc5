"""Mutators of refusals: their code, text, status, shape and place, and refusals that are none any more."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import orjson

from apitwin_contracts.drift import Severity
from apitwin_contracts.mutants.twist import with_body
from apitwin_contracts.surfaces.entries import json_of
from apitwin_fixtures import Reply
from apitwin_fixtures.template import bindings

from .ground import Ground, Heard
from .mutator import Mutator, NothingToDrift, Spot
from .rewriting import named, refusal_changed, reply_of, without_header

__all__ = ["MISTAKES"]

Change = Callable[[Reply], Reply]
_CODE = re.compile(r"-?[A-Za-z0-9_.-]*[A-Za-z_][A-Za-z0-9_.-]*")
_HTML = b"<html><body><h1>Error</h1></body></html>"


def _spots(change: Change, ground: Ground, fits: Callable[[Heard], bool] = lambda _heard: True) -> Iterator[Spot]:
    for (code, operation), heard in ground.refusals.items():
        if fits(heard) and change(heard.exchange.reply) != heard.exchange.reply:
            yield _spot(ground, operation, code, change)


def _spot(ground: Ground, operation: str, code: str, change: Change) -> Spot:
    stage = refusal_changed(ground, operation, code, change)
    return Spot(f"{operation}.{code}", (operation,), stage, code, (f"error.provoked:{code}",))


def _instead(ground: Ground) -> Iterator[Spot]:
    by_operation: dict[str, list[tuple[str, Heard]]] = {}
    for (code, operation), heard in ground.refusals.items():
        by_operation.setdefault(operation, []).append((code, heard))
    for operation, found in by_operation.items():
        for (code, _), (_, other) in zip(found, [*found[1:], *found[:1]], strict=True):
            if len(found) > 1:
                yield _spot(ground, operation, code, partial(_replaced, other.exchange.reply))


def _replaced(other: Reply, _reply: Reply) -> Reply:
    return other


def _as_success(ground: Ground) -> Iterator[Spot]:
    for code, operation in ground.refusals:
        good = next(
            (heard for heard in ground.heard if (heard.asked.operation, heard.outcome) == (operation, "ok")), None
        )
        if good:
            yield _spot(ground, operation, code, partial(_replaced, good.exchange.reply))


def _edited(change: Callable[[Any], Any]) -> Change:
    def edited(reply: Reply) -> Reply:
        body = json_of(reply)
        changed = change(body) if isinstance(body, (dict, list)) else body
        # The same words written otherwise, as with other escapes, are the same refusal.
        return reply if orjson.dumps(changed) == orjson.dumps(body) else with_body(reply, changed)

    return edited


def _naming_another(ground: Ground) -> Iterator[Spot]:
    for (code, operation), heard in ground.refusals.items():
        change = partial(_renamed, ground, operation, code)
        if change(heard.exchange.reply) != heard.exchange.reply:
            yield _spot(ground, operation, code, change)


def _renamed(ground: Ground, operation: str, code: str, reply: Reply) -> Reply:
    entry = ground.contract.errors[code]
    told = bindings(entry.body, ground.contract.surface.refusal(operation, reply, entry))
    names = {str(value) for name, value, _ in told if name in ground.contract.repeats} - {""}

    def another(text: str) -> str:
        for name in names:
            text = text.replace(name, "another")
        return text

    return _texts(another, bool)(reply)


def _whole(change: Change, ground: Ground) -> Iterator[Spot]:
    """Give the refusals of which the contract knows everything."""
    found = [spot for spot in _spots(change, ground) if not ground.contract.errors[spot.place].partial]
    if not found:
        raise NothingToDrift("each of its refusals leaves room for more")
    yield from found


def _texts(change: Callable[[str], str], fits: Callable[[str], bool]) -> Change:
    return _edited(lambda body: _walked(body, lambda text: change(text) if fits(text) else text))


def _walked(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {key: _walked(part, change) for key, part in value.items()}
    if isinstance(value, list):
        return [_walked(part, change) for part in value]
    return change(value) if isinstance(value, str) else value


def _is_code(text: str) -> bool:
    return bool(_CODE.fullmatch(text)) and len(text) > 3  # noqa: PLR2004 - shorter ones are words


def _is_sentence(text: str) -> bool:
    return " " in text


def _keyed(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Change:
    """Change the innermost object that tells the refusal."""
    return _edited(lambda body: _inner(body, change))


def _inner(value: Any, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    if isinstance(value, dict) and isinstance(value.get("errors"), list) and value["errors"]:
        return {**value, "errors": [_inner(value["errors"][0], change), *value["errors"][1:]]}
    if isinstance(value, dict) and isinstance(value.get("data"), dict):
        return {**value, "data": {key: _inner(part, change) for key, part in value["data"].items()}}
    return change(value) if isinstance(value, dict) else value


def _first_renamed(item: dict[str, Any]) -> dict[str, Any]:
    texts = [key for key, value in item.items() if isinstance(value, str)]
    return {f"{key}Text" if texts and key == texts[0] else key: value for key, value in item.items()}


def _first_dropped(item: dict[str, Any]) -> dict[str, Any]:
    texts = [key for key, value in item.items() if isinstance(value, str)]
    return {key: value for key, value in item.items() if not texts or key != texts[0]}


def _first_null(item: dict[str, Any]) -> dict[str, Any]:
    texts = [key for key, value in item.items() if isinstance(value, str)]
    return {key: None if texts and key == texts[0] else value for key, value in item.items()}


def _traced(item: dict[str, Any]) -> dict[str, Any]:
    return {**item, "stacktrace": "at Shop.Api.Orders.Create()"}


def _flags_flipped(item: dict[str, Any]) -> dict[str, Any]:
    return {key: not value if isinstance(value, bool) else value for key, value in item.items()}


def _numbers_shifted(item: dict[str, Any]) -> dict[str, Any]:
    return {key: value - 1 if type(value) is int else value for key, value in item.items()}


def _numbers_as_text(item: dict[str, Any]) -> dict[str, Any]:
    return {key: str(value) if type(value) is int else value for key, value in item.items()}


def _status(status: int) -> Change:
    return lambda reply: replace(reply, status=status)


def _media(value: str) -> Change:
    return lambda reply: replace(
        reply, headers=(*without_header(reply.headers, "content-type"), ("content-type", value))
    )


def _is_error_list(heard: Heard) -> bool:
    body = json_of(heard.exchange.reply)
    return isinstance(body, dict) and isinstance(body.get("errors"), list)


def _beside(body: Any) -> Any:
    return {**body, "errors": [{"message": "A part of this could not be read."}]} if isinstance(body, dict) else body


def _errors_beside_data(ground: Ground) -> Iterator[Spot]:
    if ground.is_rest:
        raise NothingToDrift("only GraphQL tells errors beside data")
    for operation in ground.answers:
        stage = reply_of(ground, named(operation), _edited(_beside), "ok")
        yield Spot(operation, (operation,), stage, operation, (f"schema.reply:{operation}",))


def _header_dropped(name: str, ground: Ground) -> Iterator[Spot]:
    found = {code for (code, _), heard in ground.refusals.items() if heard.exchange.reply.header(name)}
    promised = {entry.code for entry in ground.contract.errors.entries if name in (entry.headers or {})}
    for code in sorted(found & promised):
        operation = next(one for known, one in ground.refusals if known == code)
        yield _spot(ground, operation, code, lambda reply: replace(reply, headers=without_header(reply.headers, name)))
    if not promised:
        raise NothingToDrift(f"no refusal promises the header {name}")


def _make(
    name: str, severity: Severity, promise: str, change: Change, fits: Callable[[Heard], bool] = lambda _h: True
) -> Mutator:
    return Mutator(f"refusal-{name}", "error", severity, promise, partial(_spots, change, fits=fits))


_CODES, _SHAPE, _STATUS, _TEXT = (
    "a refusal carries its documented code",
    "a refusal has its documented shape",
    "a refusal has its documented status",
    "a refusal has its documented text",
)
MISTAKES: tuple[Mutator, ...] = (
    _make("code-renamed", "breaking", _CODES, _texts(lambda text: f"{text}_V2", _is_code)),
    _make(
        "code-lower",
        "breaking",
        _CODES,
        _texts(lambda text: text.lower() if not text.islower() else text.upper(), _is_code),
    ),
    _make("text-reworded", "additive", _TEXT, _texts(lambda text: f"Sorry: {text}", _is_sentence)),
    _make("text-cut", "additive", _TEXT, _texts(lambda text: text[: len(text) // 2], _is_sentence)),
    _make("text-german", "additive", _TEXT, _texts(lambda _text: "Das ist leider nicht möglich.", _is_sentence)),
    _make("text-empty", "dangerous", _TEXT, _texts(lambda _text: "", _is_sentence)),
    _make(
        "values-swapped",
        "dangerous",
        "a refusal names what was wrong",
        _texts(lambda text: re.sub(r"\d+", "0", text), _is_sentence),
    ),
    Mutator("refusal-names-another", "error", "dangerous", "a refusal names what was asked", _naming_another),
    _make("key-renamed", "breaking", _SHAPE, _keyed(_first_renamed)),
    _make("key-dropped", "breaking", _SHAPE, _keyed(_first_dropped)),
    _make("key-null", "breaking", _SHAPE, _keyed(_first_null)),
    Mutator("refusal-key-added", "error", "additive", _SHAPE, partial(_whole, _keyed(_traced))),
    _make("flag-flipped", "breaking", _SHAPE, _keyed(_flags_flipped)),
    _make("number-shifted", "breaking", _CODES, _keyed(_numbers_shifted)),
    _make("number-to-text", "breaking", _SHAPE, _keyed(_numbers_as_text)),
    _make("wrapped", "breaking", _SHAPE, _edited(lambda body: {"error": body})),
    _make("in-a-list", "breaking", _SHAPE, _edited(lambda body: [body])),
    _make("empty", "breaking", _SHAPE, lambda reply: replace(reply, body=b"")),
    _make("page", "breaking", _SHAPE, lambda reply: replace(_media("text/html")(reply), body=_HTML)),
    _make("media-type", "breaking", "a refusal has its documented media type", _media("text/plain")),
    _make(
        "no-list",
        "breaking",
        _SHAPE,
        _edited(lambda body: {**body, "errors": body["errors"][0]} if body.get("errors") else body),
        _is_error_list,
    ),
    _make(
        "told-twice",
        "dangerous",
        "a refusal is told once",
        _edited(lambda body: {**body, "errors": body["errors"] * 2} if body.get("errors") else body),
        _is_error_list,
    ),
    _make(
        "no-errors",
        "breaking",
        "a refusal is told",
        _edited(lambda body: {"data": None} if "errors" in body else body),
        _is_error_list,
    ),
    _make("status-400", "breaking", _STATUS, _status(400)),
    _make("status-422", "breaking", _STATUS, _status(422)),
    _make("status-409", "breaking", _STATUS, _status(409)),
    _make("status-500", "breaking", _STATUS, _status(500)),
    _make("status-200", "breaking", _STATUS, _status(200)),
    _make(
        "server-error",
        "breaking",
        "a mistake of the client's is no failure of the server's",
        lambda _r: Reply(
            500, (("content-type", "application/json"),), orjson.dumps({"message": "Internal Server Error"})
        ),
    ),
    Mutator("refusal-reused", "error", "breaking", "a refusal's code is its own cause's", _instead),
    Mutator("refusal-as-success", "error", "breaking", "what is wrong is refused", _as_success),
    Mutator("errors-beside-data", "error", "dangerous", "a success tells no errors", _errors_beside_data),
    Mutator(
        "refusal-challenge-missing",
        "error",
        "dangerous",
        "a refusal says how to be let in",
        partial(_header_dropped, "www-authenticate"),
    ),
    Mutator(
        "refusal-allow-missing",
        "error",
        "dangerous",
        "a refusal says which methods are allowed",
        partial(_header_dropped, "allow"),
    ),
)
