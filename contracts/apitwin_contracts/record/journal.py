"""The journal of what a run makes on a target: on the disk before each request that makes something, so that a crash forgets nothing."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, Self

import orjson

__all__ = ["Entry", "Header", "Journal", "adopted", "state_folder"]

_FORMAT = "apitwin/journal/1"


@dataclass(frozen=True)
class Header:
    """Which run's journal it is; `target` is what --target said and `config` the file that it was looked up in, so that another can go on.

    `folder` holds a supplier that was still in the making; what is in it says how to go on, and nobody needs it afterwards.
    """

    supplier: str
    target: str
    url: str
    config: str = ""
    folder: str = ""


@dataclass
class Entry:
    """One request that makes something; `handles` is None while nobody knows whether it did.

    `left` names what of it cannot be taken back, each with the reason; it is closed once that was told.
    """

    number: int
    operation: str
    reference: Any
    since: datetime
    handles: tuple[str, ...] | None = None
    closed: bool = False
    left: tuple[tuple[str, str], ...] = ()


def state_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Give the folder of journals: `$APITWIN_STATE`, else the user's state folder."""
    named = environment.get("APITWIN_STATE")
    if named:
        return Path(named)
    home = environment.get("XDG_STATE_HOME") or environment.get("LOCALAPPDATA") or "~/.local/state"
    return Path(home).expanduser() / "apitwin"


class Journal:
    """One run's journal; a file that appears with its first entry, is locked as long as its run lives, and goes when nothing is left to do."""

    def __init__(self, path: Path, header: Header, entries: Iterable[Entry] = ()) -> None:
        self.path = path
        self.header = header
        self.entries = list(entries)
        self._file: int | None = None

    @classmethod
    def begin(cls, folder: Path, header: Header) -> Self:
        """Begin a journal of a name that no other has."""
        stem = f"{header.supplier}-{os.getpid()}"
        free = (folder / f"{stem}-{number}.jsonl" for number in count(1))
        return cls(next(path for path in free if not path.exists()), header)

    def announce(self) -> None:
        """Be on the disk from now on, also without an entry: for a run that leaves something on this machine, too."""
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.hold()
            self._append({"format": _FORMAT, **vars(self.header)})

    def intend(self, operation: str, reference: Any, since: datetime) -> Entry:
        """Note what is about to be asked; when this returns, it is on the disk."""
        entry = Entry(len(self.entries) + 1, operation, reference, since)
        self._write({"number": entry.number, "intends": operation, "reference": reference, "since": since.isoformat()})
        self.entries.append(entry)
        return entry

    def made(self, entry: Entry, handles: Iterable[str]) -> None:
        """Note what the supplier calls what was made."""
        entry.handles = tuple(handles)
        self._write({"number": entry.number, "made": entry.handles})

    def leave(self, entry: Entry, left: Iterable[tuple[str, str]]) -> None:
        """Note what cannot be taken back, for whoever tells it: this process may not live so long."""
        entry.left = tuple(left)
        self._write({"number": entry.number, "left": entry.left})

    def close(self, entry: Entry) -> None:
        """Note that nothing is left to do: nothing was made, it was taken back, or it was told that it cannot be."""
        entry.closed = True
        self._write({"number": entry.number, "closed": True})

    @property
    def open_entries(self) -> list[Entry]:
        """What is still to be taken back, the latest first: what was made later may build on what was made earlier."""
        return [entry for entry in reversed(self.entries) if not entry.closed]

    def end(self) -> None:
        """Let go of the file, and remove it when nothing is left to do."""
        if self._file is not None:
            if not self.open_entries:
                with suppress(OSError):
                    self.path.unlink()
            os.close(self._file)
            self._file = None

    def hold(self) -> bool:
        """Take the file for this process; False when the run that writes it still lives."""
        handle = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        if not _locked(handle):
            os.close(handle)
            return False
        self._file = handle
        return True

    def _write(self, told: Mapping[str, Any]) -> None:
        self.announce()
        self._append(told)

    def _append(self, told: Mapping[str, Any]) -> None:
        if self._file is None:
            raise RuntimeError(f"the journal {self.path} is somebody else's")
        os.write(self._file, orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE))
        os.fsync(self._file)


def adopted(folder: Path) -> Iterator[Journal]:
    """Give the journals of runs that are no more, each held by this process until its `end`."""
    for path in sorted(folder.glob("*.jsonl")):
        journal = _read(path)
        if journal and journal.hold():
            yield journal


def _read(path: Path) -> Journal | None:
    lines = list(_lines(path))
    if not lines or lines[0].get("format") != _FORMAT:
        return None
    head = {name: str(lines[0].get(name, "")) for name in ("supplier", "target", "url", "config", "folder")}
    entries: dict[int, Entry] = {}
    for line in lines:
        if "format" in line:
            continue
        number = line["number"]
        if "intends" in line:
            since = datetime.fromisoformat(line["since"])
            entries[number] = Entry(number, line["intends"], line["reference"], since)
        elif "made" in line:
            entries[number].handles = tuple(line["made"])
        elif "left" in line:
            entries[number].left = tuple((handle, why) for handle, why in line["left"])
        else:
            entries[number].closed = True
    return Journal(path, Header(**head), entries.values())


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_bytes().splitlines():
        # The last line of a run that was killed may be half: what it was to announce was not sent yet.
        with suppress(orjson.JSONDecodeError):
            yield orjson.loads(line)


def _locked(handle: int) -> bool:
    try:
        import fcntl  # noqa: PLC0415 - only POSIX has it
    except ImportError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
