"""A deadline for a whole exchange: a socket's own timeout begins anew with every byte, so that a target which drips never ends it."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

__all__ = ["Deadlines", "Turn", "on_this_thread", "watched_pools"]

_HERE = threading.local()


@dataclass(eq=False)
class Turn:
    """One exchange under way; `cut` tells that its time was over before it was."""

    due: float
    cut: bool = False
    sockets: list[socket.socket] = field(default_factory=list)
    copies: list[socket.socket] = field(default_factory=list)

    def end(self) -> None:
        """Shut the exchange's connections, so that whoever reads from one is woken."""
        self.cut = True
        for one in self.sockets:
            # The plain socket's shutdown: TLS would first say good-bye to somebody who does not listen.
            with suppress(OSError):
                socket.socket.shutdown(one, socket.SHUT_RDWR)


class Deadlines:
    """Ends exchanges that take too long; one thread watches all, and it lives no longer than there is something to watch."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turns: list[Turn] = []
        self._thread: threading.Thread | None = None

    @contextmanager
    def within(self, seconds: float) -> Iterator[Turn]:
        """Give so many seconds to what happens inside, on this thread."""
        with self.turn(seconds) as turn, on_this_thread(turn):
            yield turn

    @contextmanager
    def turn(self, seconds: float) -> Iterator[Turn]:
        """Give so many seconds to an exchange whose requests are made `on_this_thread` of whoever makes them."""
        turn = Turn(time.monotonic() + seconds)
        with self._lock:
            self._turns.append(turn)
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="apitwin-deadlines", daemon=True)
                self._thread.start()
        try:
            yield turn
        finally:
            with self._lock:
                self._turns.remove(turn)
            for copy in turn.copies:
                copy.close()

    def end(self) -> None:
        """End whatever is under way."""
        with self._lock:
            for turn in self._turns:
                turn.end()

    def _watch(self) -> None:
        while True:
            with self._lock:
                # All have the same time, so the first in line is the first to end.
                if not self._turns:
                    self._thread = None
                    return
                due = self._turns[0].due
            time.sleep(max(0.01, due - time.monotonic()))
            with self._lock:
                for turn in self._turns:
                    if turn.due <= time.monotonic():
                        turn.end()


@contextmanager
def on_this_thread(turn: Turn) -> Iterator[None]:
    """Let the connections that this thread uses inside be the turn's."""
    before, _HERE.turn = getattr(_HERE, "turn", None), turn
    try:
        yield
    finally:
        _HERE.turn = before


def _note(sock: socket.socket | None) -> None:
    turn: Turn | None = getattr(_HERE, "turn", None)
    if turn is not None and sock is not None:
        turn.sockets.append(sock)


def _note_copy(sock: socket.socket) -> None:
    """Note a new connection by a descriptor of its own: TLS takes the socket's away before it shakes hands."""
    turn: Turn | None = getattr(_HERE, "turn", None)
    if turn is not None:
        copy = sock.dup()
        turn.sockets.append(copy)
        turn.copies.append(copy)


class _Watched(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn()
        _note_copy(sock)
        return sock

    def request(self, *words: Any, **more: Any) -> None:
        _note(self.sock)
        super().request(*words, **more)


class _WatchedTls(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn()
        _note_copy(sock)
        return sock

    def request(self, *words: Any, **more: Any) -> None:
        _note(self.sock)
        super().request(*words, **more)


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Watched  # pyright: ignore[reportAssignmentType] # its protocol has Final fields, which no class can fit


class _TlsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _WatchedTls  # pyright: ignore[reportAssignmentType] # as above


def watched_pools(manager: urllib3.PoolManager) -> urllib3.PoolManager:
    """Let a manager's connections be ended by a deadline."""
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
    return manager
