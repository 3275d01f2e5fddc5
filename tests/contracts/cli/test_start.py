"""The plain forms of `serve` and `check` are read as the command line would read them."""

from collections.abc import Sequence
from typing import Any

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st

from apitwin_contracts.cli.main import app
from apitwin_contracts.cli.start import CheckOptions, ServeOptions, plain_check, plain_serve

NAMES = ["axro", "oxomi", "", "x", "now", "0", "1", "70000", "-1", "1.5", "²"]
FLAGS = ["--host", "--port", "--seed", "--products", "--clock", "--prot", "-h", "--help"]
JOINED = ["--port=1", "--seed=7", "--seed=-1", "--clock=now", "--host="]
WORDS = st.lists(st.sampled_from([*NAMES, *FLAGS, *JOINED]), max_size=5)


CHECK_FLAGS = ["--target", "--profile", "--seed", "--read-only", "--read", "--only", "--", "-h"]
CHECK_WORDS = st.lists(
    st.sampled_from([*NAMES, *CHECK_FLAGS, "--seed=7", "--target=mock", "--read-only=1", "--seed=x"]), max_size=5
)


def read_by_the_command_line(name: str, words: Sequence[str]) -> dict[str, Any] | None:
    command: Any = typer.main.get_command(app)
    try:
        read = dict(command.commands[name].make_context(name, list(words)).params)
    except (typer.TyperException, typer.Exit):
        return None
    return {**read, "names": tuple(read["names"] or ())}


@settings(deadline=None)
@given(WORDS)
def test_both_read_the_same(words: list[str]) -> None:
    plain = plain_serve(["serve", *words])
    if plain is not None:
        assert vars(plain) == read_by_the_command_line("serve", words)


@settings(deadline=None)
@given(CHECK_WORDS)
def test_both_read_the_same_check(words: list[str]) -> None:
    plain = plain_check(["check", *words])
    if plain is not None:
        read = read_by_the_command_line("check", words)
        assert read is not None
        assert vars(plain) == {name: read.pop(name) for name in vars(plain)}
        assert not any(read.values())


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ([], CheckOptions()),
        (["axro", "--target", "mock", "--profile=quick"], CheckOptions(("axro",), "mock", "quick")),
        (["--target", "sandbox", "--read-only"], CheckOptions(target="sandbox", read_only=True)),
        (["axro", "--only", "paging"], None),
        (["axro", "--", "-x"], None),
        (["--target"], None),
        (["--target", "--read-only", "axro"], None),
        (["--seed", "-1"], None),
    ],
)
def test_most_checks_are_plain(words: list[str], options: CheckOptions | None) -> None:
    assert plain_check(["check", *words]) == options


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ([], ServeOptions()),
        (["axro", "oxomi"], ServeOptions(("axro", "oxomi"))),
        (["axro", "--port", "0", "--seed=3"], ServeOptions(("axro",), port=0, seed=3)),
        (["--clock", "2026-01-01T12:00:00Z"], ServeOptions(clock="2026-01-01T12:00:00Z")),
        (["--help"], None),
        (["--prot", "1"], None),
        (["--port", "70000"], None),
        (["--products", "0"], None),
        (["--port"], None),
    ],
)
def test_the_readmes_forms_are_plain(words: list[str], options: ServeOptions | None) -> None:
    assert plain_serve(["serve", *words]) == options


def test_other_commands_are_not_its_business() -> None:
    assert plain_serve([]) is None
    assert plain_serve(["check", "axro"]) is None
    assert plain_check(["serve", "axro"]) is None
