"""A target whose run keeps a journal: what a request will make is written down before it is sent, and what it made when it is answered."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any

import orjson

from apitwin_contracts.client import Client
from apitwin_contracts.contract import Contract, Credentials
from apitwin_contracts.surfaces.asked import Asked, asked_of
from apitwin_contracts.surfaces.surface import OK, UNKNOWN
from apitwin_contracts.targets import Target, TargetClock
from apitwin_contracts.targets.callbacks import Callbacks, callbacks_of
from apitwin_contracts.targets.manners import Purse, SpentError, turned_away_by
from apitwin_contracts.undoing import Undo
from apitwin_fixtures import Exchange, Reply, Request

from .journal import Entry, Journal

__all__ = ["Keeper"]

_FIRST_ERROR, _FIRST_FAILURE = 400, 500
_SIGNING_IN = 4
_TROUBLE = (KeyError, TypeError, AttributeError, ValueError, IndexError)


class _Making:
    """One thing that a request is to make."""

    def __init__(self, asked: Asked, undo: Undo, price: Decimal | None) -> None:
        self.asked = asked
        self.undo = undo
        self.price = price
        self.entry: Entry | None = None


class Keeper:
    """Passes requests on and keeps the journal of those that make something; the purse pays for each, and for taking it back."""

    def __init__(
        self, contract: Contract, target: Target, credentials: Credentials, purse: Purse, journal: Journal
    ) -> None:
        self._contract = contract
        self._target = target
        self._purse = purse
        self._client = Client(contract, target, credentials, lambda _finding: None)
        self._undos = {undo.creates: undo for undo in contract.undos}
        self._ends = {undo.ended_by: undo for undo in contract.undos if undo.ended_by}
        self._journal = journal

    @property
    def url(self) -> str:
        """The target's base."""
        return self._target.url

    @property
    def clock(self) -> TargetClock:
        """The target's time."""
        return self._target.clock

    @property
    def callbacks(self) -> Callbacks | None:
        """Where the target can send webhooks."""
        return callbacks_of(self._target)

    @property
    def turned_away(self) -> list[Exchange]:
        """The replies that asked for a pause and got it, told once."""
        return turned_away_by(self._target)

    @property
    def authority(self) -> Target | None:
        """Where tokens are granted, when that is another host."""
        return self._target.authority

    def send(self, request: Request) -> Exchange:
        """Send a request; raises `SpentError` when the run may not make what it would make, and `UnreachableError` when no reply comes."""
        every = asked_of(self._contract.surface, request) if self._undos else ()
        makings = list(self._makings(every))
        for making in makings:
            self._begin(making)
        try:
            exchange = self._target.send(request)
        except SpentError:
            for making in makings:
                self._nothing(making)
            raise
        for making in makings:
            self._settle(making, exchange.reply)
        for asked in every:
            self._end(asked, exchange.reply)
        return exchange

    def _makings(self, every: Iterable[Asked]) -> Iterator[_Making]:
        for asked in every:
            undo = self._undos.get(asked.operation)
            if undo and _makes(undo, asked):
                priced = self._purse.limits.max_spend is not None
                yield _Making(asked, undo, undo.price(self._client, asked.arguments) if priced else Decimal(0))

    def _begin(self, making: _Making) -> None:
        undo, arguments = making.undo, making.asked.arguments
        self._purse.buy(making.price)
        self._purse.set_aside(undo.requests + (0 if self._journal.entries else _SIGNING_IN))
        reference = _tried(undo.reference, arguments)
        if undo.before:
            reference = {"asked": reference, "before": undo.before(self._client, arguments)}
        making.entry = self._journal.intend(undo.creates, reference, self.clock.now())

    def _nothing(self, making: _Making) -> None:
        if making.entry:
            self._journal.close(making.entry)
        self._purse.release(making.undo.requests)
        self._purse.refund(making.price)

    def _settle(self, making: _Making, reply: Reply) -> None:
        answered, payload = self._payload(making.asked, reply)
        if answered and payload is None:
            self._nothing(making)
            return
        handles: list[str] = []
        with suppress(*_TROUBLE):
            handles = [str(handle) for handle in making.undo.made(payload, making.asked.arguments) if handle]
        # An answer that does not tell what was made leaves the entry to be looked for, as if none had come.
        if handles and making.entry:
            self._journal.made(making.entry, handles)

    def _end(self, asked: Asked, reply: Reply) -> None:
        """Forget what the run itself has taken back; what was kept for undoing it is free again."""
        undo = self._ends.get(asked.operation)
        if undo is None or not self._journal.open_entries:
            return
        done = self._contract.surface.recognise(asked.operation, reply, self._contract.errors).outcome == OK
        handle = _tried(undo.ended, asked.arguments) if done else None
        for entry in self._journal.open_entries:
            if handle and (entry.operation, entry.handles) == (undo.creates, (handle,)):
                self._journal.close(entry)
                self._purse.release(undo.requests)

    def _payload(self, asked: Asked, reply: Reply) -> tuple[bool, Any]:
        """Give whether the reply says for sure what came of it, and the operation's part of it; None for a refusal."""
        recognition = self._contract.surface.recognise(asked.operation, reply, self._contract.errors)
        if recognition.outcome not in (OK, UNKNOWN):
            return True, None
        if reply.status >= _FIRST_ERROR:
            return reply.status < _FIRST_FAILURE, None
        payload, body = recognition.payload, _json(reply)
        if body is None:
            return False, None
        if asked.key:
            data = body.get("data") if isinstance(body, dict) else None
            payload = data.get(asked.key) if isinstance(data, dict) else None
        refused = isinstance(payload, dict) and recognition.outcome == UNKNOWN and payload.get("error")
        return True, None if refused else payload


def _makes(undo: Undo, asked: Asked) -> bool:
    try:
        return undo.makes(asked.arguments)
    except _TROUBLE:
        # What is no proper request may still make something.
        return True


def _tried(reference: Any, arguments: Any) -> Any:
    try:
        return reference(arguments)
    except _TROUBLE:
        return None


def _json(reply: Reply) -> Any:
    try:
        return orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        return None
