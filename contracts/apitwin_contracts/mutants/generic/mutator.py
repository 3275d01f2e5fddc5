"""What a generic mutator is: one way to drift, with the places of a supplier's contract where it can."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random

from apitwin_contracts.drift import Category, Severity
from apitwin_contracts.mutants.mutant import Mutant, NotApplicable, Stage

from .ground import Ground

__all__ = ["Found", "Made", "Mutator", "NothingToDrift", "Spot", "made_of"]


class NothingToDrift(Exception):  # noqa: N818 - an outcome, no failure
    """A mutator has no place in a supplier's contract; the text is the reason."""


@dataclass(frozen=True)
class Spot:
    """One place to drift; `subject` names it within the supplier, and `equivalent` is as a mutant's."""

    subject: str
    operations: tuple[str, ...]
    stage: Stage
    place: str = ""
    checks: tuple[str, ...] = ()
    equivalent: str = ""


Found = Callable[[Ground], Iterable[Spot]]


@dataclass(frozen=True)
class Mutator:
    """One way to drift; `spots` gives the candidates or raises `NothingToDrift`, of which the seed chooses at most `most`."""

    id: str
    category: Category
    severity: Severity
    promise: str
    spots: Found
    most: int = 2


Made = tuple[list[Mutant], list[NotApplicable]]
_NOWHERE = "no recorded answer has a place for it"


def made_of(mutators: Iterable[Mutator], ground: Ground, seed: int) -> Made:
    """Make a supplier's generic mutants, and tell which mutators make none."""
    mutants: list[Mutant] = []
    none: list[NotApplicable] = []
    for mutator in mutators:
        about = (mutator.category, mutator.severity, mutator.promise)
        try:
            spots = _chosen(list(mutator.spots(ground)), mutator, ground.supplier, seed)
        except NothingToDrift as nothing:
            none.append(NotApplicable(mutator.id, ground.supplier, *about, str(nothing)))
            continue
        mutants += [_mutant(mutator, ground.supplier, spot) for spot in spots]
        if not spots:
            none.append(NotApplicable(mutator.id, ground.supplier, *about, _NOWHERE))
    return mutants, none


def _chosen(spots: list[Spot], mutator: Mutator, supplier: str, seed: int) -> list[Spot]:
    """Choose by the seed, of different operations where there are several."""
    Random(f"{seed}:{supplier}:{mutator.id}").shuffle(spots)
    chosen: list[Spot] = []
    for again in (False, True):
        for spot in spots:
            known = any(spot.operations == other.operations for other in chosen)
            same = any(spot.subject == other.subject for other in chosen)
            if len(chosen) < mutator.most and not same and (again or not known):
                chosen.append(spot)
    return sorted(chosen, key=lambda spot: spot.subject)


def _mutant(mutator: Mutator, supplier: str, spot: Spot) -> Mutant:
    name = f"{mutator.id}:{spot.subject}" if spot.subject else mutator.id
    return Mutant(
        name,
        supplier,
        mutator.category,
        mutator.severity,
        spot.operations,
        spot.place,
        spot.checks,
        spot.stage,
        of=mutator.id,
        promise=f"{mutator.promise} ({spot.subject})" if spot.subject else mutator.promise,
        equivalent=spot.equivalent,
    )
