"""Cleaning up: what a journal says was made is taken back, and what cannot be is told with the reason."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from apitwin_contracts.client import Client
from apitwin_contracts.contract import Contract
from apitwin_contracts.errors import NothingToExamine, UnreachableError, Violation
from apitwin_contracts.targets.manners import SpentError
from apitwin_contracts.undoing import GONE, Sought, Undo

from .journal import Entry, Journal

__all__ = ["Cleaned", "Leftover", "clean_up"]


@dataclass(frozen=True)
class Leftover:
    """Something that is still on the target; `final` where trying again cannot help."""

    operation: str
    handle: str
    why: str
    final: bool


@dataclass(frozen=True)
class Cleaned:
    """How many things were taken back, and what was left; the journal forgets what cannot be taken back once it was `told`."""

    undone: int
    leftovers: tuple[Leftover, ...]
    told: Callable[[], None] = field(default=lambda: None, compare=False)

    def sentences(self) -> Iterator[str]:
        """Tell what was left, each thing by its name, equal reasons together; when the last is told, the journal may forget it."""
        counted = Counter((left.operation, left.why, left.final) for left in self.leftovers)
        for (operation, why, final), count in counted.items():
            named = [left.handle for left in self.leftovers if (left.operation, left.why) == (operation, why)]
            shown = ", ".join(filter(None, named))
            again = "" if final else "; apitwin record --clean-up tries again"
            yield f"left behind by {operation} ({count}{': ' if shown else ''}{shown}): {why}{again}"
        self.told()


def clean_up(contract: Contract, clients: Sequence[Client], journal: Journal) -> Cleaned:
    """Take back what a journal holds, the latest first, as whichever customer can; the journal forgets what is settled."""
    undos = {undo.creates: undo for undo in contract.undos}
    work = _Work(clients, journal)
    for entry in journal.open_entries:
        work.settle(entry, undos.get(entry.operation))
    if not any(left.final for left in work.leftovers):
        journal.end()
    return Cleaned(work.undone, tuple(work.leftovers), partial(_forget, journal))


def _forget(journal: Journal) -> None:
    for entry in [entry for entry in journal.open_entries if entry.left]:
        journal.close(entry)
    journal.end()


def _told(left: Leftover, clients: Sequence[Client]) -> Leftover:
    """Give what was left without secrets: a target may repeat in its refusal who asked."""
    why = left.why
    for client in clients:
        why = client.scribe.clean(why)
    return replace(left, why=why)


class _Work:
    """One clean-up under way."""

    def __init__(self, clients: Sequence[Client], journal: Journal) -> None:
        self.leftovers: list[Leftover] = []
        self.undone = 0
        self._clients = clients
        self._journal = journal
        self._waited = False

    def settle(self, entry: Entry, undo: Undo | None) -> None:
        """Take back what one entry made; it stays in the journal as long as trying again may help, or until it was told why that cannot."""
        if entry.left:
            self.leftovers += [Leftover(entry.operation, handle, why, final=True) for handle, why in entry.left]
            return
        try:
            left = list(self._leftovers(entry, undo))
        except (UnreachableError, SpentError) as error:
            left = [Leftover(entry.operation, _named(entry), str(error), final=False)]
        left = [_told(one, self._clients) for one in left]
        self.leftovers += left
        if not left:
            self._journal.close(entry)
        elif all(one.final for one in left):
            self._journal.leave(entry, ((one.handle, one.why) for one in left))

    def _leftovers(self, entry: Entry, undo: Undo | None) -> Iterator[Leftover]:
        handles = entry.handles
        if handles is None:
            try:
                handles = self._looked_for(entry, undo)
            except SpentError:
                raise
            except NothingToExamine as error:
                yield Leftover(
                    entry.operation, _named(entry), f"no answer told whether it was made, and {error}", final=True
                )
                return
            twins = self._twins(entry)
            if len(handles) > twins:
                why = f"no answer told which it is: {len(handles)} things on the target fit what was asked"
                yield Leftover(entry.operation, ", ".join(handles), why, final=True)
                return
            # Two requests alike, both unanswered: each takes one of what they made.
            handles = handles[:1] if twins > 1 else handles
        for handle in handles:
            why = self._taken_back(undo, Sought(entry.reference, entry.since, handle))
            if why:
                yield Leftover(entry.operation, handle, why, final=True)

    def _twins(self, entry: Entry) -> int:
        return sum(
            one.handles is None
            and not one.closed
            and (one.operation, one.reference) == (entry.operation, entry.reference)
            for one in self._journal.entries
        )

    def _looked_for(self, entry: Entry, undo: Undo | None) -> tuple[str, ...]:
        """Ask as each customer; raises `NothingToExamine` where nothing can be found in principle."""
        if undo is None or undo.find is None:
            raise NothingToExamine(_why(undo) or "nothing that was sent with it could find it")
        self._let_settle(entry, undo)
        known = {handle for one in self._journal.entries for handle in one.handles or ()}
        found: dict[str, None] = {}
        for client in self._clients:
            try:
                asked = [str(handle) for handle in undo.find(client, Sought(entry.reference, entry.since))]
            except (Violation, UnreachableError) as error:
                if client is self._clients[0]:
                    raise UnreachableError(str(error)) from error
                continue
            found.update(dict.fromkeys(handle for handle in asked if handle not in known))
        return tuple(found)

    def _let_settle(self, entry: Entry, undo: Undo) -> None:
        """Wait until what was made can be seen; a mock's time is moved instead."""
        if not undo.settles or self._waited:
            return
        self._waited = True
        clock = self._clients[0].target.clock
        left = undo.settles - (clock.now() - entry.since)
        if clock.movable:
            clock.advance(undo.settles)
        else:
            time.sleep(max(0.0, min(left, undo.settles).total_seconds()))

    def _taken_back(self, undo: Undo | None, sought: Sought) -> str:
        if undo is None or undo.back is None:
            return _why(undo)
        reasons: list[str] = []
        for client in self._clients:
            is_first = client is self._clients[0]
            try:
                why = undo.back(client, sought)
            except SpentError:
                raise
            except UnreachableError:
                if is_first:
                    raise
                why = GONE
            except (Violation, NothingToExamine) as error:
                # A customer who may not even ask has nothing to do with it.
                why = str(error) if is_first else GONE
            if not why:
                self.undone += 1
                return ""
            reasons.append(why)
        # What none of them has is gone: the run itself deleted it.
        return next((why for why in reasons if why != GONE), "")


def _why(undo: Undo | None) -> str:
    return undo.why if undo else "the contract no longer says how to take it back"


def _named(entry: Entry) -> str:
    """Name what an entry made, or else what was sent for it."""
    asked = entry.reference if isinstance(entry.reference, list) else [entry.reference]
    return ", ".join(entry.handles or (one for one in asked if isinstance(one, str)))
