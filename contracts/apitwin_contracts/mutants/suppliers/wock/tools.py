"""Twists and rules of World of CD Keys' mock that several files of drifts share."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from apitwin_contracts.mutants.asked import Asked
from apitwin_contracts.mutants.mutant import Make, Stage, family
from apitwin_contracts.mutants.places import Change
from apitwin_contracts.mutants.stage import Rule, ruled
from apitwin_contracts.mutants.texts import rewritten
from apitwin_contracts.mutants.twist import Forward, Twist, answered, bodies, staged, values
from apitwin_fixtures import Exchange, Fixtures, Reply, Request
from apitwin_fixtures.sdl import wire_sdl
from apitwin_mocks.suppliers.wock import api, domain, ordering, sorting
from apitwin_mocks.suppliers.wock.endpoint import HotChocolate
from apitwin_mocks.suppliers.wock.errors import Code
from apitwin_mocks.suppliers.wock.filters import compile_filter
from apitwin_mocks.suppliers.wock.scalars import SCALARS
from apitwin_mocks.suppliers.wock.segments import Segment

__all__ = [
    "answer_changed",
    "checks",
    "code_of",
    "code_renamed",
    "error_without",
    "error_worded",
    "errors_changed",
    "introspected",
    "looked_at",
    "making",
    "new_endpoint",
    "page_of",
    "reading",
    "rule",
    "schema_changed",
    "settings",
    "slow",
    "told",
    "twisted",
    "value_changed",
    "world",
    "writes",
]

rule = partial(ruled, "wock")
writes = "createOrder deleteOrder"


def making(category: Any) -> Make:
    """Give a maker of drifts of a category."""
    return family("wock", category)


def twisted(make: Callable[[], Twist]) -> Stage:
    """Give a stage of a twist that remembers something."""
    return staged("wock", make)


def value_changed(operation: str, path: str, change: Change, **when: Any) -> Stage:
    """Give a stage on which the values at a path of an operation are changed."""
    return staged("wock", lambda: values(operation, path, change, **when))


def answer_changed(operation: str, change: Change, **when: Any) -> Stage:
    """Give a stage on which an operation's answers are changed as a whole."""
    return staged("wock", lambda: answered(operation, change, **when))


def told(change: Callable[[dict[str, Any]], Any], when: str | None = None) -> Twist:
    """Give a twist that changes every item of `errors` (those with a code, when one is named)."""

    def changed(_asked: Asked, _reply: Reply, body: Any) -> Any:
        if not isinstance(body, dict) or not isinstance(body.get("errors"), list):
            return body
        return {**body, "errors": [change(item) if when in (None, code_of(item)) else item for item in body["errors"]]}

    return bodies(changed)


def code_of(item: Mapping[str, Any]) -> str | None:
    """Give the code of an item of `errors`."""
    found = (item.get("extensions") or {}).get("code")
    return None if found is None else str(found)


def errors_changed(change: Callable[[dict[str, Any]], Any], when: str | None = None) -> Stage:
    """Give a stage on which the items of `errors` are changed."""
    return staged("wock", lambda: told(change, when))


def introspected(change: Callable[[dict[str, Any]], Any]) -> Stage:
    """Give a stage on which the schema shows something else."""

    def changed(_asked: Asked, _reply: Reply, body: Any) -> Any:
        data = body.get("data") if isinstance(body, dict) else None
        return {**body, "data": {**data, "__schema": change(data["__schema"])}} if data and "__schema" in data else body

    return staged("wock", lambda: bodies(changed))


def looked_at(change: Callable[[Asked, Request, Forward], Exchange]) -> Stage:
    """Give a stage of a twist that remembers nothing."""
    return staged("wock", lambda: change)


def settings(**changes: Any) -> Stage:
    """Give a stage whose server is set up otherwise."""
    return rule((domain, "Settings", lambda original: partial(original, **changes)))


def new_endpoint(sdl: str) -> Rule:
    """Give a rule by which another endpoint answers: one that has read no document yet, as drifts of reading need it."""

    def endpoint(original: HotChocolate) -> HotChocolate:
        bound = (api._query, api._mutation, *SCALARS)
        return HotChocolate(sdl, bound, Fixtures.of("wock").errors, original._settings_of, original._correlation_of)

    return (api, "_graphql", endpoint)


def reading(*rules: Rule) -> Stage:
    """Give a stage on which documents are read by other rules."""
    return rule(*rules, new_endpoint(wire_sdl(Fixtures.of("wock").text("schema.graphql"))))


def schema_changed(*changes: tuple[str, str, str]) -> Stage:
    """Give a stage whose schema is another text: each change is a definition (`type Query`) with an old and a new part of it."""
    sdl = wire_sdl(Fixtures.of("wock").text("schema.graphql"))
    for head, old, new in changes:
        start = sdl.index(f"{head} {{")
        end = sdl.index("\n}", start)
        sdl = sdl[:start] + rewritten(sdl[start:end], [(old, new)]) + sdl[end:]
    return rule(new_endpoint(sdl))


def checks(**changed: Any) -> Stage:
    """Give a stage on which createOrder's checks are others: by code a predicate, None for none, a text for the code it answers instead."""

    def made(original: Any) -> Any:
        found = []
        for code, applies in original:
            change = changed.get(code, applies)
            if change is not None:
                found.append((Code(change), applies) if isinstance(change, str) else (code, change))
        return tuple(found)

    return rule((ordering, "_CHECKS", made))


def world(name: str, change: Callable[..., Any]) -> Stage:
    """Give a stage on which a method of the mock's state is another: `change` gets the original and its arguments."""
    return rule((domain.Wock, name, lambda original: lambda self, *given: change(original, self, *given)))


def slow(operation: str, seconds: float, when: Callable[[Asked], bool] = lambda _asked: True) -> Stage:
    """Give a stage on which an operation takes longer."""

    def late(asked: Asked, request: Request, forward: Forward) -> Exchange:
        exchange = forward(request)
        is_late = asked.operation == operation and when(asked)
        return replace(exchange, seconds=exchange.seconds + seconds) if is_late else exchange

    return looked_at(late)


def code_renamed(code: str, other: str) -> Stage:
    """Give a stage on which a code is called otherwise."""
    return errors_changed(lambda item: {**item, "extensions": {**item["extensions"], "code": other}}, code)


def error_worded(code: str, message: str) -> Stage:
    """Give a stage on which a code comes with another message."""
    return errors_changed(lambda item: {**item, "message": message}, code)


def error_without(key: str, code: str | None = None) -> Stage:
    """Give a stage on which errors (those with a code, when one is named) lack a key."""

    def changed(item: dict[str, Any]) -> dict[str, Any]:
        extensions = {name: value for name, value in item.get("extensions", {}).items() if name != key}
        return {
            **{name: value for name, value in item.items() if name not in (key, "extensions")},
            "extensions": extensions,
        }

    return errors_changed(changed, code)


def page_of(listing: Any, rows: Any, arguments: Any) -> Segment:
    """Give the page of a list that the mock would, whatever its rules are now."""
    take, skip = arguments.get("take"), arguments.get("skip") or 0
    take = 10 if take is None else take
    where = compile_filter(listing.filter, arguments.get("where"))
    found = rows if where.predicate is None else list(filter(where.predicate, rows))
    return Segment(
        sorting.sort_rows(listing.keys, found, arguments.get("order"), max(skip, 0) + take), len(found), skip, take
    )
