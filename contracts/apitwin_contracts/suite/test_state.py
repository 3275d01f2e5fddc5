"""What is written can be read, what is taken is gone, what is due comes."""

from apitwin_contracts.suite.cases import Case
from apitwin_contracts.suite.hooks import Examine


def test_state(case: Case, examine: Examine) -> None:
    """Examine one declaration of one supplier."""
    examine(case)
