"""fixtures <- mocks <- contracts, and the finer arrows inside them, held by reading imports."""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.laws.source_tree import Module, imports, is_under, plant, project_sources

MOCKED, HELD = "apitwin_mocks.suppliers", "apitwin_contracts.suppliers"


@dataclass(frozen=True)
class Arrow:
    """A sentence of ARCHITECTURE.md; `forbids` tells whether a module may not import a name."""

    sentence: str
    forbids: Callable[[str, str], bool]


def _closed(sentence: str, inside: Sequence[str], to: Sequence[str], unless: Sequence[str] = ()) -> Arrow:
    return Arrow(
        sentence, lambda who, what: is_under(who, *inside) and not is_under(who, *unless) and is_under(what, *to)
    )


def _supplier(name: str) -> str:
    """Give the supplier's package that a name lies in, or nothing."""
    parts = name.split(".")
    return ".".join(parts[:3]) if len(parts) > 2 and is_under(name, MOCKED, HELD) else ""


def _another_supplier(who: str, what: str) -> bool:
    return (
        bool(_supplier(who))
        and bool(_supplier(what))
        and _supplier(who).rpartition(".")[2] != _supplier(what).rpartition(".")[2]
    )


def _supplier_by_name(who: str, what: str) -> bool:
    return (
        is_under(what, MOCKED, HELD)
        and bool(_supplier(what))
        and not _supplier(who)
        and not is_under(who, "apitwin_contracts.mutants")
    )


def _mocks_domain(who: str, what: str) -> bool:
    domain = f"{_supplier(what)}.domain"
    return (
        is_under(who, "apitwin_contracts")
        and is_under(what, MOCKED)
        and is_under(what, domain)
        and not is_under(who, "apitwin_contracts.mutants")
    )


_READ_BY_REPORTS = (
    "apitwin_contracts.finding",
    "apitwin_contracts.drift",
    "apitwin_contracts.reports",
    "rich",
    "orjson",
)


def _more_than_findings(who: str, what: str) -> bool:
    top = what.partition(".")[0]
    return (
        is_under(who, "apitwin_contracts.reports")
        and top not in sys.stdlib_module_names
        and not is_under(what, *_READ_BY_REPORTS)
    )


def _the_edge(who: str, what: str) -> bool:
    return is_under(what, "apitwin_contracts.cli", "apitwin_contracts.pytest_plugin") and not is_under(
        who, "apitwin_contracts.cli"
    )


ARROWS = [
    _closed("Fixtures know neither mocks nor contracts.", ["apitwin_fixtures"], ["apitwin_mocks", "apitwin_contracts"]),
    _closed("Mocks do not know contracts.", ["apitwin_mocks"], ["apitwin_contracts"]),
    _closed("The kit imports no supplier.", ["apitwin_mocks.kit"], [MOCKED]),
    _closed(
        "In contracts only targets/mock.py, mutants/ and cli/ touch the mocks.",
        ["apitwin_contracts"],
        ["apitwin_mocks"],
        unless=["apitwin_contracts.targets.mock", "apitwin_contracts.mutants", "apitwin_contracts.cli"],
    ),
    Arrow("No supplier imports another.", _another_supplier),
    Arrow("A supplier is reached through its entry point, never by name.", _supplier_by_name),
    Arrow("A contract never imports a mock's domain.", _mocks_domain),
    Arrow("Reports read findings only.", _more_than_findings),
    Arrow("Nobody imports cli or pytest_plugin.", _the_edge),
]


def broken_arrows(modules: Iterable[Module]) -> list[str]:
    return [
        f"{found.place} imports {found.name}: {arrow.sentence}"
        for module in modules
        for found in imports(module)
        for arrow in ARROWS
        if arrow.forbids(module.name, found.name)
    ]


WIRE_LIBRARIES = ("starlette", "ariadne", "uvicorn")


def wired_domains(modules: Iterable[Module]) -> list[str]:
    """Follow each mock's `domain` through our own files to whatever speaks HTTP or GraphQL."""
    by_name = {module.name: module for module in modules}
    domains = [name for name in by_name if is_under(name, MOCKED) and name.endswith(".domain")]
    return [line for name in domains for line in _wired(by_name[name], by_name, set())]


def _wired(module: Module, by_name: dict[str, Module], seen: set[str]) -> list[str]:
    seen.add(module.name)
    found = []
    for target in imports(module):
        if target.reaches(*WIRE_LIBRARIES):
            found.append(f"{target.place} imports {target.name}, and a domain imports that file")
        for name in (target.name, target.name.rpartition(".")[0]):
            if name in by_name and name not in seen:
                found += _wired(by_name[name], by_name, seen)
    return found


def test_every_arrow_points_the_right_way() -> None:
    assert broken_arrows(project_sources()) == []


def test_no_domain_knows_the_wire() -> None:
    assert wired_domains(project_sources()) == []


AXRO = "mocks/apitwin_mocks/suppliers/axro"

BROKEN = {
    "Fixtures know neither": ("fixtures/apitwin_fixtures/a.py", "import apitwin_mocks.kit"),
    "Mocks do not know": ("mocks/apitwin_mocks/a.py", "def f():\n    from apitwin_contracts import finding"),
    "The kit imports no supplier": ("mocks/apitwin_mocks/kit/a.py", "from ..suppliers import axro"),
    "In contracts only targets/mock.py": (
        "contracts/apitwin_contracts/laws/a.py",
        "from apitwin_mocks.kit.clock import Clock",
    ),
    "No supplier imports another": (f"{AXRO}/domain.py", "from ..oxomi.seed import x"),
    "No supplier imports": (
        "contracts/apitwin_contracts/suppliers/axro/a.py",
        "from apitwin_mocks.suppliers.oxomi import api",
    ),
    "A supplier is reached": ("mocks/apitwin_mocks/registry.py", "from apitwin_mocks.suppliers import axro"),
    "never by name": (
        "contracts/apitwin_contracts/cli/a.py",
        "import importlib\nimportlib.import_module('apitwin_mocks.suppliers.axro')",
    ),
    "A contract never imports a mock's domain": (
        "contracts/apitwin_contracts/targets/mock.py",
        "from apitwin_mocks.suppliers.axro.domain import Shop",
    ),
    "Reports read findings only": (
        "contracts/apitwin_contracts/reports/a.py",
        "from apitwin_contracts.targets import http",
    ),
    "Reports read": ("contracts/apitwin_contracts/reports/a.py", "import jsonschema"),
    "Nobody imports cli": ("contracts/apitwin_contracts/suite/a.py", "from apitwin_contracts.cli import main"),
    "or pytest_plugin": ("contracts/apitwin_contracts/cli/../a.py", "from . import pytest_plugin"),
}


@pytest.mark.parametrize(("sentence", "file", "text"), [(key, *value) for key, value in BROKEN.items()])
def test_a_broken_arrow_is_seen(tmp_path: Path, sentence: str, file: str, text: str) -> None:
    assert any(sentence in line for line in broken_arrows(plant(tmp_path, {file: text})))


ALLOWED = [
    (
        f"{AXRO}/api.py",
        "from .domain import Shop\nfrom ...kit.clock import Clock\nfrom apitwin_fixtures import Fixtures\nimport ariadne",
    ),
    ("contracts/apitwin_contracts/targets/mock.py", "from apitwin_mocks.server import app"),
    ("contracts/apitwin_contracts/mutants/a.py", "from apitwin_mocks.suppliers.axro import domain"),
    (
        "contracts/apitwin_contracts/reports/a.py",
        "import json\nimport rich.table\nfrom ..finding import Finding\nfrom .curl import curl",
    ),
    ("contracts/apitwin_contracts/cli/main.py", "from .check import check"),
]


@pytest.mark.parametrize(("file", "text"), ALLOWED)
def test_a_right_arrow_is_left_alone(tmp_path: Path, file: str, text: str) -> None:
    assert broken_arrows(plant(tmp_path, {file: text})) == []


def test_a_domain_that_reaches_the_wire_through_another_file_is_seen(tmp_path: Path) -> None:
    through = {
        f"{AXRO}/domain.py": "from apitwin_mocks.kit import store",
        "mocks/apitwin_mocks/kit/store.py": "from . import edge",
        "mocks/apitwin_mocks/kit/edge.py": "from starlette.responses import Response",
    }
    assert wired_domains(plant(tmp_path, through)) == [
        "mocks/apitwin_mocks/kit/edge.py:1 imports starlette.responses.Response, and a domain imports that file"
    ]
