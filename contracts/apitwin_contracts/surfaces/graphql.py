"""The GraphQL surface: documents that select everything, replies recognised and held against the schema's promises."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import jsonschema_rs
import orjson
from graphql import (
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    ValueNode,
    build_ast_schema,
    get_named_type,
    get_operation_ast,
    parse,
)
from hypothesis.strategies import SearchStrategy

from apitwin_fixtures import ASSUMED, ErrorCatalogue, ErrorEntry, Fixtures, Reply, Request, Source
from apitwin_fixtures.sdl import promises, wire_document

from .entries import Difference, body_difference, filled, json_of, whole_difference
from .graphql_shapes import Shapes
from .problems import schema_problems, validator
from .surface import OK, UNKNOWN, Problem, Recognition

__all__ = ["GraphQLSurface"]

_OK = 200
_MEDIA_TYPES = ("application/json", "application/graphql-response+json")
_JSON = (("content-type", "application/json"), ("accept", "application/json"))
_ROUNDS = 2


@dataclass(frozen=True)
class _Compiled:
    schema: dict[str, Any]
    checker: jsonschema_rs.Draft202012Validator


class GraphQLSurface:
    """One endpoint; an operation is a root field, asked with its arguments as variables and everything selected.

    `scalars` generates the literals of custom scalars, `document` is the schema's file among the fixtures.
    """

    def __init__(
        self,
        fixtures: Fixtures,
        path: str,
        scalars: Mapping[str, SearchStrategy[ValueNode]] | None = None,
        document: str = "schema.graphql",
    ) -> None:
        self._fixtures = fixtures
        self.document_name = document
        self.path = path
        self.scalars = scalars or {}
        self._shaped = lru_cache(5000)(self._compile)

    @cached_property
    def schema(self) -> GraphQLSchema:
        """The contract's schema as the wire shows it."""
        return build_ast_schema(wire_document(self._fixtures.text(self.document_name)))

    @cached_property
    def promises(self) -> Mapping[str, Any]:
        """The contract's promises beyond the wire types, by schema coordinate."""
        return promises(self._fixtures.text(self.document_name))

    @cached_property
    def _shapes(self) -> Shapes:
        return Shapes(self.schema, self.promises, self._json_schema)

    def _json_schema(self, name: str) -> dict[str, Any]:
        # An identity of its own keeps the file's references within the file, wherever it is embedded.
        return {**self._fixtures.json(f"json-schemas/{name}"), "$id": f"urn:apitwin:{name}"}

    def root(self, operation: str) -> tuple[str, GraphQLField]:
        """Give the root type's keyword and the field of an operation; raises `KeyError` for an unknown one."""
        for keyword, kind in (("query", self.schema.query_type), ("mutation", self.schema.mutation_type)):
            if kind and operation in kind.fields:
                return keyword, kind.fields[operation]
        raise KeyError(operation)

    @staticmethod
    def post(path: str, query: str, variables: Mapping[str, Any] | None = None) -> Request:
        """Make the request that carries a document."""
        body = {"query": query, "variables": variables} if variables else {"query": query}
        return Request("POST", path, headers=_JSON, body=orjson.dumps(body))

    def document(self, operation: str, arguments: Mapping[str, Any], chosen: Collection[str] | None = None) -> str:
        """Write the document that asks an operation for everything, or for the leaves that are chosen."""
        keyword, field = self.root(operation)
        declared = ", ".join(f"${name}: {field.args[name].type}" for name in arguments)
        passed = ", ".join(f"{name}: ${name}" for name in arguments)
        head = f"{keyword}({declared})" if declared else keyword
        call = f"{operation}({passed})" if passed else operation
        selected = _everything(field.type) if chosen is None else _written(chosen)
        return f"{head} {{ {call}{selected} }}"

    def leaves(self, operation: str) -> list[str]:
        """Name every leaf of what an operation answers, such as `products.title.deDe`; none where that is a leaf itself."""
        return list(_leaves(self.root(operation)[1].type))

    def request(self, operation: str, arguments: Mapping[str, Any]) -> Request:
        """Make the unsigned request of an operation."""
        return self.post(self.path, self.document(operation, arguments), arguments)

    def recognise(self, operation: str, reply: Reply, catalogue: ErrorCatalogue) -> Recognition:
        """Tell success from each refusal that the catalogue knows."""
        reply = _plain(reply)
        body = json_of(reply)
        whole = _placed(catalogue, "reply", operation)
        entry = _recognised(
            whole, lambda entry: whole_difference(entry, reply), lambda entry: body_difference(entry, reply)
        )
        if entry:
            return Recognition(entry.code)
        if body is None:
            return Recognition(UNKNOWN, detail=f"status {reply.status}: {reply.text[:300]}", unreadable=True)
        if not isinstance(body, dict) or reply.status >= 400:  # noqa: PLR2004 - HTTP's first error status
            return Recognition(UNKNOWN, detail=f"status {reply.status}: {reply.text[:300]}")
        if body.get("errors"):
            return self._recognise_error(operation, reply, body, catalogue)
        payload = (body.get("data") or {}).get(operation)
        # What carries a refusal inside a reply may have changed; the refusal is still the same.
        refusal = next(
            (one for one in _placed(catalogue, "payload", operation) if one.difference(payload) is None), None
        )
        if refusal:
            return Recognition(refusal.code, payload)
        return self._in_band(payload) or Recognition(OK, payload)

    def _in_band(self, payload: object) -> Recognition | None:
        refused = isinstance(payload, dict) and payload.get("error") not in (None, False)
        return Recognition(UNKNOWN, payload, f"an error inside the payload: {str(payload)[:300]}") if refused else None

    @staticmethod
    def _recognise_error(operation: str, reply: Reply, body: dict[str, Any], catalogue: ErrorCatalogue) -> Recognition:
        first = body["errors"][0] if isinstance(body["errors"], list) else body["errors"]
        for entry in _placed(catalogue, "errors", operation):
            if _item_difference(entry, first) is None:
                return Recognition(entry.code)
        return Recognition(UNKNOWN, detail=f"status {reply.status}: {str(first)[:300]}")

    def difference(
        self, operation: str, reply: Reply, catalogue: ErrorCatalogue, code: str
    ) -> tuple[str, str, str] | None:
        """Give the first place (path, expected, observed) where a reply is not the code's; None if it is."""
        reply = _plain(reply)
        entry, body = catalogue[code], json_of(reply)
        if entry.status != reply.status:
            return "status", str(entry.status), str(reply.status)
        told = self.refusal(operation, reply, entry)
        if entry.placement == "reply":
            found = whole_difference(filled(entry, told), reply)
        elif not isinstance(body, dict):
            found = ("body", "a JSON object", reply.text[:200])
        elif entry.placement == "errors":
            found = (
                _item_difference(filled(entry, told), told) if told is not None else ("errors", entry.body, "absent")
            )
            found = found and (found[0] if found[0] == "errors" else f"errors[].{found[0]}", found[1], found[2])
        else:
            found = filled(entry, told).difference(told)
            found = found and (f"data.{operation}.{found[0]}", found[1], found[2])
        return found and (found[0], str(found[1]), str(found[2])[:300])

    def refusal(self, operation: str, reply: Reply, entry: ErrorEntry) -> object:
        """Give the part of a reply that an entry's body describes; None where there is none."""
        body = json_of(reply)
        if entry.placement == "reply":
            return reply.text if isinstance(entry.body, str) else body
        if not isinstance(body, dict):
            return None
        if entry.placement == "errors":
            errors = body.get("errors")
            return errors[0] if isinstance(errors, list) and errors else None
        data = body.get("data")
        return data.get(operation) if isinstance(data, dict) else None

    def _compile(self, query: str) -> _Compiled:
        document = parse(query)
        operation = get_operation_ast(document)
        schema = self._shapes.of_document(document, operation) if operation else {}
        return _Compiled(schema, validator(schema))

    def problems(self, operation: str, request: Request, reply: Reply) -> Iterator[Problem]:
        """Hold a successful reply against the shape that its document asks for."""
        body = json_of(reply)
        yield from self._carrier_problems(operation, reply)
        query = orjson.loads(request.body)["query"]
        keyword = (
            self.root(operation)[0] if operation in self.operations() else query.split(None, 1)[0].strip("({")
        ) or "query"
        prefix = "Mutation" if keyword.startswith("mutation") else "Query"
        if not isinstance(body, dict) or "data" not in body:
            yield Problem(
                "schema.envelope", "wire", "breaking", prefix, "an object with data", reply.text[:200], ASSUMED
            )
            return
        for key in body.keys() - {"data", "errors"}:
            place = f"{self.location(operation)}#{key}"
            yield Problem("schema.unknown-key", "schema", "additive", place, "no such key", "present", ASSUMED)
        try:
            compiled = self._shaped(query)
        except (GraphQLError, KeyError):
            return
        yield from schema_problems(compiled.checker, compiled.schema, body["data"], prefix, ASSUMED)

    def _carrier_problems(self, operation: str, reply: Reply) -> Iterator[Problem]:
        place = self.location(operation)
        if reply.status != _OK:
            observed = f"status {reply.status}"
            yield Problem("wire.status", "wire", "breaking", f"{place}#status", f"status {_OK}", observed, ASSUMED)
        if reply.media_type not in _MEDIA_TYPES:
            observed = reply.header("content-type") or "absent"
            yield Problem(
                "wire.content-type", "wire", "breaking", f"{place}#content-type", _MEDIA_TYPES[0], observed, ASSUMED
            )

    def location(self, operation: str, path: str = "") -> str:
        """Name a place in an operation's payload: `Query.products.totalPages`."""
        keyword = self.root(operation)[0] if operation in self.operations() else "query"
        head = f"{keyword.capitalize()}.{operation}"
        return f"{head}.{path}" if path else head

    def operations(self) -> tuple[str, ...]:
        """Name every root field."""
        kinds = (self.schema.query_type, self.schema.mutation_type)
        return tuple(name for kind in kinds if kind for name in kind.fields)

    def coverage(self) -> Mapping[str, Source]:
        """Give every coordinate of the schema with its source."""
        return {coordinate: promise.source for coordinate, promise in self.promises.items()}


def _everything(kind: object, path: tuple[str, ...] = ()) -> str:
    named = get_named_type(kind)  # type: ignore[call-overload] # any output type has a name
    if not isinstance(named, GraphQLObjectType):
        return ""
    inner = (*path, named.name)
    parts = [name + _everything(field.type, inner) for name, field in named.fields.items() if _selectable(field, inner)]
    return " { " + " ".join(parts) + " }"


def _selectable(field: GraphQLField, path: tuple[str, ...]) -> bool:
    """Leave out what needs arguments, and the third round of a type that contains itself."""
    required = any(str(argument.type).endswith("!") for argument in field.args.values())
    return not required and path.count(get_named_type(field.type).name) < _ROUNDS


def _leaves(kind: object, path: tuple[str, ...] = (), place: str = "") -> Iterator[str]:
    named = get_named_type(kind)  # type: ignore[call-overload] # any output type has a name
    if not isinstance(named, GraphQLObjectType):
        if place:
            yield place
        return
    for name, field in named.fields.items():
        if _selectable(field, (*path, named.name)):
            yield from _leaves(field.type, (*path, named.name), f"{place}.{name}" if place else name)


def _written(chosen: Collection[str]) -> str:
    heads: dict[str, list[str]] = {}
    for leaf in sorted(chosen):
        head, _, rest = leaf.partition(".")
        heads.setdefault(head, []).extend([rest] if rest else [])
    return " { " + " ".join(name + (_written(rest) if rest else "") for name, rest in heads.items()) + " }"


def _placed(catalogue: ErrorCatalogue, placement: str, operation: str) -> Iterator[ErrorEntry]:
    return (entry for entry in catalogue.entries if entry.placement == placement and entry.occurs_in(operation))


def _plain(reply: Reply) -> Reply:
    """Give a reply without `extensions`, which GraphQL lets a server add to any."""
    body = json_of(reply)
    if not isinstance(body, dict) or "extensions" not in body:
        return reply
    return replace(reply, body=orjson.dumps({key: part for key, part in body.items() if key != "extensions"}))


def _recognised(
    entries: Iterable[ErrorEntry], *differences: Callable[[ErrorEntry], Difference | None]
) -> ErrorEntry | None:
    """Give the first entry that a reply is, by the strictest comparison that finds one."""
    listed = list(entries)
    return next((entry for difference in differences for entry in listed if difference(entry) is None), None)


def _item_difference(entry: ErrorEntry, item: object) -> Difference | None:
    if isinstance(item, dict):
        item = {key: value for key, value in item.items() if key not in ("locations", "path") or key in _keys(entry)}
    return entry.difference(item)


def _keys(entry: ErrorEntry) -> tuple[str, ...]:
    return tuple(entry.body) if isinstance(entry.body, dict) else ()
