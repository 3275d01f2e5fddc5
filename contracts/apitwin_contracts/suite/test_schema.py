"""What a supplier answers fits the schema of its contract."""

from apitwin_contracts.suite.cases import Case
from apitwin_contracts.suite.hooks import Examine


def test_schema(case: Case, examine: Examine) -> None:
    """Examine one declaration of one supplier."""
    examine(case)
