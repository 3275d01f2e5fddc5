"""The wheel that users install holds the fixtures, names the suppliers and brings the command."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import entry_points
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.laws.source_tree import PROJECT, SOURCE_ROOTS, plant
from tests.laws.test_tracked_files import tracked


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(PROJECT)]
    subprocess.run(build, check=True, capture_output=True)
    [path] = folder.glob("*.whl")
    return ZipFile(path)


def left_out(wheel: Iterable[str], files: Iterable[Path], project: Path) -> list[str]:
    """Give the tracked files of the source roots that a wheel lacks."""
    packed = set(wheel)
    relative = [path.relative_to(project) for path in files]
    wanted = [Path(*path.parts[1:]).as_posix() for path in relative if path.parts[0] in SOURCE_ROOTS]
    return sorted(name for name in wanted if name not in packed)


def test_it_holds_every_file_of_the_three_source_roots(wheel: ZipFile) -> None:
    files = tracked(PROJECT)
    assert left_out(wheel.namelist(), files, PROJECT) == []
    assert any("/cassettes/" in name for name in wheel.namelist())


def test_a_file_that_is_left_out_is_seen(tmp_path: Path) -> None:
    plant(tmp_path, {"fixtures/apitwin_fixtures/a/SOURCE.md": "", "tests/test_a.py": "", "README.md": ""})
    assert left_out(["README.md"], tracked(tmp_path), tmp_path) == ["apitwin_fixtures/a/SOURCE.md"]


def test_it_holds_nothing_else(wheel: ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert {re.sub(r"-[\d.]+\.dist-info", ".dist-info", top) for top in tops} == {
        "apitwin.dist-info",
        "apitwin_contracts",
        "apitwin_fixtures",
        "apitwin_mocks",
    }


def test_it_says_under_which_licence_it_comes(wheel: ZipFile) -> None:
    [metadata] = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    text = wheel.read(metadata).decode()
    assert "License-Expression: Apache-2.0" in text
    assert "Requires-Python: >=3.11" in text
    assert any(name.endswith("licenses/LICENSE") for name in wheel.namelist())


def test_every_part_is_typed(wheel: ZipFile) -> None:
    assert {name for name in wheel.namelist() if name.endswith("py.typed")} == {
        "apitwin_contracts/py.typed",
        "apitwin_fixtures/py.typed",
        "apitwin_mocks/py.typed",
    }


@pytest.mark.parametrize(("group", "attribute"), [("apitwin.mocks", "name"), ("apitwin.contracts", "supplier")])
def test_every_registered_supplier_loads_under_its_name(group: str, attribute: str) -> None:
    registered = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"][group]
    points = [point for point in entry_points(group=group) if point.name in registered]
    assert {point.name: getattr(point.load(), attribute) for point in points} == {name: name for name in registered}


def test_the_installed_command_lists_the_suppliers(tmp_path: Path) -> None:
    command = Path(sys.executable).parent / "apitwin"
    shown = subprocess.run([command, "suppliers"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert {"axro", "oxomi"} <= set(re.findall(r"\w+", shown.stdout))
