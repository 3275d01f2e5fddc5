"""Laws of views: one thing seen in several places is one thing, and the place that says otherwise than most is the one that drifted."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from hypothesis import strategies as st

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Contract
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.paths import difference, every
from apitwin_fixtures import ASSUMED, Source

__all__ = ["CHECKS", "Seen", "View", "Views"]

Form = Callable[[Any], Any]


@dataclass(frozen=True)
class Seen:
    """One sight of a thing: the answer that shows it, the thing, and where it lies in the answer's payload."""

    answer: Answer
    item: Any
    path: str = ""


@dataclass(frozen=True)
class View:
    """One place where things are seen: all of them in `listed`, or one for each thing of the first view in `looked_up`.

    `names` maps what all views call alike to paths in this view's item, `forms` brings values to a common form;
    a value that is absent here, or that a form makes None of, says nothing. What a `trusted` view says is held by other laws too.
    """

    operation: str
    names: Mapping[str, str]
    listed: Callable[[Examination], Iterable[Seen]] | None = None
    looked_up: Callable[[Examination, Any], Seen | None] | None = None
    forms: Mapping[str, Form] | None = None
    trusted: bool = False


@dataclass(frozen=True)
class Views:
    """Things told apart by a key, seen in several views; the first view lists them.

    Of a tie, a trusted view is right, then one whose operation nothing was found of yet, then the earlier one.
    """

    name: str
    key: str
    views: tuple[View, ...]
    examples: int = 8
    source: Source = ASSUMED
    changes_state: bool = False


@dataclass(frozen=True)
class _Told:
    """What one view tells of one name of a thing."""

    view: View
    seen: Seen
    place: str
    value: Any


def _views(examination: Examination, declared: Views) -> None:
    listings = [_listing(examination, declared, view) for view in declared.views if view.listed]
    known = listings[0]
    if not known:
        raise NothingToExamine(f"{declared.views[0].operation} lists nothing")

    def examine(key: Any) -> None:
        seen = _sights(declared, listings, key)
        for view in declared.views:
            sight = view.looked_up(examination, known[key].item) if view.looked_up else None
            if sight is not None:
                seen.append((view, sight))
        _compare(examination, declared, sorted(seen, key=lambda pair: declared.views.index(pair[0])))

    for key in known:
        # What two listings tell differently is looked up too: a third view says which of them differs.
        if any(len(set(map(_frozen_value, told))) > 1 for told in _all_told(_sights(declared, listings, key))):
            examine(key)
    if any(view.looked_up for view in declared.views):
        keys = list(known)
        for key in dict.fromkeys((keys[0], keys[-1])):
            examine(key)
        examination.run.explore(st.sampled_from(keys), examine, declared.examples / examination.run.profile.examples)


def _sights(declared: Views, listings: list[dict[Any, Seen]], key: Any) -> list[tuple[View, Seen]]:
    pairs = zip(_listed(declared), listings, strict=True)
    return [(view, listing[key]) for view, listing in pairs if key in listing]


def _listed(declared: Views) -> tuple[View, ...]:
    return tuple(view for view in declared.views if view.listed)


def _listing(examination: Examination, declared: Views, view: View) -> dict[Any, Seen]:
    assert view.listed  # noqa: S101 - only such views are asked
    found: dict[Any, Seen] = {}
    for seen in view.listed(examination):
        key = next(every(seen.item, view.names[declared.key]), None)
        if key is not None:
            found.setdefault(key, seen)
    return found


def _all_told(seen: list[tuple[View, Seen]]) -> Iterator[list[_Told]]:
    """Give for each name what the views tell of it."""
    for name in dict.fromkeys(name for view, _ in seen for name in view.names):
        yield [one for view, sight in seen for one in _tell(view, sight, name)]


def _compare(examination: Examination, declared: Views, seen: list[tuple[View, Seen]]) -> None:
    for told in _all_told(seen):
        counted = Counter(map(_frozen_value, told))
        if len(counted) > 1:
            raise _difference(examination, declared, told, counted)


def _tell(view: View, seen: Seen, name: str) -> Iterator[_Told]:
    path = view.names.get(name)
    if path is None:
        return
    found = list(every(seen.item, path))
    if not found:
        return
    form = (view.forms or {}).get(name)
    value = found if "[]" in path else found[0]
    value = form(value) if form else value
    if form is None or value is not None:
        yield _Told(view, seen, f"{seen.path}.{path}" if seen.path and path else seen.path or path, value)


def _frozen_value(told: _Told) -> bytes:
    return orjson.dumps(told.value, option=orjson.OPT_SORT_KEYS)


def _difference(examination: Examination, declared: Views, told: list[_Told], counted: Counter[bytes]) -> Exception:
    suspects = {finding.operation for finding in examination.run.findings.every()}

    def standing(one: _Told) -> tuple[int, bool, bool, int]:
        return counted[_frozen_value(one)], one.view.trusted, one.view.operation not in suspects, -told.index(one)

    right = max(told, key=standing)
    wrong = min((one for one in told if _frozen_value(one) != _frozen_value(right)), key=standing)
    place = examination.client.contract.surface.location(right.view.operation, right.place)
    where, expected, observed = difference(right.value, wrong.value)
    return examination.broken(
        [right.seen.answer, wrong.seen.answer],
        wrong.place + where,
        f"{expected!r}, as {place} has it",
        repr(observed),
        source=declared.source,
    )


def _declared(contract: Contract) -> tuple[Views, ...]:
    return contract.declared(Views)


CHECKS = (Check("agreement.views", "state", "One thing seen in several places is one thing.", _declared, _views),)
