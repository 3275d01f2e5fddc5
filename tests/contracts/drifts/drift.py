"""What a drift is: a twin of a mock that breaks one promise, and where a suite must find that."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from apitwin_contracts.drift import Category, Finding, Severity
from apitwin_contracts.targets import Target

__all__ = ["Drift", "Make", "Stage", "family"]

Stage = Callable[[], AbstractContextManager[Target]]
"""Opens the drifted target; what it patches is whole again when the context ends."""


@dataclass(frozen=True)
class Drift:
    """One broken promise: `operations` may be named for it, `place` is in the finding's location, `checks` are those that notice it.

    `categories` besides its own are defensible, `of` is the drift of the shared list that it plays.
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

    @property
    def name(self) -> str:
        """How the test's id names it."""
        return f"{self.supplier}-{self.category}-{self.id}"

    def is_told_by(self, finding: Finding) -> bool:
        """Tell whether a finding is about this drift: its operation, its place and its category."""
        return (
            finding.operation in self.operations
            and self.place in finding.location
            and finding.category in (self.category, *self.categories)
        )


Make = Callable[..., Drift]


def family(supplier: str, category: Category) -> Make:
    """Give a maker of one supplier's drifts of a category; operations and checks are written as words."""

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
    ) -> Drift:
        words = tuple(operations.split())
        return Drift(name, supplier, category, severity, words, place, tuple(checks.split()), stage, of, also)

    return make
