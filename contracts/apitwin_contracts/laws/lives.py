"""Laws of the life of a thing: what was created is there as it was written, what was changed is changed alone, what was deleted is gone."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Contract
from apitwin_contracts.paths import at
from apitwin_contracts.run import Run
from apitwin_fixtures import ASSUMED, Source

__all__ = ["CHECKS", "Life", "Way"]


@dataclass(frozen=True)
class Life:
    """One kind of thing that can be created and read: `created` makes arguments, `written` gives the values in them.

    `read` is (operation, arguments of a key, path of the thing), `listed` the like for a list; `changed` makes arguments that change a
    thing, and the values; `deleted` those that delete it. `moving` names what changes of itself.
    """

    name: str
    operation: str
    created: Callable[[Run], Arguments]
    written: Callable[[Arguments], Mapping[str, Any]]
    item: str
    key: str
    read: "Way"
    update: str = ""
    changed: Callable[[Run, Any], tuple[Arguments, Mapping[str, Any]]] | None = None
    delete: str = ""
    deleted: Callable[[Run, Any], Arguments] | None = None
    moving: tuple[str, ...] = ()
    source: Source = ASSUMED
    changes_state = True


Way = tuple[str, Callable[[Run, Any], Arguments], str, bool]
"""An operation that shows a thing, its arguments for a key, the path of the thing or of the list, and whether it is a list."""


def _made(examination: Examination, declared: Life) -> tuple[Answer, Any, Mapping[str, Any]]:
    arguments = declared.created(examination.run)
    answer = examination.must(declared.operation, arguments)
    key = at(answer.at(declared.item), declared.key)
    if key is None:
        raise examination.broken(
            [answer], _inside(declared.item, declared.key), "a key", "none", source=declared.source
        )
    return answer, key, declared.written(arguments)


def _inside(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _read(examination: Examination, declared: Life, key: Any, *, must: bool = True) -> tuple[Answer, Any]:
    operation, arguments, path, is_list = declared.read
    asked = arguments(examination.run, key)
    answer = examination.must(operation, asked) if must or is_list else examination.ask(operation, **asked)
    if is_list:
        return answer, next((item for item in answer.every(path) if at(item, declared.key) == key), None)
    return answer, answer.at(path) if answer.ok else None


def _hold(
    examination: Examination, declared: Life, answers: list[Answer], shown: Any, values: Mapping[str, Any]
) -> None:
    path = declared.read[2] if answers[-1].operation == declared.read[0] else declared.item
    if not isinstance(shown, Mapping):
        raise examination.broken(
            answers, path, "what was written", "not there", source=declared.source, by=answers[0].operation
        )
    for name, value in values.items():
        if name in shown and name not in declared.moving and shown[name] != value:
            place = _inside(path, name)
            raise examination.broken(
                answers, place, repr(value), repr(shown[name]), source=declared.source, by=answers[0].operation
            )


def _created(examination: Examination, declared: Life) -> None:
    answer, key, written = _made(examination, declared)
    try:
        _hold(examination, declared, [answer], answer.at(declared.item), written)
        read, shown = _read(examination, declared, key)
        _hold(examination, declared, [answer, read], shown, written)
    finally:
        _tidy(examination, declared, key)


def _updated(examination: Examination, declared: Life) -> None:
    answer, key, _ = _made(examination, declared)
    assert declared.changed  # noqa: S101 - `_that` gives no other
    try:
        _, before = _read(examination, declared, key)
        arguments, values = declared.changed(examination.run, key)
        changed = examination.must(declared.update, arguments)
        read, after = _read(examination, declared, key)
        _hold(examination, declared, [changed, read], after, values)
        kept = {
            name: value
            for name, value in (before or {}).items()
            if name not in values and not isinstance(value, dict | list)
        }
        _hold(examination, declared, [changed, read], after, kept)
    finally:
        _tidy(examination, declared, key)
    del answer


def _deleted(examination: Examination, declared: Life) -> None:
    answer, key, _ = _made(examination, declared)
    assert declared.deleted  # noqa: S101 - `_that` gives no other
    deleted = examination.must(declared.delete, declared.deleted(examination.run, key))
    read, shown = _read(examination, declared, key, must=False)
    if shown is not None:
        raise examination.broken(
            [answer, deleted, read],
            declared.read[2],
            "nothing",
            "what was deleted",
            source=declared.source,
            by=declared.delete,
        )


def _tidy(examination: Examination, declared: Life, key: Any) -> None:
    if declared.deleted:
        examination.ask(declared.delete, **declared.deleted(examination.run, key))


def _that(has: Callable[[Life], object]) -> Callable[[Contract], Iterator[Life]]:
    return lambda contract: (life for life in contract.declared(Life) if has(life))


CHECKS = (
    Check(
        "life.created",
        "state",
        "What was created is there, as it was written.",
        _that(lambda life: life.created),
        _created,
        changes_state=True,
    ),
    Check(
        "life.updated",
        "state",
        "What was changed is changed, and nothing else of it.",
        _that(lambda life: life.changed),
        _updated,
        changes_state=True,
    ),
    Check(
        "life.deleted",
        "state",
        "What was deleted is gone.",
        _that(lambda life: life.deleted),
        _deleted,
        changes_state=True,
    ),
)
