"""Laws of state: what was written can be read, what was refused changed nothing, what was taken is gone, what is due comes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Contract
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.paths import at
from apitwin_contracts.run import Run
from apitwin_fixtures import ASSUMED, Source

__all__ = ["CHECKS", "Counted", "Due", "NoEffect", "Reading", "Repeated", "Written"]

_GONE = object()


@dataclass(frozen=True)
class Reading:
    """One read of state: an operation, its arguments, and the path of the items it lists."""

    operation: str
    items: str
    arguments: Arguments = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """What an operation wrote appears where it can be read: `reading` from its answer, `matches` finds it, `same` gives (path, expected) of it.

    `fresh` declares that the item was not there before and stands alone. Where `key` tells items apart, all others stay as they were in
    the reading `before`, and of an item that was there only what `touched` names may change.
    """

    name: str
    operation: str
    asked: Callable[[Run], SearchStrategy[Arguments]]
    reading: Callable[[Answer], Reading]
    matches: Callable[[Answer, Any], bool]
    same: Callable[[Answer, Any], Iterable[tuple[str, object]]]
    details: Callable[[Examination, Answer, Any], None] | None = None
    fresh: bool = True
    key: str = ""
    before: Reading | None = None
    touched: Callable[[Arguments], Iterable[str]] = field(default=lambda _arguments: ())
    share: float = 0.3
    source: Source = ASSUMED
    changes_state = True


@dataclass(frozen=True)
class Repeated:
    """The same asked twice is done twice: `matches` finds two items in the reading, told apart by `key`."""

    name: str
    operation: str
    asked: Callable[[Run], SearchStrategy[Arguments]]
    reading: Reading
    matches: Callable[[Answer, Any], bool]
    key: str
    share: float = 0.1
    source: Source = ASSUMED
    changes_state = True


@dataclass(frozen=True)
class NoEffect:
    """An operation that must change nothing: the readings before and after are equal; `outcome` is what it answers (`ok` or a code)."""

    name: str
    operation: str
    asked: Callable[[Run], SearchStrategy[Arguments]]
    readings: tuple[Reading, ...]
    outcome: str = "ok"
    source: Source = ASSUMED
    changes_state = True


@dataclass(frozen=True)
class Counted:
    """A quantity that an operation moves: `amounts` reads it by key, `moved` says by how much each key must have moved, the others by nothing."""

    name: str
    operation: str
    asked: Callable[[Run], SearchStrategy[Arguments]]
    amounts: Callable[[Examination, Arguments], tuple[Answer, Mapping[str, int]]]
    moved: Callable[[Arguments, Answer, Mapping[str, int]], Mapping[str, int]]
    path: str
    share: float = 0.3
    source: Source = ASSUMED
    changes_state = True


@dataclass(frozen=True)
class Due:
    """What comes with time: after an operation and a step of the clock, `holds` finds (path, expected, observed) in a reading's answer."""

    name: str
    operation: str
    asked: Callable[[Run], SearchStrategy[Arguments]]
    after: timedelta
    read: Callable[[Examination, Answer], Answer]
    holds: Callable[[Answer, Answer], Iterable[tuple[str, object, object]]]
    before: Callable[[Answer, Answer], Iterable[tuple[str, object, object]]] | None = None
    share: float = 0.1
    source: Source = ASSUMED
    changes_state = True


def _read(examination: Examination, reading: Reading) -> Answer:
    return examination.must(reading.operation, reading.arguments)


def _written(examination: Examination, declared: Written) -> None:
    def examine(arguments: Arguments) -> None:
        earlier = _read(examination, declared.before) if declared.before else None
        answer = examination.must(declared.operation, arguments)
        reading = declared.reading(answer)
        listed = _read(examination, reading)
        found = [item for item in listed.every(reading.items) if declared.matches(answer, item)]
        if not found or (declared.fresh and len(found) > 1):
            observed = "not there" if not found else f"{len(found)} times"
            text = "what was written, once" if declared.fresh else "what was written"
            raise examination.broken([answer, listed], reading.items, text, observed, source=declared.source)
        for path, expected in declared.same(answer, found[0]):
            observed = at(found[0], path)
            if observed != expected:
                raise examination.broken(
                    [answer, listed], _inside(reading.items, path), expected, observed, source=declared.source
                )
        if earlier is not None:
            _others_stay(examination, declared, earlier, answer, listed)
        if declared.details:
            declared.details(examination, answer, found[0])

    examination.run.explore(declared.asked(examination.run), examine, declared.share)


def _others_stay(examination: Examination, declared: Written, earlier: Answer, answer: Answer, later: Answer) -> None:
    items = declared.reading(answer).items
    before, after = ([*listed.every(items)] for listed in (earlier, later))
    known = {at(item, declared.key): item for item in after}
    twice = len(known) < len(after)
    there = {at(item, declared.key) for item in before}
    more = [key for key, item in known.items() if key not in there and not declared.matches(answer, item)]
    if more:
        text = f"what {declared.operation} wrote, and each item as before"
        raise examination.broken([earlier, answer, later], items, text, f"{more[0]} as well", source=declared.source)
    # A page that is full pushes its last item to the next one.
    kept = before[:-1] if declared.fresh and len(before) >= len(after) else before
    for item in kept:
        key = at(item, declared.key)
        touched = set(declared.touched(dict(answer.arguments))) if declared.matches(answer, item) else set()
        now = known.get(key, {})
        changed = [name for name in item if name not in touched and item[name] != now.get(name, _GONE)]
        if twice or key not in known or changed:
            observed = "an item twice" if twice else f"{key} is gone" if key not in known else repr(now.get(changed[0]))
            place = _inside(items, changed[0]) if changed and key in known else items
            expected = f"{item[changed[0]]!r}, as before" if changed and key in known else "each item as before"
            raise examination.broken([earlier, answer, later], place, expected, observed, source=declared.source)


def _repeated(examination: Examination, declared: Repeated) -> None:
    def examine(arguments: Arguments) -> None:
        answers = [examination.must(declared.operation, arguments) for _ in range(2)]
        listed = _read(examination, declared.reading)
        found = [item for item in listed.every(declared.reading.items) if declared.matches(answers[0], item)]
        keys = {at(item, declared.key) for item in found}
        if len(found) != len(answers) or len(keys) != len(answers):
            text = f"{declared.operation} asked twice to be done twice"
            observed = f"{len(found)} items with {len(keys)} keys"
            raise examination.broken([*answers, listed], declared.reading.items, text, observed, source=declared.source)

    examination.run.explore(declared.asked(examination.run), examine, declared.share)


def _inside(items: str, path: str) -> str:
    return f"{items}.{path}" if items else path


def _no_effect(examination: Examination, declared: NoEffect) -> None:
    def examine(arguments: Arguments) -> None:
        before = [_read(examination, reading) for reading in declared.readings]
        answer = examination.client.ask(declared.operation, arguments)
        if answer.outcome != declared.outcome:
            observed = answer.recognition.detail or answer.outcome
            raise examination.broken([answer], "", declared.outcome, observed, source=declared.source)
        for earlier, reading in zip(before, declared.readings, strict=True):
            later = _read(examination, reading)
            if earlier.every(reading.items) != later.every(reading.items):
                text = f"{declared.operation} to change nothing here"
                raise examination.broken(
                    [earlier, answer, later],
                    reading.items,
                    text,
                    "a change",
                    source=declared.source,
                    by=declared.operation,
                )

    examination.run.explore(declared.asked(examination.run), examine, 0.2)


def _counted(examination: Examination, declared: Counted) -> None:
    def examine(arguments: Arguments) -> None:
        first, before = declared.amounts(examination, arguments)
        answer = examination.must(declared.operation, arguments)
        last, after = declared.amounts(examination, arguments)
        moved = declared.moved(arguments, answer, before)
        for key in before:
            step = moved.get(key, 0)
            expected, observed = before[key] + step, after.get(key)
            if observed != expected:
                text = f"{expected} of {key} after {before[key]} moved by {step}"
                raise examination.broken(
                    [first, answer, last],
                    declared.path,
                    text,
                    observed,
                    source=declared.source,
                    by=declared.operation,
                )

    examination.run.explore(declared.asked(examination.run), examine, declared.share)


def _due(examination: Examination, declared: Due) -> None:
    if examination.run.read_only or not examination.run.target.clock.movable:
        raise NothingToExamine("the target's clock cannot be moved")

    def examine(arguments: Arguments) -> None:
        answer = examination.must(declared.operation, arguments)
        if declared.before:
            _hold(examination, declared, answer, declared.read(examination, answer), declared.before)
        examination.run.advance(declared.after)
        _hold(examination, declared, answer, declared.read(examination, answer), declared.holds)

    examination.run.explore(declared.asked(examination.run), examine, declared.share)


def _hold(
    examination: Examination,
    declared: Due,
    written: Answer,
    read: Answer,
    holds: Callable[[Answer, Answer], Iterable[tuple[str, object, object]]],
) -> None:
    for path, expected, observed in holds(written, read):
        if expected != observed:
            raise examination.broken([written, read], path, expected, observed, source=declared.source)


def _of(kind: type[Any]) -> Callable[[Contract], tuple[Any, ...]]:
    return lambda contract: contract.declared(kind)


CHECKS = (
    Check(
        "state.read-your-write",
        "state",
        "What was written can be read at once, as it was written.",
        _of(Written),
        _written,
        changes_state=True,
    ),
    Check(
        "state.repeat",
        "state",
        "Whether the same asked twice is done twice must not change silently.",
        _of(Repeated),
        _repeated,
        changes_state=True,
        presupposes=("state.read-your-write",),
    ),
    Check(
        "state.no-effect",
        "state",
        "A rehearsal or a refusal changes nothing.",
        _of(NoEffect),
        _no_effect,
        changes_state=True,
    ),
    Check(
        "state.conservation",
        "state",
        "What one side takes, the other side lacks.",
        _of(Counted),
        _counted,
        changes_state=True,
    ),
    Check(
        "state.due",
        "state",
        "What time brings comes when it is due, and not before.",
        _of(Due),
        _due,
        changes_state=True,
    ),
)
