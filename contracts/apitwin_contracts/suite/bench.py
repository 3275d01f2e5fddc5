"""Where cases are examined: one run for each supplier, made when its first case comes, given up when its target cannot be reached."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from hypothesis.errors import Flaky, Unsatisfiable

from apitwin_contracts.checks import Examination
from apitwin_contracts.contract import Contract
from apitwin_contracts.drift import CaseResult, Ending, Finding
from apitwin_contracts.errors import NothingToExamine, UnreachableError, Violation
from apitwin_contracts.record.kept import Kept
from apitwin_contracts.run import Run
from apitwin_contracts.targets import Target
from apitwin_contracts.targets.addresses import Address
from apitwin_contracts.targets.manners import Purse
from apitwin_contracts.targets.recordings import is_recording

from .cases import Case
from .guard import Guarded
from .plan import Plan
from .preflight import check_reachable
from .recorded import spared_by, unaskable

__all__ = ["Bench"]

_Ended = tuple[Ending, str]


class Bench:
    """Examines the cases of a plan, in whatever order they come; `crash` is what the last case raised that is a bug of ours.

    `heard`, or else the plan's, is told each new finding at once, while its case goes on.
    """

    def __init__(self, plan: Plan, heard: Callable[[Finding], None] | None = None) -> None:
        self.plan = plan
        self._heard = heard or plan.heard
        self.crash: BaseException | None = None
        self._runs: dict[str, Run] = {}
        self._targets: dict[str, Guarded] = {}
        self._lost: dict[str, str] = {}
        self._latest: dict[str, Run] = {}
        self._purses: dict[str, Purse] = {}
        self._kept: dict[str, Kept] = {}

    def results(self, cases: Iterable[Case] | None = None) -> Iterator[CaseResult]:
        """Examine cases one after the other, all of the plan's when none are named."""
        yield from (self.examine(case) for case in (self.plan.cases if cases is None else cases))

    def examine(self, case: Case) -> CaseResult:
        """Examine one case; never raises for what the target does."""
        started, before = time.perf_counter(), self._sent(case.supplier)
        self.crash = None
        fresh: list[Finding] = []
        ending, reason = self._examine(case, fresh)
        sent, seconds = self._sent(case.supplier) - before, time.perf_counter() - started
        run = self._latest.get(case.supplier)
        # A target may repeat in its refusal what it refuses.
        reason = run.client.scribe.clean(reason) if run else reason
        place = (case.supplier, case.category, case.check.id, case.id)
        return CaseResult(*place, ending, reason, tuple(fresh), sent, seconds)

    def is_lost(self, supplier: str) -> bool:
        """Tell whether the supplier's target was given up."""
        return supplier in self._lost

    def _sent(self, supplier: str) -> int:
        purse, target = self._purses.get(supplier), self._targets.get(supplier)
        # What is asked twice counts twice, and what the purse refuses was never sent.
        return (purse.sent if purse else 0) or (target.count if target else 0)

    def _examine(self, case: Case, fresh: list[Finding]) -> _Ended:
        if case.supplier in self._lost:
            return "unreachable", self._lost[case.supplier]
        if self.plan.read_only and case.changes_state:
            return "skipped", "it changes state, and the run is read-only"
        raised: list[BaseException] = []
        run = self._runs.get(case.supplier) or self._open(case.supplier, raised, fresh)
        reason = unaskable(case) if run and is_recording(run.target.clock) else ""
        if reason:
            return "skipped", reason
        if run and not _unreachable(raised):
            _watch(run, lambda: case.check.examine(Examination(run, case.check), case.subject), raised, fresh)
            if case.changes_state:
                self._prepare(run, raised, fresh)
        return self._ending(case, raised, fresh)

    def _open(self, supplier: str, raised: list[BaseException], fresh: list[Finding]) -> Run | None:
        try:
            run = self._make_run(supplier)
        except (UnreachableError, NothingToExamine) as error:
            raised.append(error)
            return None
        self._prepare(run, raised, fresh)
        self._runs[supplier] = run
        return run

    @staticmethod
    def _prepare(run: Run, raised: list[BaseException], fresh: list[Finding]) -> None:
        """Bring the target to where the contract wants it before a case, also after one that changed it."""
        prepare = run.contract.prepare
        if prepare and not run.read_only:
            early: list[BaseException] = []
            _watch(run, lambda: prepare(run), early, fresh)
            raised += [error for error in early if not isinstance(error, NothingToExamine)]

    def _make_run(self, supplier: str) -> Run:
        plan, address, contract = self.plan, self.plan.addresses[supplier], self.plan.contracts[supplier]
        purse = self._purses.setdefault(supplier, Purse(address.limits))
        target = self._targets[supplier] = Guarded(self._opened(address, contract, purse))

        def fresh_run() -> Run:
            # A recording answers every customer alike.
            credentials, others = address.credentials, {} if recorded else dict(address.others)
            return Run(contract, target, credentials, plan.profile, plan.seed, plan.read_only or recorded, others)

        recorded = is_recording(target.clock)
        self._latest[supplier] = fresh_run()
        check_reachable(self._latest[supplier])
        run = self._latest[supplier] = fresh_run()
        run.heard = self._heard
        run.spared = spared_by(target.clock) if recorded else run.spared
        _hide_secrets(run)
        return run

    def _opened(self, address: Address, contract: Contract, purse: Purse) -> Target:
        if address.in_process:
            return address.open()
        kept = self._kept[contract.supplier] = Kept(contract, address, purse, self.plan.notice)
        return kept.target

    def tidy(self) -> Iterator[str]:
        """Take back what the cases made on targets that are not ours, and tell what was left."""
        while self._kept:
            supplier, kept = self._kept.popitem()
            for sentence in kept.clean().sentences():
                yield f"{supplier}: {sentence}"

    def _ending(self, case: Case, raised: list[BaseException], fresh: list[Finding]) -> _Ended:
        lost = _unreachable(raised)
        if lost:
            self._lost[case.supplier] = lost
            return "unreachable", lost
        return ("failed", "") if fresh else self._quiet_ending(raised)

    def _quiet_ending(self, raised: list[BaseException]) -> _Ended:
        found = list(_leaves(raised))
        for error in found:
            if isinstance(error, Violation):
                finding = error.finding
                return "skipped", f"ended by a finding that is already known: {finding.check} at {finding.location}"
        for error in found:
            if isinstance(error, (NothingToExamine, Unsatisfiable)):
                return "skipped", str(error) or "nothing could be generated"
        if not raised:
            return "passed", ""
        self.crash = raised[0]
        return "crashed", f"{type(self.crash).__name__}: {self.crash}"


def _watch(run: Run, work: Callable[[], None], raised: list[BaseException], fresh: list[Finding]) -> None:
    """Let a check work; note what it raised and what is newly found, whatever of it the run has already taken for a finding."""
    watched: list[list[Finding]] = []
    with suppress(Exception), run.watched() as found:
        watched.append(found)
        run.client.latest = None
        try:
            work()
        except Exception as error:
            seen = _unsteady(error, run)
            raised.append(seen or error)
            if seen:
                raise seen from error
            raise
    # Only now is a violation among what was found, and `found` itself is out of reach when something else was raised too.
    fresh += watched[0]


def _unsteady(error: Exception, run: Run) -> Violation | None:
    """Give what was seen broken before Hypothesis gave up on a target that does not answer the same request the same way twice."""
    return run.client.latest if isinstance(error, Flaky) else None


def _leaves(errors: Iterable[BaseException]) -> Iterator[BaseException]:
    for error in errors:
        if isinstance(error, BaseExceptionGroup):
            yield from _leaves(error.exceptions)
        else:
            yield error


def _unreachable(raised: Iterable[BaseException]) -> str:
    return next((str(error) for error in _leaves(raised) if isinstance(error, UnreachableError)), "")


def _hide_secrets(run: Run) -> None:
    """Let each customer's evidence hide the secrets of all: an exchange of one may prove what is found with another."""
    clients = [run.client, *(run.customer(name) for name in run.others)]
    for client in clients:
        variables = getattr(client.credentials, "variables", {})
        for name in run.contract.auth.secret & client.credentials.keys():
            for other in clients:
                other.scribe.learn(variables.get(name, name.upper()), client.credentials[name])
