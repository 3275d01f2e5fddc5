"""REST arguments generated from the contract's OpenAPI document."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from hypothesis_jsonschema import from_schema

from apitwin_contracts.surfaces.rest import RestSurface

__all__ = ["parameters"]


def parameters(surface: RestSurface, operation: str) -> SearchStrategy[dict[str, Any]]:
    """Generate an operation's arguments: mostly documented examples and values that the schema allows, at times any text."""
    required: dict[str, SearchStrategy[Any]] = {}
    optional: dict[str, SearchStrategy[Any]] = {}
    for name, definition in surface.operations[operation].parameters.items():
        fitting = from_schema(definition["schema"])
        values = st.just(definition["example"]) | fitting if "example" in definition else fitting
        if definition.get("required"):
            required[name] = values
        else:
            optional[name] = values | st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
    return st.fixed_dictionaries(required, optional=optional)
