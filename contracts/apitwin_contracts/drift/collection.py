"""The findings of a run, each cause once, with its lightest reproducer."""

from collections.abc import Iterator
from dataclasses import replace

from .causes import by_cause
from .finding import SEVERITIES, Finding

__all__ = ["Findings"]


class Findings:
    """Findings by fingerprint; of two with the same the one with the lighter reproducer stays.

    Iterating tells each cause once: by the finding that explains the others, which stand in its `also`.
    """

    def __init__(self) -> None:
        self._by_fingerprint: dict[str, Finding] = {}
        self._told: list[Finding] | None = None

    def add(self, finding: Finding) -> bool:
        """Note a finding; tell whether its fingerprint is new."""
        known = self._by_fingerprint.get(finding.fingerprint)
        if known is None or (finding.steps and finding.weight < known.weight):
            self._by_fingerprint[finding.fingerprint] = finding
            self._told = None
        return known is None

    def every(self) -> tuple[Finding, ...]:
        """Give every finding, also those that another explains."""
        return tuple(self._by_fingerprint.values())

    def __iter__(self) -> Iterator[Finding]:
        if self._told is None:
            self._told = [_of_cause(group) for group in by_cause(self._by_fingerprint.values())]
        return iter(self._told)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _of_cause(group: list[Finding]) -> Finding:
    """Tell a cause by what explains the rest of it, and as gravely as any of that is."""
    first, *others = group
    gravest = min((finding.severity for finding in group), key=SEVERITIES.index)
    return replace(first, severity=gravest, also=tuple(others)) if others else first
