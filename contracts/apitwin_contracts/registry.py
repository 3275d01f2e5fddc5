"""The contracts that are installed: ours and any other package's, found by the entry points `apitwin.contracts`."""

from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points

from apitwin_fixtures import SettingsError

from .contract import Contract
from .errors import UsageError
from .nearest import unknown

__all__ = ["GROUP", "check_names", "contract_names", "load_contracts"]

GROUP = "apitwin.contracts"


def _registered() -> dict[str, EntryPoint]:
    return {point.name: point for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)}


def contract_names() -> tuple[str, ...]:
    """Name the installed contracts without importing them."""
    return tuple(_registered())


def load_contracts(names: Iterable[str] = ()) -> dict[str, Contract]:
    """Import the contracts of these names, or all; raises `UsageError` for an unknown name, or where `apitwin.toml` is wrong."""
    registered = _registered()
    wanted = check_names(names) or tuple(registered)
    try:
        return {name: registered[name].load() for name in wanted}
    except SettingsError as error:
        raise UsageError(str(error)) from None


def check_names(names: Iterable[str]) -> tuple[str, ...]:
    """Give the names, each once; raises `UsageError` for an unknown one, before anything is imported."""
    wanted, known = tuple(dict.fromkeys(names)), contract_names()
    for name in wanted:
        if name not in known:
            raise UsageError(unknown("supplier", name, known))
    return wanted
