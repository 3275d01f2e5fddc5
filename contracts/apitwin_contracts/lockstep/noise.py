"""What is volatile: places whose values differ between two runs that nothing tells apart."""

from collections.abc import Iterable
from dataclasses import dataclass, field

__all__ = ["Noise"]


@dataclass
class Noise:
    """Places by operation, each with the kinds of difference that mean nothing there."""

    places: dict[tuple[str, str], set[str]] = field(default_factory=dict)

    def covers(self, operation: str, place: str, kind: str) -> bool:
        """Tell whether a difference means nothing."""
        kinds = self.places.get((operation, place), self.places.get(("*", place), set()))
        return kind in kinds or "*" in kinds

    def learn(self, operation: str, place: str, kinds: Iterable[str]) -> None:
        """Take a place for volatile."""
        self.places.setdefault((operation, place), set()).update(kinds)
