"""What a mutant is: a twin of a mock that breaks one promise, and where a suite should say that it does."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from apitwin_contracts.drift import Category, Finding, Severity
from apitwin_contracts.targets import Target

__all__ = ["Make", "Mutant", "NotApplicable", "Stage", "family"]

Stage = Callable[[], AbstractContextManager[Target]]
"""Opens the drifted target; what it patches is whole again when the context ends."""


@dataclass(frozen=True)
class Mutant:
    """One broken promise; `promise` is what a law has to notice, in one sentence.

    `operations` may be named for it, `place` is in the finding's location, `checks` are beginnings of `check:subject` that should notice it,
    `categories` besides its own are defensible. `of` is the drift of the shared list that it plays, or the generic mutator that made it;
    `equivalent` says why nobody who keeps to the documents can tell it from the mock, and is empty when somebody can.
    """

    id: str
    supplier: str
    category: Category
    severity: Severity
    operations: tuple[str, ...]
    place: str
    checks: tuple[str, ...]
    stage: Stage
    of: str = ""
    categories: tuple[Category, ...] = ()
    promise: str = ""
    equivalent: str = ""

    @property
    def name(self) -> str:
        """How reports and tests call it: `axro-paging-overlap`."""
        return f"{self.supplier}-{self.category}-{self.id}"

    def is_told_by(self, finding: Finding) -> bool:
        """Tell whether a finding, or what else was seen of its cause, is about this mutant: its operation, its place and its category."""
        return any(self._is_at(one) for one in (finding, *finding.also))

    def _is_at(self, finding: Finding) -> bool:
        return (
            finding.operation in self.operations
            and self.place in finding.location
            and finding.category in (self.category, *self.categories)
        )


@dataclass(frozen=True)
class NotApplicable:
    """A generic mutator that makes nothing of a supplier's contract, and why."""

    id: str
    supplier: str
    category: Category
    severity: Severity
    promise: str
    reason: str

    @property
    def name(self) -> str:
        """How reports call it."""
        return f"{self.supplier}-{self.category}-{self.id}"

    @property
    def of(self) -> str:
        """The generic mutator."""
        return self.id


Make = Callable[..., Mutant]


def family(supplier: str, category: Category) -> Make:
    """Give a maker of one supplier's mutants of a category; operations and checks are written as words."""

    def make(
        name: str,
        severity: Severity,
        operations: str,
        place: str,
        checks: str,
        stage: Stage,
        *,
        of: str = "",
        also: tuple[Category, ...] = (),
    ) -> Mutant:
        words = tuple(operations.split())
        return Mutant(name, supplier, category, severity, words, place, tuple(checks.split()), stage, of, also)

    return make
