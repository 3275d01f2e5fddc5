"""GraphQL documents as flat facts: what is selected, with which values, whatever the layout, the order or the use of variables."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson
from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_operation_ast,
    parse,
    print_ast,
    validate,
    value_from_ast_untyped,
)

__all__ = ["document_facts", "root_fields"]

_SELECTED = "selected"
_DEEPEST = 60
Facts = Iterator[tuple[str, str]]


def document_facts(
    query: str, variables: Mapping[str, Any], operation_name: str | None, schemas: Sequence[GraphQLSchema] = ()
) -> dict[str, str]:
    """Give what a request asks for, by place: `query.products(limit)` is `5`, `query.products.ean` is `selected`.

    A text stands for itself that is no document, that holds several operations of which none is named, or that no schema takes: what is
    said of such a text names its variables and its fragments.
    """
    try:
        document = parse(query)
        if schemas and all(validate(schema, document) for schema in schemas):
            return {"document": print_ast(document), **dict(_flat("variables", dict(variables)))}
    except (GraphQLError, RecursionError):
        return {"document": query}
    operation = get_operation_ast(document, operation_name)
    if operation is None:
        return {"document": query, "operationName": str(operation_name)}
    return dict(_Reader(document, operation, variables).facts())


def root_fields(query: str, operation_name: str | None) -> str:
    """Name the root fields of a document; empty for a text that is none."""
    try:
        operation = get_operation_ast(parse(query), operation_name)
    except (GraphQLError, RecursionError):
        return ""
    selected = operation.selection_set.selections if operation else ()
    return ",".join(node.name.value for node in selected if isinstance(node, FieldNode))


class _Reader:
    """Reads one operation with the values of its variables in place."""

    def __init__(
        self, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
    ) -> None:
        self._operation = operation
        self._sent = variables
        self._fragments = {
            node.name.value: node.selection_set
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self._defaults = {
            node.variable.name.value: value_from_ast_untyped(node.default_value)
            for node in operation.variable_definitions or ()
            if node.default_value is not None
        }
        self._used: set[str] = set()

    def facts(self) -> Facts:
        kind = self._operation.operation.value
        yield from self._selected(kind, self._operation.selection_set, 0)
        for name, value in self._sent.items():
            if name not in self._used:
                yield f"variables.{name}", _written(value)
        for node in self._operation.variable_definitions or ():
            if node.variable.name.value not in self._used:
                yield f"{kind}(${node.variable.name.value})", "declared and not used"

    def _selected(self, place: str, selected: SelectionSetNode | None, depth: int) -> Facts:
        # A fragment that spreads itself is refused by every server; here it only has to end.
        for node in selected.selections if selected and depth < _DEEPEST else ():
            if isinstance(node, FieldNode):
                yield from self._field(place, node, depth)
            elif isinstance(node, InlineFragmentNode):
                kind = f"[{node.type_condition.name.value}]" if node.type_condition else ""
                yield from self._directives(place + kind, node.directives)
                yield from self._selected(place + kind, node.selection_set, depth + 1)
            elif isinstance(node, FragmentSpreadNode):
                spread = self._fragments.get(node.name.value)
                yield (f"{place}...{node.name.value}", _SELECTED) if spread is None else (place, _SELECTED)
                yield from self._directives(place, node.directives)
                yield from self._selected(place, spread, depth + 1)

    def _field(self, place: str, node: FieldNode, depth: int) -> Facts:
        name = f"{node.alias.value}:{node.name.value}" if node.alias else node.name.value
        inner = f"{place}.{name}"
        yield place, _SELECTED
        yield inner, _SELECTED
        yield from self._arguments(inner, node.arguments)
        yield from self._directives(inner, node.directives)
        yield from self._selected(inner, node.selection_set, depth + 1)

    def _arguments(self, place: str, nodes: tuple[ArgumentNode, ...] | None) -> Facts:
        for node in nodes or ():
            yield from _flat(f"{place}({node.name.value})", self._value(node.value))

    def _directives(self, place: str, nodes: tuple[DirectiveNode, ...] | None) -> Facts:
        for node in nodes or ():
            yield f"{place}@{node.name.value}", "present"
            yield from self._arguments(f"{place}@{node.name.value}", node.arguments)

    def _value(self, node: ValueNode) -> Any:
        if isinstance(node, VariableNode):
            name = node.name.value
            self._used.add(name)
            return self._sent.get(name, self._defaults.get(name, _Absent(name)))
        if isinstance(node, ListValueNode):
            return [self._value(item) for item in node.values]
        if isinstance(node, ObjectValueNode):
            return {field.name.value: self._value(field.value) for field in node.fields}
        return value_from_ast_untyped(node)


class _Absent:
    """A variable without a value."""

    def __init__(self, name: str) -> None:
        self.name = name


def _flat(place: str, value: Any) -> Facts:
    if isinstance(value, dict) and value:
        for name, part in value.items():
            yield from _flat(f"{place}.{name}", part)
    elif isinstance(value, list) and value:
        for index, part in enumerate(value):
            yield from _flat(f"{place}[{index}]", part)
    elif isinstance(value, _Absent):
        yield place, f"${value.name} without a value"
    else:
        yield place, _written(value)


def _written(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS, default=str).decode()
