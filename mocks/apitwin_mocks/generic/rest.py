"""A generic mock's REST surface: every operation of the document is a route, answered from state, from a recording or from its schema."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property, partial
from typing import Any

import jsonschema_rs
import orjson

from apitwin_fixtures import Fixtures, Reply
from apitwin_fixtures.blueprint import Act, Blueprint
from apitwin_fixtures.openapi import METHODS, plain_document
from apitwin_fixtures.samples import sample_of_schema
from apitwin_mocks.kit.call import Call
from apitwin_mocks.kit.errors import Refusal
from apitwin_mocks.kit.replies import json_reply
from apitwin_mocks.kit.rest import RestEndpoint, Route

from .acts import perform
from .answers import Recordings
from .shown import NOT_SHOWN, as_deleted, with_items, with_value

__all__ = ["GenericRest"]

_NO_CONTENT = 204
_PARAMETER = re.compile(r"\{([^}]+)\}")


class GenericRest:
    """Answers the calls of one supplier; made when the first comes."""

    def __init__(self, blueprint: Blueprint, fixtures: Fixtures) -> None:
        self._blueprint = blueprint
        self._fixtures = fixtures
        self._recordings = Recordings(fixtures)

    @cached_property
    def _document(self) -> dict[str, Any]:
        return plain_document(self._fixtures.json("openapi.json"))

    @cached_property
    def _endpoint(self) -> RestEndpoint:
        routes = sorted(self._routes(), key=lambda route: (route.path.count("{"), -len(route.path)))
        return RestEndpoint(routes, not_found="ROUTE_NOT_FOUND", method_not_allowed="METHOD_NOT_ALLOWED")

    def __call__(self, call: Call) -> Reply:
        """Answer a call; raises `Refusal`."""
        if self._blueprint.document and call.request.path == self._blueprint.document and call.request.method == "GET":
            call.origin = "fixture"
            return json_reply(self._fixtures.json("openapi.json"))
        return self._endpoint(call)

    def operation_of(self, call: Call) -> str | None:
        """Name the operation that would answer a call."""
        return self._endpoint.operation_of(call.request.method, call.request.path)

    def _routes(self) -> Iterator[Route]:
        for path, methods in self._document["paths"].items():
            for method in METHODS:
                if method in methods:
                    names, written = _PARAMETER.findall(path), self._blueprint.path + path
                    for place, name in enumerate(names):
                        written = written.replace(f"{{{name}}}", f"{{p{place}}}")
                    handler = partial(self._answer, methods[method], names)
                    yield Route((method.upper(),), written, methods[method]["operationId"], handler)

    def _answer(self, definition: Mapping[str, Any], names: list[str], call: Call, **values: Any) -> Reply:
        act = self._blueprint.act(definition["operationId"])
        named = {name: values[f"p{index}"] for index, name in enumerate(names)}
        arguments = {**call.request.parameters, **named, "body": self._body(act, definition, call)}
        if act.kind == "other":
            return self._recorded(act, definition, call)
        done = perform(self._blueprint, act, call.world, arguments)
        if act.status == _NO_CONTENT:
            return Reply(_NO_CONTENT)
        envelope = self._envelope(act, definition)
        if act.kind == "list":
            envelope = with_items(envelope, act.items, done.rows)
        elif act.item != NOT_SHOWN and act.kind != "count":
            shown = as_deleted(envelope, act.item, done.row or {}) if act.kind == "delete" else done.row
            envelope = with_value(envelope, act.item, shown)
        return json_reply(with_value(envelope, act.total, done.total) if act.total else envelope, act.status)

    def _envelope(self, act: Act, definition: Mapping[str, Any]) -> Any:
        recorded = self._recordings.first(act.name)
        return recorded if recorded is not None else self._made(act, definition)

    def _made(self, act: Act, definition: Mapping[str, Any]) -> Any:
        content = definition["responses"].get(str(act.status), {}).get("content", {})
        media: Mapping[str, Any] = next(iter(content.values()), {})
        schema = media.get("schema", {})
        return sample_of_schema(self._document, schema, act.name)

    def _recorded(self, act: Act, definition: Mapping[str, Any], call: Call) -> Reply:
        call.origin = "fixture"
        found = self._recordings.nearest(act.name, call.request.parameters, call.request.body)
        if found:
            kept = tuple(pair for pair in found.reply.headers if pair[0] == "content-type")
            return Reply(found.reply.status, kept, found.reply.body)
        content = definition["responses"].get(str(act.status), {}).get("content")
        return json_reply(self._made(act, definition), act.status) if content else Reply(act.status)

    def _body(self, act: Act, definition: Mapping[str, Any], call: Call) -> Any:
        if not call.request.body:
            return {}
        try:
            body = orjson.loads(call.request.body)
        except orjson.JSONDecodeError:
            body = None
        content = definition.get("requestBody", {}).get("content", {})
        media: Mapping[str, Any] = next(iter(content.values()), {})
        schema = media.get("schema", {})
        if act.invalid and not jsonschema_rs.is_valid({**schema, "components": self._document["components"]}, body):
            raise Refusal(act.invalid)
        return body if isinstance(body, dict) else {}
