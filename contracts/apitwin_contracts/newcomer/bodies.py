"""Arguments that may create or change a thing: like one that is there, or made of the schema; the likeliest first."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import GraphQLInputObjectType, GraphQLNonNull, get_named_type

from apitwin_contracts.generic.surfaces import OpenGraphQL, OpenRest
from apitwin_contracts.laws.lists import placed
from apitwin_fixtures.blueprint import Act
from apitwin_fixtures.openapi import resolved
from apitwin_fixtures.samples import sample_of_schema, sample_of_type

__all__ = ["candidates"]

_MARKABLE = 60
_MOVING = ("created", "updated", "modified", "timestamp", "etag", "version", "url", "href", "links")
Wrapped = tuple[str, Mapping[str, Any]]


def candidates(
    surface: OpenGraphQL | OpenRest, act: Act, row: Mapping[str, Any] | None, key: str, wrapper: str
) -> Iterator[Wrapped]:
    """Give (path of the values, arguments) to try one after the other; `wrapper` is where answers show the thing."""
    seen: list[Wrapped] = []
    found = (
        _of_graphql(surface, act, row)
        if isinstance(surface, OpenGraphQL)
        else _of_rest(surface, act, row, key, wrapper)
    )
    for one in found:
        if one not in seen:
            seen.append(one)
            yield one


def _of_graphql(surface: OpenGraphQL, act: Act, row: Mapping[str, Any] | None) -> Iterator[Wrapped]:
    field = surface.root(act.name)[1]
    inner: Any = get_named_type(field.args[act.body].type) if act.body else None
    fields = inner.fields if isinstance(inner, GraphQLInputObjectType) else field.args
    own = act.key_argument.rpartition(".")[2]
    takes = {name: part.type for name, part in fields.items() if name != own or act.kind == "create"}
    needed = {name: kind for name, kind in takes.items() if isinstance(kind, GraphQLNonNull)}
    beside = _beside(field.args, (act.body, own)) if act.body else {}
    for names in (takes, needed):
        for marked in (True, False):
            values = dict(_alike(row or {}, names, marked=marked))
            made = {name: sample_of_type(kind, name) for name, kind in needed.items() if name not in values}
            if made or values:
                arguments = {**made, **values}
                yield act.body, {**beside, **(placed({}, act.body, arguments) if act.body else arguments)}


def _beside(arguments: Mapping[str, Any], known: tuple[str, ...]) -> dict[str, Any]:
    """Give what an operation needs beside the new values and the key."""
    needed = {name: one.type for name, one in arguments.items() if isinstance(one.type, GraphQLNonNull)}
    return {name: sample_of_type(kind, name) for name, kind in needed.items() if name not in known}


def _alike(row: Mapping[str, Any], names: Mapping[str, Any], *, marked: bool) -> Iterator[tuple[str, Any]]:
    """Give the values of a thing that is there, its texts marked as ours."""
    for name, kind in names.items():
        value = row.get(name)
        if value is None or isinstance(value, dict | list):
            continue
        free = marked and get_named_type(kind).name == "String" and isinstance(value, str) and not _is_formed(value)
        yield name, f"{value[:_MARKABLE]} {{unique}}" if free else value


def _of_rest(surface: OpenRest, act: Act, row: Mapping[str, Any] | None, key: str, wrapper: str) -> Iterator[Wrapped]:
    document = surface.document
    content = surface.operations[act.name].definition.get("requestBody", {}).get("content", {})
    schema = resolved(document, next((media["schema"] for media in content.values()), {}))
    inner = schema.get("properties", {}).get(wrapper) if wrapper else None
    path = f"body.{wrapper}" if inner is not None else "body"
    whole = resolved(document, inner if inner is not None else schema)
    known = whole.get("properties", {})
    for marked in (True, False):
        if row:
            yield path, placed({}, path, _copied(document, whole, row, key, marked=marked))
        made = sample_of_schema(document, whole, act.name)
        required = sample_of_schema(document, whole, act.name, whole=False)
        for sample in (made, required):
            if isinstance(sample, dict):
                free = {
                    name: value
                    for name, value in sample.items()
                    if not resolved(document, known.get(name, {})).get("readOnly")
                }
                yield (
                    path,
                    placed(
                        {},
                        path,
                        {name: _sampled(document, known, name, value, marked=marked) for name, value in free.items()},
                    ),
                )
    if not known:
        yield path, placed({}, path, {"title": "{unique}"})
    yield path, {"body": {}}


def _copied(
    document: Mapping[str, Any], schema: Mapping[str, Any], row: Mapping[str, Any], key: str, *, marked: bool
) -> dict[str, Any]:
    known = schema.get("properties", {})
    open_form = not known or schema.get("additionalProperties") not in (None, False)
    names = [
        name
        for name in row
        if (name in known or open_form) and name != key and not any(word in name.lower() for word in _MOVING)
    ]
    writable = [name for name in names if not resolved(document, known.get(name, {})).get("readOnly")]
    missing = {
        name: sample_of_schema(document, known[name], name, whole=False)
        for name in schema.get("required", ())
        if name in known and name not in writable
    }
    return {
        **missing,
        **{
            name: _sampled(document, known, name, row[name], marked=marked)
            for name in writable
            if row[name] is not None
        },
    }


def _sampled(document: Mapping[str, Any], known: Mapping[str, Any], name: str, value: Any, *, marked: bool) -> Any:
    schema = resolved(document, known.get(name, {}))
    shut = (
        any(key in schema for key in ("enum", "format", "pattern", "const"))
        or schema.get("maxLength", 1000) < 2 * _MARKABLE
    )
    if not marked or shut or not isinstance(value, str) or _is_formed(value):
        return value
    return f"{value[:_MARKABLE]} {{unique}}"


def _is_formed(text: str) -> bool:
    """Tell whether a text looks like a date, an address or an identifier, which a mark would spoil."""
    return "://" in text or "@" in text or text[:4].isdecimal() or (len(text) == 36 and text.count("-") == 4)  # noqa: PLR2004 - a UUID's form
