"""The mocked suppliers that are installed: ours and any other package's, found by the entry points `apitwin.mocks`."""

import difflib
from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points

from apitwin_fixtures import SettingsError

from .kit.errors import MisuseError
from .supplier import Supplier

__all__ = ["GROUP", "load_suppliers", "supplier_names"]

GROUP = "apitwin.mocks"


def _registered() -> dict[str, EntryPoint]:
    return {point.name: point for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)}


def supplier_names() -> tuple[str, ...]:
    """Name the installed mocks without importing them."""
    return tuple(_registered())


def load_suppliers(names: Iterable[str] = ()) -> dict[str, Supplier]:
    """Import the mocks of these names, or all; raises `MisuseError` for an unknown name, or where `apitwin.toml` is wrong."""
    registered = _registered()
    wanted = tuple(names) or tuple(registered)
    for name in wanted:
        if name not in registered:
            raise MisuseError(_unknown(name, registered))
    try:
        return {name: registered[name].load() for name in wanted}
    except SettingsError as error:
        raise MisuseError(str(error)) from None


def _unknown(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"there is no supplier {name!r}; {hint}known are: {', '.join(known)}"
