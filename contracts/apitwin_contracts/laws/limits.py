"""Laws of limits: the longest text is taken whole, one character more is refused as documented."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Contract
from apitwin_contracts.run import Run
from apitwin_contracts.surfaces.surface import OK
from apitwin_fixtures import ASSUMED, Request, Source

__all__ = ["CHECKS", "Largest", "Limit"]


@dataclass(frozen=True)
class Limit:
    """A bound of an input: `asked` makes the arguments for a value, `largest` and `beyond` are values on both sides of it.

    `refused` is the code beyond the bound (None: beyond it nothing is promised), `echo` reads the value back from the answer.
    """

    name: str
    operation: str
    asked: Callable[[Run, Any], Arguments]
    largest: Any
    beyond: Any = None
    refused: str | None = None
    echo: Callable[[Examination, Answer], tuple[Answer, str, Any]] | None = None
    source: Source = ASSUMED
    changes_state: bool = False


@dataclass(frozen=True)
class Largest:
    """A request as large as its rules allow (as deep, as costly): it is answered; what lies beyond it has a code of its own."""

    name: str
    operation: str
    request: Callable[[Run], Request]
    source: Source = ASSUMED


def _largest(examination: Examination, declared: Largest) -> None:
    client = examination.client
    exchange = client.exchange(client.signed(declared.request(examination.run)), declared.operation)
    recognition = client.recognised(declared.operation, exchange)
    if recognition.outcome != OK:
        answer = Answer(declared.operation, {}, exchange, recognition)
        observed = recognition.detail or recognition.outcome
        raise examination.broken([answer], declared.name, "an answer", observed, source=declared.source)


def _limit(examination: Examination, declared: Limit) -> None:
    arguments = declared.asked(examination.run, declared.largest)
    answer = examination.client.ask(declared.operation, arguments)
    if not answer.ok:
        observed = answer.recognition.detail or answer.outcome
        text = f"{_shown(declared.largest)} to be accepted"
        raise examination.broken([answer], declared.name.rpartition(".")[2], text, observed, source=declared.source)
    if declared.echo:
        read, path, value = declared.echo(examination, answer)
        if value != declared.largest:
            evidence = [answer] if read is answer else [answer, read]
            raise examination.broken(evidence, path, _shown(declared.largest), _shown(value), source=declared.source)
    if declared.refused:
        over = examination.client.ask(declared.operation, declared.asked(examination.run, declared.beyond))
        if over.outcome != declared.refused:
            observed = over.recognition.detail or over.outcome
            text = f"{declared.refused} for {_shown(declared.beyond)}"
            raise examination.broken([over], declared.name.rpartition(".")[2], text, observed, source=declared.source)


def _shown(value: Any) -> str:
    return f"a text of {len(value)} characters" if isinstance(value, str) and len(value) > 12 else repr(value)  # noqa: PLR2004 - legibility


def _declared(contract: Contract) -> tuple[Limit, ...]:
    return contract.declared(Limit)


def _declared_largest(contract: Contract) -> tuple[Largest, ...]:
    return contract.declared(Largest)


CHECKS = (
    Check("limits.bound", "limits", "The largest value is taken whole, and one more is refused.", _declared, _limit),
    Check("limits.request", "limits", "The largest request is answered.", _declared_largest, _largest),
)
