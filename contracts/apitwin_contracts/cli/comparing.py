"""`apitwin compare` and its flags."""

from pathlib import Path
from typing import Annotated, Any

import typer

from .flags import Budget, Config, MaxOrders, MaxSpend, Only, Rate, Skip
from .guard import guarded
from .words import words_of

__all__ = ["compare"]

Profile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="The noise profile to read, or to write with --calibrate.")
]
Calibrate = Annotated[
    bool, typer.Option("--calibrate", help="Drive the target against itself and write what is volatile.")
]


def compare(  # noqa: PLR0917 - Typer passes them by name
    supplier: Annotated[str, typer.Argument(metavar="SUPPLIER", help="The supplier to compare.")],
    target: Annotated[str, typer.Option(help="mock, a URL, or a name of apitwin.toml.")],
    profile: Annotated[str, typer.Option(help="How hard to try: quick, ci or deep.")] = "ci",
    seed: Annotated[int, typer.Option(help="The same seed sends the same sequences.")] = 0,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Send nothing that changes the target's state.")
    ] = False,
    only: Only = None,
    skip: Skip = None,
    report: Annotated[list[str] | None, typer.Option(metavar="json=FILE", help="Write a report, too.")] = None,
    noise: Profile = None,
    calibrate: Calibrate = False,
    config: Config = None,
    budget: Budget = None,
    rate: Rate = None,
    max_orders: MaxOrders = None,
    max_spend: MaxSpend = None,
) -> int:
    """Drive the mock and a target in lockstep, and tell the shortest sequence that shows each difference."""

    def work() -> int:
        from apitwin_contracts.lockstep.noise import Noise
        from apitwin_contracts.lockstep.noise_files import read_noise
        from apitwin_contracts.registry import check_names
        from apitwin_contracts.suite.settings import Settings
        from apitwin_contracts.suite.storage import keep_out_of_the_way
        from apitwin_fixtures import chosen

        from .limits import read_limits
        from .report_files import report_files

        wanted, files = check_names([supplier]), report_files(report or ())
        own: dict[str, Any] = {"limits": read_limits(budget, max_orders, max_spend), "rate": rate}
        keep_out_of_the_way()
        from .compare import calibrate_target, compare_with_mock

        settings = Settings(wanted, target, profile, seed, read_only, words_of(only), words_of(skip), config, **own)
        with chosen(config):
            if calibrate:
                return calibrate_target(settings, noise or Path(f"{supplier}-noise.toml"))
            return compare_with_mock(settings, files, read_noise(noise) if noise else Noise())

    return guarded(work)
