"""Variables read as Hot Chocolate reads them: the first value that does not fit its type is told, in its words."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableDefinitionNode,
    type_from_ast,
    value_from_ast_untyped,
)
from graphql.pyutils import is_iterable

from .errors import Code
from .rejections import Rejection, located

__all__ = ["RejectedError", "read_variables"]

Path = tuple[str | int, ...]
_LITERALS = {
    str: "StringValueNode",
    bool: "BooleanValueNode",
    int: "IntValueNode",
    Decimal: "FloatValueNode",
    list: "ListValueNode",
    dict: "ObjectValueNode",
}
_INT_BITS = 31


class RejectedError(Exception):
    """A request is refused before it is executed."""

    def __init__(self, *rejections: Rejection) -> None:
        super().__init__(*(rejection.code for rejection in rejections))
        self.rejections = rejections


def read_variables(
    schema: GraphQLSchema, operation: OperationDefinitionNode, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Give the operation's variables with their defaults, not yet coerced; raises `RejectedError` for the first that does not fit."""
    read: dict[str, Any] = {}
    for definition in operation.variable_definitions or ():
        name = definition.variable.name.value
        kind = type_from_ast(schema, definition.type)
        if name in given:
            read[name] = given[name]
        elif definition.default_value is not None:
            read[name] = value_from_ast_untyped(definition.default_value)
            continue
        if isinstance(kind, GraphQLNonNull) and read.get(name) is None:
            raise RejectedError(_required(definition))
        if name in read:
            _check(kind, read[name], (name,), "")
    return read


def _required(definition: VariableDefinitionNode) -> Rejection:
    return Rejection(Code.VARIABLE_REQUIRED, {"variable": definition.variable.name.value}, located(definition))


def _check(kind: Any, value: Any, path: Path, coordinate: str) -> None:
    if isinstance(kind, GraphQLNonNull):
        if value is None:
            raise RejectedError(Rejection(Code.VALUE_NULL, {"coordinate": coordinate}, path=path))
        kind = kind.of_type
    if value is None:
        return
    if isinstance(kind, GraphQLList):
        items = enumerate(value) if is_iterable(value) else [(None, value)]
        for place, item in items:
            _check(kind.of_type, item, path if place is None else (*path, place), coordinate)
    elif isinstance(kind, GraphQLInputObjectType):
        _check_object(kind, value, path)
    elif not _fits(kind, value):
        raise RejectedError(_unparsable(kind.name, value, path))


def _check_object(kind: GraphQLInputObjectType, value: Any, path: Path) -> None:
    if not isinstance(value, dict):
        raise RejectedError(_unparsable(kind.name, value, path))
    for name, field in kind.fields.items():
        coordinate = f"{kind.name}.{name}"
        if name in value:
            _check(field.type, value[name], (*path, name), coordinate)
        elif isinstance(field.type, GraphQLNonNull):
            values = {"field": name, "coordinate": coordinate}
            raise RejectedError(Rejection(Code.VALUE_FIELD_REQUIRED, values, path=(*path, name)))
    for name in value:
        if name not in kind.fields:
            values = {"field": name, "type": kind.name}
            raise RejectedError(Rejection(Code.VALUE_FIELD_UNKNOWN, values, path=path))


def _unparsable(kind: str, value: object, path: Path) -> Rejection:
    literal = _LITERALS.get(type(value), "NullValueNode")
    return Rejection(Code.VALUE_UNPARSABLE, {"type": kind, "literal": literal}, path=path)


def _fits(kind: GraphQLScalarType | GraphQLEnumType, value: Any) -> bool:
    if isinstance(kind, GraphQLEnumType):
        return isinstance(value, str) and value in kind.values
    if kind.name == "Int":
        return isinstance(value, int) and not isinstance(value, bool) and -(2**_INT_BITS) <= value < 2**_INT_BITS
    if kind.name in ("String", "Boolean"):
        return isinstance(value, {"String": str, "Boolean": bool}[kind.name])
    try:
        kind.coerce_input_value(value)
    except GraphQLError:
        return False
    return True
