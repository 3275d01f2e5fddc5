"""World of CD Keys' drifts of Hot Chocolate's HTTP: its codes, media types, statuses, GETs and batches."""

import re
from dataclasses import replace
from typing import Any

import orjson

from apitwin_contracts.mutants.asked import Asked
from apitwin_contracts.mutants.mutant import Mutant
from apitwin_contracts.mutants.suppliers.wock.tools import (
    code_renamed,
    error_without,
    error_worded,
    errors_changed,
    looked_at,
    making,
    reading,
    rule,
    settings,
    twisted,
)
from apitwin_contracts.mutants.twist import Forward, bodies, sent
from apitwin_fixtures import Exchange, Reply, Request
from apitwin_mocks.suppliers.wock import api, endpoint, hot_chocolate
from apitwin_mocks.suppliers.wock.filters import Compiled

__all__ = ["MUTANTS"]

_make = making("error")

_PROVOKED = "error.provoked"

_READS = "partner products product orders delivery"

_ALL = f"{_READS} createOrder deleteOrder __schema"


def _over_get(_asked: Asked, request: Request, forward: Forward) -> Exchange:
    if request.method != "GET" or "query=mutation" not in request.query:
        return forward(request)
    exchange = forward(request)
    return replace(
        exchange,
        reply=Reply(200, (("content-type", "application/json; charset=utf-8"),), b'{"data":{"deleteOrder":false}}'),
    )


def _media(change: Any) -> Any:
    """Give a stage on which requests that ask for GraphQL's own media type are answered otherwise."""

    def twist(_asked: Asked, request: Request, forward: Forward) -> Exchange:
        exchange = forward(request)
        if "graphql-response" not in (request.header("accept") or ""):
            return exchange
        return replace(exchange, reply=change(exchange.reply))

    return looked_at(twist)


def _lenient_accept(_original: Any) -> Any:
    def negotiate(_header: str | None, _transport: str) -> Any:
        return hot_chocolate.Format(hot_chocolate.JSON, telling=False)

    return negotiate


_HTTP = (
    _make("hc-code-renamed", "breaking", "products orders", "HC0051", _PROVOKED, code_renamed("HC0051", "HC0099")),
    _make("hc-code-missing", "breaking", _ALL, "HC0011", _PROVOKED, error_without("code", "HC0011")),
    _make("hc-message", "dangerous", "products", "HC0018", _PROVOKED, error_worded("HC0018", "Variable is required.")),
    _make(
        "hc-place-missing",
        "dangerous",
        "products orders",
        "HC0051",
        _PROVOKED,
        errors_changed(lambda item: {key: value for key, value in item.items() if key != "path"}, "HC0051"),
    ),
    _make(
        "hc-coordinate-missing",
        "breaking",
        "products orders",
        "HC0051",
        _PROVOKED,
        error_without("coordinate", "HC0051"),
    ),
    _make(
        "hc-filter-type-missing",
        "dangerous",
        "products orders",
        "",
        "error.provoked where.null",
        errors_changed(
            lambda item: {
                **item,
                "extensions": {
                    key: value for key, value in (item.get("extensions") or {}).items() if key != "filterType"
                },
            }
        ),
    ),
    _make(
        "null-operand-accepted",
        "breaking",
        "products orders",
        "",
        "where.null error.provoked",
        rule((api, "compile_filter", lambda original: lambda kind, where: _unproblematic(original(kind, where)))),
    ),
    _make(
        "null-operand-without-page",
        "dangerous",
        "products orders",
        "",
        "error.beside error.form",
        twisted(
            lambda: bodies(
                lambda asked, _reply, body: (
                    {**body, "data": {asked.operation: None}}
                    if "Null values" in str(body.get("errors")) and asked.operation
                    else body
                )
            )
        ),
    ),
    _make("unknown-field-as-null", "breaking", _READS, "", _PROVOKED, twisted(lambda: bodies(_field_as_null))),
    _make(
        "unknown-argument-accepted",
        "breaking",
        "products",
        "ARGUMENT_UNKNOWN",
        _PROVOKED,
        twisted(lambda: sent(_without_unknown_argument)),
    ),
    _make(
        "unused-variable-accepted",
        "dangerous",
        "products",
        "VARIABLE_UNUSED",
        _PROVOKED,
        reading(
            (
                endpoint,
                "of_validation",
                lambda original: lambda *given: tuple(one for one in original(*given) if one.code != "VARIABLE_UNUSED"),
            )
        ),
    ),
    _make(
        "numbers-as-text-accepted",
        "dangerous",
        "products product createOrder",
        "",
        _PROVOKED,
        looked_at(lambda _asked, request, forward: forward(replace(request, body=_counted(request.body)))),
        also=("schema",),
    ),
    _make(
        "unknown-input-fields-accepted",
        "dangerous",
        "createOrder",
        "",
        _PROVOKED,
        looked_at(lambda _asked, request, forward: forward(replace(request, body=_without_channel(request.body)))),
        also=("schema",),
    ),
    _make(
        "missing-variable-accepted",
        "dangerous",
        "products",
        "",
        _PROVOKED,
        looked_at(lambda _asked, request, forward: forward(replace(request, body=_with_take(request.body)))),
        also=("schema",),
    ),
    _make(
        "cost-not-limited",
        "dangerous",
        "products partner",
        "HC0047",
        _PROVOKED,
        settings(max_type_cost=1_000_000, max_field_cost=1_000_000),
        also=("limits",),
    ),
    _make(
        "cost-limit-lower",
        "breaking",
        f"{_ALL}",
        "",
        "limits.request",
        settings(max_type_cost=600),
        also=("limits", "error", "schema", "paging"),
    ),
    _make(
        "batch-accepted",
        "dangerous",
        "products",
        "HC0009",
        _PROVOKED,
        looked_at(
            lambda _asked, request, forward: forward(
                replace(request, body=orjson.dumps(orjson.loads(request.body)[0]))
                if request.body.startswith(b"[{")
                else request
            )
        ),
    ),
    _make(
        "mutation-over-get",
        "breaking",
        "deleteOrder",
        "OPERATION_NOT_ALLOWED",
        _PROVOKED,
        looked_at(_over_get),
        also=("auth",),
    ),
    _make(
        "get-refused",
        "breaking",
        f"{_READS}",
        "",
        "http.get",
        looked_at(
            lambda _asked, request, forward: (
                _nothing(request) if request.method == "GET" and "query=" in request.query else forward(request)
            )
        ),
        also=("wire",),
    ),
    _make(
        "get-ignores-variables",
        "breaking",
        f"{_READS}",
        "",
        "http.get",
        looked_at(
            lambda _asked, request, forward: forward(
                replace(request, query=request.query.replace("variables=", "vars="))
                if request.method == "GET"
                else request
            )
        ),
        also=("wire",),
    ),
    _make(
        "get-ignores-operation-name",
        "breaking",
        f"{_READS}",
        "",
        "http.get",
        looked_at(
            lambda _asked, request, forward: forward(
                replace(request, query=request.query.replace("operationName=", "name="))
                if request.method == "GET"
                else request
            )
        ),
        also=("wire",),
    ),
    _make(
        "graphql-status-200",
        "breaking",
        _ALL,
        "",
        "http.statuses",
        _media(lambda reply: replace(reply, status=200 if reply.status == 400 else reply.status)),
    ),
    _make(
        "graphql-status-405",
        "breaking",
        "deleteOrder",
        "",
        "http.statuses",
        _media(lambda reply: replace(reply, status=400 if reply.status == 405 else reply.status)),
    ),
    _make(
        "graphql-status-500",
        "dangerous",
        _ALL,
        "",
        "http.statuses",
        _media(lambda reply: replace(reply, status=400 if reply.status == 500 else reply.status)),
    ),
    _make(
        "graphql-status-with-data",
        "breaking",
        _ALL,
        "",
        "http.statuses",
        _media(
            lambda reply: replace(reply, status=400) if b'"data"' in reply.body and b'"errors"' in reply.body else reply
        ),
    ),
    _make(
        "json-status-400",
        "breaking",
        _ALL,
        "",
        _PROVOKED,
        rule((hot_chocolate.Format, "status", lambda _original: lambda _self, status: status)),
        of="rest_error_status",
    ),
    _make("accept-ignored", "breaking", "products", "", _PROVOKED, rule((endpoint, "negotiate", _lenient_accept))),
    _make(
        "unsupported-accept",
        "dangerous",
        "products",
        "NOT_ACCEPTABLE",
        _PROVOKED,
        looked_at(
            lambda _asked, request, forward: forward(
                replace(request, headers=tuple(pair for pair in request.headers if pair != ("accept", "text/plain")))
            )
        ),
    ),
    _make(
        "unknown-delivery-is-an-error",
        "breaking",
        "delivery",
        "",
        "error.named equations.state",
        twisted(lambda: bodies(_delivery_missing)),
        also=("state",),
    ),
    _make(
        "unknown-product-is-an-error",
        "breaking",
        "product",
        "",
        "equations.state",
        twisted(lambda: bodies(_product_missing)),
        also=("state",),
    ),
)


def _counted(body: bytes) -> bytes:
    """Read digits in quotes as a number where a number is wanted."""
    return re.sub(rb'"(take|skip|id|productId|quantity)":"(\d+)"', rb'"\1":\2', body)


def _without_channel(body: bytes) -> bytes:
    return body.replace(b',"channel":1', b"")


def _with_take(body: bytes) -> bytes:
    return body.replace(b'"variables":{}', b'"variables":{"take":1}') if b"$take: Int!" in body else body


def _nothing(request: Request) -> Exchange:
    return Exchange(request, Reply(404, (), b""))


def _unproblematic(compiled: Compiled) -> Compiled:
    return Compiled(compiled.predicate)


def _field_as_null(_asked: Asked, _reply: Reply, body: Any) -> Any:
    is_it = isinstance(body, dict) and body.get("errors") and "does not exist on the type" in str(body["errors"][0])
    return {"data": {"products": {"nonsense": None}}} if is_it else body


def _without_unknown_argument(_asked: Asked, request: Request) -> Request:
    return replace(request, body=request.body.replace(b"products(first: 5)", b"products"))


def _delivery_missing(asked: Asked, _reply: Reply, body: Any) -> Any:
    is_it = asked.operation == "delivery" and body.get("data") == {"delivery": None}
    return {"errors": [{"message": "Unexpected Execution Error", "path": ["delivery"]}], **body} if is_it else body


def _product_missing(asked: Asked, _reply: Reply, body: Any) -> Any:
    is_it = asked.operation == "product" and body.get("data") == {"product": None}
    return {"errors": [{"message": "Unexpected Execution Error", "path": ["product"]}], **body} if is_it else body


MUTANTS: tuple[Mutant, ...] = _HTTP
