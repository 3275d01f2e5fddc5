"""Cases: one check of one subject of one supplier, each a test of its own."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from apitwin_contracts.checks import Check
from apitwin_contracts.contract import Contract
from apitwin_contracts.drift import CATEGORIES, Category

__all__ = ["Case", "all_cases"]

_IN_REPLIES: tuple[Category, ...] = ("schema", "wire")


@dataclass(frozen=True)
class Case:
    """One test; its id reads `axro-paging.concatenation-products`."""

    contract: Contract
    check: Check
    subject: Any
    id: str

    @property
    def supplier(self) -> str:
        """The supplier that is examined."""
        return self.contract.supplier

    @property
    def category(self) -> Category:
        """The check's category, which is the suite's module."""
        return self.check.category

    @property
    def operations(self) -> frozenset[str]:
        """The operations that the case is about."""
        known = {operation.name for operation in self.contract.operations}
        operation = getattr(self.subject, "operation", None)
        words = {str(self.subject.name).partition(".")[0], str(getattr(operation, "name", operation))}
        return frozenset(words & known)

    @property
    def changes_state(self) -> bool:
        """Whether the target is another one afterwards."""
        subject = self.subject
        writes = getattr(subject, "kind", "") == "write"
        return self.check.changes_state or writes or bool(getattr(subject, "changes_state", False))


def all_cases(contracts: Iterable[Contract], checks: Iterable[Check]) -> list[Case]:
    """Give every case, supplier by supplier, in the order of the categories; what shows in one reply of an operation comes before all."""
    in_order = sorted(checks, key=_turn)
    return [case for contract in contracts for case in _cases(contract, in_order)]


def _turn(check: Check) -> tuple[bool, bool, int]:
    shows_in_replies = check.category in _IN_REPLIES
    return not shows_in_replies, shows_in_replies and check.tries_many, CATEGORIES.index(check.category)


def _cases(contract: Contract, checks: Iterable[Check]) -> Iterator[Case]:
    taken: set[str] = set()
    for check in checks:
        for subject in check.subjects(contract):
            name = _free(f"{contract.supplier}-{check.id}-{subject.name}", taken)
            taken.add(name)
            if name not in contract.waived:
                yield Case(contract, check, subject, name)


def _free(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    return next(f"{name}.{number}" for number in range(2, len(taken) + 3) if f"{name}.{number}" not in taken)
