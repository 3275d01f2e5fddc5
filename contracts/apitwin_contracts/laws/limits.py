"""Laws of limits: the longest text is taken whole, one character more is refused as documented."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Contract
from apitwin_contracts.run import Run
from apitwin_fixtures import ASSUMED, Source

__all__ = ["CHECKS", "Limit"]


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


CHECKS = (
    Check("limits.bound", "limits", "The largest value is taken whole, and one more is refused.", _declared, _limit),
)
