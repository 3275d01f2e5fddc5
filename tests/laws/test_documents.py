"""What the documents say can be done, can be done: commands parse, files exist, every law is named."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer

from tests.laws.source_tree import PROJECT

DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")
SEPARATORS = set("&|;<>()")
# Typer keeps its own copy of click; its usage error is what its public error is made from.
UsageError: Any = typer.BadParameter.__mro__[1]


def read(document: str) -> str:
    return (PROJECT / document).read_text("utf-8")


def shell_commands(text: str) -> Iterator[str]:
    """Give the commands of the sh and console blocks, quoted line ends included; a console block's output is left out."""
    for language, block in re.findall(r"^```(sh|console)\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        pending = ""
        for line in block.replace("\\\n", " ").splitlines():
            if pending or language == "sh" or line.startswith("$ "):
                pending += line if pending else line.removeprefix("$ ")
                if _is_whole(pending):
                    yield pending
                    pending = ""
                else:
                    pending += "\n"
        if pending:
            yield pending


def _is_whole(command: str) -> bool:
    try:
        shlex.split(command, comments=True)
    except ValueError:
        return False
    return True


def our_calls(text: str) -> Iterator[list[str]]:
    """Give the arguments of each call of `apitwin`, wherever in a command it stands."""
    for command in shell_commands(text):
        lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        words: list[str] = []
        for word in [*lexer, ";"]:
            if not set(word) <= SEPARATORS:
                words.append(word)
                continue
            if words and words[0].rpartition("/")[2] == "apitwin":
                yield words[1:]
            words = []


def command_line() -> Any:
    main = import_module("apitwin_contracts.cli.main")
    [app] = [value for value in vars(main).values() if isinstance(value, typer.Typer)]
    return typer.main.get_command(app)


def refusals(text: str, command: Any) -> list[str]:
    """Give what the command line answers to each call in a document that it does not understand."""
    return [refusal for call in our_calls(text) if (refusal := _refusal(call, command))]


def _refusal(call: list[str], group: Any) -> str:
    name = call[0] if call else ""
    if name in group.commands:
        command, arguments = group.commands[name], call[1:]
    elif name.startswith("-"):
        command, arguments = group, call
    else:
        return f"there is no apitwin {name}"
    try:
        command.make_context(name, arguments)
    except typer.Exit:
        return ""
    except UsageError as error:
        return f"apitwin {shlex.join(call)}: {error.format_message()}"
    return ""


def missing_files(text: str, project: Path) -> list[str]:
    """Give the paths that a document names in backticks or links to, and that are not there."""
    named = re.findall(r"`((?:fixtures|mocks|contracts|tests|\.ci)/[\w./-]*)`", text)
    linked = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text)
    return sorted({path for path in (*named, *linked) if not (project / path).exists()})


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_in_a_document_is_understood(document: str) -> None:
    assert refusals(read(document), command_line()) == []


def test_the_readme_shows_the_command() -> None:
    shown = {call[0] for call in our_calls(read("README.md")) if call}
    assert {"suppliers", "serve", "check"} <= shown <= set(command_line().commands)


def test_every_command_is_in_the_readme() -> None:
    assert [name for name in command_line().commands if f"apitwin {name}" not in read("README.md")] == []


def test_ci_runs_the_readmes_test_command() -> None:
    *_, last = read(".ci/run").strip().splitlines()
    assert last in list(shell_commands(read("README.md")))
    assert last.endswith("/tox")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_a_document_names_is_there(document: str) -> None:
    assert missing_files(read(document), PROJECT) == []


def test_the_architecture_names_every_law() -> None:
    laws = [path.name for path in (PROJECT / "tests/laws").glob("test_*.py")]
    assert [name for name in sorted(laws) if f"`tests/laws/{name}`" not in read("ARCHITECTURE.md")] == []


def test_the_architecture_says_why_each_dependency_was_chosen() -> None:
    wanted = tomllib.loads(read("pyproject.toml"))["project"]["dependencies"]
    names = [re.split(r"[\[>=<~]", requirement)[0] for requirement in wanted]
    assert [name for name in names if f"`{name}`" not in read("ARCHITECTURE.md")] == []


def test_the_changelog_tells_of_this_version() -> None:
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    assert f"## [{version}]" in read("CHANGELOG.md")


BLOCK = """Text with `apitwin nothing`.

```sh
python3 -m venv .venv && .venv/bin/apitwin check axro \\
    --seed 1   # a comment
curl -d '{
  "query": "x"}' http://localhost | jq; apitwin serve &
```

```console
$ apitwin suppliers
apitwin output
```
"""


def _tiny_command() -> Any:
    app = typer.Typer(callback=lambda: None)

    @app.command()
    def check(names: list[str], seed: int = 0) -> None: ...

    @app.command()
    def serve() -> None: ...

    return typer.main.get_command(app)


def test_calls_are_found_wherever_they_stand() -> None:
    assert list(our_calls(BLOCK)) == [["check", "axro", "--seed", "1"], ["serve"], ["suppliers"]]


def test_a_call_that_is_not_understood_is_seen() -> None:
    assert refusals(BLOCK, _tiny_command()) == ["there is no apitwin suppliers"]
    for call in ("check axro --sed 1", "check axro --seed x", "serve twice", "--colour"):
        [complaint] = refusals(f"```sh\napitwin {call}\n```\n", _tiny_command())
        assert call in complaint


def test_a_file_that_is_not_there_is_seen(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    text = "`tests/`, `tests/a.py`, [b](b.md#x), [c](https://example.com), `fixtures/<supplier>/`"
    assert missing_files(text, tmp_path) == ["b.md", "tests/a.py"]
