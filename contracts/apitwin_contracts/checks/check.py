"""What a check is, and what it works with."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from apitwin_contracts.client import Answer, Client
from apitwin_contracts.contract import Arguments, Contract
from apitwin_contracts.drift import Category, Severity
from apitwin_contracts.errors import Violation
from apitwin_contracts.run import Run
from apitwin_contracts.surfaces import Problem
from apitwin_fixtures import Source

__all__ = ["Check", "Examination", "Subject"]


class Subject(Protocol):
    """What a check looks at: an operation, a provocation or a declaration."""

    @property
    def name(self) -> str:
        """How the test's id names it."""
        ...


@dataclass(frozen=True)
class Check:
    """A promise that can be tested; `subjects` gives what a contract says about it, and `examine` raises the `Violation`.

    `presupposes` names checks of the same subjects: where one of them has failed, this one could only say the same again.
    What `tries_many` asks much of each subject, and comes after what a reply of each may already show.
    """

    id: str
    category: Category
    reason: str
    subjects: Callable[[Contract], Iterable[Any]]
    examine: Callable[["Examination", Any], None]
    changes_state: bool = False
    presupposes: tuple[str, ...] = ()
    tries_many: bool = False


class Examination:
    """One check at work on one run."""

    def __init__(self, run: Run, check: Check) -> None:
        self.run = run
        self.check = check
        self.client: Client = run.client

    def ask(self, operation: str, **arguments: Any) -> Answer:
        """Ask an operation; whatever the answer, it is held against the contract."""
        return self.client.ask(operation, {name: value for name, value in arguments.items() if value is not None})

    def must(self, operation: str, arguments: Arguments | None = None) -> Answer:
        """Ask an operation that has to succeed."""
        return self.client.must(operation, arguments or {})

    def broken(
        self,
        evidence: Iterable[Answer],
        path: str,
        expected: object,
        observed: object,
        *,
        severity: Severity = "breaking",
        source: Source | None = None,
        by: str | None = None,
    ) -> Violation:
        """Make the exception of the broken promise; `path` lies in the last answer's payload, whose operation broke it, or else `by` did."""
        answers = list(evidence)
        operation = by or answers[-1].operation
        place = self.client.contract.surface.location(answers[-1].operation, path)
        promised = source or self.client.source_of(operation)
        problem = Problem(self.check.id, self.check.category, severity, place, str(expected), str(observed), promised)
        return self.client.violation(operation, problem, answers)
