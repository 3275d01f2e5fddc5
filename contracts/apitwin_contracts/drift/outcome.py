"""What came of a suite: each case's ending, and each supplier's verdict."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

from .collection import Findings
from .finding import Category, Finding

__all__ = ["CaseResult", "Ending", "Outcome", "Setting", "Verdict"]

Ending = Literal["passed", "failed", "skipped", "unreachable", "crashed"]
Verdict = Literal["holds", "drift", "unreachable", "nothing", "crashed"]


@dataclass(frozen=True)
class CaseResult:
    """How one check of one subject ended; `seconds` is what it took, `reason` why it was skipped, unreachable or crashed."""

    supplier: str
    category: Category
    check: str
    name: str
    ending: Ending
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    exchanges: int = 0
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """Give the form in which a worker tells it."""
        plain = {key: value for key, value in vars(self).items() if key != "findings"}
        # The shortened texts of a report would do, but a worker's finding must equal one of our own.
        return {**plain, "findings": [_told(finding) for finding in self.findings]}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "CaseResult":
        """Read the form in which a worker tells it."""
        findings = tuple(Finding.from_json(data["supplier"], told) for told in data["findings"])
        return cls(**{**data, "findings": findings})


def _told(finding: Finding) -> dict[str, Any]:
    texts = {"expected": finding.expected, "observed": finding.observed, "answered": finding.answered}
    return {**finding.as_json(), **texts}


@dataclass(frozen=True)
class Setting:
    """Under which conditions a supplier was examined; `started` is an ISO instant in UTC, empty when nobody looked at a clock."""

    supplier: str
    target: str
    profile: str
    seed: int
    started: str = ""


@dataclass
class Outcome:
    """One supplier's results; `planned` is how many cases were selected."""

    setting: Setting
    planned: int = 0
    seconds: float = 0.0
    results: list[CaseResult] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)

    def add(self, result: CaseResult) -> None:
        """Note one case's ending."""
        self.results.append(result)
        for finding in result.findings:
            self.findings.add(finding)

    def count(self, ending: Ending) -> int:
        """Give how many cases ended so."""
        return sum(result.ending == ending for result in self.results)

    @property
    def run(self) -> int:
        """How many cases looked at something."""
        return self.count("passed") + self.count("failed") + self.count("crashed")

    @property
    def exchanges(self) -> int:
        """How many requests were sent."""
        return sum(result.exchanges for result in self.results)

    @property
    def verdict(self) -> Verdict:
        """What can be said of the supplier: a broken promise outweighs all else, and only a suite that saw something holds."""
        if len(self.findings):
            return "drift"
        if self.count("unreachable"):
            return "unreachable"
        if self.count("crashed"):
            return "crashed"
        return "holds" if self.run else "nothing"

    @property
    def unreachable(self) -> str:
        """Why the target could not be reached, empty when it could."""
        return next((result.reason for result in self.results if result.ending == "unreachable"), "")

    @property
    def crashes(self) -> tuple[CaseResult, ...]:
        """The cases that ended in a bug of ours."""
        return tuple(result for result in self.results if result.ending == "crashed")

    @property
    def skips(self) -> list[tuple[str, int]]:
        """Why cases were skipped, and how many for each reason, most frequent first."""
        return Counter(result.reason for result in self.results if result.ending == "skipped").most_common()

    @property
    def unfinished(self) -> int:
        """How many selected cases never ended."""
        return max(0, self.planned - len(self.results))
