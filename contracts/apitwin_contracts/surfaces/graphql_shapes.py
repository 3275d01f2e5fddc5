"""JSON Schemas of GraphQL answers: for a document, what `data` must look like, with the contract's promises beyond the wire types."""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from apitwin_fixtures.sdl import Form, Promise

__all__ = ["Shapes"]

_SCALARS: Mapping[str, dict[str, Any]] = {
    "Int": {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
    "Float": {"type": "number"},
    "String": {"type": "string"},
    "ID": {"type": "string"},
    "Boolean": {"type": "boolean"},
}


class Shapes:
    """Makes the JSON Schema of an operation's `data`; `json_schema` reads the schema of a JSON scalar by its file name."""

    def __init__(
        self, schema: GraphQLSchema, promises: Mapping[str, Promise], json_schema: Callable[[str], dict[str, Any]]
    ) -> None:
        self._schema = schema
        self._promises = promises
        self._json_schema = json_schema

    def of_document(self, document: DocumentNode, operation: OperationDefinitionNode) -> dict[str, Any]:
        """Give the schema of `data` for one operation of a document."""
        root = self._schema.get_root_type(operation.operation)
        fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
        if root is None:
            return {}
        return self._object(root, operation.selection_set, fragments)

    def _object(
        self, kind: GraphQLObjectType, selection: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode]
    ) -> dict[str, Any]:
        fields = self._collect(selection, fragments)
        properties = {key: self._field(kind, nodes, fragments) for key, nodes in fields.items()}
        return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}

    def _collect(
        self, selection: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode]
    ) -> dict[str, list[FieldNode]]:
        found: dict[str, list[FieldNode]] = {}
        for node in selection.selections:
            if isinstance(node, FieldNode):
                key = node.alias.value if node.alias else node.name.value
                found.setdefault(key, []).append(node)
                continue
            inner = (
                node.selection_set if isinstance(node, InlineFragmentNode) else fragments[_spread(node)].selection_set
            )
            for key, nodes in self._collect(inner, fragments).items():
                found.setdefault(key, []).extend(nodes)
        return found

    def _field(
        self, parent: GraphQLObjectType, nodes: list[FieldNode], fragments: Mapping[str, FragmentDefinitionNode]
    ) -> dict[str, Any]:
        name = nodes[0].name.value
        if name == "__typename":
            return {"const": parent.name}
        if name.startswith("__"):
            return {}
        promise = self._promises.get(f"{parent.name}.{name}")
        merged = SelectionSetNode(
            selections=tuple(part for node in nodes if node.selection_set for part in node.selection_set.selections)
        )
        shape = self._typed(parent.fields[name].type, merged, fragments, promise.form if promise else Form())
        if promise:
            shape["x-source"] = promise.source.as_json()
        return shape

    def _typed(
        self,
        kind: GraphQLOutputType,
        selection: SelectionSetNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        form: Form,
    ) -> dict[str, Any]:
        if isinstance(kind, GraphQLNonNull):
            return self._present(kind.of_type, selection, fragments, form)
        shape = self._present(kind, selection, fragments, form)
        return shape if form.null is False else _nullable(shape)

    def _present(
        self,
        kind: GraphQLOutputType,
        selection: SelectionSetNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        form: Form,
    ) -> dict[str, Any]:
        if isinstance(kind, GraphQLList):
            return {"type": "array", "items": self._typed(kind.of_type, selection, fragments, _within_list(form))}
        if isinstance(kind, GraphQLObjectType):
            return self._object(kind, selection, fragments)
        if isinstance(kind, GraphQLEnumType):
            return {"type": "string", "enum": list(kind.values)}
        return self._scalar(kind, form) if isinstance(kind, GraphQLScalarType) else {}

    def _scalar(self, kind: GraphQLScalarType, form: Form) -> dict[str, Any]:
        if form.schema:
            return self._json_schema(form.schema)
        shape = dict(_SCALARS.get(kind.name, {}))
        own = self._promises.get(kind.name)
        for source in (own.form if own else Form(), form):
            shape.update(_formed(source))
        if shape.get("type") == "string" and not form.empty and "enum" not in shape:
            shape.setdefault("minLength", 1)
        return shape


def _spread(node: object) -> str:
    return node.name.value if isinstance(node, FragmentSpreadNode) else ""


def _within_list(form: Form) -> Form:
    return Form(form.pattern, form.format, form.schema, None, form.empty, form.minimum, form.maximum, form.values)


def _formed(form: Form) -> dict[str, Any]:
    pattern = form.pattern and (f"^$|{form.pattern}" if form.empty else form.pattern)
    form_of_text = None if form.empty else form.format
    written = {"pattern": pattern, "format": form_of_text, "minimum": form.minimum, "maximum": form.maximum}
    shape: dict[str, Any] = {key: value for key, value in written.items() if value is not None}
    if form.empty and form.format:
        shape |= {"if": {"minLength": 1}, "then": {"format": form.format}}
    if form.values is not None:
        shape["enum"] = [*form.values, *([""] if form.empty else [])]
    return shape


def _nullable(shape: dict[str, Any]) -> dict[str, Any]:
    if not shape:
        return shape
    if "type" not in shape:
        return {"anyOf": [shape, {"type": "null"}]}
    kinds = shape["type"] if isinstance(shape["type"], list) else [shape["type"]]
    nullable = {**shape, "type": [*kinds, "null"]}
    if "enum" in nullable:
        nullable["enum"] = [*nullable["enum"], None]
    return nullable
