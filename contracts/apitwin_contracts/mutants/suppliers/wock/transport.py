"""World of CD Keys' drifts of statuses, media types and headers."""

from dataclasses import replace
from typing import Any

from apitwin_contracts.mutants.asked import Asked
from apitwin_contracts.mutants.mutant import Mutant
from apitwin_contracts.mutants.places import ABSENT
from apitwin_contracts.mutants.suppliers.wock.tools import making, settings, twisted, writes
from apitwin_contracts.mutants.twist import bodies, headed, replied
from apitwin_fixtures import Reply

__all__ = ["MUTANTS"]

_make = making("wire")

_REPLY = "schema.reply"

_ALL = f"partner products product orders delivery {writes} __schema"


def _when_ok(operation: str, status: int) -> Any:
    def changed(asked: Asked, reply: Reply) -> Reply:
        return replace(reply, status=status) if asked.operation == operation and reply.status == 200 else reply

    return twisted(lambda: replied(changed))


def _typed(old: str, new: str) -> Any:
    """Give a stage on which GraphQL answers in one media type for another."""

    def changed(asked: Asked, reply: Reply) -> Reply:
        if asked.operation == "token":
            return reply
        return replace(
            reply,
            headers=tuple(
                (name, value.replace(old, new) if name == "content-type" else value) for name, value in reply.headers
            ),
        )

    return twisted(lambda: replied(changed))


def _latin(_asked: Asked, reply: Reply) -> Reply:
    try:
        return replace(
            reply,
            body=reply.body.decode("unicode_escape").encode("latin-1", "replace")
            if b"\\u00" in reply.body
            else reply.body,
        )
    except UnicodeDecodeError:
        return reply


def _reversed(body: Any) -> Any:
    return dict(reversed(body.items())) if isinstance(body, dict) and len(body) > 1 else body


_TRANSPORT = (
    _make("status", "breaking", "createOrder", "createOrder", _REPLY, _when_ok("createOrder", 201), of="wire_status"),
    _make("status-of-reads", "breaking", "partner", "partner", _REPLY, _when_ok("partner", 203)),
    _make(
        "content-type",
        "breaking",
        "products",
        "products",
        _REPLY,
        twisted(lambda: headed("products", "content-type", lambda _: "text/plain")),
        of="wire_content_type",
    ),
    _make(
        "content-type-missing",
        "breaking",
        "orders",
        "orders",
        _REPLY,
        twisted(lambda: headed("orders", "content-type", lambda _: ABSENT)),
    ),
    _make(
        "content-type-always-graphql",
        "breaking",
        _ALL,
        "",
        "schema.reply http.negotiation",
        _typed("application/json", "application/graphql-response+json"),
    ),
    _make(
        "content-type-never-graphql",
        "breaking",
        _ALL,
        "",
        "http.negotiation",
        _typed("application/graphql-response+json", "application/json"),
    ),
    _make("legacy-transport", "breaking", _ALL, "", "http.negotiation", settings(transport="legacy")),
    _make(
        "challenge-missing",
        "breaking",
        _ALL,
        "www-authenticate",
        "error.provoked http.challenge",
        twisted(lambda: headed("", "www-authenticate", lambda _: ABSENT, status=401)),
        of="wire_header_missing",
        also=("auth", "error"),
    ),
    _make(
        "challenge-other",
        "dangerous",
        _ALL,
        "",
        "error.provoked http.challenge auth.credentials",
        twisted(lambda: headed("", "www-authenticate", lambda _: 'Basic realm="wock"', status=401)),
        also=("auth", "error"),
    ),
    _make(
        "challenge-says-no-reason",
        "dangerous",
        _ALL,
        "",
        "http.challenge",
        twisted(lambda: headed("", "www-authenticate", lambda _: "Bearer", status=401)),
        also=("auth", "error"),
    ),
    _make(
        "errors-behind-data",
        "dangerous",
        _ALL,
        "",
        "http.order",
        twisted(lambda: bodies(lambda _asked, _reply, body: _reversed(body))),
    ),
    _make(
        "token-may-be-stored",
        "dangerous",
        "token",
        "cache-control",
        "http.grant",
        twisted(lambda: headed("token", "cache-control", lambda _: ABSENT, status=200)),
    ),
    _make("charset", "breaking", _ALL, "", _REPLY, twisted(lambda: replied(_latin))),
)


MUTANTS: tuple[Mutant, ...] = _TRANSPORT
