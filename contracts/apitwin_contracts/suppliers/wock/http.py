"""What World of CD Keys promises of HTTP: Hot Chocolate's media types and statuses, questions over GET, challenges, tokens for the asking."""

from collections.abc import Iterator

from apitwin_contracts.client import Client
from apitwin_contracts.contract import Declaration
from apitwin_contracts.laws.exchanges import Challenges, Negotiation, OverGet, Telling
from apitwin_contracts.laws.grants import Granting
from apitwin_contracts.laws.refusals import Told
from apitwin_fixtures import Request, Source

from .auth import basic_token_request, token_request
from .entities import order_id, product

__all__ = ["DECLARATIONS"]

_JSON, _GRAPHQL = "application/json", "application/graphql-response+json"
_STATUS = Source("observed", "SOURCE.md#status")
_AZURE = Source("observed", "SOURCE.md#azure")
_GET = Source("documented", "003:34")
_NO_STORE = (("cache-control", "no-store, no-cache"), ("pragma", "no-cache"))
_OVER_GET, _SERVER_ERROR = 405, 500

_NEGOTIATION = Negotiation(
    "accept",
    "partner",
    (
        (None, _GRAPHQL),
        ("*/*", _GRAPHQL),
        ("application/*", _GRAPHQL),
        (_GRAPHQL, _GRAPHQL),
        (_JSON, _JSON),
        (f"{_JSON}, */*", _GRAPHQL),
        (f"{_GRAPHQL}; charset=utf-8, {_JSON}; charset=utf-8", _GRAPHQL),
    ),
    {_JSON: 200, _GRAPHQL: 400},
    _STATUS,
)
_TELLING = Telling(
    "statuses",
    _GRAPHQL,
    special={
        "OPERATION_NOT_ALLOWED": _OVER_GET,
        "OPERATION_MISSING": _SERVER_ERROR,
        "OPERATION_AMBIGUOUS": _SERVER_ERROR,
        "OPERATION_UNKNOWN": _SERVER_ERROR,
    },
    source=_STATUS,
)
_GETS = (
    OverGet("partner", source=_GET),
    OverGet("products", lambda _run: {"take": 2, "order": [{"id": "ASC"}]}, _GET),
    OverGet("product", lambda run: {"id": product(run)}, _GET),
    OverGet("orders", lambda _run: {"take": 2, "order": [{"id": "ASC"}]}, _GET),
    OverGet("delivery", lambda run: {"orderId": order_id(run)}, _GET),
)
_DATE = r"'\d\d/\d\d/\d{4} \d\d:\d\d:\d\d'"


def _invalid(text: str) -> str:
    return rf'Bearer error="invalid_token", error_description="{text}"'


_CHALLENGES = Challenges(
    "challenges",
    "partner",
    {
        "no-token": "Bearer",
        "malformed": 'Bearer error="invalid_token"',
        "expired": _invalid(f"The token expired at {_DATE}"),
        "not-yet-valid": _invalid(f"The token is not valid before {_DATE}"),
        "other-audience": _invalid("The audience '[^']*' is invalid"),
        "other-issuer": _invalid("The issuer '[^']*' is invalid"),
        "wrong-signature": _invalid("The signature is invalid"),
    },
    Source("assumed", "SOURCE.md#asp-net"),
)


def _ways(client: Client) -> Iterator[tuple[str, Request]]:
    yield "form", token_request(client.credentials)
    yield "basic", basic_token_request(client.credentials)


_OWN = (
    "PARTNER_NOT_FOUND",
    "PARTNER_ERR",
    "ORDER_ERR",
    "PRODUCT_UNIQUE_ERR",
    "PRODUCT_NOT_FOUND",
    "ORDER_KEY_TYPE_ERR",
    "PRODUCT_QTY_ERR",
    "PRODUCT_PRICE_MISMATCH",
    "PRODUCT_STOCK_MISMATCH",
    "PARTNER_BALANCE_ERR",
)
_CREATING = tuple(code for code in _OWN if code != "PARTNER_NOT_FOUND")
_REFUSED_SIGN_IN = ("AADSTS90002", "AADSTS900144", "AADSTS70003", "AADSTS700016", "AADSTS7000215", "AADSTS70011")
_UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ"
_TRACED = rf"(?s)AADSTS\d+: .+\r\nTrace ID: {_UUID}\r\nCorrelation ID: {_UUID}\r\nTimestamp: {_TIME}"
_TOLD = (
    Told(
        "own",
        _OWN,
        {"errors[].extensions.correlationId": "[0-9a-f]{32}"},
        ("errors[].message",),
        ("errors[].extensions.correlationId",),
        source=Source("documented", "003:61-74"),
    ),
    Told(
        "creating",
        _CREATING,
        beside=dict.fromkeys(_CREATING, ("*", None)),
        source=Source("documented", "003:505"),
    ),
    Told(
        "pages",
        ("HC0051", "FILTER_NULL"),
        single=("errors[].message",),
        beside={"HC0051": ("*", None), "FILTER_NULL": ("*", {"totalCount": 0})},
        source=Source("observed", "SOURCE.md#recordings"),
    ),
    Told(
        "sign-in",
        _REFUSED_SIGN_IN,
        {"trace_id": _UUID, "correlation_id": _UUID, "timestamp": _TIME, "error_description": _TRACED},
        fresh=("trace_id", "correlation_id"),
        source=_AZURE,
    ),
)

DECLARATIONS: tuple[Declaration, ...] = (
    _NEGOTIATION,
    _TELLING,
    *_GETS,
    _CHALLENGES,
    Granting("token", _ways, "token.json", headers=_NO_STORE, source=_AZURE),
    *_TOLD,
)
