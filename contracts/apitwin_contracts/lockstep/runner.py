"""A comparison: the contract's checks as generators, both sides driven by each, what differs shrunk and told."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from apitwin_contracts.contract import Contract, Credentials
from apitwin_contracts.drift import CaseResult, Finding, Outcome, Setting
from apitwin_contracts.errors import UnreachableError
from apitwin_contracts.evidence import Scribe
from apitwin_contracts.run import Profile
from apitwin_contracts.suite.cases import Case, all_cases
from apitwin_contracts.targets import Target
from apitwin_contracts.targets.callbacks import callbacks_of
from apitwin_contracts.targets.credentials import development
from apitwin_contracts.targets.receiver import Hit
from apitwin_fixtures import Exchange

from .causes import Memory
from .clocks import set_alike
from .comparing import Comparison, compare_replies, compare_seconds
from .difference import OF_WORLD, SHAPES, Difference
from .doubts import ELSEWHERE, LIVED, OTHERS, Doubts, World
from .hooks import compare_hits
from .likeness import likeness
from .mixing import LOCKSTEP_CHECKS
from .noise import Noise
from .requests import same_request
from .sequences import Pair, Replayer, boxes_of, caught_up, paired
from .shrinking import shrink, shrink_hook
from .sides import Moved, Sent, Side, Track
from .telling import Told, finding_of

__all__ = ["Asked", "Flake", "Lockstep", "compare", "opened", "reading_first", "target_side"]

_ACQUAINTANCE = 16
_SAME_CATALOGUE = 0.75

Until = Callable[[Finding], bool]
Flake = str
"""A difference that did not show again, in a sentence."""


@dataclass(frozen=True)
class Asked:
    """Who compares what, how hard: the mock is asked as its own development customer, the target as its user's.

    `alone` asks as no other customer, since a recording answers all alike.
    """

    contract: Contract
    mock: Target
    target: Target
    profile: Profile
    seed: int = 0
    read_only: bool = False
    credentials: Credentials = field(default_factory=dict)
    others: dict[str, Credentials] = field(default_factory=dict)
    noise: Noise = field(default_factory=Noise)
    flaky: Callable[[str], None] = lambda _flake: None
    spare: Callable[[World], Target] | None = None
    alone: bool = False


@dataclass(frozen=True)
class _Met:
    """A difference with the steps that led to it, and the webhooks that both sides had sent."""

    difference: Difference
    steps: tuple[Pair, ...]
    hits: tuple[tuple[Hit, ...], tuple[Hit, ...]] = ((), ())
    early: bool = False


class Lockstep:
    """Drives both sides through cases, one after the other."""

    def __init__(self, asked: Asked, mock: Side, target: Side, until: Until) -> None:
        self.asked = asked
        self._until = until
        self.mock, self.target = mock, target
        self.by = Comparison(noise=asked.noise)
        self.doubts: Doubts | None = None
        self._past: Doubts | None = None
        self._held: list[tuple[Case, _Met]] = []
        self._memory = Memory(frozenset(each.name for each in asked.contract.operations if each.kind == "write"))
        self._told: set[tuple[str, str, str]] = set()
        self._scribe = Scribe(asked.contract, asked.target, asked.credentials)

    def meet(self) -> None:
        """Learn from a few plain questions what kind of world the target is: the mock's own, another, or the mock's after much has happened."""
        if self.asked.spare is None:
            return
        every = reading_first(all_cases([self.asked.contract], LOCKSTEP_CHECKS))
        reading = [case for case in every if not case.changes_state]
        tracks = [(case, *self.play(case)) for case in reading[:_ACQUAINTANCE]]
        if likeness((here, there) for _, here, there in tracks) < _SAME_CATALOGUE:
            self.by.by_value = False
            self.doubts = Doubts(OTHERS, self._spare_side, by_value=False)
            return
        writing = every[len(reading) :]
        self.doubts = Doubts(ELSEWHERE, self._spare_side, writing)
        self._past = past = Doubts(LIVED, self._spare_side, writing, reading)
        met = [(case, one.difference) for case, here, there in tracks for one in self._met(case, here, there)]
        if any(found.kind == "count" and past.explain(case, found.key) for case, found in met):
            self._take_for_lived_in(past)

    def resolve(self, *, ended: bool = False) -> Iterator[CaseResult]:
        """Tell what was held back: what no past explains once everything that only reads was played, and all at the end, if it has none."""
        past, held = self._past, self._held
        if past is None:
            return
        explained = {id(met): past.explain(case, met.difference.key) for case, met in held}
        self._held = [(case, met) for case, met in held if explained[id(met)]]
        told = [(case, met) for case, met in held if not explained[id(met)]]
        if any(met.difference.kind == "count" for _, met in self._held):
            self._take_for_lived_in(past)
        elif ended:
            told, self._held = held, []
        self._past = past if self._held else None
        yield from self._confirmed_of(told)

    def _confirmed_of(self, held: Iterable[tuple[Case, _Met]]) -> Iterator[CaseResult]:
        for case, met in held:
            if not self.by.by_value and not met.difference.is_of_shape:
                continue
            finding = self._confirmed(case, met)
            if finding:
                place = (case.supplier, case.category, case.check.id, case.id)
                yield CaseResult(*place, "failed", "", (finding,))

    def _take_for_lived_in(self, past: Doubts) -> None:
        """Compare by value no more: a list is longer than on a mock without a past, and so may be everything that orders change."""
        self._past, self._held = None, []
        self.doubts, past.by_value, self.by.by_value = past, False, False

    def _may_be_past(self, case: Case, met: _Met) -> bool:
        """Hold a difference back that comes of a past, if the target has one."""
        past, kind = self._past, met.difference.kind
        if past is None or kind not in OF_WORLD:
            return False
        if not case.changes_state:
            self._held.append((case, met))
            return True
        if not past.explain(case, met.difference.key):
            return False
        self._held.append((case, met))
        if kind == "count":
            self._take_for_lived_in(past)
        return True

    def _spare_side(self, world: World) -> Side:
        asked = self.asked
        target = asked.spare(world) if asked.spare else asked.mock
        set_alike(target.clock, asked.target.clock)
        return _side(asked, target, None, {})

    def prepare(self) -> None:
        """Bring both sides to where the contract wants them."""
        self._keep_time()
        self.mock.prepare(self.target.prepare().readings)

    def play(self, case: Case) -> tuple[Track, Track]:
        """Let both sides play a case; where the target's laws ended it early, the rest is sent without them, so that one world stays one."""
        self._keep_time()
        there = self.target.play(case)
        # A mock is asked no further than a recording goes: what is only read may leave its traces, too.
        here = self.mock.play(case, there.readings, len(there.sent) if there.unrecorded else None)
        missed = there.ended != here.ended and not there.unrecorded and there.length < here.length
        if missed and self.by.by_value:
            steps = caught_up(here.steps, there.steps, self.asked.target, self._signatures())
            there = replace(there, steps=tuple(steps), early=True)
        if case.changes_state:
            # One side may have done more than the other: from there on the worlds are two, and a value proves nothing.
            self.by.by_value = self.by.by_value and here.length == there.length
            self.prepare()
        return here, there

    def _signatures(self) -> dict[str, str]:
        """Give the target's signatures for the mock's."""
        here, there = self.mock.signatures(), self.target.signatures()
        return {here[place]: there[place] for place in here.keys() & there.keys() if here[place] != there[place]}

    def judge(self, case: Case, here: Track, there: Track) -> CaseResult:
        """Tell what differs between the two tracks of a case."""
        started = time.perf_counter()
        findings = tuple(_up_to(self._findings(case, here, there), self._until))
        place = (case.supplier, case.category, case.check.id, case.id)
        if not there.sent:
            return CaseResult(*place, "skipped", there.unrecorded or "nothing was sent")
        seconds = time.perf_counter() - started + sum(sent.exchange.seconds for sent in there.sent)
        return CaseResult(*place, "failed" if findings else "passed", "", findings, len(there.sent), seconds)

    def _keep_time(self) -> None:
        """Move the mock's time to where the target's has run meanwhile."""
        set_alike(self.asked.mock.clock, self.asked.target.clock)

    def _findings(self, case: Case, here: Track, there: Track) -> Iterator[Finding]:
        for met in self._met(case, here, there):
            self._told.add(met.difference.key)
            if self._may_be_past(case, met):
                continue
            finding = self._confirmed(case, met)
            if finding:
                yield finding
                # What a write did on one side only shows wherever it is read: the same cause, not further findings.
                self.by.by_value = self.by.by_value and (met.difference.kind in SHAPES or not case.changes_state)

    def _met(self, case: Case, here: Track, there: Track) -> Iterator[_Met]:
        """Give the new differences of a case, up to where the two sides part."""
        steps: list[Pair] = []
        for pair in paired(here.steps, there.steps):
            steps.append(pair)
            if isinstance(pair.here, Moved) or isinstance(pair.there, Moved):
                continue
            by = replace(self.by, now=(pair.here.now, pair.there.now))
            if not same_request(pair.here.exchange.request, pair.there.exchange.request, by):
                # Asked to do other things, the two worlds are two from there on.
                self.by.by_value = self.by.by_value and not case.changes_state
                return
            found = self._doubted(case, _compared(pair.here, pair.there, by))
            self._memory.write(pair)
            if not found:
                self._memory.agree(pair)
            for difference in _telling(found):
                if difference.key not in self._told:
                    yield _Met(difference, tuple(steps))
            if any(difference.kind not in SHAPES for difference in found):
                return
        arrived = list(compare_hits(boxes_of(steps), here.hits, there.hits, self.by))
        for difference in self._doubted(case, arrived):
            if difference.key not in self._told:
                yield _Met(difference, tuple(steps), (here.hits, there.hits), there.early)

    def _doubted(self, case: Case, found: list[Difference]) -> list[Difference]:
        """Leave out what undrifted mocks show, too, and take its place for volatile from now on."""
        doubts = self.doubts
        excused = [one for one in found if one.key not in self._told and doubts and doubts.excuse(case, one.key)]
        for one in excused:
            self.asked.noise.learn(one.operation, one.place, [one.kind])
        return [one for one in found if one not in excused]

    def _confirmed(self, case: Case, met: _Met) -> Finding | None:
        """Shrink a difference; one that neither its steps nor its case show again is a flake."""
        replayer = Replayer(self.asked.mock, self.asked.target, self.by, self._memory.kinds, met.hits)
        if met.difference.kind == "hook":
            shrunk = shrink_hook(met.difference, met.steps, replayer.replay)
        else:
            shrunk = shrink(met.difference, met.steps, replayer.replay, self._memory)
        if shrunk:
            return self._finding(case, shrunk.difference, shrunk.exchanges, shrunk.moved)
        if not met.early and met.difference.kind != "slow" and self._again(case, met.difference):
            exchanges = [pair.there.exchange for pair in met.steps if isinstance(pair.there, Sent)]
            exchanges += [hit.exchange for hit in met.hits[1]]
            moved = sum(pair.there.step.total_seconds() for pair in met.steps if isinstance(pair.there, Moved))
            return self._finding(case, met.difference, exchanges, moved)
        self.asked.flaky(
            f"{met.difference.operation} {met.difference.place}: {met.difference.expected}, then not again"
        )
        return None

    def _again(self, case: Case, difference: Difference) -> bool:
        self._told.discard(difference.key)
        here, there = self.play(case)
        seen = any(met.difference.key == difference.key for met in self._met(case, here, there))
        self._told.add(difference.key)
        return seen

    def _finding(self, case: Case, difference: Difference, exchanges: Iterable[Exchange], moved: float) -> Finding:
        steps = [self._scribe.step(exchange) for exchange in exchanges]
        clean = self._scribe.clean
        said = replace(difference, expected=clean(difference.expected), observed=clean(difference.observed))
        return finding_of(self.asked.contract, Told(said, case.category, steps, moved))


def _up_to(findings: Iterable[Finding], until: Until) -> Iterator[Finding]:
    for finding in findings:
        yield finding
        if until(finding):
            return


def _compared(here: Sent, there: Sent, by: Comparison) -> list[Difference]:
    found = compare_replies(there.operation, here.exchange.reply, there.exchange.reply, by)
    return found + compare_seconds(there.operation, here.exchange.seconds, there.exchange.seconds)


def _telling(found: list[Difference]) -> list[Difference]:
    """Keep what tells most: each difference in shape, or else the first in what is said."""
    shapes = [difference for difference in found if difference.kind in SHAPES]
    return shapes or found[:1]


def compare(
    asked: Asked,
    cases: Iterable[Case] | None = None,
    until: Until = lambda _finding: False,
    heard: Callable[[CaseResult], None] = lambda _result: None,
) -> Outcome:
    """Drive mock and target through cases (all of the contract's when none are named) and give what differs; `until` ends it at a finding."""
    every = reading_first(all_cases([asked.contract], LOCKSTEP_CHECKS)) if cases is None else cases
    outcome = Outcome(Setting(asked.contract.supplier, asked.target.url, asked.profile.name, asked.seed))
    lockstep = opened(asked, until)
    lockstep.prepare()
    try:
        for result in _results(lockstep, (case for case in every if not (asked.read_only and case.changes_state))):
            outcome.add(result)
            heard(result)
            if any(until(finding) for finding in result.findings):
                break
    except UnreachableError as error:
        outcome.add(CaseResult(asked.contract.supplier, "state", "lockstep", "lockstep", "unreachable", str(error)))
    return outcome


def reading_first(cases: Iterable[Case]) -> list[Case]:
    """Put first what only reads, while the two worlds are surely one, and of that the plain questions."""
    return sorted(cases, key=lambda case: (case.changes_state, case.check.id != "schema.reply"))


def _results(lockstep: Lockstep, cases: Iterable[Case]) -> Iterator[CaseResult]:
    """Judge case after case; what is doubtful is told once everything that only reads was played, or at the end."""
    lockstep.meet()
    read = False
    for case in cases:
        if case.changes_state and not read:
            read = True
            yield from lockstep.resolve()
        yield lockstep.judge(case, *lockstep.play(case))
    yield from lockstep.resolve(ended=True)


def opened(asked: Asked, until: Until) -> Lockstep:
    """Give both sides, ready to be driven: with the same time, and clocks and webhooks where both have them."""
    set_alike(asked.mock.clock, asked.target.clock)
    return Lockstep(asked, _side(asked, asked.mock, None, {}), target_side(asked), until)


def target_side(asked: Asked) -> Side:
    """Give the target's side."""
    return _side(asked, asked.target, asked.credentials or None, asked.others)


def _side(asked: Asked, target: Target, credentials: Credentials | None, others: dict[str, Credentials]) -> Side:
    """Give a side; without credentials it is a mock's, and its customers are those that the target has as well."""
    own = development(asked.contract)
    default = own.pop("default")
    named = {} if asked.alone else asked.others or own
    return Side(
        asked.contract,
        target,
        credentials or default,
        (not asked.alone and others) or {name: own[name] for name in named if name in own},
        asked.profile,
        seed=asked.seed,
        read_only=asked.read_only,
        movable=asked.mock.clock.movable and asked.target.clock.movable,
        hooks=bool(callbacks_of(asked.mock) and callbacks_of(asked.target)),
    )
