"""A generic mock's GraphQL surface: root fields are answered from state or from a recording, fields that nobody recorded from their type."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from graphql import (
    GraphQLAbstractType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
)

from apitwin_fixtures import Fixtures, Reply
from apitwin_fixtures.blueprint import Act, Blueprint
from apitwin_fixtures.samples import sample_of_type
from apitwin_fixtures.sdl import wire_sdl
from apitwin_mocks.kit.call import Call
from apitwin_mocks.kit.errors import Refusal
from apitwin_mocks.kit.graphql import GraphQLEndpoint

from .acts import perform
from .answers import Recordings
from .shown import NOT_SHOWN, as_deleted, with_items, with_value

__all__ = ["GenericGraphQL"]


class GenericGraphQL:
    """Answers the calls of one supplier; made when the first comes."""

    def __init__(self, blueprint: Blueprint, fixtures: Fixtures) -> None:
        self._blueprint = blueprint
        self._fixtures = fixtures

    @cached_property
    def _endpoint(self) -> GraphQLEndpoint:
        return GraphQLEndpoint(
            wire_sdl(self._fixtures.text("schema.graphql")),
            [_Resolvers(self._blueprint, Recordings(self._fixtures))],
            self._fixtures.errors,
            title=self._blueprint.title,
            invalid_status=self._blueprint.invalid_status,
        )

    def __call__(self, call: Call) -> Reply:
        """Answer a call; raises `Refusal`."""
        if call.request.path.rstrip("/") != self._blueprint.path.rstrip("/"):
            call.nearest = f"POST {self._blueprint.path}"
            raise Refusal("ROUTE_NOT_FOUND", path=call.request.path)
        return self._endpoint(call)

    def operation_of(self, call: Call) -> str | None:
        """Name the operation that would answer a call."""
        try:
            request = self._endpoint.request_of(call)
        except Refusal:
            return None
        return ",".join(self._endpoint.plan(request.query).root_fields(request.operation_name)) or None


class _Resolvers:
    """Gives every field of a schema its resolver."""

    def __init__(self, blueprint: Blueprint, recordings: Recordings) -> None:
        self._blueprint = blueprint
        self._recordings = recordings

    def bind_to_schema(self, schema: GraphQLSchema) -> None:
        """Set the resolvers."""
        roots = [kind for kind in (schema.query_type, schema.mutation_type) if kind]
        for kind in schema.type_map.values():
            if isinstance(kind, (GraphQLUnionType, GraphQLInterfaceType)):
                kind.resolve_type = _chosen(schema, kind)
            elif isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
                for name, field in kind.fields.items():
                    field.resolve = self._root(name, field.type) if kind in roots else _field(name, field.type)

    def _root(self, name: str, kind: Any) -> Callable[..., Any]:
        act = self._blueprint.act(name)

        def resolve(_parent: object, info: Any, **arguments: Any) -> Any:
            recorded = self._recordings.first(name)
            data = recorded.get("data") if isinstance(recorded, Mapping) else None
            payload = data.get(name) if isinstance(data, Mapping) else None
            if act.kind == "other":
                info.context.origin = "fixture"
                return _made(kind, name) if payload is None else payload
            done = perform(self._blueprint, act, info.context.world, arguments)
            return _payload(act, payload, done)

        return resolve


def _payload(act: Act, envelope: Any, done: Any) -> Any:
    if act.kind == "list":
        envelope = with_items(envelope, act.items, done.rows)
    elif act.kind != "count" and act.item != NOT_SHOWN:
        if done.row is None:
            return None
        shown = as_deleted(envelope, act.item, done.row) if act.kind == "delete" else done.row
        envelope = with_value(envelope, act.item, shown)
    return with_value(envelope, act.total, done.total) if act.total else envelope


def _field(name: str, kind: Any) -> Callable[..., Any]:
    def resolve(parent: Any, _info: Any, **_arguments: Any) -> Any:
        found = parent.get(name) if isinstance(parent, Mapping) else None
        return _made(kind, name) if found is None and isinstance(kind, GraphQLNonNull) else found

    return resolve


def _made(kind: Any, place: str) -> Any:
    """Make a value of an output type; an object is empty, and its fields make theirs when they are asked."""
    if isinstance(kind, GraphQLNonNull):
        return _made(kind.of_type, place)
    if isinstance(kind, GraphQLList):
        return []
    return sample_of_type(kind, place) if is_leaf_type(get_named_type(kind)) else {}


def _chosen(schema: GraphQLSchema, kind: GraphQLAbstractType) -> Callable[..., str]:
    names = [possible.name for possible in schema.get_possible_types(kind)]

    def resolve_type(value: Any, *_rest: Any) -> str:
        told = value.get("__typename") if isinstance(value, Mapping) else None
        return told if told in names else names[0]

    return resolve_type
