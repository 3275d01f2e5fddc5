"""Requests generated from the schema: valid ones are answered in shape, broken ones are refused with a code of the catalogue."""

from collections.abc import Callable, Iterable
from typing import Any

from hypothesis.errors import InvalidArgument
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.contract import Contract, Operation
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.strategies.graphql import documents
from apitwin_contracts.strategies.rest import parameters
from apitwin_contracts.surfaces.graphql import GraphQLSurface
from apitwin_contracts.surfaces.rest import RestSurface
from apitwin_contracts.surfaces.several import graphql_parts, part_of

from .check import Check, Examination

__all__ = ["CHECKS"]


def _example(examination: Examination, operation: Operation) -> None:
    for _ in range(2):
        examination.must(operation.name, operation.examples(examination.run))


def _valid(examination: Examination, operation: Operation) -> None:
    surface = examination.run.contract.surface
    if part := part_of(surface, operation.name):
        _send_documents(examination, operation, part[0], documents(*part))
    elif isinstance(surface, RestSurface):
        _send_arguments(examination, operation, parameters(surface, operation.name))


def _send_documents(
    examination: Examination, operation: Operation, surface: GraphQLSurface, strategy: SearchStrategy[str]
) -> None:
    client = examination.client

    def examine(document: str) -> None:
        client.send(operation.name, client.signed(surface.post(surface.path, document)))

    examination.run.explore(strategy, examine, 0.5)


def _send_arguments(examination: Examination, operation: Operation, strategy: SearchStrategy[dict[str, Any]]) -> None:
    def examine(arguments: dict[str, Any]) -> None:
        examination.client.ask(operation.name, arguments)

    examination.run.explore(strategy, examine)


def _broken(examination: Examination, operation: Operation) -> None:
    part, client = part_of(examination.run.contract.surface, operation.name), examination.client
    assert part  # noqa: S101 - `_in_graphql` gives no other
    surface, name = part

    def examine(document: str) -> None:
        answer = client.send(operation.name, client.signed(surface.post(surface.path, document)))
        if answer.ok:
            raise examination.broken([answer], "", "a refusal of a document that breaks the schema", "success")

    try:
        examination.run.explore(documents(surface, name, broken=True), examine, 0.4)
    except InvalidArgument:
        raise NothingToExamine(f"{operation.name} takes nothing that could be wrong") from None


def _in_graphql(operations: Callable[[Contract], Iterable[Operation]]) -> Callable[[Contract], Iterable[Operation]]:
    return lambda contract: operations(contract) if graphql_parts(contract.surface) else ()


CHECKS = (
    Check(
        "schema.reply",
        "schema",
        "What is asked rightly is answered in the contract's shape.",
        lambda contract: contract.operations,
        _example,
    ),
    Check(
        "schema.generated",
        "schema",
        "Whatever the schema allows is answered in its shape.",
        lambda contract: contract.operations,
        _valid,
        tries_many=True,
    ),
    Check(
        "error.generated",
        "error",
        "Whatever the schema forbids is refused with a known code.",
        _in_graphql(lambda contract: contract.operations),
        _broken,
    ),
)
