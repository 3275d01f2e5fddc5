"""World of CD Keys' sign-in error drifts: Azure AD's codes, statuses and bodies."""

from dataclasses import replace
from typing import Any

from apitwin_contracts.mutants.asked import Asked
from apitwin_contracts.mutants.mutant import Mutant
from apitwin_contracts.mutants.suppliers.wock.tools import (
    making,
    rule,
    twisted,
)
from apitwin_contracts.mutants.twist import bodies, replied
from apitwin_fixtures import Reply
from apitwin_mocks.suppliers.wock import authority
from apitwin_mocks.suppliers.wock.errors import Code

__all__ = ["MUTANTS"]

_make = making("error")

_PROVOKED = "error.provoked"


def _azure(change: Any, when: str = "") -> Any:
    """Give a stage on which the bodies of refused sign-ins are others."""

    def changed(asked: Asked, _reply: Reply, body: Any) -> Any:
        return (
            change(body)
            if asked.operation == "token" and when in str(body.get("error_description", "\0")) and "error" in body
            else body
        )

    return twisted(lambda: bodies(changed))


def _dropped(key: str) -> Any:
    return _azure(lambda body: {name: value for name, value in body.items() if name != key})


def _azure_status(old: int, new: int) -> Any:
    return twisted(
        lambda: replied(
            lambda asked, reply: (
                replace(reply, status=new) if asked.operation == "token" and reply.status == old else reply
            )
        )
    )


_SIGN_IN = (
    _make("azure-codes-missing", "breaking", "token", "", _PROVOKED, _dropped("error_codes")),
    _make("azure-trace-missing", "dangerous", "token", "", _PROVOKED, _dropped("trace_id")),
    _make("azure-correlation-missing", "dangerous", "token", "", _PROVOKED, _dropped("correlation_id")),
    _make("azure-link-missing", "dangerous", "token", "", _PROVOKED, _dropped("error_uri")),
    _make(
        "azure-codes-as-text",
        "breaking",
        "token",
        "",
        _PROVOKED,
        _azure(lambda body: {**body, "error_codes": [str(code) for code in body["error_codes"]]}),
    ),
    _make(
        "azure-description-short",
        "dangerous",
        "token",
        "",
        _PROVOKED,
        _azure(lambda body: {**body, "error_description": body["error_description"].split("\r\n")[0]}),
    ),
    _make(
        "azure-other-trace",
        "dangerous",
        "token",
        "",
        "error.form error.provoked",
        _azure(lambda body: {**body, "trace_id": "00000000-0000-0000-0000-000000000000"}),
    ),
    _make(
        "azure-timestamp",
        "dangerous",
        "token",
        "",
        "error.form",
        _azure(
            lambda body: {
                **body,
                "timestamp": body["timestamp"].replace(" ", "T"),
                "error_description": body["error_description"].replace(
                    body["timestamp"], body["timestamp"].replace(" ", "T")
                ),
            }
        ),
    ),
    _make("azure-secret-status", "breaking", "token", "AADSTS7000215", _PROVOKED, _azure_status(401, 400)),
    _make("azure-status", "breaking", "token", "", _PROVOKED, _azure_status(400, 401)),
    _make(
        "azure-word",
        "breaking",
        "token",
        "AADSTS7000215",
        _PROVOKED,
        _azure(lambda body: {**body, "error": "invalid_grant"}, "AADSTS7000215"),
        of="rest_code_renamed",
    ),
    _make(
        "azure-code-reused",
        "breaking",
        "token",
        "AADSTS7000215",
        _PROVOKED,
        rule((authority, "Code", lambda _original: _Reused())),
        also=("auth",),
    ),
    _make(
        "azure-html",
        "breaking",
        "token",
        "",
        _PROVOKED,
        twisted(
            lambda: replied(
                lambda asked, reply: (
                    replace(reply, headers=(("content-type", "text/html"),), body=b"<html>Sign in</html>")
                    if asked.operation == "token" and reply.status >= 400
                    else reply
                )
            )
        ),
    ),
    _make("azure-plain-oauth", "breaking", "token", "", _PROVOKED, _azure(lambda body: {"error": body["error"]})),
)


class _Reused:
    """The codes of the authority, a wrong secret answering as an unknown client."""

    def __getattr__(self, name: str) -> Code:
        return Code.CLIENT_UNKNOWN if name == "SECRET_WRONG" else getattr(Code, name)


MUTANTS: tuple[Mutant, ...] = _SIGN_IN
