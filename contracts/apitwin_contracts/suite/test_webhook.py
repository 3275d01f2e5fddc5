"""What happens is told to whoever asked for it: once, in order, signed, and again until it is received."""

from apitwin_contracts.suite.cases import Case
from apitwin_contracts.suite.hooks import Examine


def test_webhook(case: Case, examine: Examine) -> None:
    """Examine one declaration of one supplier."""
    examine(case)
