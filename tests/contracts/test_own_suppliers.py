"""A project's own suppliers are found through `apitwin.toml`, and what is wrong with them is told with its place."""

from pathlib import Path

import pytest

from apitwin_contracts.errors import UsageError
from apitwin_contracts.registry import contract_names, load_contracts
from apitwin_mocks.kit.errors import MisuseError
from apitwin_mocks.registry import load_suppliers, supplier_names

MOCK = "from tests.contracts.tiny.mock import SUPPLIER"
CONTRACT = "from tests.contracts.tiny.contract import CONTRACT"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "apitwin.toml").write_text('[suppliers.tiny]\npath = "own/tiny"\n', "utf-8")
    folder = tmp_path / "own/tiny"
    folder.mkdir(parents=True)
    (folder / "mock.py").write_text(MOCK, "utf-8")
    (folder / "contract.py").write_text(CONTRACT, "utf-8")
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.mark.usefixtures("project")
def test_a_projects_supplier_is_found() -> None:
    assert "tiny" in contract_names()
    assert "tiny" in supplier_names()
    assert load_contracts(["tiny"])["tiny"].title == load_suppliers(["tiny"])["tiny"].title == "Tiny"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = (", r"contract\.py, line 1: "),
        ("import no_such_module", r"contract\.py, line 1: ModuleNotFoundError: No module named 'no_such_module'"),
        ("x = 1", r"contract\.py must define CONTRACT, a Contract; it defines none"),
        ("CONTRACT = 1", r"contract\.py must define CONTRACT, a Contract; it calls a int so"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_its_place(project: Path, text: str, said: str) -> None:
    (project / "contract.py").write_text(text, "utf-8")
    with pytest.raises(UsageError, match=said):
        load_contracts(["tiny"])


def test_a_missing_file_is_named(project: Path) -> None:
    (project / "mock.py").unlink()
    with pytest.raises(MisuseError, match=r"the supplier 'tiny' has no .*mock\.py"):
        load_suppliers(["tiny"])


def test_a_name_that_is_installed_is_refused(project: Path) -> None:
    (project.parents[1] / "apitwin.toml").write_text('[suppliers.axro]\npath = "own/tiny"\n', "utf-8")
    with pytest.raises(UsageError, match=r"suppliers\.axro: a supplier 'axro' is installed already"):
        contract_names()


def test_a_file_hides_nothing_installed(project: Path) -> None:
    (project / "contract.py").write_text(f"import json\nassert json.dumps\n{CONTRACT}", "utf-8")
    (project / "json.py").write_text("raise SystemExit", "utf-8")
    assert load_contracts(["tiny"])["tiny"].supplier == "tiny"
