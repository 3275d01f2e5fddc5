"""Laws of agreement: list against detail, one surface against another, sums, what a block or label selects."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Contract
from apitwin_contracts.drift import Category
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.paths import at
from apitwin_contracts.run import Run
from apitwin_fixtures import ASSUMED, Source

__all__ = ["CHECKS", "Agreement", "Equation", "Equations", "Vocabulary"]

Equation = tuple[str, object, object]
_ABSENT = "absent"


@dataclass(frozen=True)
class Agreement:
    """An item seen in one place equals the same item seen in another: `same` maps paths of the one to paths of the other.

    `other_arguments` makes the second request from an item of the first; `other_item` finds its counterpart in the second answer.
    """

    name: str
    operation: str
    items: str
    other: str
    other_arguments: Callable[[Any], Arguments]
    other_item: Callable[[Any, Answer], Any]
    same: Mapping[str, str]
    arguments: Callable[[Run], Arguments] = field(default=lambda _run: {})
    source: Source = ASSUMED


@dataclass(frozen=True)
class Equations:
    """Equations that hold inside one answer, as (path, expected, observed), whatever is asked; `asked` generates the arguments."""

    name: str
    operation: str
    asked: Callable[[Run], SearchStrategy[Arguments]]
    equations: Callable[[Examination, Answer], Iterable[Equation]]
    category: Category = "state"
    changes_state: bool = False
    share: float = 0.5
    source: Source = ASSUMED


@dataclass(frozen=True)
class Vocabulary:
    """A list of all values that a field may have: `used` reads the field's values, `exact` tells whether it has read all there are."""

    name: str
    operation: str
    path: str
    used: Callable[[Examination], Iterable[Any]]
    exact: Callable[[Examination], bool] = field(default=lambda _examination: False)
    source: Source = ASSUMED


def _vocabulary(examination: Examination, declared: Vocabulary) -> None:
    answer, used = examination.must(declared.operation), set(declared.used(examination))
    listed = answer.every(declared.path)
    missing, unused = sorted(map(str, used.difference(listed))), sorted(map(str, set(listed) - used))
    twice = [value for value, count in Counter(listed).items() if count > 1]
    if missing:
        raise examination.broken([answer], declared.path, f"{missing[0]!r} too", _ABSENT, source=declared.source)
    if twice or (unused and declared.exact(examination)):
        text, observed = "each value once, and none that nothing has", str(twice[0] if twice else unused[0])
        raise examination.broken([answer], declared.path, text, observed, severity="dangerous", source=declared.source)


def _agreement(examination: Examination, declared: Agreement) -> None:
    listed = examination.must(declared.operation, declared.arguments(examination.run))
    items = listed.every(declared.items)
    if not items:
        raise NothingToExamine(f"{declared.operation} has no items")

    def examine(item: Any) -> None:
        answer = examination.must(declared.other, declared.other_arguments(item))
        counterpart = declared.other_item(item, answer)
        if counterpart is None:
            raise examination.broken([listed, answer], "", "the same item", _ABSENT, source=declared.source)
        for here, there in declared.same.items():
            expected, observed = at(item, here), at(counterpart, there)
            if expected != observed:
                raise examination.broken([listed, answer], there, expected, observed, source=declared.source)

    for item in (items[0], items[-1], *_covering(items, declared.same)):
        examine(item)
    examination.run.explore(st.sampled_from(items), examine, 0.4)


def _covering(items: Sequence[Any], paths: Iterable[str]) -> list[Any]:
    """Give few items that show something, and nothing, at every path where any of them does."""
    listed_paths = list(paths)
    listed = [(item, {(path, bool(at(item, path))) for path in listed_paths}) for item in items]
    open_still: set[tuple[str, bool]] = set().union(*(shown for _, shown in listed))
    chosen: list[Any] = []
    while open_still:
        item, shown = max(listed, key=lambda one: len(one[1] & open_still))
        chosen.append(item)
        open_still -= shown
    return chosen


def _equations(examination: Examination, declared: Equations) -> None:
    def examine(arguments: Arguments) -> None:
        answer = examination.must(declared.operation, arguments)
        for path, expected, observed in declared.equations(examination, answer):
            if expected != observed:
                raise examination.broken([answer], path, expected, observed, source=declared.source)

    examination.run.explore(declared.asked(examination.run), examine, declared.share)


def _agreements(contract: Contract) -> tuple[Agreement, ...]:
    return contract.declared(Agreement)


def _all_equations(category: Category) -> Callable[[Contract], tuple[Equations, ...]]:
    def declared(contract: Contract) -> tuple[Equations, ...]:
        return tuple(equations for equations in contract.declared(Equations) if equations.category == category)

    return declared


def _vocabularies(contract: Contract) -> tuple[Vocabulary, ...]:
    return contract.declared(Vocabulary)


CHECKS = (
    Check("agreement.vocabulary", "state", "A list of values lists what is used.", _vocabularies, _vocabulary),
    Check("agreement.same-item", "state", "One thing seen in two places is one thing.", _agreements, _agreement),
    Check(
        "equations.state",
        "state",
        "Totals add up, and an answer repeats what was asked.",
        _all_equations("state"),
        _equations,
    ),
    Check(
        "equations.schema",
        "schema",
        "An answer has the parts that were asked for.",
        _all_equations("schema"),
        _equations,
    ),
    Check("equations.wire", "wire", "Amounts keep their unit and magnitude.", _all_equations("wire"), _equations),
    Check(
        "equations.paging",
        "paging",
        "An answer is in the order that was promised.",
        _all_equations("paging"),
        _equations,
    ),
)
