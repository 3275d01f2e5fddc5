"""The REST surface: requests made from an OpenAPI document, replies recognised and held against its schemas."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import jsonschema_rs
import orjson

from apitwin_fixtures import ASSUMED, ErrorCatalogue, ErrorEntry, Fixtures, Reply, Request, Source

from .entries import body_difference, filled, json_of, whole_difference
from .problems import schema_problems, validator
from .surface import OK, UNKNOWN, Problem, Recognition

__all__ = ["RestOperation", "RestSurface"]

_SUCCESS, _REDIRECTION = 200, 300


@dataclass(frozen=True)
class RestOperation:
    """One method of one path of the document."""

    name: str
    method: str
    path: str
    definition: dict[str, Any]
    shared: tuple[dict[str, Any], ...] = ()

    @property
    def parameters(self) -> dict[str, dict[str, Any]]:
        """The parameters by name."""
        return {parameter["name"]: parameter for parameter in (*self.shared, *self.definition.get("parameters", ()))}

    @property
    def success(self) -> tuple[int, ...]:
        """The statuses that the document calls a success."""
        return tuple(int(status) for status in self.definition["responses"] if status.startswith("2"))


class RestSurface:
    """One REST API; an operation is an `operationId` of the document, its arguments are the query's and the path's parameters.

    `base` stands before each path of the document.
    """

    base = ""

    def __init__(self, fixtures: Fixtures, document: str = "openapi.json") -> None:
        self._fixtures = fixtures
        self._document = document
        self._checker = lru_cache(None)(self._compile)

    @cached_property
    def document(self) -> dict[str, Any]:
        """The OpenAPI document."""
        return dict(self._fixtures.json(self._document))

    @cached_property
    def operations(self) -> Mapping[str, RestOperation]:
        """The operations by name."""
        found = (
            RestOperation(
                definition["operationId"], method.upper(), path, definition, tuple(methods.get("parameters", ()))
            )
            for path, methods in self.document["paths"].items()
            for method, definition in methods.items()
            if isinstance(definition, dict) and "operationId" in definition
        )
        return {operation.name: operation for operation in found}

    def request(self, operation: str, arguments: Mapping[str, Any]) -> Request:
        """Make the unsigned request of an operation; `body` is sent as JSON, the rest as headers, in the path or as the query."""
        found = self.operations[operation]
        path, query, body = found.path, dict(arguments), b""
        for name in [name for name in query if f"{{{name}}}" in path]:
            path = path.replace(f"{{{name}}}", str(query.pop(name)))
        headers: tuple[tuple[str, str], ...] = (("accept", "application/json"),)
        for name in [name for name in query if found.parameters.get(name, {}).get("in") == "header"]:
            headers = (*headers, (name.lower(), str(query.pop(name))))
        if "body" in query:
            body = orjson.dumps(query.pop("body"))
            headers = (*headers, ("content-type", "application/json"))
        return Request(found.method, path, Request.encode(query), headers, body)

    def recognise(self, operation: str, reply: Reply, catalogue: ErrorCatalogue) -> Recognition:
        """Tell success from each refusal that the catalogue knows."""
        body = json_of(reply)
        # The strictest comparison first: two codes may differ in a header alone, and a header may have changed.
        for difference in (whole_difference, body_difference):
            for entry in catalogue.entries:
                if entry.occurs_in(operation) and difference(entry, reply) is None:
                    return Recognition(entry.code, body)
        found = self.operations.get(operation)
        if found and (reply.status in found.success or (found.success and _SUCCESS <= reply.status < _REDIRECTION)):
            return Recognition(OK, body)
        return Recognition(UNKNOWN, body, f"status {reply.status}: {reply.text[:300]}", unreadable=body is None)

    def difference(
        self, operation: str, reply: Reply, catalogue: ErrorCatalogue, code: str
    ) -> tuple[str, str, str] | None:
        """Give the first place (path, expected, observed) where a reply is not the code's; None if it is."""
        entry = catalogue[code]
        if not entry.occurs_in(operation):
            return "code", code, "a code that this operation does not have"
        found = whole_difference(filled(entry, json_of(reply)), reply)
        return found and (found[0], str(found[1]), str(found[2])[:300])

    def refusal(self, operation: str, reply: Reply, entry: ErrorEntry) -> object:  # noqa: ARG002 - a surface's form
        """Give the part of a reply that an entry's body describes: here the whole."""
        return reply.text if isinstance(entry.body, str) else json_of(reply)

    def problems(self, operation: str, request: Request, reply: Reply) -> Iterator[Problem]:  # noqa: ARG002 - a surface's form
        """Hold a successful reply against its documented content type and schema."""
        found = self.operations[operation]
        status = reply.status if reply.status in found.success else found.success[0]
        if status != reply.status:
            expected, observed = f"status {status}", f"status {reply.status}"
            yield Problem("wire.status", "wire", "breaking", f"{operation}#status", expected, observed, ASSUMED)
        content = found.definition["responses"].get(str(status), {}).get("content")
        if not content:
            return
        documented = next(iter(content))
        if reply.media_type != documented:
            yield Problem(
                "wire.content-type",
                "wire",
                "breaking",
                f"{operation}.content-type",
                documented,
                reply.media_type,
                ASSUMED,
            )
        body = json_of(reply)
        if body is None:
            yield Problem("schema.envelope", "wire", "breaking", operation, "a JSON body", reply.text[:200], ASSUMED)
            return
        schema, checker = self._checker(operation, str(status), documented)
        yield from schema_problems(checker, schema, body, operation, self.source(operation))

    def _compile(
        self, operation: str, status: str, media_type: str
    ) -> tuple[dict[str, Any], jsonschema_rs.Draft202012Validator]:
        content = self.operations[operation].definition["responses"][status]["content"]
        schema = {**content[media_type]["schema"], "components": self.document.get("components", {})}
        return schema, validator(schema)

    def resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Give the schema that a reference to a component means."""
        _, _, name = schema.get("$ref", "").rpartition("/")
        return dict(self.document["components"]["schemas"][name]) if name else schema

    def location(self, operation: str, path: str = "") -> str:
        """Name a place in an operation's payload: `sync_v3.products[].gtin`."""
        return f"{operation}.{path}" if path else operation

    def source(self, operation: str) -> Source:
        """Give an operation's source."""
        written = self.operations[operation].definition.get("x-source")
        return Source.of(written) if written else ASSUMED

    def coverage(self) -> Mapping[str, Source]:
        """Give every operation, parameter and schema property with its source."""
        found = {name: self.source(name) for name in self.operations}
        for name, operation in self.operations.items():
            for parameter, definition in operation.parameters.items():
                found[f"{name}({parameter})"] = (
                    Source.of(definition["x-source"]) if "x-source" in definition else found[name]
                )
        for name, schema in self.document.get("components", {}).get("schemas", {}).items():
            own = Source.of(schema["x-source"]) if "x-source" in schema else ASSUMED
            for key, part in schema.get("properties", {}).items():
                found[f"{name}.{key}"] = Source.of(part["x-source"]) if "x-source" in part else own
        return found
