"""The findings of a run, each cause once, with its lightest reproducer."""

from collections.abc import Iterator

from .finding import CATEGORIES, Finding

__all__ = ["Findings"]

_SEVERITIES = ("breaking", "dangerous", "additive")


class Findings:
    """Findings by fingerprint; of two with the same the one with the lighter reproducer stays."""

    def __init__(self) -> None:
        self._by_fingerprint: dict[str, Finding] = {}

    def add(self, finding: Finding) -> bool:
        """Note a finding; tell whether its fingerprint is new."""
        known = self._by_fingerprint.get(finding.fingerprint)
        if known is None or (finding.steps and finding.weight < known.weight):
            self._by_fingerprint[finding.fingerprint] = finding
        return known is None

    def __iter__(self) -> Iterator[Finding]:
        def rank(finding: Finding) -> tuple[int, int, str, str]:
            category = CATEGORIES.index(finding.category)
            return _SEVERITIES.index(finding.severity), category, finding.operation, finding.location

        return iter(sorted(self._by_fingerprint.values(), key=rank))

    def __len__(self) -> int:
        return len(self._by_fingerprint)
