"""A run made ready: contracts loaded, addresses known, cases selected; what cannot work is refused before anything is sent."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from apitwin_contracts.checks import Check
from apitwin_contracts.checks.catalogue import ALL_CHECKS
from apitwin_contracts.contract import Contract
from apitwin_contracts.drift import Finding, Setting
from apitwin_contracts.errors import UsageError
from apitwin_contracts.nearest import unknown
from apitwin_contracts.registry import load_contracts
from apitwin_contracts.run import PROFILES, Profile
from apitwin_contracts.targets.addresses import Address, Directory

from .cases import Case, all_cases
from .news import Past, order_by_news, read_past
from .selection import Selection
from .settings import Settings

__all__ = ["Plan"]


@dataclass(frozen=True)
class Plan:
    """Everything that a run needs to know; `warnings` are sentences about names that select nothing.

    `notice` hears why a run waits, and `heard` of each finding at once, while its case goes on; workers of pytest-xdist tell it later.
    """

    addresses: Mapping[str, Address]
    cases: tuple[Case, ...]
    profile: Profile
    seed: int = 0
    read_only: bool = False
    warnings: tuple[str, ...] = ()
    contracts: Mapping[str, Contract] = field(default_factory=dict)
    notice: Callable[[str], None] = field(default=lambda _sentence: None)
    heard: Callable[[Finding], None] = field(default=lambda _finding: None)

    @classmethod
    def of(cls, settings: Settings, checks: Iterable[Check] = ALL_CHECKS) -> "Plan":
        """Make a plan of what was asked; raises `UsageError`."""
        directory = Directory(
            settings.target,
            settings.config,
            seed=settings.seed,
            products=settings.products,
            limits=settings.limits,
            rate=settings.rate,
        )
        contracts = load_contracts(settings.suppliers or directory.suppliers)
        return cls.over(contracts.values(), directory.of(contracts.values()), settings, checks)

    @classmethod
    def over(
        cls,
        contracts: Iterable[Contract],
        addresses: Mapping[str, Address],
        settings: Settings,
        checks: Iterable[Check] = ALL_CHECKS,
    ) -> "Plan":
        """Make a plan over contracts and addresses of one's own; raises `UsageError` for an unknown profile."""
        if settings.profile not in PROFILES:
            raise UsageError(unknown("profile", settings.profile, PROFILES))
        listed = {contract.supplier: contract for contract in contracts}
        cases = all_cases(listed.values(), checks)
        selection = Selection(settings.only, settings.skip)
        chosen = selection.of(cases)
        if settings.news or settings.limits.budget is not None:
            # What may end early begins with what is likely to be news.
            chosen = order_by_news(chosen, read_past(settings.news) if settings.news else Past())
        return cls(
            addresses,
            tuple(chosen),
            PROFILES[settings.profile],
            settings.seed,
            settings.read_only,
            tuple(selection.idle(cases)),
            listed,
        )

    def setting(self, supplier: str, started: str = "") -> Setting:
        """Give the conditions under which a supplier is examined."""
        return Setting(supplier, self.addresses[supplier].label, self.profile.name, self.seed, started)
