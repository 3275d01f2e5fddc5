"""The commands about recordings and their flags."""

from pathlib import Path
from typing import Annotated

import typer

from apitwin_contracts.errors import UsageError

from .flags import Budget, Config, MaxOrders, MaxSpend, Rate
from .guard import guarded
from .words import words_of

__all__ = ["record", "refresh", "replay"]

Supplier = Annotated[str, typer.Argument(metavar="SUPPLIER", help="The supplier.")]
Fingerprints = Annotated[
    list[str] | None, typer.Argument(metavar="[FINGERPRINT]...", help="With --accept: these changes alone.")
]
Accept = Annotated[bool, typer.Option("--accept", help="Write the new fixtures: all, or those of the fingerprints.")]
Writes = Annotated[
    bool, typer.Option("--writes", help="Also ask again what changes the target's state, such as orders.")
]
Into = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Write here; default: apitwin.toml's fixtures, else ./fixtures.")
]
Proxy = Annotated[bool, typer.Option("--proxy", help="Ask nothing: pass on and record what a client of your own asks.")]
Listen = Annotated[
    str, typer.Option(metavar="HOST:PORT", help="Where --proxy listens, on this machine; port 0 takes a free one.")
]


def replay(
    supplier: Supplier,
    cassettes: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Play this folder's cassettes instead of the supplier's fixtures."),
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8900,
    clock: Annotated[
        str, typer.Option(help="recorded, which is when the latest recording was made; now; or an instant.")
    ] = "recorded",
) -> int:
    """Serve a supplier's recordings alone until Ctrl-C: no state, and a clear answer to what was not recorded."""

    def work() -> int:
        from .replay import replay_supplier

        return replay_supplier(supplier, cassettes, host, port, clock)

    return guarded(work)


def record(  # noqa: PLR0917 - Typer passes them by name
    supplier: Annotated[str | None, typer.Argument(metavar="[SUPPLIER]", help="The supplier.")] = None,
    target: Annotated[str, typer.Option(help="A URL, or a name of apitwin.toml.")] = "",
    into: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write here instead of among the project's fixtures.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Record this operation, kind, cassette or pattern only.")
    ] = None,
    budget: Budget = None,
    rate: Rate = None,
    max_orders: MaxOrders = None,
    max_spend: MaxSpend = None,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Send nothing that changes the target's state.")
    ] = False,
    by: Annotated[str, typer.Option(metavar="NAME", help="Who records, for the cassettes' metadata.")] = "",
    proxy: Proxy = False,
    listen: Listen = "127.0.0.1:8901",
    clean_up: Annotated[bool, typer.Option("--clean-up", help="Finish what interrupted runs left behind.")] = False,
    seed: Annotated[int, typer.Option(help="The same seed sends the same requests.")] = 0,
    config: Config = None,
) -> int:
    """Tour a live target and write what it says as cassettes, without its secrets; nothing that can be taken back is left on it."""

    def work() -> int:
        from apitwin_contracts.errors import UsageError
        from apitwin_fixtures import chosen

        from .limits import read_limits
        from .record import RecordOptions, clean_up_after, record_supplier

        limits = read_limits(budget, max_orders, max_spend)
        options = RecordOptions(target, into, words_of(only), limits, rate, read_only, by, seed, config)
        with chosen(config):
            if clean_up:
                return clean_up_after(supplier, options)
            if not (supplier and target):
                raise UsageError("say which supplier to record and where: apitwin record SUPPLIER --target URL")
            if proxy:
                from .proxy import proxy_supplier

                return proxy_supplier(supplier, options, listen)
            return record_supplier(supplier, options)

    return guarded(work)


def refresh(  # noqa: PLR0917 - Typer passes them by name
    supplier: Supplier,
    fingerprints: Fingerprints = None,
    target: Annotated[str, typer.Option(help="A URL, or a name of apitwin.toml.")] = "mock",
    accept: Accept = False,
    writes: Writes = False,
    into: Into = None,
    report: Annotated[str | None, typer.Option(metavar="json=FILE", help="Write a report, too.")] = None,
    budget: Budget = None,
    rate: Rate = None,
    max_orders: MaxOrders = None,
    max_spend: MaxSpend = None,
    config: Config = None,
) -> int:
    """Ask a live target again what the fixtures recorded, and show what differs in meaning.

    Exit codes: 0 nothing changed, or all was accepted; 1 something changed; 2, 3 and 4 as for check.
    """

    def work() -> int:
        from apitwin_contracts.registry import check_names
        from apitwin_fixtures import chosen

        from .limits import read_limits
        from .report_files import report_files

        check_names([supplier])
        files = report_files([report] if report else [])
        if "junit" in files:
            raise UsageError("refresh writes a report as json=FILE alone")
        from .refresh import RefreshOptions, refresh_supplier

        limits, wanted = read_limits(budget, max_orders, max_spend), tuple(fingerprints or ())
        options = RefreshOptions(
            supplier, target, accept, wanted, writes, into, files.get("json"), limits, rate, config
        )
        with chosen(config):
            return refresh_supplier(options)

    return guarded(work)
