"""Every code of the catalogue is provoked and recognised."""

import re
from urllib.parse import unquote

from apitwin_contracts.contract import Arguments, Contract, Provocation
from apitwin_contracts.drift import Severity
from apitwin_contracts.surfaces.entries import specified
from apitwin_contracts.surfaces.surface import OK, Problem
from apitwin_fixtures import Exchange
from apitwin_fixtures.template import bindings

from .check import Check, Examination

__all__ = ["CHECKS"]


def _provoked(examination: Examination, provocation: Provocation) -> None:
    client, contract = examination.client, examination.run.contract
    arguments = provocation.arguments(examination.run) if provocation.arguments else {}
    request = (
        provocation.request(examination.run)
        if provocation.request
        else contract.surface.request(provocation.operation, arguments)
    )
    signed = client.signed(request) if provocation.signed else request
    exchange = client.exchange(signed, provocation.operation)
    recognition = client.recognised(provocation.operation, exchange)
    wanted = specified(contract.errors, provocation.code, {**_plain(arguments), **provocation.names})
    found = contract.surface.difference(provocation.operation, exchange.reply, wanted, provocation.code)
    # What carries the refusal was held as the reply was recognised.
    if found and recognition.outcome == provocation.code and found[0].startswith(("status", "header")):
        found = None
    found = found or _misnamed(contract, provocation, exchange)
    if found is None:
        return
    path, expected, observed = found
    answer = client.taken_for(provocation.operation, exchange, recognition)
    severity = _severity(contract, provocation.code, path) if recognition.outcome != OK else "breaking"
    detail = f"{recognition.outcome}: {path} is {observed}"
    source = contract.errors[provocation.code].source
    place = f"{contract.surface.location(provocation.operation)}#{provocation.code}"
    problem = Problem(
        examination.check.id, "error", severity, place, f"{provocation.code}: {path} {expected}", detail, source
    )
    raise client.violation(provocation.operation, problem, [answer])


def _misnamed(contract: Contract, provocation: Provocation, exchange: Exchange) -> tuple[str, str, str] | None:
    """Give the first value that repeats what was asked, and was not asked, as (place, expected, observed)."""
    entry, request = contract.errors[provocation.code], exchange.request
    told = contract.surface.refusal(provocation.operation, exchange.reply, entry)
    asked = f"{request.method} {unquote(request.target)} {request.headers} {request.body.decode('utf-8', 'replace')}"
    for name, value, _ in bindings(entry.body, told):
        if name in contract.repeats and not re.search(rf"(?<!\w){re.escape(str(value))}(?!\w)", asked):
            return f"{{{name}}}", "names what was asked", str(value)[:200]
    return None


def _plain(arguments: Arguments) -> Arguments:
    return {name: value for name, value in arguments.items() if isinstance(value, str | int)}


def _severity(contract: Contract, code: str, path: str) -> Severity:
    """Wording alone is additive where something else tells the code apart."""
    entry = contract.errors[code]
    wording = path.rpartition(".")[2] in ("message", "msg", "detail", "error_description")
    return "additive" if wording and not entry.message_is_contract else "breaking"


CHECKS = (
    Check(
        "error.provoked",
        "error",
        "Clients branch on codes, so each documented refusal must come as documented.",
        lambda contract: contract.provocations,
        _provoked,
    ),
)
