"""`apitwin refresh`: what a live target says now of each fixture, and with `--accept` the fixtures that say so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from apitwin_contracts.contract import Contract
from apitwin_contracts.errors import UnreachableError, UsageError
from apitwin_contracts.record.kept import Kept
from apitwin_contracts.record.scrubbing import Scrubber
from apitwin_contracts.refresh.acceptance import Choice, Written, accept
from apitwin_contracts.refresh.change import Change
from apitwin_contracts.refresh.run import News, Visit, scrubber_of
from apitwin_contracts.registry import load_contracts
from apitwin_contracts.run import Run
from apitwin_contracts.suite.guard import Guarded
from apitwin_contracts.suite.preflight import check_reachable
from apitwin_contracts.targets.addresses import Address, Directory
from apitwin_contracts.targets.manners import Limits, Purse
from apitwin_fixtures import SettingsError, find_settings

from .columns import columns
from .wall import now

__all__ = ["RefreshOptions", "refresh_supplier"]

_UNCHANGED, _CHANGED, _UNREACHABLE, _NOTHING = 0, 1, 3, 4
_FOLDER = "fixtures"
_SHOWN = 3


@dataclass(frozen=True)
class RefreshOptions:
    """What is asked: the target, what of its news is accepted, where fixtures are written, and how it is told."""

    supplier: str
    target: str
    accept: bool = False
    fingerprints: tuple[str, ...] = ()
    writes: bool = False
    into: Path | None = None
    report: Path | None = None
    limits: Limits = field(default_factory=Limits)
    rate: float | None = None
    config: Path | None = None


def refresh_supplier(options: RefreshOptions) -> int:
    """Ask, tell, and write what is accepted; gives the exit code and raises `UsageError`."""
    if options.fingerprints and not options.accept:
        raise UsageError(f"what should become of {options.fingerprints[0]}? to accept it, write --accept before it")
    contract = load_contracts([options.supplier])[options.supplier]
    directory = Directory(options.target, options.config, limits=options.limits, rate=options.rate)
    address = directory.of([contract])[contract.supplier]
    if address.in_process:
        raise UsageError("the mock says what the fixtures say; name the live --target whose news you want")
    scrubber, moment = scrubber_of(contract, {"default": address.credentials, **address.others}), now()
    try:
        news = _visit(contract, address, options, scrubber, moment)
    except UnreachableError as error:
        print(f"{contract.supplier}: no verdict: {error}")
        return _UNREACHABLE
    choice = Choice(options.accept and not options.fingerprints, frozenset(options.fingerprints))
    choice.check(news)
    written = Written()
    print("\n".join(_told(news)))
    if options.accept:
        folder, hint = _folder(options)
        written = accept(contract, news, choice, folder / contract.supplier, scrubber, moment.date())
        print("\n".join(_told_written(written, folder / contract.supplier, hint)))
    if options.report:
        _report(options.report, news, choice, written)
    return _code(news, choice)


def _visit(contract: Contract, address: Address, options: RefreshOptions, scrubber: Scrubber, moment: datetime) -> News:
    """Look at the target with manners, and take back what was made there, however the visit ends."""
    with Kept(contract, address, Purse(address.limits), print) as target:
        others = dict(address.others)
        run = Run(contract, Guarded(target), address.credentials, read_only=not options.writes, others=others)
        check_reachable(run)
        return Visit(run, scrubber, moment).look()


def _code(news: News, choice: Choice) -> int:
    if not news.fixtures and all(schema.unseen for schema in news.schemas):
        return _NOTHING
    return _UNCHANGED if len(choice.of(news.changes)) == len(news.changes) else _CHANGED


def _folder(options: RefreshOptions) -> tuple[Path, str]:
    """Give where fixtures are written, and what to do so that the mock reads them."""
    try:
        configured = find_settings().fixtures
    except SettingsError as error:
        raise UsageError(str(error)) from None
    folder = options.into or configured or Path(_FOLDER)
    if configured is not None and folder.absolute() == configured:
        return folder, ""
    return folder, f'the mock does not read this folder yet: write fixtures = "{folder}" at the top of apitwin.toml'


def _told(news: News) -> Iterator[str]:
    for change in news.changes:
        yield from _told_change(change)
    if news.volatile:
        fixtures = {change.fixture for change in news.volatile}
        yield f"volatile or scrubbed, and no news: {len(news.volatile)} places in {len(fixtures)} recordings"
    for schema in news.schemas:
        if schema.unseen:
            yield f"{schema.fixture}: {schema.unseen}"
    reasons: dict[str, list[str]] = {}
    for name, reason in news.not_asked.items():
        reasons.setdefault(reason, []).append(name)
    yield from (f"not asked, {reason}: {', '.join(names)}" for reason, names in reasons.items())
    yield _summary(news)


def _told_change(change: Change) -> Iterator[str]:
    yield f"{change.fingerprint}  {change.kind:<5}  {change.fixture}  {change.place}: {change.what}"
    rows = [("   " + one.at, f"{one.before} → {one.after}") for one in change.instances[:_SHOWN]]
    yield columns(rows)
    more = len(change.instances) - _SHOWN
    yield f"   … and {more} more\n" if more > 0 else ""


def _summary(news: News) -> str:
    count, same = len(news.changes), sum(not fixture.changes for fixture in news.fixtures)
    changed = "no change" if not count else "1 change" if count == 1 else f"{count} changes"
    return (
        f"{news.supplier}: {changed}; {same} of {len(news.fixtures)} recordings are as they were, "
        f"{len(news.not_asked)} were not asked, {news.exchanges} requests ({news.target})"
    )


def _told_written(written: Written, folder: Path, hint: str) -> Iterator[str]:
    yield f"wrote {len(written.files)} files into {folder}"
    if written.followed:
        yield f"the mock follows at its next start: {_listed(written.followed)}"
    for place, why in written.left.items():
        yield f"the mock does not follow {place}: {why}"
    if written.otherwise:
        yield f"{written.otherwise} more values differ between the target's world and the mock's, which stays as it is there"
    if hint and written.files:
        yield hint


def _listed(places: Sequence[str]) -> str:
    most = 10
    return ", ".join(places[:most]) + (f" and {len(places) - most} more" if len(places) > most else "")


def _report(path: Path, news: News, choice: Choice, written: Written) -> None:
    accepted = choice.of(news.changes)
    report: dict[str, Any] = {
        "format": "apitwin/refresh/1",
        "supplier": news.supplier,
        "target": news.target,
        "started": news.started,
        "exchanges": news.exchanges,
        "verdict": "unchanged" if not news.changes else "accepted" if len(accepted) == len(news.changes) else "changed",
        "changes": [change.as_json() for change in news.changes],
        "volatile": [change.as_json() for change in news.volatile],
        "unchanged": [fixture.fixture for fixture in news.fixtures if not fixture.changes],
        "not_asked": dict(news.not_asked),
        "unseen": {schema.fixture: schema.unseen for schema in news.schemas if schema.unseen},
        "accepted": [change.fingerprint for change in accepted],
        "written": list(written.files),
        "followed": list(written.followed),
        "not_followed": dict(written.left),
        "differing_values": written.otherwise,
    }
    path.write_bytes(orjson.dumps(report, option=orjson.OPT_INDENT_2) + b"\n")
