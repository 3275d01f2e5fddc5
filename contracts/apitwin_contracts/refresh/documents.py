"""An OpenAPI document brought to what a target serves or answers: accepted changes, and properties that replies showed."""

import copy
import re
from collections.abc import Iterable, Iterator
from typing import Any

from .change import Change
from .fixtures import apply_edit

__all__ = ["edited_document", "with_property"]

_PART = re.compile(r"\[\]|[^.\[\]]+")
_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}


def edited_document(document: dict[str, Any], changes: Iterable[Change]) -> dict[str, Any]:
    """Give a document with these changes."""
    edited = copy.deepcopy(document)
    edits = [instance.edit for change in changes for instance in change.instances if instance.edit]
    # From the end, so that an index still means what it meant when something before it goes.
    for edit in sorted(
        edits, key=lambda edit: [part if isinstance(part, int) else 0 for part in edit.place], reverse=True
    ):
        apply_edit(edited, edit)
    return edited


def with_property(document: dict[str, Any], operation: str, path: str, key: str, value: Any, where: str) -> bool:
    """Let the schema of an operation's success have a new property at a path; tell whether there is such a place."""
    for schema in list(_at(document, _success(document, operation), _PART.findall(path))):
        if "properties" in schema or schema.get("type") == "object":
            source = {"kind": "observed", "where": where}
            schema.setdefault("properties", {}).setdefault(key, {**_schema_of(value), "x-source": source})
            return True
    return False


def _success(document: dict[str, Any], operation: str) -> dict[str, Any]:
    for methods in document["paths"].values():
        for definition in methods.values():
            if isinstance(definition, dict) and definition.get("operationId") == operation:
                replies = _resolved(document, definition["responses"].get("200", {}))
                content = replies.get("content", {})
                found: dict[str, Any] = content.get("application/json", {}).get("schema", {})
                return found
    return {}


def _at(document: dict[str, Any], schema: dict[str, Any], path: list[str]) -> Iterator[dict[str, Any]]:
    schema = _resolved(document, schema)
    for part in (*schema.get("allOf", ()), *schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from _at(document, part, path)
    if not path:
        yield schema
    elif path[0] == "[]":
        yield from _at(document, schema.get("items", {}), path[1:])
    elif path[0] in schema.get("properties", {}):
        yield from _at(document, schema["properties"][path[0]], path[1:])


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        found: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        schema = found
    return schema


def _schema_of(value: Any) -> dict[str, Any]:
    return {"type": _TYPES[type(value)]} if type(value) in _TYPES else {}
