"""Only the command and the reports speak to a terminal."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.laws.source_tree import Module, dotted_names, is_under, plant, project_sources

MAY_PRINT = ("apitwin_contracts.cli", "apitwin_contracts.reports")
PRINTING = (
    "builtins.print",
    "pprint.pprint",
    "pprint.pp",
    "sys.stdout",
    "sys.stderr",
    "sys.__stdout__",
    "sys.__stderr__",
)
PRINTING_LIBRARIES = ("rich", "typer.echo", "typer.secho", "click.echo", "click.secho")


def printing(modules: Iterable[Module]) -> list[str]:
    return [
        f"{module.at(node)} {name}"
        for module in modules
        if not is_under(module.name, *MAY_PRINT)
        for name, node in dotted_names(module)
        if is_under(name, *PRINTING, *PRINTING_LIBRARIES)
    ]


def test_nothing_prints_outside_the_command_and_the_reports() -> None:
    assert printing(project_sources()) == []


@pytest.mark.parametrize(
    "text",
    [
        "print('x')",
        "f = print",
        "from sys import stdout\nstdout.write('x')",
        "import sys as s\ns.stderr.write('x')",
        "from pprint import pprint as show\nshow(1)",
        "from rich.console import Console\nConsole()",
    ],
)
def test_printing_is_seen(tmp_path: Path, text: str) -> None:
    assert len(printing(plant(tmp_path, {"mocks/apitwin_mocks/a.py": text}))) == 1


def test_the_command_and_the_reports_may_print(tmp_path: Path) -> None:
    allowed = {f"contracts/apitwin_contracts/{folder}/a.py": "print('x')" for folder in ("cli", "reports")}
    assert printing(plant(tmp_path, allowed)) == []
