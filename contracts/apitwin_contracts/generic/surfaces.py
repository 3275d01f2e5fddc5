"""Surfaces of suppliers that nobody has described for us: documents of every age, and nothing promised beyond the wire's types."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any
from urllib.parse import quote

from apitwin_contracts.surfaces.graphql import GraphQLSurface
from apitwin_contracts.surfaces.rest import RestSurface
from apitwin_fixtures import Fixtures, Request, Source
from apitwin_fixtures.blueprint import Blueprint
from apitwin_fixtures.openapi import plain_document

__all__ = ["OpenGraphQL", "OpenRest"]

_TOLD = Source("documented", "schema.graphql")
_DOCUMENTED = {"kind": "documented", "where": "openapi.json"}


class OpenRest(RestSurface):
    """A REST surface made of whatever OpenAPI document the supplier publishes, and of the shapes that were seen."""

    def __init__(self, fixtures: Fixtures, blueprint: Blueprint) -> None:
        super().__init__(fixtures)
        self._blueprint = blueprint
        self.base = blueprint.path

    @cached_property
    def published(self) -> dict[str, Any]:
        """The document as it was published, in the one form in which documents are compared."""
        return plain_document(self._fixtures.json("openapi.json"))

    @cached_property
    def document(self) -> dict[str, Any]:
        document = plain_document(self._fixtures.json("openapi.json"))
        for methods in document["paths"].values():
            for definition in methods.values():
                definition["x-source"] = _DOCUMENTED
                definition["parameters"] = [_asked(one) for one in definition["parameters"] if _is_generated(one)]
                self._add_shape(definition)
        return document

    def _add_shape(self, definition: dict[str, Any]) -> None:
        seen = self._blueprint.shapes.get(definition["operationId"])
        act = self._blueprint.find(lambda one: one.name == definition["operationId"])
        if act is None or seen is None:
            return
        response = definition["responses"].setdefault(str(act.status), {})
        content = response.setdefault("content", {"application/json": {"schema": {}}})
        media = next(iter(content))
        own = {**seen["schema"], "x-source": {"kind": "observed", "where": f"cassettes/{act.name}.json"}}
        content[media] = {"schema": own if seen["instead"] else {"allOf": [content[media]["schema"], own]}}

    def request(self, operation: str, arguments: Mapping[str, Any]) -> Request:
        """Make the unsigned request of an operation; truth is written as JSON does, a list with commas."""
        body = {name: value for name, value in arguments.items() if name == "body"}
        plain = {name: _written(value) for name, value in arguments.items() if name != "body" and value is not None}
        inside = (name for name in plain if f"{{{name}}}" in self.operations[operation].path)
        plain.update({name: quote(str(plain[name]), safe="") for name in inside})
        made = super().request(operation, {**plain, **body})
        return replace(made, path=f"{self.base}{made.path}")


def _asked(parameter: dict[str, Any]) -> dict[str, Any]:
    """Give a parameter whose part of the path is a plain word where nothing is said of it: anything else may be another path."""
    schema = parameter["schema"]
    if parameter["in"] != "path" or schema.get("type") != "string" or {"enum", "pattern", "format"} & schema.keys():
        return parameter
    return {**parameter, "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,40}$"}}


def _is_generated(parameter: Mapping[str, Any]) -> bool:
    """Tell whether a parameter is asked with at random; a header's text is bounded by HTTP, which no schema says."""
    return parameter["in"] != "header" or bool(parameter.get("required"))


def _written(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(str(_written(one)) for one in value) if isinstance(value, list) else value


class OpenGraphQL(GraphQLSurface):
    """A GraphQL surface whose texts may be empty: its schema says no more than the wire's types."""

    @cached_property
    def promises(self) -> Mapping[str, Any]:
        return {
            coordinate: replace(promise, source=_TOLD, form=replace(promise.form, empty=True))
            for coordinate, promise in super().promises.items()
        }
