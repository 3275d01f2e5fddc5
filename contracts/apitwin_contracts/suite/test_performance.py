"""Answers come in time."""

from apitwin_contracts.suite.cases import Case
from apitwin_contracts.suite.hooks import Examine


def test_performance(case: Case, examine: Examine) -> None:
    """Examine one declaration of one supplier."""
    examine(case)
