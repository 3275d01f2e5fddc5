"""Where the command starts: the plain forms of `apitwin serve` come up without the command line's machinery, a fifth of a start's time."""

import gc
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

__all__ = ["ServeOptions", "main", "plain_serve"]

_LARGEST_PORT = 65535


def _text(value: str) -> str | None:
    return value if value and not value.startswith("-") else None


def _number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdecimal() else None


def _unreadable(_value: str) -> None:
    return None


_OPTIONS: Mapping[str, Callable[[str], str | int | None]] = {
    "--host": _text,
    "--port": _number,
    "--seed": _number,
    "--products": _number,
    "--clock": _text,
}


@dataclass(frozen=True)
class ServeOptions:
    """What `apitwin serve` is asked to do; the defaults are the command's."""

    names: tuple[str, ...] = ()
    host: str = "127.0.0.1"
    port: int = 8900
    seed: int = 0
    products: int = 500
    clock: str = "now"


def plain_serve(words: Sequence[str]) -> ServeOptions | None:
    """Read the words of a plain `serve`; None for every other command, and for whatever the command line had better explain."""
    if words[:1] != ["serve"]:
        return None
    options, rest = ServeOptions(), iter(words[1:])
    for word in rest:
        if not word.startswith("-"):
            options = replace(options, names=(*options.names, word))
            continue
        name, equals, value = word.partition("=")
        read = _OPTIONS.get(name, _unreadable)(value if equals else next(rest, ""))
        if read is None:
            return None
        options = replace(options, **{name.removeprefix("--"): read})  # type: ignore[arg-type] # each reader knows its field
    return options if options.port <= _LARGEST_PORT and options.products else None


def main() -> None:
    """Run the command and exit with its code."""
    words = sys.argv[1:]
    # Nothing that is made until the server is up, or the first case comes, can be collected: looking for it takes a tenth of the start.
    if words[:1] in (["serve"], ["check"]):
        gc.disable()
    options = plain_serve(words)
    if options is None:
        from .main import run

        sys.exit(run(words))
    from .guard import guarded

    sys.exit(guarded(lambda: _serve(options)))


def _serve(options: ServeOptions) -> int:
    from .serve import serve_mocks

    return serve_mocks(**asdict(options))
