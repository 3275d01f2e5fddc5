"""Answers at the edges of optional arguments: some show there what nobody sees otherwise, such as things that were deleted since a moment."""

from collections.abc import Iterator, Mapping
from typing import Any

from apitwin_contracts.generic.words import OFFSETS, PAGES, SIZES, plain
from apitwin_contracts.surfaces.entries import json_of
from apitwin_fixtures.openapi import resolved

from .scout import Scout

__all__ = ["bodies_at_edges", "edges_of"]

_PAGING = frozenset({*PAGES, *SIZES, *OFFSETS})
_FIRST_MOMENTS = {"date-time": "1970-01-01T00:00:00Z", "date": "1970-01-01"}
_GREATEST = 2**53 - 1


def bodies_at_edges(scout: Scout, operation: str, arguments: Mapping[str, Any]) -> Iterator[Any]:
    """Ask an operation with each optional argument at each of its edges, and give what is answered with success."""
    surface: Any = scout.surface
    for name, one in surface.operations[operation].parameters.items():
        if one["in"] != "query" or name in arguments or plain(name) in _PAGING:
            continue
        for edge in edges_of(resolved(surface.document, one["schema"])):
            exchange = scout.ask(operation, {**arguments, name: edge}, keep=False)
            body = json_of(exchange.reply)
            if scout.succeeded(operation, exchange) and body is not None:
                yield body


def edges_of(schema: Mapping[str, Any]) -> tuple[Any, ...]:
    """Give the values at which an argument lets through most or least; none for words that nothing tells."""
    if "enum" in schema:
        return tuple(schema["enum"])
    kinds = schema.get("type", ())
    kinds = (kinds,) if isinstance(kinds, str) else kinds
    if "boolean" in kinds:
        return True, False
    if "integer" in kinds or "number" in kinds:
        lowest = schema.get("minimum", 0)
        return lowest, lowest + 1, schema.get("maximum", _GREATEST)
    moment = _FIRST_MOMENTS.get(schema.get("format", ""))
    return (moment,) if moment else ()
