"""Where two replies to the same request differ, as data."""

import re
from dataclasses import dataclass
from typing import Literal

__all__ = ["OF_STATE", "OF_WORLD", "SHAPES", "Difference", "Kind"]

Kind = Literal[
    "status",
    "header",
    "media",
    "absent",
    "added",
    "type",
    "form",
    "value",
    "count",
    "order",
    "time",
    "body",
    "hook",
    "slow",
]
SHAPES: frozenset[Kind] = frozenset({"header", "media", "absent", "added", "type", "form", "hook", "slow"})
"""Kinds that leave the two worlds alike: what comes after them can still be compared."""

OF_STATE: frozenset[Kind] = frozenset({"value", "time", "count", "order"})
"""Kinds that also come of what happened to a target before."""

OF_WORLD: frozenset[Kind] = frozenset({*OF_STATE, "form", "type"})
"""Kinds that also come of other entities in the same places."""


@dataclass(frozen=True)
class Difference:
    """One place in the replies of one operation, and what stood there on the mock and on the target."""

    operation: str
    place: str
    kind: Kind
    expected: str
    observed: str

    @property
    def is_of_shape(self) -> bool:
        """Whether it is one between any two worlds; that something is null in one of them is none."""
        return self.kind not in OF_WORLD or (self.kind == "type" and "null None" not in (self.expected, self.observed))

    @property
    def key(self) -> tuple[str, str, str]:
        """What stays the same when the difference is seen again, with other values or in another item."""
        family = "value" if self.kind in OF_STATE else self.kind
        return self.operation, re.sub(r"\[\d+\]", "[]", self.place), family
