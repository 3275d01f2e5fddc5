"""Any operation after any other, with waits between them and what was made before named in what follows: only lockstep can judge that."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.checks.catalogue import ALL_CHECKS
from apitwin_contracts.contract import Contract, Operation
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.paths import leaves

__all__ = ["LOCKSTEP_CHECKS"]

_LONGEST = 10
_WAITS = (timedelta(seconds=1), timedelta(minutes=2), timedelta(hours=1), timedelta(days=1))
_Step = Operation | timedelta


def _mixed(examination: Examination, contract: Contract) -> None:
    operations = [one for one in contract.operations if one.kind == "read" or not examination.run.read_only]
    waits = _WAITS if examination.run.target.clock.movable else ()
    # A write is as likely as a read, however few there are, and a wait is rare.
    kinds = [st.sampled_from(some) for kind in ("read", "write") if (some := [o for o in operations if o.kind == kind])]
    steps: st.SearchStrategy[_Step] = st.one_of(*kinds, *kinds, *([st.sampled_from(waits)] if waits else []))
    examination.run.explore(st.lists(steps, min_size=2, max_size=_LONGEST), lambda taken: _take(examination, taken))


def _take(examination: Examination, steps: Sequence[_Step]) -> None:
    made: dict[str, Any] = {}
    for step in steps:
        if isinstance(step, timedelta):
            examination.run.advance(step)
            continue
        try:
            arguments = step.examples(examination.run)
        except NothingToExamine:
            continue
        answer = examination.client.ask(step.name, _named(arguments, made))
        if step.kind == "write" and answer.ok:
            made.update(_identities(answer.payload))


def _named(value: Any, made: dict[str, Any]) -> Any:
    """Name what was made before wherever a value of its name and type is asked for."""
    if isinstance(value, dict):
        return {
            key: made[key] if key in made and type(made[key]) is type(inner) else _named(inner, made)
            for key, inner in value.items()
        }
    return [_named(inner, made) for inner in value] if isinstance(value, list) else value


def _identities(payload: Any) -> Iterator[tuple[str, Any]]:
    """Give what a reply calls by a name that is told once, and so stands for the thing itself."""
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for path, value in leaves(payload):
        found[path.rpartition(".")[2].rstrip("[]")].append(value)
    yield from ((key, values[0]) for key, values in found.items() if len(values) == 1 and _is_identity(values[0]))


def _is_identity(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and any(sign.isdigit() for sign in str(value))


MIXED = Check(
    "lockstep.mixed",
    "state",
    "Whatever is asked after whatever else is answered alike by mock and target.",
    lambda contract: (contract,),
    _mixed,
    changes_state=True,
    tries_many=True,
)
LOCKSTEP_CHECKS = (*ALL_CHECKS, MIXED)
"""What drives a comparison: every check as a mere generator, and one that promises nothing and mixes everything."""
