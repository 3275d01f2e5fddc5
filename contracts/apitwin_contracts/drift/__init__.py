"""Broken promises as data: findings, their fingerprints, the collection of a run, what came of a suite, and of a run over mutants."""

from .collection import Findings
from .finding import CATEGORIES, Category, Finding, Severity, Step
from .harvest import FATES, Control, Fate, Goal, Harvest, HarvestVerdict, Trial, score
from .outcome import CaseResult, Ending, Outcome, Setting, Verdict

__all__ = [
    "CATEGORIES",
    "FATES",
    "CaseResult",
    "Category",
    "Control",
    "Ending",
    "Fate",
    "Finding",
    "Findings",
    "Goal",
    "Harvest",
    "HarvestVerdict",
    "Outcome",
    "Setting",
    "Severity",
    "Step",
    "Trial",
    "Verdict",
    "score",
]
