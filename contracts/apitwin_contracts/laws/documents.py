"""The law of the published document: what a REST supplier's own OpenAPI document says is what the contract has of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Contract
from apitwin_contracts.drift import Severity
from apitwin_contracts.surfaces.entries import json_of
from apitwin_contracts.surfaces.surface import OK, Problem, Recognition
from apitwin_fixtures import Request, Source
from apitwin_fixtures.openapi import plain_document, resolved

__all__ = ["CHECKS", "Published", "differences"]

Change = tuple[str, Severity, str, str]
_ABSENT, _PRESENT = "absent", "present"
_DEEPEST = 8
_DOCUMENTED = Source("documented", "openapi.json")


@dataclass(frozen=True)
class Published:
    """Where the supplier publishes its document as JSON, and what it said."""

    path: str
    document: Mapping[str, Any]

    @property
    def name(self) -> str:
        return "openapi"


def differences(expected: Mapping[str, Any], observed: Mapping[str, Any]) -> Iterator[Change]:
    """Give each difference of two plain documents as (place, severity, expected, observed)."""
    wanted, seen = _operations(expected), _operations(observed)
    for place in sorted(wanted.keys() | seen.keys()):
        if place not in seen:
            yield place, "breaking", _PRESENT, _ABSENT
        elif place not in wanted:
            yield place, "additive", _ABSENT, _PRESENT
        else:
            yield from _parameters(place, wanted[place], seen[place])
            yield from _body(place, (expected, observed), wanted[place], seen[place])
            yield from _replies(place, (expected, observed), wanted[place], seen[place])


def _operations(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        f"{method.upper()} {path}": definition
        for path, methods in document["paths"].items()
        for method, definition in methods.items()
    }


def _parameters(place: str, wanted: Mapping[str, Any], seen: Mapping[str, Any]) -> Iterator[Change]:
    before, after = ({one["name"]: one for one in definition["parameters"]} for definition in (wanted, seen))
    for name in sorted(before.keys() | after.keys()):
        where = f"{place}({name})"
        if name not in after:
            yield where, "breaking", _PRESENT, _ABSENT
        elif name not in before:
            yield where, "breaking" if after[name].get("required") else "additive", _ABSENT, _PRESENT
        else:
            yield from _schema_changes(where, ({}, {}), before[name]["schema"], after[name]["schema"], incoming=True)
            required = [bool(one[name].get("required")) for one in (before, after)]
            if required[0] != required[1]:
                yield where, "breaking" if required[1] else "additive", _need(required[0]), _need(required[1])


def _need(required: object) -> str:
    return "required" if required else "optional"


def _body(
    place: str, documents: tuple[Any, Any], wanted: Mapping[str, Any], seen: Mapping[str, Any]
) -> Iterator[Change]:
    before, after = (_media(definition.get("requestBody", {})) for definition in (wanted, seen))
    if (before is None) != (after is None):
        severity: Severity = "breaking"
        yield f"{place}#body", severity, _PRESENT if after is None else _ABSENT, _ABSENT if after is None else _PRESENT
    elif before is not None:
        yield from _schema_changes(f"{place}#body", documents, before, after, incoming=True)


def _replies(
    place: str, documents: tuple[Any, Any], wanted: Mapping[str, Any], seen: Mapping[str, Any]
) -> Iterator[Change]:
    before, after = wanted["responses"], seen["responses"]
    for status in sorted(before.keys() | after.keys()):
        where = f"{place}#{status}"
        if status not in after:
            yield where, "breaking" if status.startswith("2") else "dangerous", _PRESENT, _ABSENT
        elif status not in before:
            yield where, "dangerous", _ABSENT, _PRESENT
        else:
            yield from _schema_changes(where, documents, _media(before[status]), _media(after[status]), incoming=False)


def _media(carrier: Mapping[str, Any]) -> Any:
    return next((media["schema"] for media in carrier.get("content", {}).values()), None)


def _schema_changes(
    where: str, documents: tuple[Any, Any], wanted: Any, seen: Any, *, incoming: bool, depth: int = 0
) -> Iterator[Change]:
    before, after = resolved(documents[0], wanted), resolved(documents[1], seen)
    if (before == after and documents[0] is documents[1]) or depth > _DEEPEST:
        return
    for key in ("type", "format", "enum", "const", "pattern", "minimum", "maximum", "default"):
        if before.get(key) != after.get(key):
            lost = key != "default"
            yield (
                where,
                "breaking" if key == "type" else "dangerous" if lost else "additive",
                _told(key, before),
                _told(key, after),
            )
    yield from _property_changes(where, documents, before, after, incoming=incoming, depth=depth)
    if "items" in before and "items" in after:
        yield from _schema_changes(
            f"{where}[]", documents, before["items"], after["items"], incoming=incoming, depth=depth + 1
        )
    for key in ("anyOf", "oneOf"):
        branches = before.get(key, []), after.get(key, [])
        if len(branches[0]) != len(branches[1]):
            yield where, "dangerous", f"{len(branches[0])} forms", f"{len(branches[1])} forms"
        for one, other in zip(*branches, strict=False):
            yield from _schema_changes(where, documents, one, other, incoming=incoming, depth=depth + 1)


def _told(key: str, schema: Mapping[str, Any]) -> str:
    return f"{key} {schema[key]}"[:200] if key in schema else f"no {key}"


def _property_changes(
    where: str,
    documents: tuple[Any, Any],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    incoming: bool,
    depth: int,
) -> Iterator[Change]:
    old, new = before.get("properties", {}), after.get("properties", {})
    for name in sorted(old.keys() | new.keys()):
        place = f"{where}.{name}"
        if name not in new:
            yield place, "dangerous" if incoming else "breaking", _PRESENT, _ABSENT
        elif name not in old:
            must = incoming and name in after.get("required", ())
            yield place, "breaking" if must else "additive", _ABSENT, _PRESENT
        else:
            yield from _schema_changes(place, documents, old[name], new[name], incoming=incoming, depth=depth + 1)
            needed = [name in one.get("required", ()) for one in (before, after)]
            if needed[0] != needed[1]:
                loses = needed[1] if incoming else needed[0]
                yield place, "breaking" if loses else "additive", _need(needed[0]), _need(needed[1])


def _published(examination: Examination, declared: Published) -> None:
    client = examination.client
    exchange = client.exchange(client.signed(Request("GET", declared.path, headers=(("accept", "application/json"),))))
    body = json_of(exchange.reply)
    answer = Answer("openapi", {}, exchange, Recognition(OK))
    try:
        observed = plain_document(body if isinstance(body, dict) else {})
    except ValueError:
        text = f"status {exchange.reply.status}: {exchange.reply.text[:200]}"
        problem = Problem(
            examination.check.id, "schema", "dangerous", declared.path, "an OpenAPI document", text, _DOCUMENTED
        )
        raise client.violation("openapi", problem, [answer]) from None
    for place, severity, wanted, seen in dict.fromkeys(differences(declared.document, observed)):
        problem = Problem(examination.check.id, "schema", severity, place, wanted, seen, _DOCUMENTED)
        client.note("openapi", problem, [answer])


def _declared(contract: Contract) -> tuple[Published, ...]:
    return contract.declared(Published)


CHECKS = (
    Check(
        "schema.document",
        "schema",
        "The document that the supplier publishes is the one that we have.",
        _declared,
        _published,
    ),
)
