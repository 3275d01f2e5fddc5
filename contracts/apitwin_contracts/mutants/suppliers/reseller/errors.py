"""Drifts of refusals: codes, statuses, envelopes, and what is no longer refused."""

from dataclasses import replace
from typing import Any

from apitwin_contracts.mutants.mutant import Mutant
from apitwin_contracts.mutants.suppliers.reseller.schema import without
from apitwin_contracts.mutants.suppliers.reseller.tools import breaking, refused, ruled, staged, twisted
from apitwin_fixtures import Exchange, Reply, Request
from apitwin_mocks.kit.errors import Refusal
from apitwin_mocks.suppliers.reseller import api, domain, ordering
from apitwin_mocks.suppliers.reseller.entities import Customer
from apitwin_mocks.suppliers.reseller.errors import Code

__all__ = ["MUTANTS", "lenient", "status_changed"]


def _error(
    name: str, operations: str, place: str, stage: Any, of: str = "", by: str = "error.provoked:", also: Any = ()
) -> Mutant:
    return breaking("error", name, operations, place, by, stage, of, also)


def _coded(code: str, **changes: Any) -> Any:
    return refused(lambda body: body.update(changes) if body["errorCode"] == code else None)


def _instead(old: Code, new: Code) -> Any:
    return ruled(
        (ordering, "_CHECKS", lambda checks: tuple((new if code == old else code, check) for code, check in checks))
    )


def status_changed(before: int, after: int, operation: str) -> Any:
    return staged(
        lambda name, reply: replace(reply, status=after) if reply.status == before and name == operation else reply
    )


def _renumbered(body: Any) -> None:
    if body.get("ErrorCode") == -9:
        body["ErrorCode"] = -3


def _stockless(original: Any) -> Any:
    def problems(*arguments: Any) -> Any:
        for problem in original(*arguments):
            yield replace(problem, code=Code.PRODUCT_INACTIVE) if problem.code == Code.OUT_OF_STOCK else problem

    return problems


def lenient(place: Any, name: str, code: Code, result: Any) -> Any:
    def make(original: Any) -> Any:
        def taking(*arguments: Any, **named: Any) -> Any:
            try:
                return original(*arguments, **named)
            except Refusal as refusal:
                if refusal.code != code:
                    raise
                return result(*arguments)

        return taking

    return ruled((place, name, make))


def _in_band(operation: str, reply: Reply) -> Reply:
    return replace(reply, status=200) if operation == "create_order" and reply.status == 422 else reply


_CREATE, _CANCEL, _ANY = (
    "create_order",
    "cancel_order",
    "create_order cancel_order get_order get_product get_order_detail list_categories",
)
_ERRORS = (
    _error(
        "code-renamed",
        _CREATE,
        "OUT_OF_STOCK",
        _coded("order.out_of_stock", errorCode="order.stock"),
        "rest_code_renamed",
        "error.provoked:OUT_OF_STOCK",
    ),
    _error(
        "code-reused",
        _CREATE,
        "OUT_OF_STOCK",
        ruled((domain, "line_problems", _stockless)),
        "rest_code_reused",
        "error.provoked:OUT_OF_STOCK",
    ),
    _error(
        "code-reused-limit",
        _CREATE,
        "QUANTITY_LIMIT",
        _instead(Code.QUANTITY_LIMIT, Code.REQUIRE_DATA),
        "gql_code_reused",
        "error.provoked:QUANTITY",
    ),
    _error(
        "number-changed",
        _CANCEL,
        "LINE_DELIVERED",
        refused(_renumbered),
        "gql_code_renamed",
        "error.provoked:LINE_DELIVERED",
    ),
    _error(
        "number-text",
        _CREATE,
        "PRODUCT_UNMATCHED",
        _coded("order.product_unmatched", ErrorCode="-7"),
        "",
        "error.provoked:PRODUCT_UNMATCHED",
    ),
    _error(
        "number-dropped",
        _CREATE,
        "REGION_EXCLUDED",
        refused(lambda body: body.pop("ErrorCode", None) and None, _CREATE),
        "",
        "error.provoked:REGION",
    ),
    _error(
        "message-only",
        _CREATE,
        "OUT_OF_STOCK",
        _coded("order.out_of_stock", message="Sold out."),
        "rest_message_only",
        "error.provoked:OUT_OF_STOCK",
    ),
    _error(
        "error-status",
        _CREATE,
        "DELIVER_ID_REUSED",
        status_changed(409, 422, _CREATE),
        "rest_error_status",
        "error.provoked:DELIVER_ID",
    ),
    _error(
        "error-envelope",
        _ANY,
        "NOT_FOUND",
        refused(lambda body: {"error": {"code": body["errorCode"], "message": body["message"]}}),
        "rest_error_envelope",
        "error.provoked:ORDER_NOT_FOUND",
    ),
    _error("in-band", _CREATE, "", staged(_in_band), "gql_error_inband", "error.provoked:PRODUCT_UNMATCHED"),
    _error(
        "trace-dropped",
        _ANY,
        "PRODUCT_NOT_FOUND",
        refused(lambda body: body.pop("traceId") and None),
        "",
        "error.provoked:PRODUCT_NOT_FOUND",
    ),
    _error(
        "details-dropped",
        "get_order",
        "ORDER_NOT_FOUND",
        refused(lambda body: body.update(details=None), "get_order"),
        "",
        "error.provoked:ORDER_NOT_FOUND",
    ),
    _error(
        "items-dropped",
        _CREATE,
        "PRODUCT_UNMATCHED",
        refused(lambda body: body.pop("data", None) and None, _CREATE),
        "",
        "error.provoked:PRODUCT_UNMATCHED",
    ),
    _error(
        "items-of-first-line",
        _CREATE,
        "data.items",
        refused(lambda body: body.get("data") and body["data"].update(items=body["data"]["items"][:1]), _CREATE),
        "",
        "equations.state:account_details.rejected",
        ("state",),
    ),
    _error(
        "unknown-is-server-error",
        "get_order",
        "ORDER_NOT_FOUND",
        status_changed(404, 500, "get_order"),
        "",
        "error.provoked:ORDER_NOT_FOUND",
    ),
    _error(
        "allow-missing",
        _ANY,
        "#allow",
        without("allow", 405),
        "wire_header_missing",
        "error.provoked:METHOD",
        ("wire",),
    ),
    _error(
        "challenge-missing",
        _ANY,
        "#www-authenticate",
        without("www-authenticate", 401),
        "wire_header_missing",
        "error.provoked:TOKEN_MISSING",
        ("wire",),
    ),
    _error(
        "html-not-found",
        "list_categories",
        "NOT_FOUND",
        staged(
            lambda _name, reply: (
                replace(reply, headers=(("content-type", "text/html"),), body=b"<h1>404</h1>")
                if reply.status == 404
                else reply
            )
        ),
        "",
        "error.provoked:NOT_FOUND",
    ),
    _error("any-media-type", _CREATE, "MEDIA_TYPE", twisted(lambda: _as_json), "", "error.provoked:MEDIA_TYPE"),
    _error(
        "body-required-field",
        _CREATE,
        "create_order",
        ruled(
            (
                api,
                "_basket",
                lambda original: lambda sent: api._needed(sent, "channel", sent.raw("channel")) and original(sent),
            )
        ),
        "rest_body_required",
        "schema.reply:create_order",
        ("schema",),
    ),
    _error(
        "parameter-required",
        "list_products",
        "list_products",
        twisted(lambda: _needs_size),
        "gql_input_required",
        "schema.reply:list_products",
        ("schema",),
    ),
    _error(
        "step-ignored",
        _CREATE,
        "STEP_MISSING",
        ruled((ordering, "_CHECKS", lambda checks: tuple(one for one in checks if one[0] != Code.STEP_MISSING))),
        "",
        "error.provoked:STEP",
    ),
    _error(
        "region-ignored",
        _CREATE,
        "REGION_EXCLUDED",
        ruled((ordering, "_CHECKS", lambda checks: tuple(one for one in checks if one[0] != Code.REGION_EXCLUDED))),
        "",
        "error.provoked:REGION",
    ),
    _error(
        "data-unchecked",
        _CREATE,
        "REQUIRE_DATA",
        ruled((ordering, "_CHECKS", lambda checks: tuple(one for one in checks if one[0] != Code.REQUIRE_DATA))),
        "",
        "error.provoked:REQUIRE",
    ),
    _error(
        "inactive-sold",
        _CREATE,
        "PRODUCT_INACTIVE",
        ruled((ordering, "_CHECKS", lambda checks: tuple(one for one in checks if one[0] != Code.PRODUCT_INACTIVE))),
        "",
        "error.provoked:PRODUCT_INACTIVE",
    ),
    _error(
        "address-unchecked",
        _CREATE,
        "BILLING_ADDRESS",
        lenient(
            domain.Platform,
            "create",
            Code.BILLING_ADDRESS,
            lambda world, customer, basket, region: world.create(
                customer, replace(basket, billing_address=None), region
            ),
        ),
        "",
        "error.provoked:BILLING",
    ),
    _error(
        "credit-unlimited",
        _CREATE,
        "BALANCE_INSUFFICIENT",
        ruled((Customer, "available", lambda _: property(lambda _self: 10**9))),
        "",
        "error.provoked:BALANCE",
    ),
)


def _as_json(_operation: str, request: Request, forward: Any) -> Exchange:
    headers = tuple(
        pair if pair[0] != "content-type" else ("content-type", "application/json") for pair in request.headers
    )
    exchange: Exchange = forward(replace(request, headers=headers))
    return exchange


def _needs_size(operation: str, request: Request, forward: Any) -> Exchange:
    asked = (
        request
        if operation != "list_products" or b"pageSize" in request.query.encode() + request.body
        else replace(request, query="page=0")
    )
    exchange: Exchange = forward(asked)
    return exchange


MUTANTS = _ERRORS
