"""Broken promises as data: findings, their fingerprints and the collection of a run."""

from .collection import Findings
from .finding import CATEGORIES, Category, Finding, Severity, Step

__all__ = ["CATEGORIES", "Category", "Finding", "Findings", "Severity", "Step"]
