"""The commands about recordings and their flags."""

from pathlib import Path
from typing import Annotated

import typer

from .guard import guarded

__all__ = ["replay"]

Supplier = Annotated[str, typer.Argument(metavar="SUPPLIER", help="The supplier.")]


def replay(
    supplier: Supplier,
    cassettes: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Play this folder's cassettes instead of the supplier's fixtures."),
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8900,
) -> int:
    """Serve a supplier's recordings alone until Ctrl-C: no state, and a clear answer to what was not recorded."""

    def work() -> int:
        from .replay import replay_supplier

        return replay_supplier(supplier, cassettes, host, port)

    return guarded(work)
