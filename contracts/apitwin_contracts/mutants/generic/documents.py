"""Mutators of the served GraphQL schema: fields, arguments, inputs, vocabularies, types and what is written about them."""

from collections.abc import Callable, Iterator
from copy import copy
from functools import partial
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLFloat,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    GraphQLUnionType,
    Undefined,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

from apitwin_contracts.surfaces.several import graphql_parts

from .ground import Ground
from .mutator import Mutator, NothingToDrift, Spot
from .served import aliased, served

__all__ = ["DOCUMENTS"]

_REST = "a REST supplier serves no schema"
_CHECKS = ("schema.introspection", "schema.reply")
Place = tuple[str, str, str]
"""A type, a field and an argument; what does not apply is empty."""


def _schemas(ground: Ground) -> list[GraphQLSchema]:
    if ground.is_rest:
        raise NothingToDrift(_REST)
    return list({part.document_name: part.schema for part in graphql_parts(ground.contract.surface).values()}.values())


def _types(ground: Ground, kind: type[Any]) -> Iterator[Any]:
    for schema in _schemas(ground):
        for name, found in schema.type_map.items():
            if isinstance(found, kind) and not name.startswith("__"):
                yield found


def _fields(ground: Ground) -> Iterator[tuple[Place, GraphQLField]]:
    for found in _types(ground, GraphQLObjectType):
        for name, field in found.fields.items():
            yield (found.name, name, ""), field


def _inner(ground: Ground) -> Iterator[tuple[Place, GraphQLField]]:
    for place, field in _fields(ground):
        if place[0] not in ("Query", "Mutation"):
            yield place, field


def _arguments(ground: Ground) -> Iterator[tuple[Place, GraphQLArgument]]:
    for place, field in _fields(ground):
        for name, argument in field.args.items():
            yield (place[0], place[1], name), argument


def _inputs(ground: Ground) -> Iterator[tuple[Place, GraphQLInputField]]:
    for found in _types(ground, GraphQLInputObjectType):
        for name, field in found.fields.items():
            yield (found.name, name, ""), field


def _enums(ground: Ground) -> Iterator[tuple[Place, GraphQLEnumType]]:
    found = list(_types(ground, GraphQLEnumType))
    if not found:
        raise NothingToDrift("its schema has no enum")
    yield from (((one.name, "", ""), one) for one in found)


Places = Callable[[Ground], Iterator[tuple[Place, Any]]]
Alteration = Callable[[GraphQLSchema, Place], None]


def _spots(places: Places, fits: Callable[[Any], bool], alteration: Alteration, ground: Ground) -> Iterator[Spot]:
    for place, found in places(ground):
        if fits(found):
            subject = ".".join(part for part in place if part)
            stage = served(ground, partial(_where_it_is, alteration, place))
            yield Spot(subject, ("__schema",), stage, place[1] or place[0], _CHECKS)


def _where_it_is(alteration: Alteration, place: Place, schema: GraphQLSchema) -> None:
    found = schema.type_map.get(place[0])
    if place[0] and (found is None or (place[1] and place[1] not in getattr(found, "fields", {}))):
        return
    alteration(schema, place)


def _is_plain(field: Any) -> bool:
    return not isinstance(field.type, GraphQLNonNull)


def _fields_of(schema: GraphQLSchema, place: Place) -> dict[str, Any]:
    found: dict[str, Any] = schema.type_map[place[0]].fields  # type: ignore[attr-defined] # only types with fields are asked for
    return found


def _field_of(schema: GraphQLSchema, place: Place) -> Any:
    return _fields_of(schema, place)[place[1]]


def _removed(schema: GraphQLSchema, place: Place) -> None:
    del _fields_of(schema, place)[place[1]]


def _renamed(schema: GraphQLSchema, place: Place) -> None:
    fields = _fields_of(schema, place)
    fields[f"{place[1]}Value"] = aliased(fields.pop(place[1]), place[1])


def _added(schema: GraphQLSchema, place: Place) -> None:
    _fields_of(schema, place)["apiVersion"] = GraphQLField(GraphQLString, resolve=lambda *_: "2")


def _typed(kind: Callable[[Any], Any]) -> Alteration:
    def alter(schema: GraphQLSchema, place: Place) -> None:
        field = _field_of(schema, place)
        field.type = kind(field.type)

    return alter


def _argument_typed(kind: Callable[[Any], Any]) -> Alteration:
    def alter(schema: GraphQLSchema, place: Place) -> None:
        argument = _field_of(schema, place).args[place[2]]
        argument.type = kind(argument.type)

    return alter


def _as_text(kind: Any) -> Any:
    if isinstance(kind, GraphQLNonNull):
        return GraphQLNonNull(_as_text(kind.of_type))
    return GraphQLList(_as_text(kind.of_type)) if isinstance(kind, GraphQLList) else GraphQLString


def _as_number(kind: Any) -> Any:
    if isinstance(kind, GraphQLNonNull):
        return GraphQLNonNull(_as_number(kind.of_type))
    return GraphQLFloat if kind is GraphQLInt else GraphQLInt


def _without_list(kind: Any) -> Any:
    inner = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    return inner.of_type


def _argument_removed(schema: GraphQLSchema, place: Place) -> None:
    del _field_of(schema, place).args[place[2]]


def _argument_renamed(schema: GraphQLSchema, place: Place) -> None:
    arguments = _field_of(schema, place).args
    arguments[f"{place[2]}Value"] = arguments.pop(place[2])


def _argument_added(*, required: bool) -> Alteration:
    def alter(schema: GraphQLSchema, place: Place) -> None:
        kind = GraphQLNonNull(GraphQLString) if required else GraphQLString
        field = _field_of(schema, place)
        resolve = field.resolve
        if resolve:
            field.resolve = lambda source, info, channel=None, **rest: resolve(source, info, **rest)  # noqa: ARG005 - dropped
        field.args["channel"] = GraphQLArgument(kind)

    return alter


def _default_changed(schema: GraphQLSchema, place: Place) -> None:
    argument = _field_of(schema, place).args[place[2]]
    value = argument.default_value
    argument.default_value = (
        not value if isinstance(value, bool) else value + 1 if isinstance(value, int) else Undefined
    )


def _input_added(*, required: bool) -> Alteration:
    def alter(schema: GraphQLSchema, place: Place) -> None:
        kind = GraphQLNonNull(GraphQLString) if required else GraphQLString
        _fields_of(schema, place)["channel"] = GraphQLInputField(kind)

    return alter


def _enum(schema: GraphQLSchema, place: Place) -> GraphQLEnumType:
    found = schema.type_map[place[0]]
    if not isinstance(found, GraphQLEnumType):
        raise TypeError(place[0])
    return found


def _revalued(schema: GraphQLSchema, place: Place, values: dict[str, GraphQLEnumValue]) -> None:
    old = _enum(schema, place)
    new = GraphQLEnumType(old.name, values, description=old.description)
    # Whoever points to the type keeps pointing to it: what it is made of is another's.
    vars(old).clear()
    vars(old).update(vars(new))


def _value_added(schema: GraphQLSchema, place: Place) -> None:
    _revalued(schema, place, {**_enum(schema, place).values, "REFUNDED": GraphQLEnumValue("REFUNDED")})


def _value_removed(schema: GraphQLSchema, place: Place) -> None:
    values = dict(_enum(schema, place).values)
    values.popitem()
    _revalued(schema, place, values)


def _value_renamed(schema: GraphQLSchema, place: Place) -> None:
    values = dict(_enum(schema, place).values)
    name, value = values.popitem()
    _revalued(schema, place, {**values, f"{name}_V2": value})


def _value_deprecated(schema: GraphQLSchema, place: Place) -> None:
    values = dict(_enum(schema, place).values)
    # A copy of a schema shares its enums' values with the original.
    first = next(iter(values))
    values[first] = copy(values[first])
    values[first].deprecation_reason = "use another"
    _revalued(schema, place, values)


def _field_deprecated(schema: GraphQLSchema, place: Place) -> None:
    _field_of(schema, place).deprecation_reason = "use another"


def _argument_deprecated(schema: GraphQLSchema, place: Place) -> None:
    _field_of(schema, place).args[place[2]].deprecation_reason = "use another"


def _described(schema: GraphQLSchema, place: Place) -> None:
    _field_of(schema, place).description = "Something else."


def _type_renamed(schema: GraphQLSchema, place: Place) -> None:
    found = schema.type_map.pop(place[0])
    found.name = f"{place[0]}Type"
    schema.type_map[found.name] = found


def _mutations_gone(schema: GraphQLSchema, place: Place) -> None:  # noqa: ARG001 - every alteration has one form
    schema.mutation_type = None


def _member_added(schema: GraphQLSchema, place: Place) -> None:
    union = schema.type_map[place[0]]
    bundle = GraphQLObjectType("Bundle", {"name": GraphQLField(GraphQLString)})
    if isinstance(union, GraphQLUnionType):
        vars(union)["types"] = (*union.types, bundle)
        schema.type_map["Bundle"] = bundle


def _unions(ground: Ground) -> Iterator[tuple[Place, GraphQLUnionType]]:
    found = [((one.name, "", ""), one) for one in _types(ground, GraphQLUnionType)]
    if not found:
        raise NothingToDrift("its schema has no union")
    yield from found


def _scalars(ground: Ground) -> Iterator[tuple[Place, GraphQLScalarType]]:
    for found in _types(ground, GraphQLScalarType):
        if found.name not in ("String", "Int", "Float", "Boolean", "ID"):
            yield (found.name, "", ""), found


def _described_fields(ground: Ground) -> Iterator[tuple[Place, GraphQLField]]:
    found = [(place, field) for place, field in _fields(ground) if field.description]
    if not found:
        raise NothingToDrift("its documents describe no field")
    yield from found


def _objects(ground: Ground) -> Iterator[tuple[Place, GraphQLObjectType]]:
    for found in _types(ground, GraphQLObjectType):
        if found.name not in ("Query", "Mutation"):
            yield (found.name, "", ""), found


def _has_mutations(ground: Ground) -> Iterator[tuple[Place, None]]:
    if not any(schema.mutation_type for schema in _schemas(ground)):
        raise NothingToDrift("it has no mutations")
    yield ("", "", ""), None


def _always(_found: Any) -> bool:
    return True


def _is_text(field: Any) -> bool:
    return get_named_type(field.type) is GraphQLString


def _is_number(field: Any) -> bool:
    named = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
    return named in (GraphQLInt, GraphQLFloat)


def _is_list(field: Any) -> bool:
    inner = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
    return isinstance(inner, GraphQLList)


def _is_single_leaf(field: Any) -> bool:
    return bool(is_leaf_type(get_named_type(field.type))) and not _is_list(field) and not field.args


def _is_optional(argument: Any) -> bool:
    return not is_required_argument(argument) and argument.default_value is Undefined


def _is_optional_input(field: Any) -> bool:
    return not is_required_input_field(field) and field.default_value is Undefined


def _has_default(argument: Any) -> bool:
    return argument.default_value is not Undefined


def _non_null(kind: Any) -> Any:
    return GraphQLNonNull(kind)


def _nullable(kind: Any) -> Any:
    return kind.of_type


def _make(
    name: str,
    severity: Any,
    promise: str,
    places: Places,
    alteration: Alteration,
    fits: Callable[[Any], bool] = _always,
) -> Mutator:
    return Mutator(f"served-{name}", "schema", severity, promise, partial(_spots, places, fits, alteration))


DOCUMENTS: tuple[Mutator, ...] = (
    _make("field-removed", "breaking", "every field of the contract is served", _inner, _removed),
    _make(
        "operation-removed",
        "breaking",
        "every operation of the contract is served",
        _fields,
        _removed,
        lambda f: bool(f.args),
    ),
    _make("field-renamed", "breaking", "a field has the contract's name", _inner, _renamed),
    _make("field-added", "additive", "the schema has no field that the contract does not know", _inner, _added),
    _make(
        "field-to-text",
        "breaking",
        "a field has the contract's type",
        _inner,
        _typed(_as_text),
        lambda f: _is_single_leaf(f) and not _is_text(f),
    ),
    _make("number-kind", "dangerous", "a number is of the contract's kind", _inner, _typed(_as_number), _is_number),
    _make(
        "now-nullable",
        "breaking",
        "what the contract calls non-null is served so",
        _inner,
        _typed(_nullable),
        lambda f: not _is_plain(f),
    ),
    _make(
        "now-non-null",
        "additive",
        "what the contract calls nullable is served so",
        _inner,
        _typed(_non_null),
        _is_plain,
    ),
    _make("list-to-one", "breaking", "what the contract calls a list is one", _inner, _typed(_without_list), _is_list),
    _make(
        "one-to-list",
        "breaking",
        "what the contract calls one is no list",
        _inner,
        _typed(GraphQLList),
        _is_single_leaf,
    ),
    _make("argument-removed", "breaking", "every argument of the contract is served", _arguments, _argument_removed),
    _make("argument-renamed", "breaking", "an argument has the contract's name", _arguments, _argument_renamed),
    _make(
        "argument-required",
        "breaking",
        "what the contract leaves open is not required",
        _arguments,
        _argument_typed(_non_null),
        _is_optional,
    ),
    _make(
        "argument-optional",
        "additive",
        "what the contract requires is served as required",
        _arguments,
        _argument_typed(_nullable),
        is_required_argument,
    ),
    _make(
        "argument-to-text",
        "breaking",
        "an argument has the contract's type",
        _arguments,
        _argument_typed(_as_text),
        lambda a: not _is_text(a),
    ),
    _make(
        "argument-added",
        "additive",
        "an operation has no argument that the contract does not know",
        _fields,
        _argument_added(required=False),
        lambda f: bool(f.args),
    ),
    _make(
        "argument-added-required",
        "breaking",
        "nothing new is required of a request",
        _fields,
        _argument_added(required=True),
        lambda f: bool(f.args),
    ),
    _make(
        "default-changed",
        "dangerous",
        "what is left out means the contract's default",
        _arguments,
        _default_changed,
        _has_default,
    ),
    _make("input-removed", "breaking", "every input field of the contract is served", _inputs, _removed),
    _make(
        "input-required",
        "breaking",
        "an input field that the contract leaves open is not required",
        _inputs,
        _typed(_non_null),
        _is_optional_input,
    ),
    _make(
        "input-added",
        "additive",
        "an input has no field that the contract does not know",
        _inputs,
        _input_added(required=False),
    ),
    _make("input-added-required", "breaking", "no new input field is required", _inputs, _input_added(required=True)),
    _make("enum-added", "dangerous", "a vocabulary has the contract's words and no other", _enums, _value_added),
    _make("enum-removed", "breaking", "a vocabulary has every word of the contract", _enums, _value_removed),
    _make("enum-renamed", "breaking", "a vocabulary's words are the contract's", _enums, _value_renamed),
    _make("enum-deprecated", "additive", "a word is as deprecated as the contract says", _enums, _value_deprecated),
    _make("field-deprecated", "additive", "a field is as deprecated as the contract says", _inner, _field_deprecated),
    _make(
        "argument-deprecated",
        "additive",
        "an argument is as deprecated as the contract says",
        _arguments,
        _argument_deprecated,
        lambda a: not is_required_argument(a),
    ),
    _make("type-renamed", "breaking", "a type has the contract's name", _objects, _type_renamed),
    _make("scalar-renamed", "breaking", "a scalar has the contract's name", _scalars, _type_renamed),
    _make(
        "description-changed",
        "additive",
        "a field means what the contract says it means",
        _described_fields,
        _described,
    ),
    _make("union-member", "dangerous", "a union has the contract's members", _unions, _member_added),
    _make("no-mutations", "breaking", "the schema has the contract's mutations", _has_mutations, _mutations_gone),
)
"""All are about GraphQL: a REST supplier's document is written down, and is not served."""
