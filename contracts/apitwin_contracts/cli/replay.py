"""`apitwin replay`: recordings over HTTP until Ctrl-C."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from apitwin_contracts.errors import UsageError
from apitwin_fixtures import Cassette, Fixtures
from apitwin_fixtures.cassettes import read_cassette
from apitwin_mocks.kit.errors import MisuseError
from apitwin_mocks.registry import load_suppliers
from apitwin_mocks.replay import replayed
from apitwin_mocks.server import Server

from .columns import columns
from .serve import serve_until_stopped
from .wall import now

__all__ = ["cassettes_of", "replay_supplier"]


def replay_supplier(name: str, folder: Path | None, host: str, port: int) -> int:
    """Serve until interrupted; raises `UsageError` for an unknown supplier, a folder without cassettes, or a port that is taken."""
    try:
        supplier = load_suppliers([name])[name]
    except MisuseError as error:
        raise UsageError(str(error)) from None
    cassettes = cassettes_of(supplier.fixtures, folder)
    app = Server({name: replayed(supplier, cassettes)}, time=now)
    return serve_until_stopped(app, host, port, lambda base: _greeting(base, name, cassettes))


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


def _greeting(base: str, name: str, cassettes: Sequence[Cassette]) -> Iterator[str]:
    count = sum(len(cassette.exchanges) for cassette in cassettes)
    yield f"apitwin replays {name} at {base}/{name} ({len(cassettes)} cassettes, {count} exchanges)\n"
    yield columns(
        [("  " + cassette.name, cassette.operation, str(cassette.metadata.get("title", ""))) for cassette in cassettes]
    )
    yield "\nWhat was not recorded is answered with 501 and the nearest recording. Stop with Ctrl-C."
