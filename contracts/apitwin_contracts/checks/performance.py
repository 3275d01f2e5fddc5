"""How long an answer takes."""

from dataclasses import dataclass

from apitwin_contracts.client import Answer, Timed, timed
from apitwin_contracts.contract import Arguments, Contract, Operation
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.surfaces.surface import Problem
from apitwin_fixtures import ASSUMED

from .check import Check, Examination

__all__ = ["CHECKS"]

_TRIES = 5
_GRANTED = 1.0


@dataclass(frozen=True)
class _Timing:
    """One operation, asked in every way in which it was asked before; what a suite never asked is asked as its example."""

    operation: Operation

    @property
    def name(self) -> str:
        return self.operation.name

    @property
    def changes_state(self) -> bool:
        return self.operation.kind == "write"


def _latency(examination: Examination, timing: _Timing) -> None:
    client, operation = examination.client, timing.operation
    arguments = operation.examples(examination.run)
    client.ask(operation.name, arguments)
    ways = [kind for kind in client.seconds if kind[0] == operation.name]
    plain = timed(operation.name, arguments)
    # The example comes first: an operation that is slow in itself is no slow argument.
    for kind in (plain, *(way for way in ways if way != plain)):
        _hold(examination, operation, kind, arguments)


def _hold(examination: Examination, operation: Operation, kind: Timed, arguments: Arguments) -> None:
    client = examination.client
    again = client.asked.get(kind, arguments)
    answer = None
    while min(client.seconds[kind]) > operation.latency and (answer is None or len(client.seconds[kind]) < _TRIES):
        answer = client.ask(operation.name, again)
    # The fastest of several: a busy machine slows some replies, a slow supplier all.
    if answer is not None and min(client.seconds[kind]) > operation.latency:
        special = sorted(set(kind[1]) - set(timed(operation.name, arguments)[1]))
        place = examination.run.contract.surface.location(operation.name) + (
            f"({', '.join(special)})" if special else ""
        )
        text, observed = f"within {operation.latency} s", f"{min(client.seconds[kind]):.1f} s or more"
        problem = Problem(examination.check.id, "performance", "dangerous", place, text, observed, ASSUMED)
        raise client.violation(operation.name, problem, [answer])


def _granted(examination: Examination, contract: Contract) -> Answer:
    granted = contract.auth.granted_lifetime(examination.client)
    if granted is None:
        raise NothingToExamine("signing in is no exchange")
    return granted[0]


def _granting(examination: Examination, contract: Contract) -> None:
    answer = _granted(examination, contract)
    seconds = [answer.exchange.seconds]
    while min(seconds) > _GRANTED and len(seconds) < _TRIES:
        answer = _granted(examination, contract)
        seconds.append(answer.exchange.seconds)
    if min(seconds) > _GRANTED:
        text, observed = f"a token within {_GRANTED} s", f"{min(seconds):.1f} s or more"
        place = answer.operation
        problem = Problem(examination.check.id, "performance", "dangerous", place, text, observed, ASSUMED)
        raise examination.client.violation(answer.operation, problem, [answer])


def _with_tokens(contract: Contract) -> tuple[Contract, ...]:
    return (contract,) if contract.auth.lifetime else ()


CHECKS = (
    Check("performance.sign-in", "performance", "A client waits for its token too.", _with_tokens, _granting),
    Check(
        "performance.latency",
        "performance",
        "A shop waits for the answer.",
        lambda contract: tuple(_Timing(operation) for operation in contract.operations),
        _latency,
    ),
)
