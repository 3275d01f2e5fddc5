"""The command that brings a supplier of the user's own; what it needs is imported when it runs."""

from pathlib import Path
from typing import Annotated

import typer

from .flags import Budget, MaxOrders, Rate
from .guard import guarded

__all__ = ["new"]


def new(  # noqa: PLR0917 - Typer passes them by name
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="What the new supplier is called: small letters, digits, -.")
    ],
    graphql: Annotated[
        str | None, typer.Option(metavar="URL", help="Ask this GraphQL endpoint for its schema.")
    ] = None,
    openapi: Annotated[
        str | None,
        typer.Option(metavar="FILE|URL", help="Read this OpenAPI document (3.1, 3.0 or Swagger 2; JSON or YAML)."),
    ] = None,
    target: Annotated[
        str | None, typer.Option(metavar="URL", help="Where the API answers, if the document does not say.")
    ] = None,
    header: Annotated[
        list[str] | None,
        typer.Option(metavar="'NAME: ${VARIABLE}'", help="Send this header; secrets come from the environment."),
    ] = None,
    into: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write the folder here instead of suppliers/.")
    ] = None,
    record: Annotated[
        bool | None,
        typer.Option(
            help="Record reads and writes, or nothing; without either: reads, and writes on this machine alone."
        ),
    ] = None,
    budget: Budget = None,
    rate: Rate = None,
    max_orders: MaxOrders = None,
) -> int:
    """Bring a supplier of your own: read its description, record it, write its mock and its contract."""

    def work() -> int:
        from apitwin_contracts.suite.storage import keep_out_of_the_way

        keep_out_of_the_way()
        from .limits import read_limits
        from .new import NewOptions, new_supplier

        limits = read_limits(budget, max_orders, None)
        return new_supplier(NewOptions(name, graphql, openapi, target, header or (), into, record, limits, rate))

    return guarded(work)
