"""Laws of equivalence: what means the same is answered the same, whenever it is asked and whatever else is selected."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Contract, Operation
from apitwin_contracts.drift import CATEGORIES, Category
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.paths import difference, every
from apitwin_contracts.run import Run
from apitwin_contracts.surfaces.several import part_of
from apitwin_fixtures import ASSUMED, Request, Source

__all__ = ["CHECKS", "Equivalent"]

_TIMES, _SINGLY = 4, 40


@dataclass(frozen=True)
class Equivalent:
    """Two ways of asking that mean the same; `pairs` generates them, `path` is what of the answers is equal.

    `otherwise` changes the second request itself, where the difference lies in how it is sent.
    """

    name: str
    operation: str
    pairs: Callable[[Run], SearchStrategy[tuple[Arguments, Arguments]]]
    path: str = ""
    otherwise: Callable[[Request], Request] | None = None
    share: float = 0.2
    changes_state: bool = False
    category: Category = "paging"
    source: Source = ASSUMED


def _equivalent(examination: Examination, declared: Equivalent) -> None:
    client = examination.client

    def examine(pair: tuple[Arguments, Arguments]) -> None:
        one, other = pair
        first = examination.must(declared.operation, one)
        if declared.otherwise:
            request = declared.otherwise(client.signed(client.request(declared.operation, other)))
            second = client.send(declared.operation, request, other)
        else:
            second = client.ask(declared.operation, other)
        if not second.ok:
            expected, observed = f"the answer to {one}", second.recognition.detail or second.outcome
            raise examination.broken([first, second], declared.path, expected, observed, source=declared.source)
        _same(examination, (first, second), declared.path, f"what {one} answers, for {other}", declared.source)

    examination.run.explore(declared.pairs(examination.run), examine, declared.share)


def _same(examination: Examination, answers: tuple[Answer, Answer], path: str, expected: str, source: Source) -> None:
    first, second = (list(every(answer.payload, path)) for answer in answers)
    if first != second:
        where, wanted, observed = difference(first, second)
        place = path + where.removeprefix("[]") if path else where.removeprefix("[]").lstrip(".")
        raise examination.broken(answers, place, f"{expected}: {wanted!r}", repr(observed), source=source)


def _repeated(examination: Examination, operation: Operation) -> None:
    arguments = operation.examples(examination.run)
    answers = [examination.must(operation.name, arguments) for _ in range(_TIMES)]
    for answer in answers[1:]:
        _same(examination, (answers[0], answer), "", "the same answer to the same question", operation.source)


def _selection(examination: Examination, operation: Operation) -> None:
    client, part = examination.client, part_of(examination.run.contract.surface, operation.name)
    assert part  # noqa: S101 - `_selectable` gives no other
    surface, name = part
    arguments = operation.examples(examination.run)
    whole = examination.must(operation.name, arguments)
    leaves = [path for path in surface.leaves(name) if path]
    if len(leaves) < 2:  # noqa: PLR2004 - of one leaf nothing can be left out
        raise NothingToExamine(f"{operation.name} has nothing to select from")

    def examine(chosen: frozenset[str]) -> None:
        request = surface.post(surface.path, surface.document(name, arguments, chosen), arguments)
        answer = client.send(operation.name, client.signed(request), arguments)
        expected = _selected(whole.payload, chosen)
        if answer.ok and answer.payload != expected:
            where, wanted, observed = difference(expected, answer.payload)
            text = f"{wanted!r}, as when everything is selected"
            raise examination.broken([whole, answer], where.lstrip("."), text, repr(observed), source=operation.source)

    # What kinds of things they are is asked once: the shape of the answer holds it.
    kinds = frozenset(f"{leaf.rpartition('.')[0]}.__typename".lstrip(".") for leaf in leaves)
    named = surface.post(surface.path, surface.document(name, arguments, kinds), arguments)
    client.send(operation.name, client.signed(named), arguments)
    for leaf in leaves[:_SINGLY]:
        examine(frozenset({leaf}))
    examination.run.explore(st.frozensets(st.sampled_from(leaves), min_size=2), examine, 0.1)


def _selected(value: Any, chosen: frozenset[str]) -> Any:
    """Give what a selection of leaves leaves of a whole payload."""
    if isinstance(value, list):
        return [_selected(item, chosen) for item in value]
    if not isinstance(value, dict):
        return value
    heads: dict[str, set[str]] = {}
    for path in chosen:
        head, _, rest = path.partition(".")
        heads.setdefault(head, set()).add(rest)
    kept = {key: part for key, part in value.items() if key in heads}
    return {key: part if "" in heads[key] else _selected(part, frozenset(heads[key])) for key, part in kept.items()}


def _of(category: Category) -> Callable[[Contract], tuple[Equivalent, ...]]:
    return lambda contract: tuple(one for one in contract.declared(Equivalent) if one.category == category)


def _reads(contract: Contract) -> Iterator[Operation]:
    return (operation for operation in contract.operations if operation.kind == "read")


def _selectable(contract: Contract) -> Iterator[Operation]:
    return (operation for operation in _reads(contract) if part_of(contract.surface, operation.name))


CHECKS = (
    *(
        Check(
            f"equivalence.{category}", category, "What means the same is answered the same.", _of(category), _equivalent
        )
        for category in CATEGORIES
    ),
    Check(
        "equivalence.repeated",
        "state",
        "The same question has the same answer, until something changes.",
        _reads,
        _repeated,
    ),
    Check(
        "equivalence.selection",
        "schema",
        "A field's value does not depend on what else is selected.",
        _selectable,
        _selection,
        tries_many=True,
    ),
)
