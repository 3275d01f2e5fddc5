"""Laws of refusals: each mistake is told by its code and names what is wrong, and of two mistakes the documented one is told."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.contract import Contract
from apitwin_contracts.run import Run
from apitwin_contracts.surfaces.entries import specified
from apitwin_contracts.surfaces.surface import Problem
from apitwin_fixtures import ASSUMED, Request, Source

if TYPE_CHECKING:
    from apitwin_contracts.drift import Severity

__all__ = ["CHECKS", "Mistake", "Mistakes"]


@dataclass(frozen=True)
class Mistake:
    """One thing wrong with a request: `changes` by name of what is changed, the code that tells it, and what the code's text must name."""

    code: str
    changes: Mapping[str, Any]
    names: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """How a report calls it."""
        return f"{self.code}({', '.join(map(str, self.names.values()))})" if self.names else self.code


@dataclass(frozen=True)
class Mistakes:
    """Mistakes of one operation, those that are told first before the others; `request` makes the request with some changes made."""

    name: str
    operation: str
    request: Callable[[Run, Mapping[str, Any]], Request]
    mistakes: tuple[Mistake, ...]
    changes_state: bool = True
    source: Source = ASSUMED


def _named(examination: Examination, declared: Mistakes) -> None:
    for mistake in declared.mistakes:
        _hold(examination, declared, mistake, mistake.changes, mistake.name)


def _precedence(examination: Examination, declared: Mistakes) -> None:
    pairs = list(_pairs(declared))
    if not pairs:
        return
    # Neighbours settle the whole order; the others only show it from afar.
    for first, second in pairwise(declared.mistakes):
        if not first.changes.keys() & second.changes.keys():
            _both(examination, declared, first, second)
    examination.run.explore(st.sampled_from(pairs), lambda pair: _both(examination, declared, *pair), 0.4)


def _pairs(declared: Mistakes) -> Iterator[tuple[Mistake, Mistake]]:
    for place, first in enumerate(declared.mistakes):
        for second in declared.mistakes[place + 1 :]:
            if not first.changes.keys() & second.changes.keys():
                yield first, second


def _both(examination: Examination, declared: Mistakes, first: Mistake, second: Mistake) -> None:
    _hold(examination, declared, first, {**first.changes, **second.changes}, f"{first.name} before {second.name}")


def _hold(
    examination: Examination, declared: Mistakes, mistake: Mistake, changes: Mapping[str, Any], text: str
) -> None:
    client, contract = examination.client, examination.run.contract
    exchange = client.exchange(declared.request(examination.run, changes), declared.operation)
    recognition = client.recognised(declared.operation, exchange)
    wanted = specified(contract.errors, mistake.code, mistake.names)
    found = contract.surface.difference(declared.operation, exchange.reply, wanted, mistake.code)
    if found is None or (recognition.outcome == mistake.code and found[0].startswith(("status", "header"))):
        return
    answer = client.taken_for(declared.operation, exchange, recognition)
    place = f"{contract.surface.location(declared.operation)}#{mistake.code}"
    observed = f"{recognition.outcome}: {found[0]} is {found[2]}"
    # Another refusal still refuses.
    severity: Severity = "dangerous" if recognition.outcome in contract.errors else "breaking"
    problem = Problem(examination.check.id, "error", severity, place, text, observed, declared.source)
    raise client.violation(declared.operation, problem, [answer])


def _declared(contract: Contract) -> tuple[Mistakes, ...]:
    return contract.declared(Mistakes)


CHECKS = (
    Check("error.named", "error", "A refusal names what is wrong.", _declared, _named, changes_state=True),
    Check(
        "error.precedence",
        "error",
        "Of two mistakes the one is told that was documented to come first.",
        _declared,
        _precedence,
        changes_state=True,
        presupposes=("error.named",),
    ),
)
