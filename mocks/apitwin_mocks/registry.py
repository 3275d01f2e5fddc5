"""The mocked suppliers that there are: ours and any other package's, found by the entry points `apitwin.mocks`, and the project's own."""

import difflib
from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import cast

from apitwin_fixtures import SettingsError
from apitwin_fixtures.own_suppliers import load_own, own_suppliers

from .kit.errors import MisuseError
from .supplier import Supplier

__all__ = ["GROUP", "load_suppliers", "supplier_names"]

GROUP = "apitwin.mocks"
_FILE, _ATTRIBUTE = "mock.py", "SUPPLIER"


def _registered() -> dict[str, EntryPoint | Path]:
    installed = {point.name: point for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)}
    try:
        return {**installed, **own_suppliers(_FILE, installed)}
    except SettingsError as error:
        raise MisuseError(str(error)) from None


def supplier_names() -> tuple[str, ...]:
    """Name the installed mocks and the project's own without importing them; raises `MisuseError` where `apitwin.toml` is wrong."""
    return tuple(_registered())


def load_suppliers(names: Iterable[str] = ()) -> dict[str, Supplier]:
    """Import the mocks of these names, or all; raises `MisuseError` for an unknown name, or where `apitwin.toml` or a file of it is wrong."""
    registered = _registered()
    wanted = tuple(names) or tuple(registered)
    for name in wanted:
        if name not in registered:
            raise MisuseError(_unknown(name, registered))
    try:
        return {name: _loaded(name, registered[name]) for name in wanted}
    except SettingsError as error:
        raise MisuseError(str(error)) from None


def _loaded(name: str, found: EntryPoint | Path) -> Supplier:
    if isinstance(found, EntryPoint):
        supplier: Supplier = found.load()
        return supplier
    return cast("Supplier", load_own(name, found, _ATTRIBUTE, Supplier))


def _unknown(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"there is no supplier {name!r}; {hint}known are: {', '.join(known)}"
