"""The sources as syntax trees: what every law reads, and the tiny trees on which each law proves that it can fail."""

import ast
import builtins
import statistics
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = [
    "PROJECT",
    "SOURCE_ROOTS",
    "Import",
    "Module",
    "calls",
    "dotted_names",
    "imports",
    "is_under",
    "median",
    "plant",
    "project_sources",
    "project_tests",
    "read_sources",
]

PROJECT = Path(__file__).parents[2]
SOURCE_ROOTS = ("fixtures", "mocks", "contracts")


@dataclass(frozen=True)
class Module:
    """One Python file, under its import name."""

    name: str
    path: str
    text: str
    tree: ast.Module

    @property
    def is_package(self) -> bool:
        return self.path.endswith("__init__.py")

    @property
    def package(self) -> str:
        return self.name if self.is_package else self.name.rpartition(".")[0]

    def at(self, node: ast.stmt | ast.expr) -> str:
        return f"{self.path}:{node.lineno}"


@dataclass(frozen=True)
class Import:
    """One imported name, absolute: `from a import b` stands for `a.b`."""

    name: str
    place: str

    def reaches(self, *packages: str) -> bool:
        return is_under(self.name, *packages)


def is_under(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def _module(path: Path, root: Path, project: Path) -> Module:
    parts = path.relative_to(root).with_suffix("").parts
    text = path.read_text("utf-8")
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(name, path.relative_to(project).as_posix(), text, ast.parse(text))


def read_sources(project: Path, roots: Iterable[str] = SOURCE_ROOTS) -> list[Module]:
    return [_module(path, project / root, project) for root in roots for path in sorted((project / root).rglob("*.py"))]


@cache
def project_sources() -> tuple[Module, ...]:
    return tuple(read_sources(PROJECT))


@cache
def project_tests() -> tuple[Module, ...]:
    return tuple(read_sources(PROJECT, ["tests"]))


def plant(project: Path, files: Mapping[str, str]) -> list[Module]:
    """Write a tiny project and read it as the real one is read."""
    for name, text in files.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return read_sources(project)


def imports(module: Module) -> Iterator[Import]:
    """Give every import, wherever it stands: at the top, inside a function, under TYPE_CHECKING, or by `import_module`."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, module.at(node)) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(module, node)
            yield from (Import(f"{base}.{alias.name}", module.at(node)) for alias in node.names)
        elif isinstance(node, ast.Call) and _calls_import_module(node):
            yield from (
                Import(str(word.value), module.at(node)) for word in node.args if isinstance(word, ast.Constant)
            )


def _calls_import_module(node: ast.Call) -> bool:
    return ast.unparse(node.func).rpartition(".")[2] in {"import_module", "__import__"}


def _absolute(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.package.split(".")
    return ".".join([*parts[: len(parts) - node.level + 1], *filter(None, [node.module])])


def dotted_names(module: Module) -> Iterator[tuple[str, ast.expr]]:
    """Give every imported or built-in name the code refers to, in full: `now` of `from datetime import …`, `builtins.print`."""
    known = {name: f"builtins.{name}" for name in dir(builtins)} | dict(_bindings(module))
    inner = {id(node.value) for node in ast.walk(module.tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute | ast.Name) and id(node) not in inner:
            first, _, rest = _dotted(node).partition(".")
            if first in known:
                yield ".".join(filter(None, [known[first], rest])), node


def _bindings(module: Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (
                (a.asname or a.name.partition(".")[0], a.name if a.asname else a.name.partition(".")[0])
                for a in node.names
            )
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(module, node)
            yield from ((alias.asname or alias.name, f"{base}.{alias.name}") for alias in node.names)


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (base := _dotted(node.value)):
        return f"{base}.{node.attr}"
    return ""


def calls(module: Module) -> Iterator[tuple[str, ast.Call]]:
    """Give every call whose function is a plain dotted name, aliases resolved."""
    names = {id(node): name for name, node in dotted_names(module)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and id(node.func) in names:
            yield names[id(node.func)], node


def median(values: Iterable[int]) -> float:
    """Give the median, 0 for nothing."""
    return statistics.median([*values] or [0])
