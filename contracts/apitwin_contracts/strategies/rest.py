"""REST arguments generated from the contract's OpenAPI document."""

from typing import Any

import orjson
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.surfaces.rest import RestSurface

__all__ = ["parameters"]


def parameters(surface: RestSurface, operation: str) -> SearchStrategy[dict[str, Any]]:
    """Generate an operation's arguments: mostly documented examples and values that the schema allows, at times any text.

    A body that may be left out is generated too; one that is required makes the operation do something, and is left to the declarations.
    """
    required: dict[str, SearchStrategy[Any]] = {}
    optional: dict[str, SearchStrategy[Any]] = {}
    for name, definition in surface.operations[operation].parameters.items():
        fitting = _values(definition["schema"])
        values = st.just(definition["example"]) | fitting if "example" in definition else fitting
        if definition.get("required"):
            required[name] = values
        elif definition["in"] == "header":
            optional[name] = values
        else:
            optional[name] = values | st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
    body = surface.operations[operation].definition.get("requestBody")
    if body and not body.get("required"):
        optional["body"] = _bodies(surface, body)
    return st.fixed_dictionaries(required, optional=optional)


def _values(schema: dict[str, Any]) -> SearchStrategy[Any]:
    # Imported here: it takes a good part of a second, and the first findings come before it is needed.
    from hypothesis_jsonschema import from_schema  # noqa: PLC0415 - see above

    return from_schema(schema)


def _bodies(surface: RestSurface, body: dict[str, Any]) -> SearchStrategy[Any]:
    schema = surface.resolved(next(iter(body["content"].values()))["schema"])
    fields = {name: _values(part) for name, part in schema["properties"].items()}
    return st.fixed_dictionaries({}, optional=fields).filter(_is_sendable)


def _is_sendable(body: object) -> bool:
    try:
        orjson.dumps(body)
    except TypeError:
        # JSON knows integers of any size, orjson those of 64 bits.
        return False
    return True
