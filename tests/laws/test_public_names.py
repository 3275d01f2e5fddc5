"""Every module says in `__all__` what it offers, and offers exactly that."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.laws.source_tree import Module, plant, project_sources

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def wrong_names(modules: Iterable[Module]) -> list[str]:
    modules = [module for module in modules if not _is_pytest_module(module)]
    names = {module.name for module in modules}
    return [line for module in modules for line in _wrong(module, names)]


def _is_pytest_module(module: Module) -> bool:
    # pytest collects such a module by its functions' names; nobody imports it.
    return module.name.rpartition(".")[2].startswith("test_") or module.name.endswith(".conftest")


def _wrong(module: Module, names: set[str]) -> Iterator[str]:
    offered = _offered(module)
    if offered is None:
        yield f"{module.path} has no `__all__` of plain strings"
        return
    defined = {node.name for node in module.tree.body if isinstance(node, Definition)}
    bound = {name for node in module.tree.body for name in _bound(node)}
    yield from (
        f"{module.path} offers {name}, which is private"
        for name in offered
        if name.startswith("_") and name != "__version__"
    )
    yield from (f"{module.path} offers {name} twice" for name in sorted(set(offered)) if offered.count(name) > 1)
    yield from (
        f"{module.path} offers {name}, which is not there"
        for name in offered
        if name not in bound and f"{module.name}.{name}" not in names
    )
    yield from (
        f"{module.path} defines {name} and does not offer it"
        for name in sorted(defined)
        if not name.startswith("_") and name not in offered
    )


def _offered(module: Module) -> list[str] | None:
    for node in module.tree.body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            try:
                return list(ast.literal_eval(node.value))  # type: ignore[attr-defined]
            except ValueError:
                return None
    return None


def _bound(node: ast.stmt) -> Iterator[str]:
    """Give the names a statement binds in its module, also inside `if` and `try`."""
    if isinstance(node, Definition):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
    else:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                yield inner.id
            elif inner is not node and isinstance(inner, Definition | ast.Import | ast.ImportFrom):
                yield from _bound(inner)


def test_every_module_offers_what_it_defines() -> None:
    assert wrong_names(project_sources()) == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("def f(): ...", "mocks/a.py has no `__all__` of plain strings"),
        ("__all__ = [*other]", "mocks/a.py has no `__all__` of plain strings"),
        ("__all__ = ['g']", "mocks/a.py offers g, which is not there"),
        ("__all__ = ['_g']\ndef _g(): ...", "mocks/a.py offers _g, which is private"),
        ("__all__ = ['f', 'f']\ndef f(): ...", "mocks/a.py offers f twice"),
        ("__all__: list[str] = []\nclass C: ...", "mocks/a.py defines C and does not offer it"),
        ("__all__: list[str] = []\nasync def f(): ...", "mocks/a.py defines f and does not offer it"),
    ],
)
def test_a_wrong_name_is_seen(tmp_path: Path, text: str, complaint: str) -> None:
    assert wrong_names(plant(tmp_path, {"mocks/a.py": text})) == [complaint]


def test_right_names_are_left_alone(tmp_path: Path) -> None:
    right = {
        "mocks/a/__init__.py": "from .b import B\n__all__ = ['B', 'b']",
        "mocks/a/b.py": "__all__ = ['B', 'D', 'E']\nB = 1\ntry:\n    import D\nexcept ImportError:\n    D = None\n"
        "if B:\n    def E(): ...\ndef _c(): ...",
        "mocks/a/test_c.py": "def test_c(): ...",
    }
    assert wrong_names(plant(tmp_path, right)) == []
