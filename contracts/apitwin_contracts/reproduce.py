"""A finding shown again: what the files of `apitwin check … --reproduce DIR` call."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from apitwin_fixtures import chosen

from .drift import CaseResult
from .errors import UnreachableError, UsageError
from .nearest import unknown
from .suite.bench import Bench
from .suite.cases import Case
from .suite.messages import failure
from .suite.plan import Plan
from .suite.settings import Settings
from .suite.storage import keep_out_of_the_way

__all__ = ["TARGET_VARIABLE", "Reproducer"]

TARGET_VARIABLE = "APITWIN_TARGET"


@dataclass(frozen=True, kw_only=True)
class Reproducer:
    """One finding and the case that found it, examined as it was then; `after` names the cases that have to come first.

    The case chooses its entities anew and takes ids, cursors and tokens from what the target answers now, so it says the same of any target.
    """

    supplier: str
    case: str
    fingerprint: str
    target: str = "mock"
    profile: str = "ci"
    seed: int = 0
    read_only: bool = False
    config: str = ""
    after: tuple[str, ...] = ()

    def check(self) -> None:
        """Fail where the promise is broken, skip where there is nothing to look at; `APITWIN_TARGET` names another target.

        Raises `UnreachableError` when the target gives no verdict, `UsageError` for a target or a case that is not there.
        """
        results = self.examine(os.environ.get(TARGET_VARIABLE) or self.target)
        broken = next(self._broken(results), None)
        if broken:
            pytest.fail(failure(broken), pytrace=False)
        last = results[-1]
        if last.ending == "unreachable":
            raise UnreachableError(last.reason)
        if last.ending == "skipped":
            pytest.skip(last.reason)

    def shows_it(self) -> bool:
        """Tell whether the finding is seen again where it was found."""
        return any(
            finding.fingerprint == self.fingerprint
            for result in self.examine(self.target)
            for finding in result.findings
        )

    def examine(self, target: str) -> Sequence[CaseResult]:
        """Examine the case and those before it; raises what a check of ours crashes with."""
        config = Path(self.config) if self.config else None
        keep_out_of_the_way()
        with chosen(config):
            settings = Settings((self.supplier,), target, self.profile, self.seed, self.read_only, config=config)
            plan = Plan.of(settings)
            return list(_examined(Bench(plan), self._cases(plan)))

    def _cases(self, plan: Plan) -> list[Case]:
        known = {case.id: case for case in plan.cases}
        if self.case not in known:
            raise UsageError(unknown(f"case of {self.supplier}", self.case, known))
        return [known[name] for name in (*self.after, self.case) if name in known]

    def _broken(self, results: Sequence[CaseResult]) -> Iterator[CaseResult]:
        for result in results:
            # The case's own promise may break in another place first; what else a reply lacks is another finding.
            own = result.name == self.case
            found = tuple(
                finding
                for finding in result.findings
                if finding.fingerprint == self.fingerprint or (own and finding.check == result.check)
            )
            if found:
                yield replace(result, findings=found)


def _examined(bench: Bench, cases: Sequence[Case]) -> Iterator[CaseResult]:
    for result in bench.results(cases):
        yield result
        if bench.crash:
            raise bench.crash
