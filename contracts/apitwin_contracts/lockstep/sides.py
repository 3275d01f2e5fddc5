"""One side of a comparison: a target driven by the contract's checks as mere generators, with everything noted and nothing judged."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import hypothesis
from hypothesis import Phase
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer, Client
from apitwin_contracts.contract import Contract, Credentials, Grant
from apitwin_contracts.drift import Finding
from apitwin_contracts.errors import NotRecorded, UnreachableError, Violation
from apitwin_contracts.run import Profile, Run
from apitwin_contracts.suite.cases import Case
from apitwin_contracts.surfaces.surface import Problem, Recognition
from apitwin_contracts.targets import Target
from apitwin_contracts.targets.callbacks import Callbacks, callbacks_of
from apitwin_contracts.targets.receiver import Hit
from apitwin_fixtures import Exchange, Request

from .clocks import Held

__all__ = ["Moved", "Sent", "Side", "Track"]

Example = TypeVar("Example")


@dataclass(frozen=True)
class Sent:
    """One exchange of a sequence, with the operation that it was taken for, and the side's time before it.

    `authority` tells that another host granted tokens, `signs_in` that the client asked on its own, because what it had was old.
    """

    operation: str
    exchange: Exchange
    now: datetime
    authority: bool = False
    signs_in: bool = False


@dataclass(frozen=True)
class Moved:
    """A move of the side's clock."""

    step: timedelta


@dataclass(frozen=True)
class Track:
    """What one case sent to one side and what arrived of webhooks meanwhile; `ended` names what broke the case off.

    `early` means that laws ended it and the rest was sent without them, when nobody listened to webhooks any more. `readings` are the times that
    the side's clock showed: what the other side reads where it goes second. `unrecorded` is the reason when a recording ended it.
    """

    steps: tuple[Sent | Moved, ...]
    hits: tuple[Hit, ...]
    ended: str = ""
    early: bool = False
    readings: tuple[datetime, ...] = ()
    unrecorded: str = ""

    @property
    def sent(self) -> list[Sent]:
        """The exchanges alone."""
        return [step for step in self.steps if isinstance(step, Sent)]

    @property
    def length(self) -> int:
        """How many steps the case took, whether the client had to sign in for them or not."""
        return len(self.steps) - sum(step.signs_in for step in self.sent)


class _Noting:
    """A target that notes each exchange and each move of its clock; what the wrapped one raises passes."""

    def __init__(
        self,
        target: Target,
        notes: list[Sent | Moved],
        clock: Held,
        callbacks: Callbacks | None,
        *,
        grants: bool = False,
    ) -> None:
        self._target = target
        self._notes = notes
        self.url = target.url
        self.clock = clock
        self.authority: _Noting | None = (
            _Noting(target.authority, notes, clock, None, grants=True) if target.authority else None
        )
        self.callbacks = callbacks
        self.operation = ""
        self.signs_in = False
        self.left: int | None = None
        self._grants = grants

    def send(self, request: Request) -> Exchange:
        """Send and note; raises `NotRecorded` once so many requests were sent as the other side's recording holds."""
        if self.left is not None:
            if self.left <= 0:
                raise NotRecorded("the recording ended here")
            self.left -= 1
        before = self.clock.now()
        exchange = self._target.send(request)
        self._notes.append(Sent(self.operation, exchange, before, self._grants, self.signs_in))
        return exchange


class _Ended(BaseException):
    """A law came to its verdict: nothing may catch it, least of all Hypothesis, which would send everything once more."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.check)
        self.finding = finding


class _QuietClient(Client):
    """A client that holds nothing against the contract: it only recognises what the generators need to go on."""

    def as_customer(self, credentials: Credentials) -> Client:
        return _QuietClient(self.contract, self.target, credentials, self._listener)

    def exchange(self, request: Request, operation: str = "") -> Exchange:
        if isinstance(self.target, _Noting):
            self.target.operation = operation
        return super().exchange(request, operation)

    def _granted(self, now: datetime) -> Grant:
        noting = self.target if isinstance(self.target, _Noting) else None
        hosts = [host for host in (noting, noting and noting.authority) if host]
        for host in hosts:
            host.signs_in = True
        try:
            return super()._granted(now)
        finally:
            for host in hosts:
                host.signs_in = False

    def recognised(self, operation: str, exchange: Exchange) -> Recognition:
        return self.contract.surface.recognise(operation, exchange.reply, self.contract.errors)

    def violation(self, operation: str, problem: Problem, evidence: Iterable[Answer]) -> Violation:  # noqa: ARG002 - no say
        return _Ended(super().violation(operation, problem, ()).finding)  # type: ignore[return-value] # it is only raised

    def _problems(self, answer: object) -> Iterable[Problem]:  # noqa: ARG002 - no say
        return ()

    def _finding(self, problem: Problem, operation: str, evidence: Iterable[object]) -> Finding:  # noqa: ARG002 - none
        return super()._finding(problem, operation, ())


class _QuietRun(Run):
    """A run whose laws may end a case early, and otherwise have no say: nothing is shrunk for them and nothing told."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.client = self._clients["default"] = self._quiet(self.credentials)

    def _quiet(self, credentials: Credentials) -> Client:
        return _QuietClient(self.contract, self.target, credentials, self._note)

    def _note(self, finding: Finding) -> None:
        self.misshapen = finding

    def explore(
        self, strategy: SearchStrategy[Example], examine: Callable[[Example], None], share: float = 1.0
    ) -> None:
        def ended(example: Example) -> None:
            try:
                examine(example)
            except Violation as violation:
                raise _Ended(violation.finding) from violation

        super().explore(strategy, ended, share)

    def customer(self, name: str) -> Client:
        if name not in self._clients and name in self.others:
            self._clients[name] = self._quiet(self.others[name])
        return super().customer(name)

    def _settings(self, share: float) -> hypothesis.settings:
        return hypothesis.settings(super()._settings(share), phases=(Phase.explicit, Phase.generate))


class Side:
    """Plays cases on one target, with entities, identities, credentials and time of its own."""

    def __init__(  # noqa: PLR0913 - what a run needs, and what both sides agreed on
        self,
        contract: Contract,
        target: Target,
        credentials: Credentials,
        others: dict[str, Credentials],
        profile: Profile,
        *,
        seed: int = 0,
        read_only: bool = False,
        movable: bool = True,
        hooks: bool = True,
    ) -> None:
        self.target = target
        self._steps: list[Sent | Moved] = []
        self._hits: list[Hit] = []
        self._unrecorded = ""
        callbacks = callbacks_of(target) if hooks else None
        heard = replace(callbacks, heard=self._hits.append) if callbacks else None
        self._clock = Held(target.clock, lambda step: self._steps.append(Moved(step)), movable=movable)
        self._noting = noting = _Noting(target, self._steps, self._clock, heard)
        self._new_run = partial(_QuietRun, contract, noting, credentials, profile, seed, read_only, others)
        self.run: Run = self._new_run()

    def forget(self) -> None:
        """Forget what is known of the target's entities, as a run that begins now."""
        self.run = self._new_run()

    def signatures(self) -> dict[tuple[str, str], str]:
        """Give what the requests of each customer known so far are signed with at this moment, header by header; some are not let in."""
        found: dict[tuple[str, str], str] = {}
        for customer, client in self.run.customers.items():
            # Whoever is not let in, for whatever reason, has none.
            with suppress(Exception, _Ended):
                found |= {(customer, name): value for name, value in client.signed(Request("GET", "/")).headers}
        return found

    def play(self, case: Case, pace: Iterable[datetime] = (), most: int | None = None) -> Track:
        """Let a case send what it sends, or `most` of it, at the times that the other side has read; raises `UnreachableError` alone."""
        self._clock.follow(pace)
        self._noting.left = most
        return self._noted(lambda: case.check.examine(Examination(self.run, case.check), case.subject))

    def prepare(self, pace: Iterable[datetime] = ()) -> Track:
        """Bring the target to where the contract wants it."""
        self._clock.follow(pace)
        prepare = self.run.contract.prepare
        if not prepare or self.run.read_only:
            return Track((), ())
        return self._noted(lambda: prepare(self.run))

    def _noted(self, work: Callable[[], None]) -> Track:
        self._steps.clear()
        self._hits.clear()
        self._clock.readings.clear()
        self._unrecorded = ""
        ended = self._guarded(work)
        track = Track(tuple(self._steps), tuple(self._hits), ended, readings=tuple(self._clock.readings))
        return replace(track, unrecorded=self._unrecorded)

    def _guarded(self, work: Callable[[], None]) -> str:
        self.run.misshapen = None
        try:
            work()
        except _Ended:
            return "law"
        except Exception as error:
            # Whatever a generator stumbles over has been noted before.
            lost = next((leaf for leaf in _leaves(error) if isinstance(leaf, UnreachableError)), None)
            if lost:
                raise lost from error
            self._unrecorded = next((str(leaf) for leaf in _leaves(error) if isinstance(leaf, NotRecorded)), "")
            return type(error).__name__
        return ""


def _leaves(error: BaseException) -> Iterable[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error
