"""What a request asks for, read by the contract's surface: the operation and its arguments."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from graphql import FieldNode, GraphQLError, OperationDefinitionNode, VariableNode, parse, value_from_ast_untyped

from apitwin_contracts.surfaces.rest import RestSurface
from apitwin_fixtures import Request

from .stage import contract_of

__all__ = ["Asked", "asked_of"]

_TOKEN = "/token"  # noqa: S105 - the end of a path


@dataclass(frozen=True)
class Asked:
    """What a request asks for: an operation with its arguments; `operation` is empty for what is none, and `token` where tokens are granted."""

    operation: str
    arguments: Mapping[str, Any]


def asked_of(supplier: str, request: Request) -> Asked:
    """Read a request to one of the suppliers."""
    if isinstance(contract_of(supplier).surface, RestSurface):
        return Asked(_routed(supplier, request.method, request.path), request.parameters)
    return _graphql(request)


@cache
def _routes(supplier: str) -> tuple[tuple[str, re.Pattern[str], str], ...]:
    surface = contract_of(supplier).surface
    operations = surface.operations.values() if isinstance(surface, RestSurface) else ()
    return tuple((one.method, _pattern(one.path), one.name) for one in operations)


def _pattern(path: str) -> re.Pattern[str]:
    literal = re.split(r"\{\w+\}", path)
    return re.compile("[^/]+".join(re.escape(part) for part in literal), re.IGNORECASE)


@cache
def _routed(supplier: str, method: str, path: str) -> str:
    found = [(known, name) for known, pattern, name in _routes(supplier) if pattern.fullmatch(path)]
    # Some answer a method beside the documented one; the path tells then what is asked.
    return next((name for known, name in found if known == method), found[0][1] if found else "")


def _graphql(request: Request) -> Asked:
    if request.path.endswith(_TOKEN):
        return Asked("token", {})
    try:
        body = orjson.loads(request.body)
        name, arguments = _root(body["query"])
    except (orjson.JSONDecodeError, GraphQLError, KeyError, TypeError):
        return Asked("", {})
    variables = body.get("variables") or {}
    return Asked(
        name, {key: variables.get(value[1:]) if _is_variable(value) else value for key, value in arguments.items()}
    )


def _is_variable(value: object) -> bool:
    return isinstance(value, str) and value.startswith("$")


@cache
def _root(query: str) -> tuple[str, dict[str, Any]]:
    operations = [node for node in parse(query).definitions if isinstance(node, OperationDefinitionNode)]
    fields = [node for node in operations[0].selection_set.selections if isinstance(node, FieldNode)]
    if len(operations) != 1 or not fields:
        return "", {}
    return fields[0].name.value, {
        argument.name.value: f"${argument.value.name.value}"
        if isinstance(argument.value, VariableNode)
        else value_from_ast_untyped(argument.value)
        for argument in fields[0].arguments or ()
    }
