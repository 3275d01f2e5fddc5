"""A reply held against a JSON Schema: each breach with its place, severity and source."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import jsonschema_rs

from apitwin_contracts.drift import Category, Severity
from apitwin_fixtures import Source

from .surface import Problem

__all__ = ["place", "schema_problems", "validator"]

_SHAPE: frozenset[str] = frozenset(
    {"type", "required", "additionalProperties", "enum", "const", "minItems", "maxItems", "uniqueItems"}
)
_BRANCHING = ("oneOf", "anyOf")


def validator(schema: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    """Compile a schema; formats are checked, not only noted."""
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def place(path: Iterable[str | int]) -> str:
    """Write an instance's path as reports do: `products[].ean`."""
    text = ""
    for part in path:
        text += "[]" if isinstance(part, int) else f".{part}" if text else part
    return text


def schema_problems(
    checker: jsonschema_rs.Draft202012Validator, schema: dict[str, Any], body: object, prefix: str, fallback: Source
) -> Iterator[Problem]:
    """Give every breach; `prefix` names the body's own place, `fallback` the source where the schema names none."""
    for error in checker.iter_errors(body):
        for leaf in _leaves(error):
            source = _source(schema, leaf.evaluation_path, fallback)
            for path, expected, observed in _breaches(leaf):
                yield _problem(leaf, source, _location(prefix, place(path)), expected, observed)


def _leaves(error: jsonschema_rs.ValidationError) -> Sequence[jsonschema_rs.ValidationError]:
    branches = error.kind.as_dict().get("context") if error.kind.name in _BRANCHING else None
    if not branches:
        return (error,)
    # The branch that was meant is the one whose breaches lie deepest and are fewest.
    meant = min(
        branches, key=lambda branch: (len(branch), -max((len(part.instance_path) for part in branch), default=0))
    )
    return [leaf for part in meant for leaf in _leaves(part)] or (error,)


def _breaches(error: jsonschema_rs.ValidationError) -> Iterator[tuple[list[str | int], str, str]]:
    detail = error.kind.as_dict()
    path = list(error.instance_path)
    if error.kind.name == "required":
        yield [*path, detail["property"]], "present", "absent"
    elif error.kind.name == "additionalProperties":
        yield from (([*path, key], "no such key", "present") for key in detail["unexpected"])
    else:
        yield path, _expected(error.kind.name, detail), _shown(error.instance)


def _location(prefix: str, where: str) -> str:
    return f"{prefix}.{where}" if prefix and where and not where.startswith("[") else prefix + where


def _problem(
    error: jsonschema_rs.ValidationError, source: Source, location: str, expected: str, observed: str
) -> Problem:
    kind, instance = error.kind.name, error.instance
    return Problem(
        _check(kind, instance), _category(kind), _severity(kind, instance), location, expected, observed, source
    )


def _expected(kind: str, detail: dict[str, Any]) -> str:
    if not detail:
        return kind
    value = next(iter(detail.values()))
    return f"{kind} {_shown(value)}"


def _shown(value: object) -> str:
    text = (
        repr(value)
        if not isinstance(value, bool) and value is not None
        else {True: "true", False: "false", None: "null"}[value]
    )
    return text if len(text) <= 200 else text[:199] + "…"  # noqa: PLR2004 - a line in a report


def _check(kind: str, instance: object) -> str:
    if kind == "additionalProperties":
        return "schema.unknown-key"
    if kind == "required":
        return "schema.missing-key"
    if kind == "type":
        return "schema.null" if instance is None else "schema.type"
    if kind == "minLength" and instance == "":
        return "wire.empty-text"
    return "schema.vocabulary" if kind in ("enum", "const") else "wire.form"


def _category(kind: str) -> Category:
    return "schema" if kind in _SHAPE else "wire"


def _severity(kind: str, instance: object) -> Severity:
    if kind == "additionalProperties":
        return "additive"
    return "dangerous" if kind in ("enum", "minimum", "maximum") or instance == "" else "breaking"


def _source(schema: object, path: Iterable[str | int], fallback: Source) -> Source:
    found = fallback
    root = schema
    for part in path:
        schema = _step(root, schema, part)
        if isinstance(schema, dict) and "$id" in schema:
            root = schema
        written = schema.get("x-source") if isinstance(schema, dict) else None
        if isinstance(written, dict) and "kind" in written:
            found = Source.of(written)
    return found


def _step(root: object, schema: object, part: str | int) -> object:
    if isinstance(schema, dict):
        if "$ref" in schema and part == "$ref":
            return _resolve(root, schema["$ref"])
        return schema.get(str(part))
    if isinstance(schema, list) and isinstance(part, int) and part < len(schema):
        return schema[part]
    return None


def _resolve(root: object, reference: str) -> object:
    node = root
    for part in reference.removeprefix("#/").split("/"):
        node = node.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(node, dict) else None
    return node
