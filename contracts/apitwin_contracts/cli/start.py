"""Where the command starts: plain forms of `serve` and `check` come up without the command line's machinery, a fifth of a start's time."""

import gc
import os
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import TypeVar

__all__ = ["CheckOptions", "ServeOptions", "main", "plain_check", "plain_serve"]

_LARGEST_PORT = 65535
_INTERRUPTED = 130


def _text(value: str) -> str | None:
    return value if value and not value.startswith("-") else None


def _number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdecimal() else None


def _unreadable(_value: str) -> None:
    return None


_Reader = Callable[[str], str | int | None]

_SERVE: Mapping[str, _Reader] = {
    "--host": _text,
    "--port": _number,
    "--seed": _number,
    "--products": _number,
    "--clock": _text,
}
_CHECK: Mapping[str, _Reader] = {"--target": _text, "--profile": _text, "--seed": _number}
_FLAGS = frozenset({"--read-only"})


@dataclass(frozen=True)
class ServeOptions:
    """What `apitwin serve` is asked to do; the defaults are the command's."""

    names: tuple[str, ...] = ()
    host: str = "127.0.0.1"
    port: int = 8900
    seed: int = 0
    products: int = 500
    clock: str = "now"


@dataclass(frozen=True)
class CheckOptions:
    """What most of the runs of `apitwin check` are asked to do; the defaults are the command's."""

    names: tuple[str, ...] = ()
    target: str = "mock"
    profile: str = "ci"
    seed: int = 0
    read_only: bool = False


_Options = TypeVar("_Options", ServeOptions, CheckOptions)


def plain_serve(words: Sequence[str]) -> ServeOptions | None:
    """Read the words of a plain `serve`; None for every other command, and for whatever the command line had better explain."""
    options = _read(words[1:], ServeOptions(), _SERVE) if words[:1] == ["serve"] else None
    return options if options and options.port <= _LARGEST_PORT and options.products else None


def plain_check(words: Sequence[str]) -> CheckOptions | None:
    """Read the words of a plain `check` as `plain_serve` does; a run with more flags than a target, a profile and a seed is not plain."""
    return _read(words[1:], CheckOptions(), _CHECK, _FLAGS) if words[:1] == ["check"] else None


def _read(
    words: Sequence[str], options: _Options, readers: Mapping[str, _Reader], flags: Collection[str] = ()
) -> _Options | None:
    rest = iter(words)
    for word in rest:
        if not word.startswith("-"):
            options = replace(options, names=(*options.names, word))
            continue
        name, equals, value = word.partition("=")
        read = word in flags or readers.get(name, _unreadable)(value if equals else next(rest, ""))
        if read is None:
            return None
        options = replace(options, **{name.removeprefix("--").replace("-", "_"): read})  # type: ignore[arg-type] # each reader knows its field
    return options


def main() -> None:
    """Run the command and exit with its code."""
    words = sys.argv[1:]
    # Nothing that is made until the server is up, or the first case comes, can be collected: looking for it takes a tenth of the start.
    if words[:1] in (["serve"], ["check"]):
        gc.disable()
    code = _run(words)
    if code == _INTERRUPTED:
        _leave_at_once(code)
    sys.exit(code)


def _leave_at_once(code: int) -> None:
    """End without the interpreter's own end, which can wait for ever for what a signal left half done; all that matters is written."""
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def _run(words: Sequence[str]) -> int:
    served, checked = plain_serve(words), plain_check(words)
    if served is None and checked is None:
        from .main import run

        return run(words)
    from .guard import guarded

    return guarded(lambda: _serve(served) if served else _check(checked or CheckOptions()))


def _serve(options: ServeOptions) -> int:
    from .serve import serve_mocks

    return serve_mocks(**asdict(options))


def _check(options: CheckOptions) -> int:
    from .checking import check_as_asked

    return check_as_asked(options)
