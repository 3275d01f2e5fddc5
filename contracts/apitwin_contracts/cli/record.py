"""`apitwin record`: a live target's answers as cassettes, and what interrupted recordings left behind cleaned up."""

import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from apitwin_contracts.contract import Contract
from apitwin_contracts.errors import UsageError
from apitwin_contracts.newcomer.keeping import finished
from apitwin_contracts.record.journal import Journal, adopted, state_folder
from apitwin_contracts.record.kept import Kept
from apitwin_contracts.record.session import Recorded, Recording
from apitwin_contracts.record.tour import Stop
from apitwin_contracts.record.undo import Cleaned
from apitwin_contracts.registry import load_contracts
from apitwin_contracts.reports.wording import amount
from apitwin_contracts.targets.addresses import Address, Directory
from apitwin_contracts.targets.manners import Limits, Purse
from apitwin_fixtures import find_settings

from .wall import now

__all__ = ["RecordOptions", "clean_up_after", "folder_of", "record_supplier"]

_FINE, _NEWS, _UNREACHABLE, _NOTHING, _INTERRUPTED = 0, 1, 3, 4, 130
_KINDS = {
    "operation": ("operation", "operations"),
    "page": ("page", "pages"),
    "argument": ("argument", "arguments"),
    "error": ("refusal", "refusals"),
    "auth": ("way of signing in", "ways of signing in"),
}


@dataclass(frozen=True)
class RecordOptions:
    """What `apitwin record` is asked to do."""

    target: str
    into: Path | None = None
    only: Sequence[str] = ()
    limits: Limits = field(default_factory=Limits)
    rate: float | None = None
    read_only: bool = False
    by: str = ""
    seed: int = 0
    config: Path | None = None


def record_supplier(name: str, options: RecordOptions) -> int:
    """Record one supplier and give the exit code; raises `UsageError` before anything is sent."""
    contract = load_contracts([name])[name]
    address = _address(contract, options)
    folder = options.into or folder_of(name)
    _check_writable(folder)
    started = time.perf_counter()
    recording = Recording(contract, address, _say, seed=options.seed, read_only=options.read_only)
    planned = recording.stops(options.only)
    if not planned:
        raise UsageError(f"--only {' '.join(options.only)} names nothing that {name} could be asked")
    _say(f"{name} at {address.label}: {amount(len(planned), 'recording')} to make")
    recorded = recording.take(planned, options.by, now(), _Progress(planned).tell)
    _tell(name, recorded, planned)
    if recorded.toured.cassettes:
        recording.write(recorded, folder)
    spent = f"{amount(recorded.requests, 'request')} in {time.perf_counter() - started:.1f} s"
    where = f" in {folder}" if recorded.files else ""
    _say(f"{name}: {amount(len(recorded.files), 'cassette')}{where}; {spent}")
    return _code(recorded)


def clean_up_after(name: str | None, options: RecordOptions) -> int:
    """Finish what interrupted runs left to do, of one supplier or of all; raises `UsageError` for a target that is no longer known."""
    code, found = _FINE, False
    for journal in adopted(state_folder() / "journals"):
        head = journal.header
        if name not in (None, head.supplier) or options.target not in ("", head.target):
            journal.end()
            continue
        found = True
        cleaned = _cleaned(journal, options)
        _tell_cleaned(f"{head.supplier} at {head.url}", cleaned)
        code = max(code, _UNREACHABLE if any(not left.final for left in cleaned.leftovers) else _FINE)
    if not found:
        _say("there is nothing to clean up: no run was interrupted")
    return code


def _cleaned(journal: Journal, options: RecordOptions) -> Cleaned:
    head = journal.header
    if head.folder and Path(head.folder).is_dir():
        return finished(journal, options.limits, _say)
    contract = load_contracts([head.supplier])[head.supplier]
    config = options.config or (Path(head.config) if head.config else None)
    directory = Directory(head.target, config, limits=options.limits, rate=options.rate)
    address = directory.of([contract])[head.supplier]
    return Kept(contract, address, Purse(address.limits), _say, journal).clean()


def _address(contract: Contract, options: RecordOptions) -> Address:
    directory = Directory(options.target, options.config, seed=options.seed, limits=options.limits, rate=options.rate)
    return directory.of([contract])[contract.supplier]


def folder_of(supplier: str) -> Path:
    """Give where a supplier's recordings go: among the project's own fixtures."""
    fixtures = find_settings().fixtures or Path("fixtures")
    return fixtures / supplier / "cassettes"


def _check_writable(folder: Path) -> None:
    """Refuse a folder that cannot be written to before anything is asked."""
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not there.is_dir():
        raise UsageError(f"{there} is no folder; name another with --into")


class _Progress:
    """Says what is recorded now, a line for each kind."""

    def __init__(self, planned: Iterable[Stop]) -> None:
        self._counts = Counter(stop.kind for stop in planned)

    def tell(self, stop: Stop) -> None:
        count = self._counts.pop(stop.kind, 0)
        if count:
            _say(f"  {amount(count, *_KINDS[stop.kind])}")


def _tell(name: str, recorded: Recorded, planned: Sequence[Stop]) -> None:
    toured = recorded.toured
    reasons: dict[str, list[str]] = {}
    for stop, why in toured.skipped.items():
        reasons.setdefault(why, []).append(stop)
    for why, listed in reasons.items():
        _say(f"not recorded ({len(listed)}): {', '.join(listed[:3])}{', …' if len(listed) > 3 else ''}: {why}")  # noqa: PLR2004 - a few suffice
    for stop, what in toured.surprises.items():
        _say(f"not as promised: {stop}: {what}")
    if recorded.unreachable:
        _say(f"{name} gave no more answers: {recorded.unreachable}")
    if recorded.interrupted:
        _say("interrupted: what was recorded until then is kept")
    left = len(planned) - len(toured.cassettes) - len(toured.skipped)
    if left > 0:
        _say(f"{amount(left, 'recording was', 'recordings were')} not come to")
    if recorded.unclean:
        _say("cleaning up was interrupted: apitwin record --clean-up finishes it")
    else:
        _tell_cleaned(name, recorded.cleaned)


def _tell_cleaned(name: str, cleaned: Cleaned) -> None:
    if cleaned.undone or not cleaned.leftovers:
        _say(f"{name}: {amount(cleaned.undone, 'thing')} taken back")
    for sentence in cleaned.sentences():
        _say(f"{name}: {sentence}")


def _code(recorded: Recorded) -> int:
    if recorded.interrupted:
        return _INTERRUPTED
    if recorded.unreachable:
        return _UNREACHABLE
    if not recorded.toured.cassettes:
        return _NOTHING
    pending = any(not left.final for left in recorded.cleaned.leftovers)
    return _NEWS if recorded.toured.surprises or pending else _FINE


def _say(sentence: str) -> None:
    print(sentence, file=sys.stdout, flush=True)
