"""Tiny, installed for the test."""

from pathlib import Path

import pytest

from tests.contracts.tiny.site import install


@pytest.fixture(scope="session")
def tiny_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(tmp_path_factory.mktemp("site"))


@pytest.fixture
def tiny_installed(tiny_site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tiny_site))
