"""Pages, filters and orders keep their laws."""

from apitwin_contracts.suite.cases import Case
from apitwin_contracts.suite.hooks import Examine


def test_paging(case: Case, examine: Examine) -> None:
    """Examine one declaration of one supplier."""
    examine(case)
