"""New fields and inputs of a supplier in a GraphQL mock that was written before them: recorded values out, new inputs unheeded."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    get_named_type,
)
from graphql.execution import default_field_resolver

from apitwin_fixtures.additions import Addition, Additions

__all__ = ["ADDED", "extend_schema"]

ADDED = "apitwin_added"
"""The name under which a new field's extensions hold how its value is found, as it was recorded."""

_CAPITAL = re.compile(r"[A-Z]")


def extend_schema(schema: GraphQLSchema, additions: Additions, document: str) -> None:
    """Let a schema's new fields give their recorded values, and its resolvers never see new arguments and input fields."""
    for coordinate, addition in additions.fields.get(document, {}).items():
        field = _field(schema, coordinate)
        if field is not None:
            found = _finder(addition)
            field.extensions = {**field.extensions, ADDED: found}
            field.resolve = _resolver(field, found)
    for coordinate in additions.inputs.get(document, ()):
        _unheed(schema, coordinate)


def _field(schema: GraphQLSchema, coordinate: str) -> GraphQLField | None:
    kind, _, name = coordinate.partition(".")
    owner = schema.type_map.get(kind)
    return owner.fields.get(name) if isinstance(owner, GraphQLObjectType) else None


def _finder(addition: Addition) -> Callable[[Any], Any]:
    return lambda parent: addition.value(lambda key: _told(parent, key))


def _resolver(field: GraphQLField, found: Callable[[Any], Any]) -> Callable[..., Any]:
    scalar = get_named_type(field.type)
    return lambda parent, _info, **_arguments: _internal(scalar, found(parent))


def _told(parent: Any, key: str) -> Any:
    if isinstance(parent, Mapping):
        return parent.get(key)
    return getattr(parent, _CAPITAL.sub(lambda capital: f"_{capital[0].lower()}", key), None)


def _internal(scalar: Any, value: Any) -> Any:
    """Give a recorded value as a scalar of the mock wants it before it is written."""
    if not isinstance(scalar, GraphQLScalarType):
        return value
    if isinstance(value, list):
        return [_internal(scalar, one) for one in value]
    return value if value is None else scalar.coerce_input_value(value)


def _unheed(schema: GraphQLSchema, coordinate: str) -> None:
    owner, _, argument = coordinate.partition("(")
    if argument:
        field = _field(schema, owner)
        if field is not None:
            field.resolve = _without(field.resolve or default_field_resolver, argument.rstrip(":)"))
        return
    kind, _, name = coordinate.partition(".")
    taken = schema.type_map.get(kind)
    if isinstance(taken, GraphQLInputObjectType):
        # Documented as what an input type is given at its making; ours was made by the schema's own builder.
        object.__setattr__(taken, "out_type", _dropping(taken.out_type, name))


def _without(resolve: Callable[..., Any], name: str) -> Callable[..., Any]:
    def resolved(parent: Any, info: Any, **arguments: Any) -> Any:
        arguments.pop(name, None)
        return resolve(parent, info, **arguments)

    return resolved


def _dropping(before: Callable[[dict[str, Any]], Any], name: str) -> Callable[[dict[str, Any]], Any]:
    return lambda given: before({key: value for key, value in given.items() if key != name})
