"""Fixtures for any project that has apitwin installed: `<supplier>_mock` for each mock, a world of its own for each test.

`def test_orders(axro_mock): ...` gets `url`, `credentials`, `session`, `control_url` and methods that steer the world; time stands still
until it is moved. The ini options `apitwin_seed` and `apitwin_products` say what the worlds are made of.
"""

import os
from collections.abc import Callable, Iterator
from hashlib import blake2b
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from apitwin_contracts.targets.mock import ServedMocks
    from apitwin_contracts.targets.mock_session import MockSession

__all__ = ["pytest_addoption", "pytest_configure"]

_ENDING = "_mock"
_OPTIONS = {
    "apitwin_seed": (0, "the seed of which apitwin's mocks are made"),
    "apitwin_products": (500, "how many products each of apitwin's mocks has"),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the ini options."""
    for name, (default, text) in _OPTIONS.items():
        parser.addini(name, text, default=str(default))


def pytest_configure(config: pytest.Config) -> None:
    """Offer one fixture for each mock; nothing of ours is imported before a test asks for one, unless the project has an `apitwin.toml`."""
    servers = _Servers(config, [*(point.name for point in entry_points(group="apitwin.mocks")), *_own()])
    config.pluginmanager.register(servers, "apitwin-servers")
    config.pluginmanager.register(servers.fixtures(), "apitwin-fixtures")


def _own() -> tuple[str, ...]:
    """Name the suppliers that the project brings itself; those that are wrong are told when a test asks for them."""
    here = Path.cwd()
    if not (
        os.environ.get("APITWIN_CONFIG") or any((folder / "apitwin.toml").exists() for folder in (here, *here.parents))
    ):
        return ()
    from apitwin_fixtures.settings import SettingsError, find_settings  # noqa: PLC0415 - most projects have no such file

    try:
        return tuple(find_settings().suppliers)
    except SettingsError as error:
        raise pytest.UsageError(str(error)) from None


class _Servers:
    """The servers that were started for the tests, and the fixtures that start them."""

    def __init__(self, config: pytest.Config, names: list[str]) -> None:
        self._config = config
        self._servers: dict[str, ServedMocks] = {}
        self._names = {f"{name.replace('-', '_')}{_ENDING}": name for name in names}

    def fixtures(self) -> ModuleType:
        """Give a module with one fixture for each mock, which is where pytest looks for them."""
        module = ModuleType("apitwin_fixtures_of_mocks")
        for fixture, name in self._names.items():
            setattr(module, fixture, pytest.fixture(name=fixture)(self._fixture(name)))
        return module

    def _fixture(self, supplier: str) -> Callable[[pytest.FixtureRequest], Iterator["MockSession"]]:
        def world(request: pytest.FixtureRequest) -> Iterator["MockSession"]:
            digest = blake2b(request.node.nodeid.encode(), digest_size=8).hexdigest()
            session = self._server(supplier, request.session).session(supplier, f"{supplier}-{digest}")
            yield session
            session.drop()

        world.__doc__ = f"The mock of {supplier} in a session of its own."
        return world

    def _server(self, supplier: str, session: pytest.Session) -> "ServedMocks":
        if supplier not in self._servers:
            # Imported here: a project that never asks for a mock pays nothing for it.
            from apitwin_contracts.targets.mock import ServedMocks  # noqa: PLC0415 - see above

            wanted = sorted({supplier, *self._wanted(session)} - self._servers.keys())
            server = ServedMocks(wanted, self._number("apitwin_seed"), self._number("apitwin_products"))
            self._servers.update(dict.fromkeys(wanted, server))
        return self._servers[supplier]

    def _wanted(self, session: pytest.Session) -> Iterator[str]:
        for item in session.items:
            asked: Any = getattr(item, "fixturenames", ())
            yield from (self._names[name] for name in asked if name in self._names)

    def _number(self, option: str) -> int:
        text = str(self._config.getini(option))
        if not text.isdecimal():
            raise pytest.UsageError(f"{option} is a whole number, not {text!r}")
        return int(text)

    def pytest_unconfigure(self) -> None:
        for server in set(self._servers.values()):
            server.stop()
