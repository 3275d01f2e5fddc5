"""Laws of isolation: what belongs to one customer is neither shown to another nor moved by one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Contract
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.run import Run
from apitwin_fixtures import ASSUMED, Source

__all__ = ["CHECKS", "Owned", "Untouched"]


@dataclass(frozen=True)
class Owned:
    """Things of which two customers see none in common, told apart by the values at a path; `arguments` may name a thing of the other's."""

    name: str
    operation: str
    path: str
    customer: str = "other"
    arguments: Callable[[Run], Arguments] = field(default=lambda _run: {})
    source: Source = ASSUMED


@dataclass(frozen=True)
class Untouched:
    """What one customer writes does not change what another reads: the values at a path are the same before and after."""

    name: str
    operation: str
    asked: Callable[[Run], Arguments]
    reading: str
    path: str
    customer: str = "other"
    arguments: Arguments = field(default_factory=dict)
    source: Source = ASSUMED
    changes_state = True


def _owned(examination: Examination, declared: Owned) -> None:
    theirs = examination.run.customer(declared.customer).must(declared.operation).every(declared.path)
    if not theirs:
        raise NothingToExamine(f"the customer {declared.customer} has nothing in {declared.operation}")
    answer = examination.must(declared.operation, declared.arguments(examination.run))
    shared = [value for value in answer.every(declared.path) if value in theirs]
    if shared:
        text = f"nothing of the customer {declared.customer}"
        raise examination.broken([answer], declared.path, text, repr(shared[0]), source=declared.source)


def _untouched(examination: Examination, declared: Untouched) -> None:
    other = examination.run.customer(declared.customer)

    def read() -> Answer:
        return other.must(declared.reading, declared.arguments)

    before = read()
    written = examination.must(declared.operation, declared.asked(examination.run))
    after = read()
    if before.every(declared.path) != after.every(declared.path):
        text = f"{declared.operation} of one customer to change nothing here for another"
        raise examination.broken(
            [before, written, after], declared.path, text, "a change", source=declared.source, by=declared.operation
        )


def _of(kind: type[Any]) -> Callable[[Contract], tuple[Any, ...]]:
    return lambda contract: contract.declared(kind)


CHECKS = (
    Check("auth.isolation", "auth", "Nobody sees what is another's.", _of(Owned), _owned),
    Check("auth.untouched", "auth", "Nobody moves what is another's.", _of(Untouched), _untouched, changes_state=True),
)
