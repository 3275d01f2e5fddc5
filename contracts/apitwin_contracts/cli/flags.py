"""Flags that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["Budget", "Config", "MaxOrders", "MaxSpend", "News", "Only", "Rate", "Skip"]

Only = Annotated[
    list[str] | None, typer.Option(metavar="ID", help="Run this check, category, operation or pattern only.")
]
Skip = Annotated[
    list[str] | None, typer.Option(metavar="ID", help="Leave out this check, category, operation or pattern.")
]
News = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Ask first where this earlier JSON report has findings.")
]
Config = Annotated[Path | None, typer.Option(help="Read this file instead of the nearest apitwin.toml.")]
Budget = Annotated[int | None, typer.Option(min=0, help="Send so many requests at most, cleaning up included.")]
Rate = Annotated[float | None, typer.Option(min=0.1, help="Send so many requests a minute at most.")]
MaxOrders = Annotated[int | None, typer.Option(min=0, help="Create so many things at most.")]
MaxSpend = Annotated[
    str | None, typer.Option(metavar="AMOUNT", help="Order for so much at most, in the supplier's currency.")
]
