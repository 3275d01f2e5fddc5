"""The GraphQL endpoint: a document read once, refused before execution or executed, and answered with errors before data."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ariadne import make_executable_schema
from ariadne.types import SchemaBindable
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    execute_sync,
    parse,
    validate,
)

from apitwin_fixtures import ErrorCatalogue, Reply
from apitwin_mocks.kit.call import Call
from apitwin_mocks.kit.errors import Refusal
from apitwin_mocks.kit.graphql import GraphQLRequest, Plan

from .coercion import RejectedError, read_variables
from .cost import Cost, cost_of
from .entities import Settings
from .errors import OWN, Code
from .hot_chocolate import Format, HttpRefusalError, json_bytes, negotiate, read_request
from .projection import RowExecutor
from .rejections import Rejection, located, written
from .wording import of_syntax, of_validation

__all__ = ["HotChocolate"]

_CACHED_DOCUMENTS = 2000
_BAD_REQUEST, _METHOD_NOT_ALLOWED, _SERVER_ERROR = 400, 405, 500
_STATUS = {
    Code.OPERATION_NOT_ALLOWED: _METHOD_NOT_ALLOWED,
    Code.OPERATION_AMBIGUOUS: _SERVER_ERROR,
    Code.OPERATION_UNKNOWN: _SERVER_ERROR,
}


@dataclass(frozen=True)
class _Read:
    """A document read once, with what Hot Chocolate says against it."""

    plan: Plan
    rejections: tuple[Rejection, ...] = ()


class HotChocolate:
    """Answers GraphQL as Hot Chocolate 14 does; what a session changed in its settings holds for its requests.

    `extend` brings what the supplier added into the schema.
    """

    def __init__(
        self,
        sdl: str,
        bindables: Sequence[SchemaBindable],
        errors: ErrorCatalogue,
        settings_of: Callable[[Call], Settings],
        correlation_of: Callable[[Call], str],
        extend: Callable[[GraphQLSchema], None] = lambda _schema: None,
    ) -> None:
        self.schema: GraphQLSchema = make_executable_schema(sdl, *bindables)
        extend(self.schema)
        self._sdl = sdl
        self._errors = errors
        self._settings_of = settings_of
        self._correlation_of = correlation_of
        self.read: Callable[[str], _Read] = lru_cache(_CACHED_DOCUMENTS)(self._read)

    def _read(self, query: str) -> _Read:
        try:
            document = parse(query)
        except GraphQLError as error:
            return _Read(Plan(None), (of_syntax(error),))
        except RecursionError:
            return _Read(Plan(None), (Rejection(Code.SYNTAX, {"detail": "The document is nested too deeply."}),))
        return _Read(Plan(document), of_validation(self.schema, document, validate(self.schema, document)))

    def __call__(self, call: Call) -> Reply:
        """Answer a call; never raises but for a request that no part of Hot Chocolate answers."""
        settings = self._settings_of(call)
        try:
            form = negotiate(call.request.header("accept"), settings.transport)
            if call.request.method == "GET" and "sdl" in call.request.parameters:
                return self._schema_file(call)
            return self._answer(call, form, read_request(call.request, form), settings)
        except HttpRefusalError as refusal:
            return self._whole(call, refusal)

    def _whole(self, call: Call, refused: HttpRefusalError) -> Reply:
        call.refusal = Refusal(refused.code, **refused.values)
        entry = self._errors[refused.code]
        body = entry.render(refused.values)
        if not isinstance(body, dict):
            raise call.refusal
        status = refused.form.unreadable_status if entry.status == _BAD_REQUEST else entry.status
        return Reply(status, (refused.form.header,), json_bytes(body))

    def _schema_file(self, call: Call) -> Reply:
        call.operation = "schema"
        name = ("content-disposition", 'attachment; filename="schema.graphql"')
        return Reply(200, (("content-type", "application/graphql; charset=utf-8"), name), self._sdl.encode())

    def _answer(self, call: Call, form: Format, request: GraphQLRequest, settings: Settings) -> Reply:
        read = self.read(request.query)
        call.operation = ",".join(read.plan.root_fields(request.operation_name)) or None
        try:
            operation = self._operation(call, read, request, settings)
            variables = read_variables(self.schema, operation, request.variables or {})
            cost = self._cost(read.plan, operation, variables, settings)
        except RejectedError as error:
            return self._refused(call, form, error.rejections)
        wanted = (call.request.header("graphql-cost") or "").lower()
        told: dict[str, Any] = {"operationCost": {"fieldCost": cost.field, "typeCost": cost.type}}
        if wanted == "validate":
            return Reply(200, (form.header,), json_bytes({"extensions": told}))
        result = self._executed(call, read.plan, request)
        body = self._body(call, result) | ({"extensions": told} if wanted == "report" else {})
        return Reply(200, (form.header,), json_bytes(body))

    def _operation(
        self, call: Call, read: _Read, request: GraphQLRequest, settings: Settings
    ) -> OperationDefinitionNode:
        if read.rejections or read.plan.document is None:
            call.nearest = self._nearest(read.plan)
            raise RejectedError(*read.rejections)
        operation = _chosen(read.plan.document, request.operation_name)
        if not operation.selection_set.selections:
            shown = {"operation": operation.name.value if operation.name else "Unnamed"}
            kind = operation.operation.value.capitalize()
            raise RejectedError(Rejection(Code.SELECTION_EMPTY, {**shown, "type": kind}, located(operation)))
        if call.request.method == "GET" and operation.operation.value != "query":
            raise RejectedError(Rejection(Code.OPERATION_NOT_ALLOWED))
        if not settings.introspection:
            _refuse_introspection(operation)
        return operation

    def _cost(
        self, plan: Plan, operation: OperationDefinitionNode, variables: Mapping[str, Any], settings: Settings
    ) -> Cost:
        document = plan.document or DocumentNode()
        cost = cost_of(self.schema, document, operation, variables)
        if cost.field > settings.max_field_cost:
            values = {"fieldCost": cost.field, "maxFieldCost": settings.max_field_cost}
            raise RejectedError(Rejection(Code.FIELD_COST, values))
        if cost.type > settings.max_type_cost:
            raise RejectedError(
                Rejection(Code.TYPE_COST, {"typeCost": cost.type, "maxTypeCost": settings.max_type_cost})
            )
        return cost

    def _refused(self, call: Call, form: Format, rejections: Sequence[Rejection]) -> Reply:
        call.refusal = Refusal(rejections[0].code, **rejections[0].values)
        status = _STATUS.get(Code(rejections[0].code), _BAD_REQUEST) if _is_code(rejections[0]) else _BAD_REQUEST
        body = {"errors": [written(rejection, self._errors) for rejection in rejections]}
        return Reply(form.status(status), (form.header,), json_bytes(body))

    def _executed(self, call: Call, plan: Plan, request: GraphQLRequest) -> ExecutionResult:
        return execute_sync(
            self.schema,
            plan.document or DocumentNode(),
            context_value=call,
            variable_values=dict(request.variables or {}),
            operation_name=request.operation_name,
            executor_class=RowExecutor,
        )

    def _body(self, call: Call, result: ExecutionResult) -> dict[str, Any]:
        told = [self._formatted(call, error) for error in result.errors or ()]
        return {"errors": told, "data": result.data} if told else {"data": result.data}

    def _formatted(self, call: Call, error: GraphQLError) -> dict[str, Any]:
        refusal = error.original_error
        if not isinstance(refusal, Refusal):
            raise refusal or error
        call.refusal = refusal
        nodes = error.nodes or ()
        if refusal.code in OWN:
            rejection = Rejection(refusal.code, {"correlationId": self._correlation_of(call)})
        else:
            # Recorded without a place: this one is told before the field is resolved.
            places = [] if refusal.code == Code.NO_PAGING_BOUNDARIES else located(*nodes)
            rejection = Rejection(refusal.code, refusal.values, places, error.path or ())
        return written(rejection, self._errors)

    def _nearest(self, plan: Plan) -> str | None:
        roots = [kind.fields for kind in (self.schema.query_type, self.schema.mutation_type) if kind]
        known = [name for fields in roots for name in fields]
        unknown = [name for name in plan.root_fields(None) if name not in known and not name.startswith("__")]
        found = difflib.get_close_matches(unknown[0], known, 1, 0.0) if unknown else []
        return found[0] if found else None


def _is_code(rejection: Rejection) -> bool:
    return rejection.code in Code.__members__.values()


def _chosen(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if name is None:
        if len(operations) > 1:
            raise RejectedError(Rejection(Code.OPERATION_AMBIGUOUS))
        return operations[0]
    for operation in operations:
        if operation.name is not None and operation.name.value == name:
            return operation
    raise RejectedError(Rejection(Code.OPERATION_UNKNOWN, {"operation": name}))


def _refuse_introspection(operation: OperationDefinitionNode) -> None:
    for node in operation.selection_set.selections:
        if isinstance(node, FieldNode) and node.name.value in ("__schema", "__type"):
            raise RejectedError(Rejection(Code.INTROSPECTION_OFF, {"field": node.name.value}, located(node)))
