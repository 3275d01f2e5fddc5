"""Twists and rules of OXOMI's mock that several files of drifts share."""

from collections.abc import Callable
from functools import partial
from typing import Any

from apitwin_contracts.mutants.asked import Asked
from apitwin_contracts.mutants.mutant import Stage
from apitwin_contracts.mutants.places import Change
from apitwin_contracts.mutants.stage import ruled
from apitwin_contracts.mutants.twist import Forward, Twist, answered, staged, values
from apitwin_fixtures import Exchange

__all__ = ["ALL", "SPXS", "SYNCS", "answer_changed", "rule", "twisted", "value_changed"]
SYNCS = ("sync_v3", "sync_v2", "sync_v1")
SPXS = ("spx_v3", "spx_v2")
ALL = " ".join((*SYNCS, *SPXS, "update_sync_date"))
rule = partial(ruled, "oxomi")


def twisted(make: Callable[[], Twist]) -> Stage:
    """Give a stage of a twist that remembers something."""
    return staged("oxomi", make)


def _for_each(operations: str, make: Callable[[str], Twist]) -> Twist:

    def twist(asked: Asked, request: Any, forward: Forward) -> Exchange:
        return (
            make(asked.operation)(asked, request, forward)
            if asked.operation in operations.split()
            else forward(request)
        )

    return twist


def value_changed(operations: str, path: str, change: Change, **when: Any) -> Stage:
    """Give a stage on which the values at a path of operations are changed."""
    return twisted(lambda: _for_each(operations, lambda name: values(name, path, change, **when)))


def answer_changed(operations: str, change: Change, **when: Any) -> Stage:
    """Give a stage on which operations' answers are changed as a whole."""
    return twisted(lambda: _for_each(operations, lambda name: answered(name, change, **when)))
