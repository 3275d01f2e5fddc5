"""A receiver of webhooks on a real socket, as good or as bad as a test wants it."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

import orjson

__all__ = ["DRIP", "HANG", "Hit", "Receiver", "says"]

HANG, DRIP = b"<hang>", b"<drip>"
"""Answers that never end: nothing at all, or a byte now and then."""


@dataclass(frozen=True)
class Hit:
    """One request that arrived whole."""

    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


def says(status: int, body: bytes = b'{"success":true,"message":"OK"}', **headers: str) -> bytes:
    """Write a whole reply."""
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Receiver:
    """Listens on loopback while in a `with` block; `answer` is given each hit and gives the raw reply, empty to hang up."""

    def __init__(self, answer: Callable[[Hit], bytes] = lambda _hit: says(200)) -> None:
        self.answer = answer
        self.hits: list[Hit] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self._held: list[socket.socket] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/hook"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        for held in self._held:
            held.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with suppress(OSError):
                self._handle(connection)

    def _handle(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        hit = _read(connection)
        answer = b""
        if hit is not None:
            self.hits.append(hit)
            answer = self.answer(hit)
        if answer in (HANG, DRIP):
            self._held.append(connection)
            if answer == DRIP:
                threading.Thread(target=self._drip, args=(connection,), daemon=True).start()
            return
        connection.sendall(answer)
        connection.close()

    def _drip(self, connection: socket.socket) -> None:
        with suppress(OSError):
            for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 1000:
                connection.sendall(bytes([byte]))
                if self._over.wait(0.02):
                    return


def _read(connection: socket.socket) -> Hit | None:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += connection.recv(65536)
    return Hit(first.split(" ")[1], headers, body)
