"""Laws of names in GraphQL: an operation under another name answers the same, and every object says of what type it is."""

from collections.abc import Iterator
from typing import Any

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.contract import Contract, Operation
from apitwin_contracts.surfaces.entries import json_of
from apitwin_contracts.surfaces.several import part_of

from .selections import granted

__all__ = ["CHECKS"]

_ALIAS = "asked"


def _named(examination: Examination, operation: Operation) -> None:
    client, part = examination.client, part_of(examination.run.contract.surface, operation.name)
    assert part  # noqa: S101 - `_subjects` gives no other
    surface, name = part
    arguments = operation.examples(examination.run)
    plain = examination.must(operation.name, arguments)
    head, _, rest = surface.document(name, arguments).partition("{ ")
    document = f"{head}{{ {_ALIAS}: {rest.replace('{ ', '{ __typename ')}"
    request = surface.post(surface.path, document, arguments)
    answer = granted(client, client.send(operation.name, client.signed(request), arguments))
    body = json_of(answer.exchange.reply)
    data = body.get("data") if isinstance(body, dict) else None
    found = data.get(_ALIAS) if isinstance(data, dict) else None
    if _untyped(found) != plain.payload:
        text = f"at {_ALIAS!r}, the name that was asked for, what stands at {name!r} otherwise"
        observed = "another answer" if isinstance(data, dict) and _ALIAS in data else f"{', '.join(data or ())}"
        raise examination.broken([plain, answer], "", text, observed, source=operation.source)


def _untyped(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _untyped(part) for key, part in value.items() if key != "__typename"}
    return [_untyped(part) for part in value] if isinstance(value, list) else value


def _subjects(contract: Contract) -> Iterator[Operation]:
    reads = (operation for operation in contract.operations if operation.kind == "read")
    return (operation for operation in reads if part_of(contract.surface, operation.name))


CHECKS = (Check("schema.names", "schema", "Clients choose the names, and tell types by theirs.", _subjects, _named),)
