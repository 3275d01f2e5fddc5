"""Where mutants are played: fresh mocks that share one catalogue, on which rules of the mock can be others."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cache
from typing import Any
from unittest.mock import patch

from apitwin_contracts.contract import Contract
from apitwin_contracts.lockstep.mixing import LOCKSTEP_CHECKS
from apitwin_contracts.registry import load_contracts
from apitwin_contracts.suite.cases import Case, all_cases
from apitwin_contracts.targets import Target
from apitwin_contracts.targets.mock import MockTarget
from apitwin_mocks.registry import load_suppliers
from apitwin_mocks.server import Server
from apitwin_mocks.supplier import Seeding, Supplier

from .mutant import Stage

__all__ = ["Rule", "cases_of", "contract_of", "fresh_target", "mock_of", "products_of", "ruled"]

Rule = tuple[Any, str, Callable[[Any], Any]]
"""Where a rule of the mock stands, its name, and what makes another of the original."""
Change = Callable[[Any], Any]

_PRODUCTS = 500
# These two read a whole catalogue in many a check, and sixty products show every case that they have.
_FEWER = {"gates": 60, "reseller": 60}


@cache
def contract_of(supplier: str) -> Contract:
    """Give a supplier's contract; raises `UsageError` for an unknown name."""
    return load_contracts([supplier])[supplier]


@cache
def cases_of(supplier: str) -> tuple[Case, ...]:
    """Give every case of a supplier that lockstep plays, in the suites' order."""
    return tuple(all_cases([contract_of(supplier)], LOCKSTEP_CHECKS))


def products_of(supplier: str) -> int:
    """Give how many products a supplier's mutants have."""
    return _FEWER.get(supplier, _PRODUCTS)


@cache
def mock_of(supplier: str) -> Supplier:
    """Give a supplier's mock."""
    return load_suppliers([supplier])[supplier]


@cache
def _catalogue(supplier: str, seeding: Seeding) -> Any:
    return mock_of(supplier).catalogue(seeding)


def fresh_target(supplier: str, seed: int = 0, products: int | None = None, change: Change | None = None) -> Target:
    """Give a mock of its own on a shared catalogue; `change` makes another first state of it."""
    seeding = Seeding(seed, products or products_of(supplier))
    shared = _catalogue(supplier, seeding)
    own = change(shared) if change else shared
    mock = replace(mock_of(supplier), catalogue=lambda _seeding: own)
    return MockTarget(Server({supplier: mock}, seeding), supplier)


def ruled(supplier: str, *rules: Rule, change: Change | None = None) -> Stage:
    """Give a stage on which rules of the mock are others."""

    @contextmanager
    def stage() -> Iterator[Target]:
        with ExitStack() as stack:
            for place, name, make in rules:
                stack.enter_context(patch.object(place, name, make(getattr(place, name))))
            yield fresh_target(supplier, change=change)

    return stage
