"""The command as a user has it: in a process of its own, in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contracts.tiny.site import environment, install
from tests.journeys.command import Command, Served


@pytest.fixture(scope="session")
def tiny_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(tmp_path_factory.mktemp("site"))


@pytest.fixture
def apitwin(tiny_site: Path, tmp_path: Path) -> Command:
    return Command(tmp_path, environment(tiny_site))


@pytest.fixture(scope="session")
def served(tiny_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Command(tmp_path_factory.mktemp("served"), environment(tiny_site)).serve("tiny") as running:
        yield running
