"""Where drifts are played: fresh mocks that share one catalogue, and suites that are run until they notice something."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any
from unittest.mock import patch

from apitwin_contracts.checks import Check
from apitwin_contracts.checks.catalogue import ALL_CHECKS
from apitwin_contracts.contract import Contract
from apitwin_contracts.drift import Finding, Outcome
from apitwin_contracts.suite.bench import Bench
from apitwin_contracts.suite.plan import Plan
from apitwin_contracts.suite.settings import Settings
from apitwin_contracts.suppliers.gates import CONTRACT
from apitwin_contracts.targets import Target
from apitwin_contracts.targets.addresses import Address
from apitwin_contracts.targets.credentials import development
from apitwin_contracts.targets.mock import MockTarget
from apitwin_mocks.server import Server
from apitwin_mocks.supplier import Seeding
from apitwin_mocks.suppliers.gates import SUPPLIER

__all__ = ["examine", "fresh_target", "ruled"]


@cache
def _catalogue(seeding: Seeding) -> Any:
    return SUPPLIER.catalogue(seeding)


def fresh_target(seed: int = 0, products: int = 60) -> Target:
    """Give a mock of its own on a shared catalogue."""
    own = _catalogue(Seeding(seed, products))
    mock = replace(SUPPLIER, catalogue=lambda _seeding: own)
    return MockTarget(Server({"gates": mock}, Seeding(seed, products)), "gates")


Rule = tuple[Any, str, Callable[[Any], Any]]


def ruled(*rules: Rule) -> Callable[[], Any]:
    """Give a stage on which rules of the mock are others: each (where it stands, its name, what makes it of the original)."""

    @contextmanager
    def stage() -> Iterator[Target]:
        patches = [patch.object(place, name, make(getattr(place, name))) for place, name, make in rules]
        for one in patches:
            one.start()
        try:
            yield fresh_target()
        finally:
            for one in reversed(patches):
                one.stop()

    return stage


def examine(
    target: Target,
    *,
    checks: Iterable[str] = (),
    until: Callable[[Finding], bool] | None = None,
    profile: str = "ci",
    seed: int = 0,
) -> Outcome:
    """Run the suite, or some of its checks (`id` or `id:beginning of a subject`), as the command does; `until` ends it at a finding."""
    credentials = development(CONTRACT)
    address = Address("drifted", lambda: target, credentials.pop("default"), credentials, in_process=True)
    parts = [word.partition(":") for word in checks]
    wanted = {name: beginning for name, _, beginning in parts}
    chosen = [_narrowed(check, wanted.get(check.id, "")) for check in ALL_CHECKS if not wanted or check.id in wanted]
    plan = Plan.over([CONTRACT], {"gates": address}, Settings(profile=profile, seed=seed), chosen)
    bench, outcome = Bench(plan), Outcome(plan.setting("gates"), len(plan.cases))
    for result in bench.results():
        outcome.add(result)
        if until and any(until(finding) for finding in result.findings):
            break
    return outcome


def _narrowed(check: Check, beginning: str) -> Check:
    def subjects(of: Contract) -> list[Any]:
        return [subject for subject in check.subjects(of) if subject.name.startswith(beginning)]

    return replace(check, subjects=subjects)
