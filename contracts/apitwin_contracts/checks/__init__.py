"""Checks: small examinations with an id, a category and a reason, each over the subjects that a contract declares."""

from .check import Check, Examination, Subject

__all__ = ["Check", "Examination", "Subject"]
