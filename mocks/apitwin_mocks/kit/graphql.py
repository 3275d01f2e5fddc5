"""A GraphQL surface: Ariadne's executable schema behind HTTP, with parsing and validation done once for each document."""

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from ariadne import make_executable_schema
from ariadne.explorer import ExplorerGraphiQL
from ariadne.types import SchemaBindable
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    execute_sync,
    get_operation_ast,
    parse,
    validate,
)
from graphql.language import FieldNode

from apitwin_fixtures import ErrorCatalogue, ErrorEntry, Reply, Request

from .call import Call
from .errors import Refusal
from .replies import html_reply, json_reply

__all__ = ["Answer", "GraphQLEndpoint", "GraphQLRequest", "Plan", "asks_for_page", "explorer_page"]

Answer = Mapping[str, object]
_CACHED_DOCUMENTS = 2000
_JSON, _GRAPHQL_JSON = "application/json", "application/graphql-response+json"


@dataclass(frozen=True)
class GraphQLRequest:
    """What a client posted: the document's text, its variables and the operation it names."""

    query: str
    variables: Mapping[str, Any] | None = None
    operation_name: str | None = None

    @classmethod
    def of(cls, body: bytes) -> "GraphQLRequest":
        """Read a JSON body; raises `Refusal` BODY_NOT_JSON, QUERY_MISSING or the like."""
        try:
            data = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise Refusal("BODY_NOT_JSON", detail=str(error)) from None
        if not isinstance(data, dict) or not isinstance(data.get("query"), str):
            raise Refusal("QUERY_MISSING")
        variables, name = data.get("variables"), data.get("operationName")
        if not (variables is None or isinstance(variables, dict)):
            raise Refusal("VARIABLES_NOT_OBJECT")
        if not (name is None or isinstance(name, str)):
            raise Refusal("OPERATION_NAME_NOT_TEXT")
        if not isinstance(data.get("extensions"), dict | None):
            raise Refusal("EXTENSIONS_NOT_OBJECT")
        return cls(data["query"], variables, name)


@dataclass(frozen=True)
class Plan:
    """A document read once: parsed and validated, or what is wrong with it."""

    document: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """Give the operation that a request means."""
        return get_operation_ast(self.document, name) if self.document else None

    def root_fields(self, name: str | None) -> tuple[str, ...]:
        """Name the operation's root fields, fragments left out."""
        operation = self.operation(name)
        selections = operation.selection_set.selections if operation else ()
        return tuple(field.name.value for field in selections if isinstance(field, FieldNode))

    def introspects_only(self, name: str | None) -> bool:
        """Tell whether the operation asks for nothing but the schema."""
        fields = self.root_fields(name)
        operation = self.operation(name)
        whole = operation is not None and len(fields) == len(operation.selection_set.selections)
        return whole and all(field.startswith("__") for field in fields)


def asks_for_page(request: Request) -> bool:
    """Tell whether a browser opens the endpoint, rather than a client asking it."""
    return (
        request.method == "GET"
        and "query" not in request.parameters
        and "text/html" in (request.header("accept") or "")
    )


def explorer_page(call: Call, title: str) -> Reply:
    """Answer a browser with the GraphiQL explorer."""
    call.operation = "explorer"
    return html_reply(ExplorerGraphiQL(title=title).html(None))


class GraphQLEndpoint:
    """Answers GraphQL over HTTP POST, a browser's GET with the GraphiQL explorer; `admit` is asked before data is.

    `extend` brings what the supplier added into the schema.
    """

    def __init__(
        self,
        sdl: str,
        bindables: Iterable[SchemaBindable],
        errors: ErrorCatalogue,
        *,
        title: str,
        invalid_status: int = 200,
        admit: Callable[[Call], object] = lambda _call: None,
        extend: Callable[[GraphQLSchema], None] = lambda _schema: None,
    ) -> None:
        self.schema: GraphQLSchema = make_executable_schema(sdl, *bindables)
        self._errors = errors
        self._title = title
        self._invalid_status = invalid_status
        self._admit = admit
        self._wrap_root_resolvers()
        extend(self.schema)
        self.plan: Callable[[str], Plan] = lru_cache(_CACHED_DOCUMENTS)(self._read)

    def _read(self, query: str) -> Plan:
        try:
            document = parse(query)
        except GraphQLError as error:
            return Plan(None, (error,))
        return Plan(document, tuple(validate(self.schema, document)))

    def __call__(self, call: Call) -> Reply:
        """Answer a call; raises `Refusal` METHOD_NOT_ALLOWED, UNSUPPORTED_MEDIA_TYPE or what `GraphQLRequest.of` raises."""
        if asks_for_page(call.request):
            return explorer_page(call, self._title)
        return self.execute(call, self.request_of(call))

    def request_of(self, call: Call) -> GraphQLRequest:
        """Read the call's body as a GraphQL request."""
        if call.request.method != "POST":
            raise Refusal("METHOD_NOT_ALLOWED", allowed="POST", method=call.request.method)
        media_type = (call.request.header("content-type") or "").partition(";")[0].strip().lower()
        if media_type not in (_JSON, _GRAPHQL_JSON):
            raise Refusal("UNSUPPORTED_MEDIA_TYPE", media_type=media_type)
        return GraphQLRequest.of(call.request.body)

    def execute(self, call: Call, request: GraphQLRequest) -> Reply:
        """Run a request and give the supplier's reply; a refusal placed as a whole reply replaces it."""
        plan = self.plan(request.query)
        call.operation = ",".join(plan.root_fields(request.operation_name)) or None
        if plan.errors or plan.document is None:
            call.nearest = self._nearest(plan)
            return self._rejected(call, plan.errors)
        if not plan.introspects_only(request.operation_name):
            self._admit(call)
        result = execute_sync(
            self.schema,
            plan.document,
            context_value=call,
            variable_values=dict(request.variables or {}),
            operation_name=request.operation_name,
        )
        if call.refusal is not None and self._errors[call.refusal.code].placement == "reply":
            raise call.refusal
        if result.data is None and result.errors and all(error.path is None for error in result.errors):
            return self._rejected(call, result.errors)
        return json_reply(self._body(result), headers=(("content-type", _media_type(call)),))

    def _rejected(self, call: Call, errors: Iterable[GraphQLError]) -> Reply:
        # GraphQL over HTTP: the newer media type has a 4xx and no data where nothing was executed, JSON has 200.
        media_type, formatted = _media_type(call), [error.formatted for error in errors]
        if media_type == _GRAPHQL_JSON:
            return json_reply({"errors": formatted}, 400, (("content-type", media_type),))
        return json_reply({"data": None, "errors": formatted}, self._invalid_status)

    def _body(self, result: ExecutionResult) -> Answer:
        if not result.errors:
            return {"data": result.data}
        return {"data": result.data, "errors": [self._formatted(error) for error in result.errors]}

    def _formatted(self, error: GraphQLError) -> Answer:
        refusal = error.original_error
        if isinstance(refusal, Refusal):
            written = self._errors[refusal.code].render(refusal.values)
            return {**error.formatted, **written} if isinstance(written, dict) else error.formatted
        # What a resolver raises is our bug, and no answer of the supplier's; without a path, a variable's value was wrong.
        if refusal is not None and error.path is not None and not isinstance(refusal, GraphQLError):
            raise refusal
        return error.formatted

    def _nearest(self, plan: Plan) -> str | None:
        roots = [kind.fields for kind in (self.schema.query_type, self.schema.mutation_type) if kind]
        known = [name for fields in roots for name in fields]
        unknown = [name for name in plan.root_fields(None) if name not in known and not name.startswith("__")]
        found = difflib.get_close_matches(unknown[0], known, 1, 0.0) if unknown else []
        return found[0] if found else None

    def _wrap_root_resolvers(self) -> None:
        for kind in (self.schema.query_type, self.schema.mutation_type):
            for field in (kind.fields if kind else {}).values():
                if field.resolve is not None:
                    field.resolve = self._with_refusals(field.resolve)

    def _with_refusals(self, resolve: Callable[..., Any]) -> Callable[..., Any]:
        def resolved(parent: object, info: GraphQLResolveInfo[Call], **arguments: object) -> object:
            try:
                return resolve(parent, info, **arguments)
            except Refusal as refusal:
                info.context.refusal = refusal
                entry = self._errors[refusal.code]
                if entry.placement == "payload":
                    return _payload(entry, refusal)
                raise

        return resolved


def _payload(entry: ErrorEntry, refusal: Refusal) -> object:
    written = entry.render(refusal.values)
    # A partial template leaves room for what the refusal knows beside it, such as the number that was asked for.
    return {**refusal.values, **written} if entry.partial and isinstance(written, dict) else written


def _media_type(call: Call) -> str:
    accepted = (part.partition(";")[0].strip() for part in (call.request.header("accept") or "").lower().split(","))
    return next((name for name in accepted if name in (_JSON, _GRAPHQL_JSON)), _JSON)
