"""Refusals come as documented, and no others come."""

from apitwin_contracts.suite.cases import Case
from apitwin_contracts.suite.hooks import Examine


def test_error(case: Case, examine: Examine) -> None:
    """Examine one declaration of one supplier."""
    examine(case)
