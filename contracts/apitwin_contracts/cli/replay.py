"""`apitwin replay`: recordings over HTTP until Ctrl-C."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from apitwin_contracts.errors import UsageError
from apitwin_fixtures import Cassette, Fixtures
from apitwin_fixtures.cassettes import read_cassette
from apitwin_mocks.kit.clock import Standing, TimeSource
from apitwin_mocks.kit.errors import MisuseError
from apitwin_mocks.registry import load_suppliers
from apitwin_mocks.replay import replayed
from apitwin_mocks.server import Server

from .columns import columns
from .serve import serve_until_stopped, time_source
from .wall import now

__all__ = ["RECORDED", "cassettes_of", "replay_supplier"]

RECORDED = "recorded"


def replay_supplier(name: str, folder: Path | None, host: str, port: int, clock: str) -> int:
    """Serve until interrupted; raises `UsageError` for an unknown supplier, no cassettes, an unreadable clock, or a taken port."""
    try:
        supplier = load_suppliers([name])[name]
    except MisuseError as error:
        raise UsageError(str(error)) from None
    cassettes = cassettes_of(supplier.fixtures, folder)
    source = _recorded_time(cassettes) if clock == RECORDED else time_source(clock)
    app = Server({name: replayed(supplier, cassettes)}, time=source)
    return serve_until_stopped(app, host, port, lambda base: _greeting(base, name, cassettes, source()))


def _recorded_time(cassettes: Sequence[Cassette]) -> TimeSource:
    """Give the moment of the latest recording, in which time stands still: what a reply calls tomorrow is then tomorrow."""
    moments = [_instant(cassette.metadata.get("moment") or cassette.metadata.get("when")) for cassette in cassettes]
    latest = max((moment for moment in moments if moment), default=None)
    return Standing(latest) if latest else now


def _instant(text: object) -> datetime | None:
    try:
        instant = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return instant if instant.tzinfo else None


def cassettes_of(fixtures: Fixtures, folder: Path | None) -> tuple[Cassette, ...]:
    """Read a folder's cassettes, by default the supplier's own; raises `UsageError` where there are none, or for a damaged file."""
    paths = fixtures.cassette_paths() if folder is None else _paths(folder)
    if not paths:
        where = folder or "the fixtures"
        raise UsageError(
            f"there is no cassette in {where}; record some with apitwin record, or name a folder with --cassettes"
        )
    return tuple(_read(path) for path in paths)


def _paths(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder; name the one that holds the cassettes")
    inner = folder / "cassettes"
    return sorted((inner if inner.is_dir() else folder).glob("*.json"))


def _read(path: Path) -> Cassette:
    try:
        cassette = read_cassette(path)
        _ = cassette.operation
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise UsageError(f"{path} is no cassette of apitwin: {type(error).__name__}: {error}") from None
    return cassette


def _greeting(base: str, name: str, cassettes: Sequence[Cassette], moment: datetime) -> Iterator[str]:
    count = sum(len(cassette.exchanges) for cassette in cassettes)
    yield f"apitwin replays {name} at {base}/{name} ({len(cassettes)} cassettes, {count} exchanges, clock {moment:%Y-%m-%dT%H:%M:%SZ})\n"
    yield columns(
        [("  " + cassette.name, cassette.operation, str(cassette.metadata.get("title", ""))) for cassette in cassettes]
    )
    yield "\nWhat was not recorded is answered with 501 and the nearest recording. Stop with Ctrl-C."
