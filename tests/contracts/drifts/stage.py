"""Where drifts are played: fresh mocks that share one catalogue, and suites that are run until they notice something."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any
from unittest.mock import patch

from apitwin_contracts.checks.catalogue import ALL_CHECKS
from apitwin_contracts.contract import Contract
from apitwin_contracts.drift import Finding, Outcome
from apitwin_contracts.suite.bench import Bench
from apitwin_contracts.suite.plan import Plan
from apitwin_contracts.suite.settings import Settings
from apitwin_contracts.suppliers.axro import CONTRACT as AXRO
from apitwin_contracts.suppliers.oxomi import CONTRACT as OXOMI
from apitwin_contracts.targets import Target
from apitwin_contracts.targets.addresses import Address
from apitwin_contracts.targets.credentials import development
from apitwin_contracts.targets.mock import MockTarget
from apitwin_mocks.server import Server
from apitwin_mocks.supplier import Seeding, Supplier
from apitwin_mocks.suppliers.axro import SUPPLIER as AXRO_MOCK
from apitwin_mocks.suppliers.oxomi import SUPPLIER as OXOMI_MOCK

__all__ = ["Rule", "contract", "examine", "fresh_target", "ruled"]

_CONTRACTS: Mapping[str, Contract] = {"axro": AXRO, "oxomi": OXOMI}
_MOCKS: Mapping[str, Supplier] = {"axro": AXRO_MOCK, "oxomi": OXOMI_MOCK}


def contract(supplier: str) -> Contract:
    """Give a supplier's contract."""
    return _CONTRACTS[supplier]


@cache
def _catalogue(supplier: str, seeding: Seeding) -> Any:
    return _MOCKS[supplier].catalogue(seeding)


def fresh_target(
    supplier: str, seed: int = 0, products: int = 500, change: Callable[[Any], Any] | None = None
) -> Target:
    """Give a mock of its own on a shared catalogue; `change` makes another first state of it."""
    shared = _catalogue(supplier, Seeding(seed, products))
    own = change(shared) if change else shared
    mock = replace(_MOCKS[supplier], catalogue=lambda _seeding: own)
    return MockTarget(Server({supplier: mock}, Seeding(seed, products)), supplier)


Rule = tuple[Any, str, Callable[[Any], Any]]


def ruled(supplier: str, *rules: Rule, change: Callable[[Any], Any] | None = None) -> Callable[[], Any]:
    """Give a stage on which rules of the mock are others: each (where it stands, its name, what makes it of the original)."""

    @contextmanager
    def stage() -> Iterator[Target]:
        patches = [patch.object(place, name, make(getattr(place, name))) for place, name, make in rules]
        for one in patches:
            one.start()
        try:
            yield fresh_target(supplier, change=change)
        finally:
            for one in reversed(patches):
                one.stop()

    return stage


def examine(
    supplier: str,
    target: Target,
    *,
    checks: Iterable[str] = (),
    until: Callable[[Finding], bool] | None = None,
    profile: str = "ci",
    seed: int = 0,
) -> Outcome:
    """Run a supplier's suite, or some of its checks, on a target as the command does; `until` ends it at a finding."""
    of, wanted = _CONTRACTS[supplier], frozenset(checks)
    credentials = development(of)
    address = Address("drifted", lambda: target, credentials.pop("default"), credentials, in_process=True)
    chosen = [check for check in ALL_CHECKS if not wanted or check.id in wanted]
    plan = Plan.over([of], {supplier: address}, Settings(profile=profile, seed=seed), chosen)
    bench, outcome = Bench(plan), Outcome(plan.setting(supplier), len(plan.cases))
    for result in bench.results():
        outcome.add(result)
        if until and any(until(finding) for finding in result.findings):
            break
    return outcome
