"""Every code of the catalogue is provoked and recognised."""

from apitwin_contracts.contract import Contract, Provocation
from apitwin_contracts.drift import Severity
from apitwin_contracts.surfaces.surface import OK, Problem

from .check import Check, Examination

__all__ = ["CHECKS"]


def _provoked(examination: Examination, provocation: Provocation) -> None:
    client, contract = examination.client, examination.run.contract
    if provocation.request:
        request = provocation.request(examination.run)
    else:
        arguments = provocation.arguments(examination.run) if provocation.arguments else {}
        request = contract.surface.request(provocation.operation, arguments)
    exchange = client.exchange(client.signed(request) if provocation.signed else request)
    found = contract.surface.difference(provocation.operation, exchange.reply, contract.errors, provocation.code)
    if found is None:
        return
    path, expected, observed = found
    recognition = contract.surface.recognise(provocation.operation, exchange.reply, contract.errors)
    answer = client.taken_for(provocation.operation, exchange, recognition)
    severity = _severity(contract, provocation.code, path) if recognition.outcome != OK else "breaking"
    detail = f"{recognition.outcome}: {path} is {observed}"
    source = contract.errors[provocation.code].source
    place = f"{contract.surface.location(provocation.operation)}#{provocation.code}"
    problem = Problem(
        examination.check.id, "error", severity, place, f"{provocation.code}: {path} {expected}", detail, source
    )
    raise client.violation(provocation.operation, problem, [answer])


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
