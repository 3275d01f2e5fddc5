"""Looks for false alarms: `python benchmarks/soak.py` runs the suites on mocks that keep every promise, and compares such mocks: all told is wrong.

No two runs are alike: other seeds of the mock and of the suite, catalogues of 60 to 20,000 products, instants at which clocks are awkward, replies
that take up to 300 ms of the mock's time, and every second run on a mock that the run before has lived in. The waiting is virtual: a reply
says how long it took, and the mock's clock moves as far, but nobody sleeps.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

from apitwin_contracts.checks import Check
from apitwin_contracts.checks.catalogue import ALL_CHECKS
from apitwin_contracts.contract import Contract
from apitwin_contracts.drift import Finding, Outcome
from apitwin_contracts.lockstep.mixing import LOCKSTEP_CHECKS
from apitwin_contracts.lockstep.session import Wanted, compare_supplier
from apitwin_contracts.registry import load_contracts
from apitwin_contracts.suite.bench import Bench
from apitwin_contracts.suite.plan import Plan
from apitwin_contracts.suite.settings import Settings
from apitwin_contracts.suite.storage import keep_out_of_the_way
from apitwin_contracts.targets import Target
from apitwin_contracts.targets.addresses import Address
from apitwin_contracts.targets.callbacks import Callbacks, callbacks_of
from apitwin_contracts.targets.credentials import development
from apitwin_contracts.targets.mock import MockTarget
from apitwin_fixtures import Exchange, Request
from apitwin_mocks.registry import load_suppliers
from apitwin_mocks.server import Server
from apitwin_mocks.supplier import Seeding

__all__ = ["main"]

_SLOWEST = 0.3
_WIDTH = 600
_PRODUCTS = (500, 60, 2000, 500, 20_000)
_INSTANTS = tuple(
    datetime.fromisoformat(text).replace(tzinfo=UTC)
    for text in (
        "2026-01-01T00:00:00",
        "2028-02-29T11:59:59",
        "2026-03-29T00:59:50",  # an hour that central Europe skips
        "2026-10-25T00:30:00",  # an hour that it has twice
        "2027-12-31T23:59:40",
        "2031-06-30T22:00:01",
    )
)


class Jittery:
    """A mock whose replies take a while, by its own clock."""

    authority = None

    def __init__(self, mock: MockTarget, draw: Random) -> None:
        self._mock = mock
        self._draw = draw
        self.url = mock.url
        self.clock = mock.clock

    @property
    def callbacks(self) -> Callbacks | None:
        return callbacks_of(self._mock)

    def send(self, request: Request) -> Exchange:
        """Pass a request on, and wait before and after it."""
        there, back = (self._draw.uniform(0, _SLOWEST / 2) for _ in range(2))
        self.clock.advance(timedelta(seconds=there))
        exchange = self._mock.send(request)
        self.clock.advance(timedelta(seconds=back))
        return replace(exchange, seconds=there + back)


@dataclass(frozen=True)
class Setup:
    """One run's circumstances."""

    number: int

    @property
    def seed(self) -> int:
        """What the mock is made of; the same for two runs, of which the second finds what the first left."""
        return self.number // 2

    @property
    def lived_in(self) -> bool:
        """Whether a run was there before."""
        return self.number % 2 == 1

    @property
    def products(self) -> int:
        """How large the catalogue is."""
        return _PRODUCTS[self.seed % len(_PRODUCTS)]

    @property
    def instant(self) -> datetime:
        """Where time begins."""
        return _INSTANTS[self.seed % len(_INSTANTS)]

    def target(self, supplier: str) -> Target:
        """Make a mock."""
        server = Server(load_suppliers([supplier]), Seeding(self.seed, self.products), time=lambda: self.instant)
        return Jittery(MockTarget(server, supplier), Random(f"{supplier} {self.seed}"))

    def __str__(self) -> str:
        state = "lived-in" if self.lived_in else "fresh"
        return f"run {self.number:<3} {state:<9} seed {self.seed:<3} {self.products:>6,} products from {self.instant:%Y-%m-%dT%H:%M:%SZ}"


def _plan(contract: Contract, target: Target, profile: str, seed: int, checks: Iterable[Check]) -> Plan:
    credentials = development(contract)
    address = Address("soak", lambda: target, credentials.pop("default"), credentials, in_process=True)
    settings = Settings(profile=profile, seed=seed)
    return Plan.over([contract], {contract.supplier: address}, settings, checks)


def _checked(plan: Plan) -> Outcome:
    supplier = next(iter(plan.contracts))
    outcome = Outcome(plan.setting(supplier), len(plan.cases))
    for result in Bench(plan).results():
        outcome.add(result)
    return outcome


def _compared(plan: Plan) -> Outcome:
    return compare_supplier(plan, next(iter(plan.contracts)), Wanted())


_WAYS = {"check": (_checked, ALL_CHECKS), "compare": (_compared, LOCKSTEP_CHECKS)}


def _runs(contracts: Mapping[str, Contract], asked: argparse.Namespace) -> Iterator[tuple[str, Outcome]]:
    targets: dict[tuple[str, str], Target] = {}
    for setup in map(Setup, range(asked.first, asked.first + asked.runs)):
        for way, (name, contract) in ((way, pair) for way in asked.ways for pair in contracts.items()):
            place = way, name
            if not setup.lived_in or place not in targets:
                targets[place] = setup.target(name)
            begun = time.perf_counter()
            drive, checks = _WAYS[way]
            outcome = drive(_plan(contract, targets[place], asked.profile, setup.number, checks))
            _tell(f"{way:<8}{name:<10}{setup}", outcome, time.perf_counter() - begun)
            yield place[0], outcome


def _tell(run: str, outcome: Outcome, seconds: float) -> None:
    wrong = [*outcome.findings, *outcome.crashes]
    said = f"{outcome.count('passed')} passed, {outcome.count('skipped')} skipped, {outcome.exchanges:,} requests"
    _say(f"{run}  {said}, {outcome.verdict} in {seconds:.1f} s")
    for one in wrong:
        if isinstance(one, Finding):
            _say(f"    FALSE ALARM {one.check} at {one.location}")
            curls = (f"$ {step.curl}" for step in one.steps)
            for text in (f"expected {one.expected}", f"observed {one.observed}", *curls):
                _say(f"      {text[:_WIDTH]}")
        else:
            _say(f"    CRASH {one.name}: {one.reason[:_WIDTH]}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Run, and give 1 when anything was told."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("suppliers", nargs="*", help="all when none is named")
    parser.add_argument("--runs", type=int, default=30, help="how many for each supplier and way")
    parser.add_argument(
        "--first", type=int, default=0, help="the number of the first run; the same number is the same run"
    )
    parser.add_argument("--profile", default="quick")
    parser.add_argument("--ways", nargs="+", choices=_WAYS, default=[*_WAYS])
    asked = parser.parse_args()
    keep_out_of_the_way()
    counted: Counter[str] = Counter()
    for way, outcome in _runs(load_contracts(asked.suppliers), asked):
        counted[way] += 1
        counted["told"] += outcome.verdict != "holds"
    runs = ", ".join(f"{counted[way]} runs of {way}" for way in asked.ways)
    _say(f"{runs}: {counted['told']} told what is not so")
    return int(counted["told"] > 0)


if __name__ == "__main__":
    sys.exit(main())
