"""The findings of a run, each cause once, with its lightest reproducer."""

import re
from collections.abc import Iterator
from dataclasses import replace

from .finding import CATEGORIES, Finding

__all__ = ["Findings"]

_SEVERITIES = ("breaking", "dangerous", "additive")
_ROOT = re.compile(r"^(\w+:)?(Query|Mutation)\.")
_SHOWN = 6
_CODE = re.compile(r"#[A-Z][A-Z0-9_]*$")
_Cause = tuple[str, str, str]


class Findings:
    """Findings by fingerprint; of two with the same the one with the lighter reproducer stays.

    What several operations show alike, such as a header that all of them lack, is one finding when the findings are told: that of the first.
    """

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

        causes: dict[_Cause, list[Finding]] = {}
        for finding in sorted(self._by_fingerprint.values(), key=rank):
            causes.setdefault(_cause(finding), []).append(finding)
        return (_told(alike) for alike in causes.values())

    def __len__(self) -> int:
        return len({_cause(finding) for finding in self._by_fingerprint.values()})


def _cause(finding: Finding) -> _Cause:
    """Give what two findings share that show the same thing in two operations, or in two refusals that differ in the same way."""
    place = _ROOT.sub("", finding.location)
    place = place.replace(finding.operation, "*") if finding.operation else place
    if finding.check == "error.provoked":
        return finding.check, _CODE.sub("", place), finding.expected.partition(": ")[2]
    return finding.check, finding.severity, place


def _told(alike: list[Finding]) -> Finding:
    first, *others = alike
    if not others:
        return first
    places = list(dict.fromkeys(finding.location for finding in others))
    more = f" and {len(places) - _SHOWN} more places" if len(places) > _SHOWN else ""
    return replace(first, observed=f"{first.observed} (and so at {', '.join(places[:_SHOWN])}{more})")
