"""Who is let in, and for how long."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from apitwin_contracts.contract import AuthFault, Contract, Operation
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.surfaces.surface import OK, Problem
from apitwin_fixtures import Request

from .check import Check, Examination

if TYPE_CHECKING:
    from apitwin_contracts.drift import Severity

__all__ = ["CHECKS"]


@dataclass(frozen=True)
class _Attempt:
    """One operation asked with one way of presenting credentials."""

    operation: Operation
    fault: AuthFault

    @property
    def name(self) -> str:
        return f"{self.operation.name}.{self.fault.name}"

    @property
    def changes_state(self) -> bool:
        return self.operation.kind == "write"


def _attempts(contract: Contract) -> Iterator[_Attempt]:
    for fault in contract.auth.faults():
        yield from (_Attempt(operation, fault) for operation in contract.operations)


def _attempt(examination: Examination, attempt: _Attempt) -> None:
    run, fault = examination.run, attempt.fault
    if fault.needs_clock and (run.read_only or not run.target.clock.movable):
        raise NothingToExamine("the target's clock cannot be moved")
    client = run.customer(fault.customer) if fault.customer else examination.client
    request = client.request(attempt.operation.name, attempt.operation.examples(run))
    exchange = client.exchange(fault.spoil(client, request), attempt.operation.name)
    surface, recognition = run.contract.surface, client.recognised(attempt.operation.name, exchange)
    expected = fault.expected or OK
    if recognition.outcome == expected:
        return
    answer = examination.client.taken_for(attempt.operation.name, exchange, recognition)
    place = f"{surface.location(attempt.operation.name)}#{fault.name}"
    observed = recognition.detail or recognition.outcome
    text = f"{expected} for credentials: {fault.name}"
    # With the right refusal in other words the door is still shut.
    severity: Severity = "breaking" if OK in (recognition.outcome, expected) else "dangerous"
    raise examination.client.violation(
        attempt.operation.name,
        Problem(examination.check.id, "auth", severity, place, text, observed, fault.source),
        [answer],
    )


def _lifetime(examination: Examination, contract: Contract) -> None:
    lifetime = contract.auth.lifetime
    granted = contract.auth.granted_lifetime(examination.client)
    if lifetime is None or granted is None:
        raise NothingToExamine("no lifetime is declared or told")
    answer, seconds = granted
    place = f"{answer.operation}.expires_in"
    if seconds != lifetime:
        problem = Problem(
            examination.check.id,
            "auth",
            "breaking",
            place,
            f"{lifetime} seconds",
            f"{seconds} seconds",
            contract.auth.lifetime_source,
        )
        raise examination.client.violation(answer.operation, problem, [answer])
    _expiry(examination, contract, lifetime)


def _expiry(examination: Examination, contract: Contract, lifetime: int) -> None:
    run = examination.run
    if run.read_only or not run.target.clock.movable:
        return
    operation = next(operation for operation in contract.operations if operation.kind == "read")
    arguments = operation.examples(run)
    plain = examination.client.request(operation.name, arguments)
    request = contract.auth.sign_anew(examination.client, plain)
    _side_by_side(examination, contract, operation, request)
    for step, allowed in ((lifetime - 5, True), (10, False)):
        run.advance(timedelta(seconds=step))
        answer = examination.client.send(operation.name, request, arguments)
        if answer.ok != allowed:
            text = (
                f"{'accepted' if allowed else 'refused'} {'5 seconds before' if allowed else '5 seconds after'} its end"
            )
            place = f"{contract.surface.location(operation.name)}#lifetime"
            observed = answer.recognition.detail or answer.outcome
            problem = Problem(
                examination.check.id, "auth", "breaking", place, text, observed, contract.auth.lifetime_source
            )
            raise examination.client.violation(operation.name, problem, [answer])


def _side_by_side(examination: Examination, contract: Contract, operation: Operation, older: Request) -> None:
    """Two clients of one customer may hold a token each."""
    client, arguments = examination.client, operation.examples(examination.run)
    contract.auth.sign_anew(client, client.request(operation.name, arguments))
    for text in ("an older token to work beside a newer one", "a token to work more than once"):
        answer = client.send(operation.name, older, arguments)
        if not answer.ok:
            place = f"{contract.surface.location(operation.name)}#older-token"
            observed = answer.recognition.detail or answer.outcome
            problem = Problem(
                examination.check.id, "auth", "breaking", place, text, observed, contract.auth.lifetime_source
            )
            raise client.violation(operation.name, problem, [answer])


def _granting(contract: Contract) -> tuple[Contract, ...]:
    return (contract,) if contract.auth.lifetime else ()


CHECKS = (
    Check("auth.credentials", "auth", "Who shows wrong credentials must not be let in, anywhere.", _attempts, _attempt),
    Check(
        "auth.lifetime",
        "auth",
        "A token must live as long as was said, and no longer.",
        _granting,
        _lifetime,
    ),
)
