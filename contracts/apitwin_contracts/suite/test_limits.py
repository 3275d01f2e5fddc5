"""Bounds lie where they are documented."""

from apitwin_contracts.suite.cases import Case
from apitwin_contracts.suite.hooks import Examine


def test_limits(case: Case, examine: Examine) -> None:
    """Examine one declaration of one supplier."""
    examine(case)
