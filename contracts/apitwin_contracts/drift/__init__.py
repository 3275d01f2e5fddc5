"""Broken promises as data: findings, their fingerprints, the collection of a run, and what came of a suite."""

from .collection import Findings
from .finding import CATEGORIES, Category, Finding, Severity, Step
from .outcome import CaseResult, Ending, Outcome, Setting, Verdict

__all__ = [
    "CATEGORIES",
    "CaseResult",
    "Category",
    "Ending",
    "Finding",
    "Findings",
    "Outcome",
    "Setting",
    "Severity",
    "Step",
    "Verdict",
]
