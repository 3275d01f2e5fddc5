"""What a request asks for: the operations that it names, with their arguments, read back from its bytes."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    parse,
    value_from_ast_untyped,
)

from apitwin_fixtures import Request

from .graphql import GraphQLSurface
from .rest import RestOperation, RestSurface
from .several import SeveralSurfaces, graphql_parts
from .surface import Surface

__all__ = ["Asked", "asked_of", "may_write"]

_SAFE = ("GET", "HEAD", "OPTIONS")
_PLACEHOLDER = re.compile(r"\{[^/{}]+\}")


@dataclass(frozen=True)
class Asked:
    """One operation of a request; `writes` tells whether it may change state, `key` is where a GraphQL reply's data answers it."""

    operation: str
    arguments: Mapping[str, Any]
    writes: bool
    key: str = ""


def asked_of(surface: Surface, request: Request) -> tuple[Asked, ...]:
    """Give the operations that a request asks; none for a request that is no operation of the surface."""
    if isinstance(surface, RestSurface):
        return tuple(_rest(surface, request))
    parts = graphql_parts(surface)
    here = [(label, part) for label, part in parts.items() if _stands_at(part.path, request.path)]
    document = _document(request)
    if document is None:
        return ()
    return tuple(
        Asked(
            _name(surface, here or list(parts.items()), field),
            arguments,
            writes,
            field.alias.value if field.alias else field.name.value,
        )
        for field, arguments, writes in _root_fields(*document)
    )


def may_write(surface: Surface, request: Request, reads: Collection[str] = ()) -> bool:
    """Tell whether a request may change state, which `reads` never do; what cannot be read may, unless HTTP forbids it to."""
    asked = asked_of(surface, request)
    if not asked:
        return request.method not in _SAFE
    return any(one.writes and one.operation not in reads for one in asked)


def _name(surface: Surface, parts: list[tuple[str, GraphQLSurface]], field: FieldNode) -> str:
    name = field.name.value
    label = next((label for label, part in parts if name in part.operations()), None)
    return surface.named(label, name) if isinstance(surface, SeveralSurfaces) and label is not None else name


def _stands_at(template: str, path: str) -> bool:
    pattern = "".join("[^/]*" if _PLACEHOLDER.fullmatch(part) else re.escape(part) for part in _split(template))
    return re.fullmatch(pattern, _PLACEHOLDER.sub("", path)) is not None or template == path


def _split(template: str) -> list[str]:
    return re.split(r"(\{[^/{}]+\})", template)


def _document(request: Request) -> tuple[DocumentNode, str | None, Mapping[str, Any]] | None:
    told: Any = request.parameters if request.method == "GET" else _json(request.body)
    query = told.get("query") if isinstance(told, Mapping) else None
    if not isinstance(query, str):
        return None
    variables = told.get("variables")
    if isinstance(variables, str):
        variables = _json(variables.encode())
    try:
        return parse(query), told.get("operationName"), variables if isinstance(variables, Mapping) else {}
    except GraphQLError:
        return None


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def _root_fields(
    document: DocumentNode, chosen: str | None, variables: Mapping[str, Any]
) -> Iterator[tuple[FieldNode, Mapping[str, Any], bool]]:
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    operation = next((node for node in operations if chosen is None or (node.name and node.name.value == chosen)), None)
    if operation is None:
        return
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    values = {**_defaults(operation), **variables}
    for field in _fields(operation.selection_set, fragments, ()):
        arguments = {one.name.value: value_from_ast_untyped(one.value, values) for one in field.arguments or ()}
        yield field, arguments, operation.operation == OperationType.MUTATION


def _defaults(operation: OperationDefinitionNode) -> dict[str, Any]:
    declared = operation.variable_definitions or ()
    return {
        one.variable.name.value: value_from_ast_untyped(one.default_value)
        for one in declared
        if one.default_value is not None
    }


def _fields(
    selected: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode], inside: tuple[str, ...]
) -> Iterator[FieldNode]:
    for node in selected.selections:
        if isinstance(node, FieldNode):
            if not node.name.value.startswith("__"):
                yield node
        elif isinstance(node, InlineFragmentNode):
            yield from _fields(node.selection_set, fragments, inside)
        elif isinstance(node, FragmentSpreadNode) and node.name.value not in inside and node.name.value in fragments:
            name = node.name.value
            yield from _fields(fragments[name].selection_set, fragments, (*inside, name))


def _rest(surface: RestSurface, request: Request) -> Iterator[Asked]:
    path = request.path.removeprefix(surface.base)
    fitting = [one for one in surface.operations.values() if _path_arguments(one, path) is not None]
    # The same path is sometimes asked with another method than the document's first.
    found = next((one for one in fitting if one.method == request.method), None) or next(
        (one for one in fitting if request.method in _methods(surface, one.path)), None
    )
    if found is None:
        return
    arguments: dict[str, Any] = {
        **dict(parse_qsl(request.query, keep_blank_values=True)),
        **(_path_arguments(found, path) or {}),
    }
    if request.body:
        arguments["body"] = _json(request.body)
    yield Asked(found.name, arguments, request.method not in _SAFE)


def _methods(surface: RestSurface, path: str) -> set[str]:
    return {name.upper() for name in surface.document["paths"][path]}


def _path_arguments(operation: RestOperation, path: str) -> dict[str, str] | None:
    parts = _split(operation.path)
    names = [part[1:-1] for part in parts if _PLACEHOLDER.fullmatch(part)]
    pattern = "".join("([^/]+)" if _PLACEHOLDER.fullmatch(part) else re.escape(part) for part in parts)
    found = re.fullmatch(pattern, path)
    return dict(zip(names, map(unquote, found.groups()), strict=True)) if found else None
