"""Who may come in comes in, and nobody else does."""

from apitwin_contracts.suite.cases import Case
from apitwin_contracts.suite.hooks import Examine


def test_auth(case: Case, examine: Examine) -> None:
    """Examine one declaration of one supplier."""
    examine(case)
