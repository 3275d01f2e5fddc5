"""Before a suite: can the target be reached, does it answer, does it let us in?"""

from dataclasses import dataclass

from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Contract, Operation
from apitwin_contracts.errors import NothingToExamine, NotRecorded, UnreachableError, Violation
from apitwin_contracts.run import Run
from apitwin_contracts.surfaces.surface import UNKNOWN
from apitwin_contracts.targets.manners import SpentError

__all__ = ["check_reachable"]

_MOST = 4
_DOWN = 500
_TOO_MANY = 429
_SHUT = frozenset({401, 403, 407})
_OURS = '{"error":"apitwin: '


@dataclass(frozen=True)
class _Knock:
    """One attempt that got no further than the door; `shut` is empty when the target is down instead."""

    operation: str
    shut: str
    status: int


def check_reachable(run: Run) -> None:
    """Sign in and ask a few cheap reads until one gets through; raises `UnreachableError` when none does.

    A target that answers in another form than promised is reachable: that is a finding, not a lack of a verdict. `run` is spent by this.
    """
    try:
        run.client.sign_in()
    except NotRecorded:
        # It is a recording, and there.
        return
    knocks: list[_Knock] = []
    reads = [operation for operation in run.contract.operations if operation.kind == "read"]
    for operation in reads[:_MOST]:
        knock = _knock(run, operation)
        if knock is None:
            return
        knocks.append(knock)
    if knocks:
        raise UnreachableError(_sentence(run, knocks))


def _knock(run: Run, operation: Operation) -> _Knock | None:
    try:
        answer = _ask(run, operation)
    except SpentError:
        raise
    except NotRecorded:
        return None
    except NothingToExamine:
        return _Knock(operation.name, "", _TOO_MANY)
    status, outcome = answer.exchange.reply.status, answer.outcome
    if answer.exchange.reply.text.startswith(_OURS):
        raise UnreachableError(f"{run.target.url}: {answer.exchange.reply.text[:400]}")
    if outcome in _auth_codes(run.contract) or (outcome == UNKNOWN and status in _SHUT):
        return _Knock(operation.name, answer.recognition.detail or outcome, status)
    return _Knock(operation.name, "", status) if status >= _DOWN or status == _TOO_MANY else None


def _ask(run: Run, operation: Operation) -> Answer:
    try:
        arguments = operation.examples(run)
    except SpentError:
        raise
    except (NothingToExamine, Violation):
        arguments = {}
    return run.client.ask(operation.name, arguments)


def _auth_codes(contract: Contract) -> frozenset[str]:
    return frozenset(fault.expected for fault in contract.auth.faults() if fault.expected)


def _sentence(run: Run, knocks: list[_Knock]) -> str:
    shut = [knock for knock in knocks if knock.shut]
    if shut:
        return f"{run.target.url} does not let us in: {shut[0].operation} answers {shut[0].shut}"
    asked = ", ".join(f"{knock.status} to {knock.operation}" for knock in knocks)
    return f"{run.target.url} is down: it answers {asked}"
