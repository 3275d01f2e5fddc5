"""`apitwin new`: a sixth supplier's folder, made of its own description and a first recording."""

import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from apitwin_contracts.errors import UnreachableError, UsageError
from apitwin_contracts.newcomer.keeping import table_of
from apitwin_contracts.newcomer.making import Asked, Made, make
from apitwin_contracts.newcomer.prose import guesses
from apitwin_contracts.registry import contract_names
from apitwin_contracts.targets import Target
from apitwin_contracts.targets.manners import Limits, SpentError
from apitwin_contracts.targets.mock import MockTarget
from apitwin_fixtures.settings import FILE_NAME, find_file
from apitwin_mocks.generic import supplier_of
from apitwin_mocks.server import Server

from .wall import now

__all__ = ["NewOptions", "new_supplier"]

_NAME = re.compile(r"[a-z][a-z0-9-]{0,40}")
_SHOWN = 12
_UNREACHABLE, _NOTHING, _INTERRUPTED = 3, 4, 130


@dataclass(frozen=True)
class NewOptions:
    """What the command was asked."""

    name: str
    graphql: str | None
    openapi: str | None
    target: str | None
    headers: Sequence[str]
    into: Path | None
    record: bool | None
    limits: Limits = field(default_factory=Limits)
    rate: float | None = None


def new_supplier(options: NewOptions) -> int:
    """Make the folder, enter it in `apitwin.toml`, print what was guessed, and give the exit code; raises `UsageError`."""
    config = find_file(Path.cwd()) or Path.cwd() / FILE_NAME
    folder = _folder(options, config)
    table = table_of(options.name, config)
    settings = table.settings if options.rate is None else replace(table.settings, rate=options.rate)
    asked = Asked(
        options.name,
        folder,
        options.graphql,
        options.openapi,
        options.target,
        tuple(_header(text) for text in options.headers),
        options.record,
        replace(table, settings=settings, limits=table.limits.under(options.limits)),
        config,
        os.environ,
    )
    try:
        made = make(asked, now().date().isoformat(), _mock(options.name), _tell)
    except (UnreachableError, SpentError) as error:
        print(f"apitwin: {error}; nothing was written", file=sys.stderr)
        return _UNREACHABLE if isinstance(error, UnreachableError) else _NOTHING
    except KeyboardInterrupt:
        print("interrupted: nothing was written")
        return _INTERRUPTED
    _enter(config, options, folder, made)
    _report(options.name, folder, made)
    return 0 if made.on_mock and made.on_target is not False else 1


def _folder(options: NewOptions, config: Path) -> Path:
    if (options.graphql is None) == (options.openapi is None):
        raise UsageError("say where the description is: --graphql URL or --openapi FILE|URL, and not both")
    if not _NAME.fullmatch(options.name):
        raise UsageError(
            f"a supplier's name has small letters, digits and '-', and begins with a letter, not {options.name!r}"
        )
    if options.name in contract_names() or options.name == "mock":
        raise UsageError(f"there is a supplier {options.name!r} already; choose another name")
    folder = (options.into or config.parent / "suppliers").absolute() / options.name
    if folder.exists():
        raise UsageError(f"{folder} is there already; choose another name, or --into another folder")
    return folder


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not (colon and re.fullmatch(r"[A-Za-z0-9-]+", name.strip()) and value.strip()):
        raise UsageError("a header is written 'Name: value', with ${VARIABLE} for a secret from the environment")
    if "$" not in value:
        raise UsageError(
            f"the header {name} holds its secret in plain; write '{name}: ${{VARIABLE}}' and set the variable"
        )
    return name.strip(), value.strip()


def _mock(name: str) -> Callable[[Path], Target]:
    def opened(folder: Path) -> Target:
        return MockTarget(Server({name: supplier_of(folder)}), name)

    return opened


def _tell(sentence: str) -> None:
    print(sentence, flush=True)


def _enter(config: Path, options: NewOptions, folder: Path, made: Made) -> None:
    """Add the supplier and its target to the project's configuration."""
    before = config.read_text("utf-8") if config.is_file() else ""
    place = os.path.relpath(folder, config.parent).replace(os.sep, "/")
    lines = [f"[suppliers.{options.name}]", f'path = "{place}"']
    if made.on_target is not None and f"[targets.{options.name}]" not in before:
        lines += ["", f"[targets.{options.name}]", f'supplier = "{options.name}"', f'url = "{made.url}"']
        held = sorted(
            {name for header in options.headers for name in re.findall(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)", header)}
        )
        if held:
            lines.append("credentials = { " + ", ".join(f'{name} = "{name}"' for name in held) + " }")
    config.write_text(before + ("\n" if before else "") + "\n".join(lines) + "\n", "utf-8")


def _report(name: str, folder: Path, made: Made) -> None:
    found = list(guesses(made.blueprint))
    print(f"\n{name} is in {folder}. Guessed, and marked as assumed:")
    for sentence in found[:_SHOWN]:
        print(f"  {sentence}")
    if len(found) > _SHOWN:
        print(f"  … and {len(found) - _SHOWN} more")
    for sentence in made.blueprint.confirm[:_SHOWN]:
        print(f"  look at: {sentence}")
    print(f"Confirm them in {folder / 'CONFIRM.md'}.")
    print(f"  apitwin check {name}                  # the mock{'' if made.on_mock else ', which does not hold it yet'}")
    if made.on_target is not None:
        print(
            f"  apitwin check {name} --target {name}   # {made.url}{'' if made.on_target else ', which does not hold it yet'}"
        )
    else:
        print("  nothing was recorded: laws are declared only once a target has shown them")
