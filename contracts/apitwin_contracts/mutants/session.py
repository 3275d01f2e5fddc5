"""A run over mutants: first every supplier undrifted, then each mutant, and every supplier again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import get_args

from apitwin_contracts.drift import Control, Goal, Harvest, Trial
from apitwin_contracts.errors import UsageError
from apitwin_contracts.nearest import unknown
from apitwin_contracts.run import PROFILES

from .catalogue import NotApplicable, mutants_of, not_applicable
from .crew import Broken, Crew, Job, Overdue
from .mutant import Mutant
from .trial import By, Course

__all__ = ["Wanted", "check_way", "run_mutants", "select"]

_ROOM = 5.0
_LEAST_PATIENCE = 60.0


@dataclass(frozen=True)
class Wanted:
    """What to try: suppliers, names (categories, ids or patterns; none means all), and how."""

    suppliers: tuple[str, ...]
    only: tuple[str, ...] = ()
    profile: str = "ci"
    seed: int = 0
    jobs: int = 1
    goal: Goal = field(default_factory=Goal)
    by: By = "check"


Chosen = tuple[list[Mutant], list[NotApplicable]]


def check_way(text: str) -> By:
    """Read who is to look at the mutants; raises `UsageError` for an unknown word."""
    known: dict[str, By] = {way: way for way in get_args(By)}
    if text not in known:
        raise UsageError(unknown("way to notice", text, known))
    return known[text]


def select(wanted: Wanted) -> Chosen:
    """Choose mutants, and those that a supplier cannot have; raises `UsageError` for a name that fits none of either, or an unknown profile."""
    if wanted.profile not in PROFILES:
        raise UsageError(unknown("profile", wanted.profile, PROFILES))
    mutants = [mutant for supplier in wanted.suppliers for mutant in mutants_of(supplier, wanted.seed)]
    others = [one for supplier in wanted.suppliers for one in not_applicable(supplier, wanted.seed)]
    everything: list[Mutant | NotApplicable] = [*mutants, *others]
    for text in wanted.only:
        if not any(_fits(one, (text,)) for one in everything):
            known = dict.fromkeys(name for one in everything for name in (one.category, one.id))
            raise UsageError(unknown("mutant", text, known))
    chosen = [mutant for mutant in mutants if _fits(mutant, wanted.only)]
    return chosen, [one for one in others if _fits(one, wanted.only)]


def _fits(one: Mutant | NotApplicable, texts: Sequence[str]) -> bool:
    names = (one.category, one.id, one.name, one.of)
    return not texts or any(fnmatchcase(name.lower(), text.lower()) for text in texts for name in names)


def run_mutants(wanted: Wanted, chosen: Chosen, harvest: Harvest) -> Iterator[Control | Trial | Broken]:
    """Fill a harvest, telling each part as it comes; a supplier that does not hold undrifted ends the run before its mutants."""
    mutants, others = chosen
    suppliers = dict.fromkeys(mutant.supplier for mutant in mutants)
    course = Course(wanted.profile, wanted.seed, by=wanted.by)
    with Crew(wanted.jobs) as crew:
        for result in crew.results(Job("control", supplier, course) for supplier in suppliers):
            told = _told(result, {})
            if isinstance(told, Control):
                harvest.controls.append(told)
            yield told
        if len(harvest.controls) < len(suppliers) or not all(control.clean for control in harvest.controls):
            return
        harvest.trials += [_untried(one) for one in others]
        by_name = {mutant.name: mutant for mutant in mutants}
        for result in crew.results(_jobs(mutants, harvest.controls, course)):
            told = _told(result, by_name)
            if isinstance(told, Trial):
                harvest.trials.append(told)
            yield told
        for result in crew.controls():
            told = _told(result, {})
            if isinstance(told, Control):
                harvest.afterwards.append(told)
            yield told


def _jobs(mutants: Iterable[Mutant], controls: Iterable[Control], course: Course) -> list[Job]:
    courses = {
        control.supplier: replace(
            course, costs=control.costs, patience=max(_LEAST_PATIENCE, _ROOM * sum(control.costs.values()))
        )
        for control in controls
    }
    return [Job("mutant", mutant.supplier, courses[mutant.supplier], mutant.name) for mutant in mutants]


def _told(result: Control | Trial | Broken | Overdue, mutants: dict[str, Mutant]) -> Control | Trial | Broken:
    if isinstance(result, (Control, Trial)):
        return result
    said = result.traceback if isinstance(result, Broken) else "it did not come back in time"
    mutant = mutants.get(result.job.mutant)
    if mutant is None:
        return Broken(result.job, said)
    parts = (mutant.name, mutant.supplier, mutant.category, mutant.severity, mutant.promise)
    return Trial(*parts, "crashed" if isinstance(result, Broken) else "survived", said)


def _untried(one: NotApplicable) -> Trial:
    return Trial(one.name, one.supplier, one.category, one.severity, one.promise, "not applicable", one.reason)
