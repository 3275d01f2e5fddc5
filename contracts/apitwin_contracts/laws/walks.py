"""Laws told as walks: a generated sequence of steps taken beside a model that says after each what the supplier must answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.contract import Contract
from apitwin_contracts.drift import Category
from apitwin_contracts.run import Run

__all__ = ["CHECKS", "Walk"]


@dataclass(frozen=True)
class Walk:
    """A law that one answer cannot show: `steps` generates what is done, `walk` does it and raises the `Violation` of the first difference.

    What the steps are is the supplier's own affair; a list of them is shrunk to the shortest that still shows the difference.
    """

    name: str
    steps: Callable[[Run], SearchStrategy[Any]]
    walk: Callable[[Examination, Any], None]
    category: Category = "state"
    share: float = 0.3
    changes_state: bool = True


def _walk(examination: Examination, declared: Walk) -> None:
    examination.run.explore(
        declared.steps(examination.run), lambda steps: declared.walk(examination, steps), declared.share
    )


def _of(category: Category) -> Callable[[Contract], tuple[Walk, ...]]:
    return lambda contract: tuple(walk for walk in contract.declared(Walk) if walk.category == category)


CHECKS = (
    Check("walk.wire", "wire", "What is told in several places is told alike.", _of("wire"), _walk),
    Check("walk.auth", "auth", "Who may do something may, and nobody else.", _of("auth"), _walk),
    Check("walk.paging", "paging", "What is searched is found, all of it and nothing else.", _of("paging"), _walk),
    Check(
        "walk.state",
        "state",
        "Whatever is done in whatever order, the state is what the rules say.",
        _of("state"),
        _walk,
    ),
)
