"""A difference told as a finding: what the mock answered is expected, what the target answered is observed."""

from collections.abc import Sequence
from dataclasses import dataclass

from apitwin_contracts.contract import Contract
from apitwin_contracts.drift import Category, Finding, Severity, Step
from apitwin_fixtures import ASSUMED, Source

from .difference import Difference, Kind
from .forms import ABSENT

__all__ = ["Told", "finding_of"]

_BY_KIND: dict[Kind, Category] = {
    "header": "wire",
    "media": "wire",
    "absent": "schema",
    "added": "schema",
    "type": "schema",
    "form": "wire",
    "body": "wire",
    "time": "state",
    "hook": "webhook",
    "slow": "performance",
}
_TOPICS: frozenset[Category] = frozenset({"auth", "paging", "limits", "state", "error"})
_SEVERITIES: dict[Kind, Severity] = {"added": "additive", "header": "dangerous", "slow": "dangerous"}
_WORDS = frozenset({"message", "msg", "detail", "error_description", "title"})
_SHUT = ("status 401", "status 403")


@dataclass(frozen=True)
class Told:
    """A difference with what the telling needs: what the case that met it is about, the steps, and how far time was moved."""

    difference: Difference
    topic: Category
    steps: Sequence[Step]
    moved: float = 0.0


def finding_of(contract: Contract, told: Told) -> Finding:
    """Give the finding of a difference."""
    difference = told.difference
    later = f" (after the clock was moved by {told.moved:.0f} s)" if told.moved else ""
    return Finding(
        contract.supplier,
        f"lockstep.{difference.kind}",
        _category(told),
        _severity(difference),
        difference.operation,
        _location(contract, difference),
        f"{difference.expected}: so the mock answered",
        difference.observed + later,
        _source(contract, difference.operation),
        tuple(told.steps),
    )


def _category(told: Told) -> Category:
    difference = told.difference
    if difference.kind in _BY_KIND:
        return _BY_KIND[difference.kind]
    shut = (difference.expected.startswith(_SHUT), difference.observed.startswith(_SHUT))
    if shut[0] != shut[1]:
        return "auth"
    refused = difference.place.startswith(("errors", "#outcome", "#status"))
    if told.topic in _TOPICS:
        return told.topic
    return "error" if refused else "paging" if difference.kind in ("count", "order") else "state"


def _severity(difference: Difference) -> Severity:
    last = difference.place.rpartition(".")[2]
    if difference.kind == "value" and last in _WORDS:
        return "additive"
    if difference.kind == "type" and {difference.expected, difference.observed} <= {"deprecated", "not deprecated"}:
        return "additive"
    if difference.operation == "__schema" and difference.expected == ABSENT:
        return "dangerous"
    return _SEVERITIES.get(difference.kind, "breaking")


def _location(contract: Contract, difference: Difference) -> str:
    if difference.operation == "__schema":
        return difference.place
    place = difference.place.removeprefix("data.")
    root = difference.operation.rpartition(":")[2]
    place = place.removeprefix(root).removeprefix(".") if place.startswith(root) else place
    try:
        whole = contract.surface.location(difference.operation)
    except (KeyError, ValueError):
        whole = difference.operation
    return whole + (place if place.startswith(("#", "[")) or not place else f".{place}")


def _source(contract: Contract, operation: str) -> Source:
    return next((declared.source for declared in contract.operations if declared.name == operation), ASSUMED)
