"""A mock's served GraphQL schema, drifted: introspection, validation and execution all follow the other schema."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from functools import lru_cache
from typing import Any
from unittest.mock import patch

from graphql import GraphQLField, GraphQLResolveInfo, GraphQLSchema, default_field_resolver

from apitwin_contracts.mutants.mutant import Stage
from apitwin_contracts.mutants.stage import fresh_target
from apitwin_contracts.targets import Target
from apitwin_mocks.kit.graphql import GraphQLEndpoint
from apitwin_mocks.suppliers.wock.endpoint import HotChocolate

from .ground import Ground

__all__ = ["Alter", "aliased", "served"]

Alter = Callable[[GraphQLSchema], None]
_DOCUMENTS = 2000
_ENDPOINTS = ((GraphQLEndpoint, "plan"), (HotChocolate, "read"))
"""What serves a schema, with the name under which it keeps the documents that it has read."""


def served(ground: Ground, alter: Alter) -> Stage:
    """Give a stage on which every GraphQL endpoint has an altered copy of its schema; where there is nothing to alter it stays as it is."""

    @contextmanager
    def stage() -> Iterator[Target]:
        altered: dict[int, GraphQLSchema] = {}
        documents: dict[int, Any] = {}

        def schema(endpoint: Any) -> GraphQLSchema:
            if id(endpoint) not in altered:
                altered[id(endpoint)] = deepcopy(vars(endpoint)["schema"])
                alter(altered[id(endpoint)])
            return altered[id(endpoint)]

        def reader(endpoint: Any) -> Any:
            return documents.setdefault(id(endpoint), lru_cache(_DOCUMENTS)(endpoint._read))  # noqa: SLF001 - a mutant reaches in

        with ExitStack() as stack:
            for kind, name in _ENDPOINTS:
                stack.enter_context(patch.object(kind, "schema", property(schema), create=True))
                stack.enter_context(patch.object(kind, name, property(reader), create=True))
            yield fresh_target(ground.supplier)

    return stage


def aliased(field: GraphQLField, old: str) -> GraphQLField:
    """Give a field that has the value of the one it replaces."""
    resolve = field.resolve or default_field_resolver

    def resolved(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        return resolve(source, info._replace(field_name=old), **arguments)

    made = deepcopy(field)
    made.resolve = resolved
    return made
