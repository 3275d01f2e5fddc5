"""The plain `serve` is read as the command line would read it."""

from collections.abc import Sequence
from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from apitwin_contracts.cli.main import app
from apitwin_contracts.cli.start import ServeOptions, plain_serve

NAMES = ["axro", "oxomi", "", "x", "now", "0", "1", "70000", "-1", "1.5", "²"]
FLAGS = ["--host", "--port", "--seed", "--products", "--clock", "--prot", "-h", "--help"]
JOINED = ["--port=1", "--seed=7", "--seed=-1", "--clock=now", "--host="]
WORDS = st.lists(st.sampled_from([*NAMES, *FLAGS, *JOINED]), max_size=5)


def read_by_the_command_line(words: Sequence[str]) -> dict[str, Any] | None:
    command: Any = typer.main.get_command(app)
    serve = command.commands["serve"]
    try:
        read = dict(serve.make_context("serve", list(words)).params)
    except (typer.TyperException, typer.Exit):
        return None
    return {**read, "names": tuple(read["names"] or ())}


@given(WORDS)
def test_both_read_the_same(words: list[str]) -> None:
    plain = plain_serve(["serve", *words])
    if plain is not None:
        assert vars(plain) == read_by_the_command_line(words)


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
