"""What an operation costs by Hot Chocolate's defaults: weights for resolvers, objects, filters and sorts, lists by their size."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLList,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    value_from_ast_untyped,
)

__all__ = ["Cost", "cost_of"]

_RESOLVER, _COMPOSITE, _ARGUMENT, _OPERATION, _EXPENSIVE = 10, 1, 10, 10, 20
_ASSUMED_SIZE = 50
_SEARCHES = frozenset({"contains", "ncontains", "startsWith", "nstartsWith", "endsWith", "nendsWith"})
_OPERATIONS = frozenset(
    {"eq", "neq", "in", "nin", "gt", "ngt", "gte", "ngte", "lt", "nlt", "lte", "nlte", "some", "none", "all", "any"}
)
_WEIGHED = frozenset({"where", "order"})


@dataclass(frozen=True, slots=True)
class Cost:
    """The work of an operation (`field`) and the objects it can answer (`type`)."""

    field: int
    type: int


def cost_of(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> Cost:
    """Add an operation up; variables count by their values, introspection counts nothing."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    root = schema.get_root_type(operation.operation)
    if root is None:
        return Cost(0, 0)
    counted = _Counter(fragments, variables).selection(root, operation.selection_set, root=True, size=1)
    return Cost(counted.field, counted.type + 1)


@dataclass(frozen=True, slots=True)
class _Counter:
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]

    def selection(self, kind: GraphQLObjectType, selection: SelectionSetNode, *, root: bool, size: int) -> Cost:
        """Add up a selection; `size` is the assumed length of a segment's items."""
        seen: set[str] = set()
        field_cost = type_cost = 0
        for node in self._fields(selection):
            key = (node.alias or node.name).value
            if key in seen or node.name.value not in kind.fields:
                continue
            seen.add(key)
            cost = self._field(kind.fields[node.name.value], node, root=root, size=size)
            field_cost, type_cost = field_cost + cost.field, type_cost + cost.type
        return Cost(field_cost, type_cost)

    def _fields(self, selection: SelectionSetNode) -> Iterator[FieldNode]:
        for node in selection.selections:
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                yield from self._fields(node.selection_set)
            elif isinstance(node, FragmentSpreadNode):
                yield from self._fields(self.fragments[node.name.value].selection_set)

    def _field(self, field: GraphQLField, node: FieldNode, *, root: bool, size: int) -> Cost:
        kind = get_named_type(field.type)
        composite = isinstance(kind, GraphQLObjectType)
        own = _RESOLVER if root else _COMPOSITE if composite else 0
        arguments = {argument.name.value: self._value(argument) for argument in node.arguments or ()}
        own += sum(_ARGUMENT + _weight(arguments[name]) for name in _WEIGHED & arguments.keys())
        if not isinstance(kind, GraphQLObjectType) or node.selection_set is None:
            return Cost(own, 0)
        taken = arguments.get("take")
        page = taken if isinstance(taken, int) else _ASSUMED_SIZE
        inner = self.selection(kind, node.selection_set, root=False, size=page)
        length = size if node.name.value == "items" and isinstance(get_nullable_type(field.type), GraphQLList) else 1
        return Cost(own + inner.field * length, (inner.type + 1) * length)

    def _value(self, argument: ArgumentNode) -> Any:
        return value_from_ast_untyped(argument.value, dict(self.variables))


def _weight(value: object, inside: str = "") -> int:
    if isinstance(value, Mapping):
        return sum(_named_weight(name, inner, inside) for name, inner in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return sum(_weight(item, inside) for item in value)
    return 0


def _named_weight(name: str, value: object, inside: str) -> int:
    if name in _SEARCHES:
        return _EXPENSIVE
    # A stock's `all` is a field, a list's `all` an operation.
    if name in _OPERATIONS and not (name == "all" and inside == "quantity"):
        return _OPERATION + (_weight(value, name) if isinstance(value, Mapping) else 0)
    return _OPERATION if value in ("ASC", "DESC") else _weight(value, inside if name in ("and", "or") else name)
