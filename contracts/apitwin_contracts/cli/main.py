"""The commands and their flags; what a command needs is imported when it runs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from .comparing import compare
from .flags import Budget, Config, MaxOrders, MaxSpend, News, Only, Rate, Skip
from .guard import guarded, misused
from .mutating import mutants
from .newcomers import new
from .recordings import record, refresh, replay
from .start import CheckOptions, ServeOptions
from .words import words_of

__all__ = ["app", "check", "run", "serve", "suppliers", "top"]

_INTERRUPTED = 130
_CHECK, _SERVE = CheckOptions(), ServeOptions()

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Names = Annotated[list[str] | None, typer.Argument(metavar="[SUPPLIER]...", help="Suppliers; all when none is named.")]


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"apitwin {version('apitwin')}")
        raise typer.Exit


@app.callback()
def top(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version.")
    ] = False,
) -> None:
    """Mock suppliers with memory, and contract suites that ask whether the real ones still say the same.

    Exit codes: 0 the contract holds, 1 drift found, 2 wrong usage or configuration, 3 no verdict: the target could not be reached
    or did not let us in, 4 no verdict: nothing was checked.
    """


@app.command()
def suppliers(
    names: Names = None,
    json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False,
    max_age: Annotated[
        str | None,
        typer.Option(metavar="AGE", help="List what was last seen live longer ago (90d, 12w, 6m, 1y); then exit 1."),
    ] = None,
) -> int:
    """List the suppliers: surface, operations, error codes, who says so, and when the fixtures were last seen on the real thing."""

    def work() -> int:
        from .suppliers import list_suppliers

        return list_suppliers(names or (), as_json=json, max_age=max_age)

    return guarded(work)


@app.command()
def serve(
    names: Names = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = _SERVE.host,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = _SERVE.port,
    seed: Annotated[int, typer.Option(help="The same seed makes the same world.")] = _SERVE.seed,
    products: Annotated[int, typer.Option(min=1, help="How many products each supplier has.")] = _SERVE.products,
    clock: Annotated[
        str, typer.Option(help="now, or the instant at which time stands: 2026-01-01T12:00:00Z.")
    ] = _SERVE.clock,
) -> int:
    """Serve mock suppliers until Ctrl-C."""

    def work() -> int:
        from .serve import serve_mocks

        return serve_mocks(tuple(names or ()), host, port, seed, products, clock)

    return guarded(work)


@app.command()
def check(  # noqa: PLR0917 - Typer passes them by name
    context: typer.Context,
    names: Names = None,
    target: Annotated[
        str, typer.Option(help="mock, a URL (may hold {supplier}), or a name of apitwin.toml.")
    ] = _CHECK.target,
    profile: Annotated[str, typer.Option(help="How hard to try: quick, ci or deep.")] = _CHECK.profile,
    seed: Annotated[int, typer.Option(help="The same seed sends the same requests.")] = _CHECK.seed,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Send nothing that changes the target's state.")
    ] = _CHECK.read_only,
    only: Only = None,
    skip: Skip = None,
    report: Annotated[
        list[str] | None, typer.Option(metavar="json=FILE|junit=FILE", help="Write a report, too.")
    ] = None,
    reproduce: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write a pytest file for each finding into this folder.")
    ] = None,
    config: Config = None,
    budget: Budget = None,
    rate: Rate = None,
    max_orders: MaxOrders = None,
    max_spend: MaxSpend = None,
    news: News = None,
) -> int:
    """Hold suppliers to their contracts. Arguments behind -- go to pytest."""

    def work() -> int:
        from .checking import check_as_asked
        from .limits import read_limits

        options = CheckOptions(tuple(names or ()), target, profile, seed, read_only)
        named: dict[str, Any] = {"only": words_of(only), "skip": words_of(skip), "config": config}
        limits = read_limits(budget, max_orders, max_spend)
        more: dict[str, Any] = {**named, "limits": limits, "rate": rate, "news": news}
        return check_as_asked(options, report or (), context.obj or (), reproduce, **more)

    return guarded(work)


app.command()(mutants)
app.command()(compare)
app.command()(refresh)
app.command()(replay)
app.command()(record)
app.command()(new)


def _commands() -> list[str]:
    return [str(command.name or getattr(command.callback, "__name__", "")) for command in app.registered_commands]


def run(words: Sequence[str]) -> int:
    """Run the command of these words and give its exit code."""
    listed = list(words) or ["--help"]
    end = listed.index("--") if "--" in listed else len(listed)
    ours, extra = listed[:end], listed[end + 1 :]
    try:
        code = typer.main.get_command(app).main(ours, prog_name="apitwin", standalone_mode=False, obj=extra)
    except typer.TyperException as error:
        named = next((f" {word}" for word in ours[:1] if word in _commands()), "")
        return misused(f"{error.format_message()} (see apitwin{named} --help)")
    except typer.Abort:
        return _INTERRUPTED
    return int(code or 0)
