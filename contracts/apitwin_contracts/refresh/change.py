"""One change between a fixture and what a live target says now."""

import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Literal

__all__ = ["GONE", "Change", "ChangeKind", "Edit", "Instance", "Place", "fingerprint"]

ChangeKind = Literal["new", "gone", "form", "value", "volatile"]
Place = tuple[str | int, ...]


class _Gone:
    """What is not there."""

    def __repr__(self) -> str:
        return "absent"


GONE = _Gone()


@dataclass(frozen=True)
class Edit:
    """How a fixture's content becomes the target's at one place; a last part `+` appends to a list, the value `GONE` removes."""

    place: Place
    value: Any


@dataclass(frozen=True)
class Instance:
    """One spot where a change shows: the concrete place with both values as people read them, and the edit that follows it."""

    at: str
    before: str
    after: str
    edit: Edit | None = None


@dataclass(frozen=True)
class Change:
    """What became of one place of one fixture, in every item alike: `place` is `data.products[].price`, the instances show it."""

    supplier: str
    fixture: str
    kind: ChangeKind
    place: str
    what: str
    instances: tuple[Instance, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits, the same from run to run: made of the fixture, the kind and the place, not of the values."""
        return fingerprint(self.supplier, self.fixture, self.kind, self.place)

    def as_json(self, shown: int = 20) -> dict[str, Any]:
        """Give the form of the report `apitwin/refresh/1`, with a few of the instances."""
        return {
            "fingerprint": self.fingerprint,
            "fixture": self.fixture,
            "kind": self.kind,
            "place": self.place,
            "what": self.what,
            "count": len(self.instances),
            "instances": [{"at": one.at, "before": one.before, "after": one.after} for one in self.instances[:shown]],
        }


def fingerprint(*parts: str) -> str:
    """Give sixteen hexadecimal digits of texts."""
    return blake2b(re.sub(r"\[\d+\]", "[]", "|".join(parts)).encode(), digest_size=8).hexdigest()
