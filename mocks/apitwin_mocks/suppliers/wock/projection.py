"""Rows written as their selection asks, without GraphQL's general machinery for each field: a row is data and never refuses."""

import re
from collections.abc import Callable
from operator import attrgetter
from typing import Any

from graphql import (
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLScalarType,
    get_named_type,
    is_leaf_type,
)
from graphql.execution import Executor
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import Path

from apitwin_mocks.kit.additions import ADDED

__all__ = ["RowExecutor"]

Write = Callable[[Any], Any]
_AS_IT_IS = frozenset({"Int", "String", "Boolean", "UUID"})
_CAPITAL = re.compile(r"[A-Z]")


def _same(value: Any) -> Any:
    return value


class RowExecutor(Executor[Any]):
    """Writes every object that is not part of an introspection from its row's attributes, whose names are the wire's in snake case."""

    def complete_object_value(
        self,
        return_type: GraphQLObjectType,
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Write a row, or resolve an introspection as always."""
        if return_type.name.startswith("__"):
            return super().complete_object_value(return_type, field_details_list, info, path, result, position_context)
        for problem in getattr(result, "problems", ()):
            self.collected_errors.errors.append(problem)
        return self._writer(return_type, field_details_list)(result)

    def _writer(self, kind: GraphQLObjectType, details: FieldDetailsList) -> Write:
        fields = self.collect_subfields(kind, details).grouped_field_set
        plan = [(key, *self._field(kind, inner)) for key, inner in fields.items()]

        def write(row: object) -> dict[str, Any]:
            return {key: get(row) if form is None else form(get(row)) for key, get, form in plan}

        return write

    def _field(self, kind: GraphQLObjectType, details: FieldDetailsList) -> tuple[Write, Write | None]:
        name = details[0].node.name.value
        if name == "__typename":
            return (lambda _row: kind.name), None
        added = kind.fields[name].extensions.get(ADDED)
        if added is not None:
            return added, self._picked(kind.fields[name].type, details)
        return attrgetter(_CAPITAL.sub(lambda found: f"_{found[0].lower()}", name)), self._form(
            kind.fields[name].type, details
        )

    def _picked(self, kind: GraphQLOutputType, details: FieldDetailsList) -> Write | None:
        """Write a recorded value, which is no row: what is selected of its objects."""
        named = get_named_type(kind)
        if not isinstance(named, GraphQLObjectType):
            return None
        fields = self.collect_subfields(named, details).grouped_field_set
        names = {key: inner[0].node.name.value for key, inner in fields.items()}
        forms = {key: self._picked(named.fields[names[key]].type, inner) for key, inner in fields.items()}

        def write(value: Any) -> Any:
            if isinstance(value, list):
                return [write(item) for item in value]
            if value is None:
                return None
            return {key: (forms[key] or _same)(value.get(name)) for key, name in names.items()}

        return write

    def _form(self, kind: GraphQLOutputType, details: FieldDetailsList) -> Write | None:
        if isinstance(kind, GraphQLNonNull):
            return self._present(kind.of_type, details)
        form = self._present(kind, details)
        return form and (lambda value: None if value is None else form(value))

    def _present(self, kind: GraphQLOutputType, details: FieldDetailsList) -> Write | None:
        if isinstance(kind, GraphQLList):
            item = self._form(kind.of_type, details)
            return list if item is None else (lambda values: [item(value) for value in values])
        if is_leaf_type(kind):
            scalar = kind if isinstance(kind, GraphQLScalarType) else None
            return None if scalar is None or scalar.name in _AS_IT_IS else scalar.coerce_output_value
        return self._writer(kind, details) if isinstance(kind, GraphQLObjectType) else None
