"""What came of a run over mutants: each one's fate, the undrifted runs beside them, and the scores."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any, Literal, get_args

from .finding import Category, Finding, Severity

__all__ = ["FATES", "Control", "Fate", "Goal", "Harvest", "HarvestVerdict", "Trial", "score"]

Fate = Literal["killed", "survived", "crashed", "equivalent", "not applicable"]
"""Crashed means that a check of ours broke and nothing was found: a bug of apitwin."""
FATES: tuple[Fate, ...] = get_args(Fate)
HarvestVerdict = Literal["holds", "below", "invalid", "crashed", "nothing"]
_WHOLE = 100.0


@dataclass(frozen=True)
class Trial:
    """One mutant's fate: the check that noticed it and where, or the reason of another fate; `seconds` of wall and of CPU time.

    `steps` are the requests of its reproducer.
    """

    mutant: str
    supplier: str
    category: Category
    severity: Severity
    promise: str
    fate: Fate
    reason: str = ""
    check: str = ""
    location: str = ""
    cases: int = 0
    exchanges: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    steps: int = 0

    def as_json(self) -> dict[str, Any]:
        """Give the form of the report `apitwin/mutants/1`."""
        times = {name: round(getattr(self, name), 3) for name in ("seconds", "cpu_seconds")}
        return {**asdict(self), **times}


@dataclass(frozen=True)
class Control:
    """The undrifted mock of a supplier under the same profile; with a finding or a crash nothing that the run says is worth anything."""

    supplier: str
    cases: int
    exchanges: int
    seconds: float
    cpu_seconds: float
    findings: tuple[Finding, ...] = ()
    crashes: tuple[str, ...] = ()
    costs: dict[str, float] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Whether the mock was told nothing of."""
        return not self.findings and not self.crashes


@dataclass(frozen=True)
class Goal:
    """How many of a hundred have to be killed, over all and in each category."""

    overall: float = 98.0
    category: float = 95.0


@dataclass
class Harvest:
    """A run; `by` tells who looked, `planned` counts the mutants that were to be tried, `seconds` is the run's wall time.

    `controls` are the undrifted runs before the mutants, `afterwards` those of every process that played some: a mutant that left something
    behind would have been noticed in place of those after it.
    """

    profile: str
    seed: int
    jobs: int
    goal: Goal = field(default_factory=Goal)
    started: str = ""
    planned: int = 0
    seconds: float = 0.0
    controls: list[Control] = field(default_factory=list)
    trials: list[Trial] = field(default_factory=list)
    by: str = "check"
    afterwards: list[Control] = field(default_factory=list)

    @property
    def median_steps(self) -> float | None:
        """How many requests the reproducers of those who were killed have, as their median; None where nobody was."""
        steps = [trial.steps for trial in self.trials if trial.fate == "killed"]
        return median(steps) if steps else None

    @property
    def cpu_seconds(self) -> float:
        """The CPU time of all trials and undrifted runs."""
        undrifted = sum(one.cpu_seconds for one in (*self.controls, *self.afterwards))
        return undrifted + sum(one.cpu_seconds for one in self.trials)

    @property
    def categories(self) -> dict[Category, list[Trial]]:
        """The trials by category, in the order in which they came."""
        found: dict[Category, list[Trial]] = {}
        for trial in self.trials:
            found.setdefault(trial.category, []).append(trial)
        return found

    @property
    def verdict(self) -> HarvestVerdict:
        """What the run says: an undrifted finding outweighs a crash of ours, and that a score that is too low."""
        if not all(control.clean for control in (*self.controls, *self.afterwards)):
            return "invalid"
        if any(trial.fate == "crashed" for trial in self.trials):
            return "crashed"
        overall = score(self.trials)
        if overall is None:
            return "nothing"
        worst = min(found for found in map(score, self.categories.values()) if found is not None)
        return "holds" if overall >= self.goal.overall and worst >= self.goal.category else "below"


def score(trials: Iterable[Trial]) -> float | None:
    """Give how many of a hundred were killed of those that somebody could have; None when there were none."""
    fates = [trial.fate for trial in trials]
    killed = fates.count("killed")
    tried = killed + fates.count("survived") + fates.count("crashed")
    return _WHOLE * killed / tried if tried else None
