"""A suite on one target until it notices something."""

from collections.abc import Callable, Iterable, Sequence

from apitwin_contracts.contract import Contract
from apitwin_contracts.drift import Finding, Outcome
from apitwin_contracts.suite.bench import Bench
from apitwin_contracts.suite.cases import Case
from apitwin_contracts.suite.plan import Plan
from apitwin_contracts.suite.settings import Settings
from apitwin_contracts.targets import Target
from apitwin_contracts.targets.addresses import Address
from apitwin_contracts.targets.credentials import development

from .stage import contract_of

__all__ = ["examine", "plan_over"]


def plan_over(contract: Contract, target: Target, profile: str = "ci", seed: int = 0) -> Plan:
    """Plan a supplier's whole suite on a target, as the command does."""
    credentials = development(contract)
    address = Address("drifted", lambda: target, credentials.pop("default"), credentials, in_process=True)
    return Plan.over([contract], {contract.supplier: address}, Settings(profile=profile, seed=seed))


def examine(
    supplier: str,
    target: Target,
    *,
    checks: Iterable[str] = (),
    until: Callable[[Finding], bool] | None = None,
    profile: str = "ci",
    seed: int = 0,
) -> Outcome:
    """Run a supplier's suite on a target; `checks` (beginnings of `check:subject`) are all that runs then, `until` ends it at a finding."""
    plan = plan_over(contract_of(supplier), target, profile, seed)
    cases = [case for case in plan.cases if _is_one_of(case, checks)] if checks else plan.cases
    return _ran(plan, cases, until)


def _is_one_of(case: Case, beginnings: Iterable[str]) -> bool:
    name = f"{case.check.id}:{case.subject.name}"
    return any(name.startswith(beginning) for beginning in beginnings)


def _ran(plan: Plan, cases: Sequence[Case], until: Callable[[Finding], bool] | None) -> Outcome:
    supplier = next(iter(plan.contracts))
    outcome = Outcome(plan.setting(supplier), len(cases))
    for result in Bench(plan).results(cases):
        outcome.add(result)
        if until and any(until(finding) for finding in result.findings):
            break
    return outcome
