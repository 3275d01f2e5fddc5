"""One suite against one target: what the checks share while it runs."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test
from hypothesis.strategies import SearchStrategy

from .client import Answer, Client
from .contract import Contract, Credentials
from .drift import Finding, Findings
from .errors import NothingToExamine, Violation
from .seeding import by_the_seed_alone
from .targets import Target

__all__ = ["PROFILES", "Profile", "Run"]

Example = TypeVar("Example")
_OF_SHAPE = ("schema.", "wire.")


@dataclass(frozen=True)
class Profile:
    """How hard a run tries: examples of each generating check, how many items of a list are read at most, and whether failures are made small."""

    name: str
    examples: int
    items: int
    shrinks: bool = True


PROFILES = {
    profile.name: profile
    for profile in (Profile("quick", 5, 500), Profile("ci", 25, 2000), Profile("deep", 250, 20000))
}


@dataclass
class Run:
    """The contract, the target and the client, with what was found so far and what is known of the target's entities.

    `failed` holds the checks that failed, each with its subject's name; `misshapen` is the last answer of a case with another shape than promised.
    """

    contract: Contract
    target: Target
    credentials: Credentials
    profile: Profile = PROFILES["ci"]
    seed: int = 0
    read_only: bool = False
    others: dict[str, Credentials] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)
    known: dict[Any, Any] = field(default_factory=dict)
    heard: Callable[[Finding], None] = lambda _finding: None
    spared: Callable[[Finding], bool] = lambda _finding: False

    def __post_init__(self) -> None:
        self.client = Client(self.contract, self.target, self.credentials, self._note)
        self._clients = {"default": self.client}
        self._fresh: list[Finding] = []
        self._drawn = 0
        self._moves = 0
        self._views: dict[Any, Any] = {}
        self._viewed_at = (0, 0)
        self.failed: set[tuple[str, str]] = set()
        self.misshapen: Finding | None = None

    def _note(self, finding: Finding) -> None:
        if self.spared(finding):
            return
        if finding.check.startswith(_OF_SHAPE):
            self.misshapen = finding
        if self.findings.add(finding):
            self._fresh.append(finding)
            self.heard(finding)

    @property
    def exchanges(self) -> int:
        """How many requests were sent in all."""
        return sum(client.exchanges for client in self._clients.values())

    @property
    def customers(self) -> Mapping[str, Client]:
        """The clients that were asked for so far; `default` is the run's own."""
        return self._clients

    def customer(self, name: str) -> Client:
        """Give a client with other credentials; raises `NothingToExamine` when the target has none of this name."""
        if name not in self._clients:
            if name not in self.others:
                raise NothingToExamine(f"no credentials {name!r} are given for this target")
            self._clients[name] = Client(self.contract, self.target, self.others[name], self._note)
        return self._clients[name]

    @contextmanager
    def watched(self) -> Iterator[list[Finding]]:
        """Collect the findings that are new while a check runs; a violation ends the check and is one of them."""
        fresh: list[Finding] = []
        self._fresh = fresh
        self.misshapen = None
        try:
            yield fresh
        except* Violation as group:
            for violation in _leaves(group):
                self._note(violation.finding)

    def explore(
        self, strategy: SearchStrategy[Example], examine: Callable[[Example], None], share: float = 1.0
    ) -> None:
        """Try an examination on generated examples; raises the `Violation` of the smallest that breaks a promise."""
        settings, seen = self._settings(share), list[Violation]()

        @hypothesis.seed(self.seed)
        @settings
        @hypothesis.given(strategy)
        def trial(example: Example) -> None:
            try:
                examine(example)
            except Violation as violation:
                seen.append(violation)
                raise

        try:
            with by_the_seed_alone():
                trial()
        except Exception as error:
            # What was seen once is broken, also where it cannot be seen again: a deleted order cannot be deleted a second time.
            if seen and not any(True for _ in _leaves(error)):
                raise seen[-1] from error
            raise

    def drive(self, machine: type[RuleBasedStateMachine], steps: int, share: float = 1.0) -> None:
        """Drive a state machine through generated sequences; raises the `Violation` at the end of the shortest that breaks a promise."""
        settings = hypothesis.settings(self._settings(share), stateful_step_count=steps)
        seeded = hypothesis.seed(self.seed)(machine)
        with by_the_seed_alone():
            run_state_machine_as_test(seeded, settings=settings)

    def _settings(self, share: float) -> hypothesis.settings:
        return hypothesis.settings(
            max_examples=max(1, round(self.profile.examples * share)),
            deadline=None,
            database=None,
            derandomize=False,
            phases=(Phase.explicit, Phase.generate, *((Phase.shrink,) if self.profile.shrinks else ())),
            suppress_health_check=list(HealthCheck),  # pyright: ignore[reportArgumentType] # its metaclass gives its members
            verbosity=Verbosity.quiet,
            print_blob=False,
            report_multiple_bugs=False,
        )

    def remember(self, key: Any, find: Callable[[], Example]) -> Example:
        """Give what was found for a key, finding it once: entities to ask for, which stay good for that when others join them."""
        if key not in self.known:
            self.known[key] = find()
        found: Example = self.known[key]
        return found

    def view(self, key: Any, find: Callable[[], Example]) -> Example:
        """Give what was found for a key, finding it anew once anything may have changed it: a whole list, a count."""
        changes = (self._moves, sum(client.writes for client in self._clients.values()))
        if changes != self._viewed_at:
            self._views.clear()
            self._viewed_at = changes
        if key not in self._views:
            self._views[key] = find()
        found: Example = self._views[key]
        return found

    def forget(self, key: Any) -> Any:
        """Let `view` find something anew, also where nobody is known to have changed it, and give what it was; None when it was not found yet."""
        return self._views.pop(key, None)

    def unique(self, stem: str) -> str:
        """Give a text that no earlier call gave; `stem` must tell this run from others on the same target."""
        self._drawn += 1
        return f"{stem}-{self._drawn}"

    def advance(self, step: timedelta) -> None:
        """Move a mock's clock; raises `NothingToExamine` on a target whose time nobody can move."""
        if self.read_only or not self.target.clock.movable:
            raise NothingToExamine("the target's clock cannot be moved")
        self.target.clock.advance(step)
        self._moves += 1
        for client in self._clients.values():
            client.forget_grant()

    def items(self, operation: str, path: str, arguments: Iterable[tuple[str, Any]] = ()) -> list[Any]:
        """Give the items of one answer, asked once; raises `NothingToExamine` when there are none."""
        answer: Answer = self.remember(
            (operation, tuple(arguments)), lambda: self.client.must(operation, dict(arguments))
        )
        found = answer.every(path)
        if not found:
            raise NothingToExamine(f"{operation} answers no {path}")
        return found


def _leaves(group: BaseException) -> Iterator[Violation]:
    if isinstance(group, BaseExceptionGroup):
        for inner in group.exceptions:
            yield from _leaves(inner)
    elif isinstance(group, Violation):
        yield group
