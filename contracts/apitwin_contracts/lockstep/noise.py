"""What is volatile: places whose values differ between two runs that nothing tells apart."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

__all__ = ["EVERYWHERE", "Noise", "Volatile"]

EVERYWHERE = "*"


@dataclass(frozen=True)
class Volatile:
    """One place of an operation's replies, the kinds of difference that mean nothing there, and why that is held."""

    operation: str
    place: str
    kinds: frozenset[str]
    why: str


@dataclass
class Noise:
    """Volatile places; an operation or a kind that is `*` stands for all."""

    places: dict[tuple[str, str], Volatile] = field(default_factory=dict)

    def covers(self, operation: str, place: str, kind: str) -> bool:
        """Tell whether a difference means nothing."""
        # What a token claims is part of the token.
        whole = place.partition("(token)")[0]
        known = (self.places.get((name, part)) for name in (operation, EVERYWHERE) for part in (place, whole))
        return any(one and (kind in one.kinds or EVERYWHERE in one.kinds) for one in known)

    def learn(self, operation: str, place: str, kinds: Iterable[str], why: str = "") -> None:
        """Take a place for volatile."""
        before = self.places.get((operation, place))
        known = before.kinds if before else frozenset()
        self.places[operation, place] = Volatile(operation, place, known | {*kinds}, (before and before.why) or why)

    def __iter__(self) -> Iterator[Volatile]:
        return iter(sorted(self.places.values(), key=lambda one: (one.operation, one.place)))

    def __len__(self) -> int:
        return len(self.places)
