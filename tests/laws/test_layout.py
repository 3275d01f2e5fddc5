"""Suppliers have one shape: the same files with the same meanings, registered the same way."""

import ast
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.laws.source_tree import PROJECT, SOURCE_ROOTS, plant

SIX = {"__init__.py", "api.py", "domain.py", "errors.py", "auth.py", "seed.py"}
FIXTURES = {"SOURCE.md", "about.json", "errors.json", "credentials.json"}
SCHEMAS = {"schema.graphql", "openapi.json"}
SUPPLIER_PACKAGES = {
    "apitwin.mocks": ("mocks/apitwin_mocks/suppliers", "SUPPLIER"),
    "apitwin.contracts": ("contracts/apitwin_contracts/suppliers", "CONTRACT"),
}


def _packages(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if any(path.glob("*.py"))) if folder.is_dir() else []


def suppliers(project: Path) -> list[str]:
    return [package.name for package in _packages(project / "mocks/apitwin_mocks/suppliers")]


def misshapen(project: Path) -> list[str]:
    return [*_stray_packages(project), *_missing_files(project), *_crowded_inits(project), *_unregistered(project)]


def _stray_packages(project: Path) -> Iterator[str]:
    # A package named `mocks` in site-packages would collide with the users' own.
    for root in SOURCE_ROOTS:
        if (project / root / "__init__.py").exists():
            yield f"{root}/__init__.py makes the source root a package"


def _missing_files(project: Path) -> Iterator[str]:
    for name in suppliers(project):
        yield from _lacking(project, f"mocks/apitwin_mocks/suppliers/{name}", SIX)
        yield from _lacking(project, f"fixtures/apitwin_fixtures/{name}", FIXTURES)
        present = {path.name for path in (project / "fixtures/apitwin_fixtures" / name).glob("*")}
        if not present & SCHEMAS and not any(file.endswith(".graphql") for file in present):
            yield f"fixtures/apitwin_fixtures/{name} has none of {', '.join(sorted(SCHEMAS))}"


def _lacking(project: Path, folder: str, wanted: Iterable[str]) -> list[str]:
    return [f"{folder} has no {name}" for name in sorted(wanted) if not (project / folder / name).exists()]


def _crowded_inits(project: Path) -> Iterator[str]:
    for folder, only in SUPPLIER_PACKAGES.values():
        for package in _packages(project / folder):
            init = package / "__init__.py"
            tree = ast.parse(init.read_text("utf-8") if init.exists() else "")
            defined = [name for node in tree.body for name in _defined(node)]
            if defined != [only]:
                yield f"{folder}/{package.name}/__init__.py defines {', '.join(defined) or 'nothing'}, not {only} alone"


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    names = [inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)]
    return [name for name in names if name != "__all__"]


def _unregistered(project: Path) -> Iterator[str]:
    registered = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]
    for group, (folder, only) in SUPPLIER_PACKAGES.items():
        source = folder.partition("/")[2].replace("/", ".")
        built = {package.name: f"{source}.{package.name}:{only}" for package in _packages(project / folder)}
        if built != registered[group]:
            yield f"{folder} holds {sorted(built)}, and pyproject.toml registers {sorted(registered[group])} as {group}"


def test_every_supplier_has_the_same_shape() -> None:
    assert misshapen(PROJECT) == []


def test_there_are_suppliers() -> None:
    assert {"axro", "oxomi"} <= set(suppliers(PROJECT))


TOML = """
[project.entry-points]
"apitwin.mocks" = { a = "apitwin_mocks.suppliers.a:SUPPLIER" }
"apitwin.contracts" = { a = "apitwin_contracts.suppliers.a:CONTRACT" }
"""
MOCK, CONTRACT = "mocks/apitwin_mocks/suppliers/a", "contracts/apitwin_contracts/suppliers/a"
RIGHT = {
    "pyproject.toml": TOML,
    **{f"{MOCK}/{name}": "" for name in SIX},
    **{f"fixtures/apitwin_fixtures/a/{name}": "" for name in (*FIXTURES, "openapi.json")},
    f"{MOCK}/__init__.py": "from .api import x\n__all__ = ['SUPPLIER']\nSUPPLIER = x",
    f"{CONTRACT}/__init__.py": "CONTRACT: object = 1",
}


def test_the_right_shape_is_left_alone(tmp_path: Path) -> None:
    plant(tmp_path, RIGHT)
    assert misshapen(tmp_path) == []


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("mocks/__init__.py", "", "makes the source root a package"),
        (f"{MOCK}/seed.py", None, "suppliers/a has no seed.py"),
        (f"{MOCK}/__init__.py", None, "suppliers/a has no __init__.py"),
        ("fixtures/apitwin_fixtures/a/SOURCE.md", None, "fixtures/a has no SOURCE.md"),
        ("fixtures/apitwin_fixtures/a/openapi.json", None, "has none of openapi.json, schema.graphql"),
        (f"{MOCK}/__init__.py", "SUPPLIER = 1\ndef f(): ...", "defines SUPPLIER, f, not SUPPLIER alone"),
        (f"{CONTRACT}/__init__.py", "", "defines nothing, not CONTRACT alone"),
        ("pyproject.toml", TOML.replace("a:CONTRACT", "a:OTHER"), "as apitwin.contracts"),
        (
            "mocks/apitwin_mocks/suppliers/b/__init__.py",
            "SUPPLIER = 1",
            "holds ['a', 'b'], and pyproject.toml registers ['a']",
        ),
    ],
)
def test_a_wrong_shape_is_seen(tmp_path: Path, file: str, text: str | None, complaint: str) -> None:
    plant(tmp_path, RIGHT)
    if text is None:
        (tmp_path / file).unlink()
    else:
        plant(tmp_path, {file: text})
    assert any(complaint.replace("fixtures/a ", "fixtures/apitwin_fixtures/a ") in line for line in misshapen(tmp_path))
