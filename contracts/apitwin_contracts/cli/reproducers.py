"""`--reproduce DIR`: a pytest file for each finding, tried before it is written."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from apitwin_contracts.drift import Finding, Outcome
from apitwin_contracts.errors import UsageError
from apitwin_contracts.reports.reproducers import write_reproducer
from apitwin_contracts.reproduce import Reproducer
from apitwin_contracts.suite.settings import Settings

__all__ = ["reproducer_folder", "write_reproducers"]


def reproducer_folder(path: Path) -> Path:
    """Make the folder, before anything is sent; raises `UsageError` where that cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = path / ".apitwin"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UsageError(f"cannot write reproducers into {path}: {error.strerror}; name a folder") from None
    return path


def write_reproducers(folder: Path, outcomes: Iterable[Outcome], settings: Settings) -> list[Path]:
    """Write a file for each finding and give their paths; raises `OSError`."""
    return [path for outcome in outcomes for path in _written(folder, outcome, settings)]


def _written(folder: Path, outcome: Outcome, settings: Settings) -> Iterator[Path]:
    for finding in outcome.findings:
        alone = _reproducer(finding, outcome, settings)
        tried = next((made for made in _longer_and_longer(alone, outcome) if _shows_it(made)), None)
        given = {name: value for name, value in asdict(tried or alone).items() if value or name == "seed"}
        yield write_reproducer(folder, finding, given, seen_again=tried is not None)


def _reproducer(finding: Finding, outcome: Outcome, settings: Settings) -> Reproducer:
    case = next(
        result.name
        for result in outcome.results
        if any(found.fingerprint == finding.fingerprint for found in result.findings)
    )
    return Reproducer(
        supplier=finding.supplier,
        case=case,
        fingerprint=finding.fingerprint,
        target=settings.target,
        profile=settings.profile,
        seed=settings.seed,
        read_only=settings.read_only,
        config=str(settings.config or ""),
    )


def _longer_and_longer(alone: Reproducer, outcome: Outcome) -> Iterator[Reproducer]:
    """Give the case by itself, and then behind all that came before it: a target may remember."""
    yield alone
    names = [result.name for result in outcome.results]
    yield replace(alone, after=tuple(names[: names.index(alone.case)]))


def _shows_it(reproducer: Reproducer) -> bool:
    # A target that went away, or a bug of ours that the run has told already, shows nothing.
    with suppress(Exception):
        return reproducer.shows_it()
    return False
