"""Laws of filters: soundness, completeness, lists, case, exactness, combination."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from hypothesis import strategies as st

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Contract
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.paths import at, every
from apitwin_contracts.run import Run
from apitwin_fixtures import ASSUMED, Source

__all__ = ["CHECKS", "Filter", "items_of"]

_MANY = 40
Everything = Callable[[Examination], list[Any]]


@dataclass(frozen=True)
class Filter:
    """An argument that keeps the items whose `field` equals its value; `separator` joins several values, any of which may fit.

    `everything` reads the unfiltered items; `shown` is how many items one answer shows at most, and `limit` the argument that asks for them.
    `splits` says that the field itself holds several values, joined by that text. `joined` fields are not in the filtered items themselves:
    they are looked up, by key, in `everything`. `moving` names what may differ between two sights of one item.
    """

    operation: str
    argument: str
    items: str
    field: str
    key: str
    everything: Everything
    separator: str | None = None
    case: Literal["same", "any"] = "same"
    splits: str | None = None
    fixed: Arguments = dataclasses.field(default_factory=dict)
    shown: int | None = None
    joined: bool = False
    moving: tuple[str, ...] = ()
    source: Source = ASSUMED

    @property
    def name(self) -> str:
        return f"{self.operation}.{self.argument}"

    def values(self, item: Any) -> list[str]:
        """Give the values of an item by which the filter finds it."""
        found = [str(value) for value in every(item, self.field) if value is not None]
        return [part.strip() for value in found for part in value.split(self.splits)] if self.splits else found

    def fits(self, item: Any, wanted: list[str]) -> bool:
        """Tell whether an item satisfies the filter."""
        own = {self.fold(value) for value in self.values(item)}
        return any(self.fold(value) in own for value in wanted)

    def fold(self, value: str) -> str:
        """Give a value as the filter compares it."""
        return value.casefold() if self.case == "any" else value


def items_of(examination: Examination, declared: Filter) -> list[Any]:
    """Give the unfiltered items, read once; raises `NothingToExamine` when there are none."""
    key = ("everything", declared.operation, declared.items)
    found: list[Any] = examination.run.view(key, lambda: declared.everything(examination))
    if not found:
        raise NothingToExamine(f"{declared.operation} has no items to filter")
    return found


def _pool(examination: Examination, declared: Filter) -> list[str]:
    values = sorted({value for item in items_of(examination, declared) for value in declared.values(item) if value})
    usable = [value for value in values if declared.separator is None or declared.separator not in value]
    if not usable:
        raise NothingToExamine(f"no item has a value that {declared.argument} could find")
    return usable


def _ask(examination: Examination, declared: Filter, text: str) -> Answer:
    return examination.must(declared.operation, {**declared.fixed, declared.argument: text})


def _hold(examination: Examination, declared: Filter, answer: Answer, wanted: list[str]) -> None:
    answered = answer.every(declared.items)
    known = {at(item, declared.key): item for item in items_of(examination, declared)}
    for listed in answered:
        item = known.get(at(listed, declared.key), listed) if declared.joined else listed
        if not declared.fits(item, wanted):
            observed = f"{declared.field} {declared.values(item)}"
            path = f"{declared.items}.{declared.field}"
            raise examination.broken([answer], path, f"only items that fit {wanted}", observed, source=declared.source)
    _hold_known(examination, declared, answer, known)
    expected = [key for key, item in known.items() if declared.fits(item, wanted)]
    missing = set(expected).difference(at(item, declared.key) for item in answered)
    whole = declared.shown is None or len(answered) < declared.shown
    if missing and whole:
        observed = f"{len(missing)} of {len(expected)} missing, such as {min(map(str, missing))}"
        raise examination.broken(
            [answer], declared.items, f"all items that fit {wanted}", observed, source=declared.source
        )


def _hold_known(examination: Examination, declared: Filter, answer: Answer, known: Mapping[Any, Any]) -> None:
    """A filter chooses among the items that there are, each once, and changes nothing about them."""
    complete = len(known) < examination.run.profile.items
    seen: set[Any] = set()
    for listed in answer.every(declared.items):
        key = at(listed, declared.key)
        if key in seen:
            raise examination.broken([answer], declared.items, "each item once", f"{key} again", source=declared.source)
        seen.add(key)
        if key not in known:
            if complete:
                text = "items that are there without the filter too"
                raise examination.broken([answer], declared.items, text, f"{key}, which is not", source=declared.source)
            continue
        _hold_unchanged(examination, declared, answer, listed, known[key])


def _hold_unchanged(examination: Examination, declared: Filter, answer: Answer, listed: Any, item: Any) -> None:
    if not isinstance(listed, dict) or not isinstance(item, dict):
        return
    for name in listed:
        if name not in declared.moving and name in item and listed[name] != item[name]:
            text = f"{item[name]!r}, as without the filter"
            place = f"{declared.items}.{name}"
            raise examination.broken([answer], place, text, repr(listed[name]), source=declared.source)


def _single(examination: Examination, declared: Filter) -> None:
    def examine(value: str) -> None:
        _hold(examination, declared, _ask(examination, declared, value), [value])

    examination.run.explore(st.sampled_from(_pool(examination, declared)), examine, 0.5)


def _several(examination: Examination, declared: Filter) -> None:
    def examine(values: list[str]) -> None:
        _hold(examination, declared, _ask(examination, declared, (declared.separator or "").join(values)), values)

    pool = _pool(examination, declared)
    examination.run.explore(st.lists(st.sampled_from(pool), min_size=2, max_size=3, unique=True), examine, 0.4)
    examine(pool[:: max(1, len(pool) // _MANY)][:_MANY])


def _case(examination: Examination, declared: Filter) -> None:
    pool = [value for value in _pool(examination, declared) if value.swapcase() != value]
    if not pool:
        raise NothingToExamine(f"no value of {declared.argument} has letters")

    def examine(value: str) -> None:
        answer = _ask(examination, declared, value.swapcase())
        _hold(examination, declared, answer, [value.swapcase()])

    examination.run.explore(st.sampled_from(pool), examine, 0.2)


def _exactness(examination: Examination, declared: Filter) -> None:
    known = {declared.fold(value) for value in _pool(examination, declared)}
    pool = [
        value for value in _pool(examination, declared) if len(value) > 1 and declared.fold(value[:-1]) not in known
    ]
    if not pool:
        raise NothingToExamine(f"every beginning of a value of {declared.argument} is itself a value")

    def examine(value: str) -> None:
        answer = examination.ask(declared.operation, **{**declared.fixed, declared.argument: value[:-1]})
        if answer.ok and answer.every(declared.items):
            text = f"nothing for {value[:-1]!r}, which no item has"
            raise examination.broken(
                [answer], declared.items, text, f"{len(answer.every(declared.items))} items", source=declared.source
            )

    examination.run.explore(st.sampled_from(pool), examine, 0.2)


def _combination(examination: Examination, declared: Filter) -> None:
    others = [other for other in _siblings(examination.run, declared) if other.argument != declared.argument]
    items = items_of(examination, declared)

    def examine(drawn: tuple[Any, Any, Filter]) -> None:
        one, two, other = drawn
        first, second = declared.values(one), other.values(two)
        if (
            not first
            or not second
            or any(sep and sep in text for sep, text in ((declared.separator, first[0]), (other.separator, second[0])))
        ):
            return
        asked = {**declared.fixed, **other.fixed, declared.argument: first[0], other.argument: second[0]}
        answer = examination.must(declared.operation, asked)
        for item in answer.every(declared.items):
            if not (declared.fits(item, first[:1]) and other.fits(item, second[:1])):
                text = f"items that fit {declared.argument} {first[0]!r} and {other.argument} {second[0]!r}"
                raise examination.broken(
                    [answer], declared.items, text, f"{at(item, declared.key)} too", source=declared.source
                )
        expected = {
            at(item, declared.key) for item in items if declared.fits(item, first[:1]) and other.fits(item, second[:1])
        }
        missing = expected.difference(at(item, declared.key) for item in answer.every(declared.items))
        if missing and (declared.shown is None or len(answer.every(declared.items)) < declared.shown):
            text = f"all items that fit {declared.argument} {first[0]!r} and {other.argument} {second[0]!r}"
            raise examination.broken(
                [answer], declared.items, text, f"missing: {sorted(map(str, missing))[:5]}", source=declared.source
            )

    pairs = st.tuples(st.sampled_from(items), st.sampled_from(items), st.sampled_from(others))
    same = st.sampled_from(items).flatmap(lambda item: st.tuples(st.just(item), st.just(item), st.sampled_from(others)))
    examination.run.explore(pairs | same, examine, 0.4)


def _siblings(run: Run, declared: Filter) -> tuple[Filter, ...]:
    return tuple(other for other in _declared(run.contract) if other.operation == declared.operation)


def _declared(contract: Contract) -> tuple[Filter, ...]:
    return contract.declared(Filter)


def _listed(contract: Contract) -> tuple[Filter, ...]:
    return tuple(declared for declared in _declared(contract) if declared.separator)


def _combined(contract: Contract) -> tuple[Filter, ...]:
    declared = _declared(contract)
    return tuple(
        one for one in declared if any(other.operation == one.operation and other is not one for other in declared)
    )


_SINGLE = ("filter.single",)
CHECKS = (
    Check("filter.single", "paging", "A filtered answer holds all items that fit, and no other.", _declared, _single),
    Check(
        "filter.several",
        "paging",
        "Several values find what each of them finds.",
        _listed,
        _several,
        presupposes=_SINGLE,
    ),
    Check(
        "filter.case",
        "paging",
        "Whether capitals matter must not change silently.",
        _declared,
        _case,
        presupposes=_SINGLE,
    ),
    Check(
        "filter.exactness",
        "paging",
        "The beginning of a value is not the value.",
        _declared,
        _exactness,
        presupposes=_SINGLE,
    ),
    Check(
        "filter.combination",
        "paging",
        "Two filters together keep what fits both.",
        _combined,
        _combination,
        presupposes=_SINGLE,
    ),
)
