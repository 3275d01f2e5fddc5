"""A target against itself: two clients of one target read the same, and what differs then is noise."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from apitwin_contracts.drift import CaseResult
from apitwin_contracts.suite.cases import Case

from .comparing import Comparison
from .doubts import differing
from .noise import Noise
from .runner import Asked, target_side

__all__ = ["calibrate"]

_TIMES = 2


def calibrate(asked: Asked, cases: Iterable[Case], heard: Callable[[CaseResult], None] = lambda _result: None) -> Noise:
    """Let two clients play what only reads, twice over, and give the places that differ; what a write changes is no noise.

    Raises `UnreachableError`.
    """
    noise = Noise()
    reading = [case for case in cases if not case.changes_state]
    for _ in range(_TIMES):
        first, second = (target_side(replace(asked, read_only=True)) for _ in range(2))
        by = Comparison()
        for case in reading:
            here, there = first.play(case), second.play(case)
            for found in differing(here, there, by):
                why = f"it was {found.expected} for one client and {found.observed} for another, asked the same"
                noise.learn(found.operation, found.place, [found.kind], why)
            place = (case.supplier, case.category, case.check.id, case.id)
            heard(CaseResult(*place, "passed", "", (), len(here.sent) + len(there.sent)))
    return noise
