"""What is likely to be news comes first: where something was found last time, where the schema has changed since, what was recorded long ago."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apitwin_contracts.contract import Contract
from apitwin_contracts.errors import UsageError

from .cases import Case

__all__ = ["Past", "changed_since", "last_seen", "order_by_news", "read_past"]

_NEVER = ""


@dataclass(frozen=True)
class Past:
    """What an earlier report found: the check and the operation of each finding, by supplier."""

    findings: Mapping[str, frozenset[tuple[str, str]]] = field(default_factory=dict)

    def of(self, supplier: str) -> frozenset[tuple[str, str]]:
        """Give a supplier's findings."""
        return self.findings.get(supplier, frozenset())


def read_past(path: Path) -> Past:
    """Read a JSON report of an earlier run; raises `UsageError` for another file."""
    try:
        told = json.loads(path.read_bytes())
        reports = told if isinstance(told, list) else [told]
        return Past({report["supplier"]: frozenset(map(_place, report["findings"])) for report in reports})
    except (OSError, ValueError, KeyError, TypeError):
        raise UsageError(f"{path} is no JSON report of apitwin check; name one, or remove it") from None


def _place(finding: Mapping[str, Any]) -> tuple[str, str]:
    return str(finding["check"]), str(finding["operation"])


def last_seen(contract: Contract) -> Mapping[str, str]:
    """Give for each operation the day of its latest recording on a live target; what was never recorded is missing."""
    days: dict[str, str] = {}
    for cassette in contract.fixtures.cassettes:
        if cassette.source.kind == "observed":
            days[cassette.operation] = max(cassette.recorded, days.get(cassette.operation, _NEVER))
    return days


def changed_since(contract: Contract) -> frozenset[str]:
    """Give the operations whose latest recordings were made for other schemas than the contract has now."""
    now = contract.fixtures.digest
    told = ((one.operation, one.metadata.get("contract")) for one in contract.fixtures.cassettes)
    return frozenset(name for name, told_for in told if isinstance(told_for, dict) and told_for.get("schema") != now)


def order_by_news(cases: Iterable[Case], past: Past) -> list[Case]:
    """Put cases in the order of expected news, supplier by supplier, and leave them in theirs where none is expected.

    First what found something last time, then the other checks of those operations, then operations that were recorded for another schema
    than the contract's, then the rest; among equals what was never seen on a live target, or not for the longest time.
    """
    listed = list(cases)
    suppliers: dict[str, int] = {}
    for case in listed:
        suppliers.setdefault(case.supplier, len(suppliers))
    seen = {case.supplier: case.contract for case in listed}
    changed = {supplier: changed_since(contract) for supplier, contract in seen.items()}
    days = {supplier: last_seen(contract) for supplier, contract in seen.items()}

    def key(case: Case) -> tuple[int, int, str]:
        return suppliers[case.supplier], *_expected(case, past, changed[case.supplier], days[case.supplier])

    return sorted(listed, key=key)


def _expected(case: Case, past: Past, changed: Collection[str], days: Mapping[str, str]) -> tuple[int, str]:
    findings, operations = past.of(case.supplier), case.operations
    day = min((days.get(operation, _NEVER) for operation in operations), default="9999")
    if any(check == case.check.id and (operation in operations or not operations) for check, operation in findings):
        return 0, day
    if operations & {operation for _, operation in findings}:
        return 1, day
    return (2 if operations & set(changed) else 3), day
