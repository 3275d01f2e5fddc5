"""Amounts, texts and dates keep the form in which they travel."""

from apitwin_contracts.suite.cases import Case
from apitwin_contracts.suite.hooks import Examine


def test_wire(case: Case, examine: Examine) -> None:
    """Examine one declaration of one supplier."""
    examine(case)
