"""OXOMI's error and auth drifts: codes, statuses, validation, tokens and what a portal has bought."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from apitwin_contracts.mutants.asked import Asked
from apitwin_contracts.mutants.mutant import Mutant, family
from apitwin_contracts.mutants.suppliers.oxomi.tools import ALL, SPXS, SYNCS, rule, twisted
from apitwin_contracts.mutants.twist import bodies, replied
from apitwin_fixtures import Reply
from apitwin_mocks.kit.errors import Refusal
from apitwin_mocks.suppliers.oxomi import api, auth, domain, parameters
from apitwin_mocks.suppliers.oxomi.errors import Code

if TYPE_CHECKING:
    from apitwin_contracts.mutants.stage import Rule

__all__ = ["MUTANTS"]
_error = family("oxomi", "error")
_auth = family("oxomi", "auth")
_PROVOKED, _CREDENTIALS = ("error.provoked", "auth.credentials")
_EVERY = " ".join((*SYNCS, *SPXS))


def _edited(change: Any, *operations: str) -> Any:

    def changed(asked: Asked, reply: Reply, body: Any) -> Any:
        takes = not operations or asked.operation in operations
        return change(body) if takes and reply.status >= 400 and isinstance(body, dict) else body

    return twisted(lambda: bodies(changed))


def _text(pattern: str, to: str, *operations: str) -> Any:
    return _edited(lambda body: {**body, "message": re.sub(pattern, to, body["message"])}, *operations)


def _status(before: int, after: int, *operations: str) -> Any:

    def changed(asked: Asked, reply: Reply) -> Reply:
        takes = not operations or asked.operation in operations
        return replace(reply, status=after) if takes and reply.status == before else reply

    return twisted(lambda: replied(changed))


def _instead(place: Any, name: str, code: Code, instead: Code, **values: Any) -> Any:

    def make(original: Any) -> Any:

        def refusing(*arguments: Any, **named: Any) -> Any:
            try:
                return original(*arguments, **named)
            except Refusal as refusal:
                if refusal.code != code:
                    raise
                raise Refusal(instead, **{**refusal.values, **values}) from None

        return refusing

    return rule((place, name, make))


_CODES = (
    _error(
        "code-renamed",
        "breaking",
        ALL,
        "",
        "error.provoked auth.credentials",
        _edited(
            lambda body: {**body, "code": body["code"].replace("OTHER_DAY", "OUTDATED")} if "code" in body else body
        ),
        of="rest_code_renamed",
        also=("auth",),
    ),
    _error(
        "code-reused",
        "breaking",
        _EVERY,
        "BLOCK_UNKNOWN",
        _PROVOKED,
        _instead(parameters.Parameters, "blocks", Code.BLOCK_UNKNOWN, Code.ISO_CODE_MALFORMED, parameter="blocks"),
        of="rest_code_reused",
    ),
    _error(
        "unknown-token-told-as-date",
        "breaking",
        " ".join(SYNCS),
        "CONTINUATION_TOKEN_UNKNOWN",
        _PROVOKED,
        _instead(
            domain.Graph,
            "changed_since_sync",
            Code.CONTINUATION_TOKEN_UNKNOWN,
            Code.DATE_MALFORMED,
            parameter="continuationToken",
        ),
        of="gql_code_reused",
    ),
    _error(
        "message-renamed",
        "breaking",
        ALL,
        "MISSING_PARAMETER",
        _PROVOKED,
        _text("must be filled", "is required"),
        of="gql_code_renamed",
    ),
    _error(
        "message-only",
        "breaking",
        ALL,
        "PORTAL_UNKNOWN",
        "error.provoked auth.credentials",
        _text("Unknown Portal", "Portal unknown"),
        of="rest_message_only",
        also=("auth",),
    ),
    _error(
        "error-status",
        "breaking",
        ALL,
        "",
        "error.provoked auth.credentials",
        _status(401, 403),
        of="rest_error_status",
        also=("auth",),
    ),
    _error(
        "error-envelope",
        "breaking",
        ALL,
        "",
        "error.provoked auth.credentials",
        _edited(lambda body: {"error": {"message": body["message"]}}),
        of="rest_error_envelope",
        also=("auth",),
    ),
    _error(
        "inband",
        "breaking",
        ALL,
        "",
        _PROVOKED,
        twisted(
            lambda: replied(
                lambda _asked, reply: replace(reply, status=200) if reply.status in (400, 401, 403) else reply
            )
        ),
        of="gql_error_inband",
        also=("auth",),
    ),
)
_VALIDATION = (
    _error(
        "parameter-required",
        "breaking",
        "sync_v3",
        "",
        "schema.reply schema.generated",
        rule(
            (
                parameters,
                "_REQUIRED",
                lambda known: {
                    name: (*names, "channel") if name == "sync_v3" else names for name, names in known.items()
                },
            )
        ),
        of="rest_body_required",
    ),
)


def _tolerated(*days: int) -> Any:
    return rule((auth, "_TOLERATED", lambda _: days))


def _any(*operations: str, missing: bool = False) -> Any:
    """Give a rule that takes any access token of an operation."""

    def make(original: Any) -> Any:

        def admit(call: Any, operation: str) -> Any:
            if operation not in operations:
                return original(call, operation)
            kept = auth._fits
            auth._fits = lambda *_arguments: True
            try:
                return original(call, operation)
            finally:
                auth._fits = kept

        return admit

    rules: list[Rule] = [(api, "admit", make)]
    if missing:
        rules.append(
            (
                parameters,
                "_REQUIRED",
                lambda known: {
                    name: tuple(one for one in names if one != "accessToken") if name in operations else names
                    for name, names in known.items()
                },
            )
        )
    return rule(*rules)


def _case_blind(original: Any) -> Any:
    return lambda token, secret, claim: original(token.lower(), secret, claim)


_TOKENS = (
    _auth(
        "missing-taken",
        "breaking",
        "spx_v2",
        "no-token",
        "auth.credentials error.provoked",
        _any("spx_v2", missing=True),
        of="auth_missing_ok",
        also=("error",),
    ),
    _auth(
        "invalid-taken-everywhere",
        "breaking",
        ALL,
        "",
        _CREDENTIALS,
        rule((auth, "_fits", lambda _: lambda *_arguments: True)),
        of="gql_auth_missing_ok",
        also=("error",),
    ),
    _auth(
        "old-taken",
        "breaking",
        ALL,
        "two-days-old",
        _CREDENTIALS,
        _tolerated(*range(-10, 2)),
        of="auth_expired_ok",
        also=("error",),
    ),
    _auth("today-only", "breaking", ALL, "yesterday", _CREDENTIALS, _tolerated(0), of="auth_lifetime"),
    _auth(
        "capitals-taken",
        "dangerous",
        ALL,
        "capitals",
        _CREDENTIALS,
        rule((auth, "_fits", _case_blind)),
        of="auth_no_prefix_ok",
    ),
    _auth(
        "unlicensed-taken",
        "breaking",
        ALL,
        "PERMISSION_SYNC",
        _PROVOKED,
        rule((auth, "require_feature", lambda _original: lambda _portal, _feature: None)),
        of="auth_scope_ignored",
        also=("error",),
    ),
)
MUTANTS: tuple[Mutant, ...] = (*_CODES, *_VALIDATION, *_TOKENS)
