"""The contracts that there are: ours and any other package's, found by the entry points `apitwin.contracts`, and the project's own."""

from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import cast

from apitwin_fixtures import SettingsError
from apitwin_fixtures.own_suppliers import load_own, own_suppliers

from .contract import Contract
from .errors import UsageError
from .nearest import unknown

__all__ = ["GROUP", "check_names", "contract_names", "load_contracts"]

GROUP = "apitwin.contracts"
_FILE, _ATTRIBUTE = "contract.py", "CONTRACT"


def _registered() -> dict[str, EntryPoint | Path]:
    installed = {point.name: point for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)}
    try:
        return {**installed, **own_suppliers(_FILE, installed)}
    except SettingsError as error:
        raise UsageError(str(error)) from None


def contract_names() -> tuple[str, ...]:
    """Name the installed contracts and the project's own without importing them; raises `UsageError` where `apitwin.toml` is wrong."""
    return tuple(_registered())


def load_contracts(names: Iterable[str] = ()) -> dict[str, Contract]:
    """Import the contracts of these names, or all; raises `UsageError` for an unknown name, or where `apitwin.toml` or a file of it is wrong."""
    registered = _registered()
    wanted = check_names(names) or tuple(registered)
    try:
        return {name: _loaded(name, registered[name]) for name in wanted}
    except SettingsError as error:
        raise UsageError(str(error)) from None


def _loaded(name: str, found: EntryPoint | Path) -> Contract:
    if isinstance(found, EntryPoint):
        contract: Contract = found.load()
        return contract
    return cast("Contract", load_own(name, found, _ATTRIBUTE, Contract))


def check_names(names: Iterable[str]) -> tuple[str, ...]:
    """Give the names, each once; raises `UsageError` for an unknown one, before anything is imported."""
    wanted, known = tuple(dict.fromkeys(names)), contract_names()
    for name in wanted:
        if name not in known:
            raise UsageError(unknown("supplier", name, known))
    return wanted
