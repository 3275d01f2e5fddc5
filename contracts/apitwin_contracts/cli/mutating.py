"""The flags of `apitwin mutants`."""

from typing import Annotated

import typer

from .guard import guarded
from .words import words_of

__all__ = ["mutants"]


def mutants(  # noqa: PLR0917 - Typer passes them by name
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[SUPPLIER]...", help="Suppliers; all when none is named.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Try this category, mutant, mutator or pattern only.")
    ] = None,
    jobs: Annotated[int, typer.Option(help="Worker processes; 0 takes one for each core.")] = 0,
    profile: Annotated[str, typer.Option(help="How hard the suites try: quick, ci or deep.")] = "ci",
    seed: Annotated[int, typer.Option(help="The same seed tries the same mutants with the same requests.")] = 0,
    min_score: Annotated[float, typer.Option(help="Exit 1 when fewer of a hundred are killed.")] = 98.0,
    min_category: Annotated[float, typer.Option(help="Exit 1 when fewer of a hundred are, in any category.")] = 95.0,
    by: Annotated[
        str, typer.Option(help="Who looks: check (the suites), or compare (the mock in lockstep).")
    ] = "check",
    report: Annotated[list[str] | None, typer.Option(metavar="json=FILE", help="Write a report, too.")] = None,
) -> int:
    """Drift the mocks on purpose, and tell which drifts the suites notice."""

    def work() -> int:
        from apitwin_contracts.drift import Goal
        from apitwin_contracts.registry import check_names

        from .report_files import report_files

        wanted, files = check_names(names or ()), report_files(report or (), ("json",))
        from apitwin_contracts.mutants.session import Wanted, check_way
        from apitwin_contracts.suite.storage import keep_out_of_the_way

        from .mutants import cores, find_survivors

        keep_out_of_the_way()
        goal = Goal(min_score, min_category)
        asked = Wanted(wanted, words_of(only), profile, seed, jobs or cores(), goal, check_way(by))
        return find_survivors(asked, files.get("json"))

    return guarded(work)
