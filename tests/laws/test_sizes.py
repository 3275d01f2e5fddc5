"""Files and functions stay small enough to be read in one go.

A function's size is what a reader reads of it: its lines from `def` to the end, without blank lines, comments and docstrings.
"""

import ast
import io
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.laws.source_tree import Module, median, plant, project_sources, project_tests

FILE_MOST, FILE_MEDIAN = 500, 150
FUNCTION_MOST, FUNCTION_MEDIAN = 40, 6

Function = ast.FunctionDef | ast.AsyncFunctionDef


def file_size(module: Module) -> int:
    return len(module.text.splitlines())


def functions(module: Module) -> Iterator[tuple[str, int]]:
    """Give the place and size of each function, methods and inner functions too."""
    code = _code_lines(module.text)
    for node in ast.walk(module.tree):
        if isinstance(node, Function):
            span = range(node.lineno, (node.end_lineno or node.lineno) + 1)
            yield f"{module.at(node)} {node.name}", len(code.intersection(span) - _docstring_lines(node))


def _code_lines(text: str) -> set[int]:
    silent = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {line for token in tokens if token.type not in silent for line in range(token.start[0], token.end[0] + 1)}


def _docstring_lines(function: Function) -> set[int]:
    lines: set[int] = set()
    for node in ast.walk(function):
        if isinstance(node, Function | ast.ClassDef) and ast.get_docstring(node, clean=False) is not None:
            lines.update(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return lines


def too_long(modules: Iterable[Module]) -> list[str]:
    files = [f"{module.path}: {file_size(module)} lines" for module in modules if file_size(module) > FILE_MOST]
    sized = [found for module in modules for found in functions(module)]
    return files + [f"{place}: {size} lines" for place, size in sized if size > FUNCTION_MOST]


def medians(modules: Iterable[Module]) -> tuple[float, float]:
    """Give the median file and the median function; package files that only group others are not counted."""
    files = [file_size(module) for module in modules if not module.is_package]
    return median(files), median(size for module in modules for _, size in functions(module))


@pytest.mark.parametrize("modules", [project_sources(), project_tests()], ids=["sources", "tests"])
def test_files_and_functions_stay_small(modules: tuple[Module, ...]) -> None:
    assert too_long(modules) == []


@pytest.mark.parametrize("modules", [project_sources(), project_tests()], ids=["sources", "tests"])
def test_the_usual_file_and_function_are_smaller_still(modules: tuple[Module, ...]) -> None:
    file, function = medians(modules)
    assert file < FILE_MEDIAN
    assert function <= FUNCTION_MEDIAN


def test_a_long_file_is_seen(tmp_path: Path) -> None:
    assert too_long(plant(tmp_path, {"mocks/a.py": "x = 1\n" * 501})) == ["mocks/a.py: 501 lines"]


def test_a_long_function_is_seen(tmp_path: Path) -> None:
    text = "class A:\n    def f(self):\n" + "        self.x = 1\n" * 40
    assert too_long(plant(tmp_path, {"mocks/a.py": text})) == ["mocks/a.py:2 f: 41 lines"]


def test_only_code_counts(tmp_path: Path) -> None:
    text = '@cache\ndef f() -> str:\n    """Two\n    lines."""\n\n    # why\n    return """a\n\n    b"""  # why\n'
    [module] = plant(tmp_path, {"mocks/a.py": text})
    assert list(functions(module)) == [("mocks/a.py:2 f", 4)]


def test_medians_are_taken_of_files_and_functions(tmp_path: Path) -> None:
    files = {"mocks/a.py": "x = 1\n" * 10, "mocks/b.py": "def f():\n    return 1\n", "mocks/__init__.py": ""}
    assert medians(plant(tmp_path, files)) == (6, 2)
