"""The mocked suppliers that there are: ours and any other package's, found by the entry points `apitwin.mocks`, and the project's own."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from threading import Lock
from typing import Any, cast

from apitwin_fixtures import Fixtures, SettingsError
from apitwin_fixtures.about import ABOUT_FILE, About
from apitwin_fixtures.own_suppliers import load_own, own_suppliers

from .kit.errors import MisuseError
from .supplier import Supplier

__all__ = ["GROUP", "Card", "Suppliers", "load_suppliers", "open_suppliers", "supplier_names"]

GROUP = "apitwin.mocks"
_FILE, _ATTRIBUTE = "mock.py", "SUPPLIER"


@dataclass(frozen=True)
class Card:
    """What is said of a supplier before anything is asked of it."""

    about: About
    credentials: Mapping[str, Mapping[str, Any]]


class Suppliers(Mapping[str, Supplier]):
    """Suppliers by name, each imported once, when it is first asked for.

    What nothing describes beforehand, or what a project has fixtures of its own for, is imported at once: who wrote it hears what is wrong with it.
    """

    def __init__(self, found: Mapping[str, EntryPoint | Path]) -> None:
        self._found = dict(found)
        self._loading = Lock()
        self._loaded = {name: _loaded(name, one) for name, one in found.items() if _described(name, one) is None}

    def __getitem__(self, name: str) -> Supplier:
        supplier = self._loaded.get(name)
        return supplier or self._load(name)

    def _load(self, name: str) -> Supplier:
        with self._loading:
            if name not in self._loaded:
                self._loaded[name] = _loaded(name, self._found[name])
            return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __contains__(self, name: object) -> bool:
        return name in self._found

    def card(self, name: str) -> Card:
        """Describe a supplier without importing it."""
        fixtures = _described(name, self._found[name])
        if fixtures:
            return Card(fixtures.about, fixtures.credentials)
        supplier = self[name]
        return Card(About(title=supplier.title, start_page=supplier.start_page), supplier.fixtures.credentials)


def _described(name: str, found: EntryPoint | Path) -> Fixtures | None:
    """Give the fixtures that tell enough of a mock; None where it has to be imported for that."""
    if not isinstance(found, EntryPoint):
        return None
    try:
        fixtures = Fixtures.of(name)
    except FileNotFoundError:
        return None
    own = fixtures.overlay and fixtures.overlay.is_dir()
    return fixtures if fixtures.has(ABOUT_FILE) and not own else None


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
    try:
        return {name: _loaded(name, found) for name, found in _wanted(names).items()}
    except SettingsError as error:
        raise MisuseError(str(error)) from None


def open_suppliers(names: Iterable[str] = ()) -> Suppliers:
    """Find the mocks of these names, or all, and import those that ship when they are first asked for; raises as `load_suppliers` does."""
    try:
        return Suppliers(_wanted(names))
    except SettingsError as error:
        raise MisuseError(str(error)) from None


def _wanted(names: Iterable[str]) -> dict[str, EntryPoint | Path]:
    registered = _registered()
    wanted = tuple(names) or tuple(registered)
    for name in wanted:
        if name not in registered:
            raise MisuseError(_unknown(name, registered))
    return {name: registered[name] for name in wanted}


def _loaded(name: str, found: EntryPoint | Path) -> Supplier:
    if isinstance(found, EntryPoint):
        supplier: Supplier = found.load()
        return supplier
    return cast("Supplier", load_own(name, found, _ATTRIBUTE, Supplier))


def _unknown(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"there is no supplier {name!r}; {hint}known are: {', '.join(known)}"
