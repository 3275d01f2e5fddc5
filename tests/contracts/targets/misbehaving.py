"""Servers on loopback that answer as no server should."""

import gzip
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from urllib.parse import urlsplit

__all__ = ["BEHAVIOURS", "TOLD", "Behaviour", "answering", "misbehaving"]

Behaviour = Callable[[socket.socket, threading.Event], None]
_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
_PAUSE = 0.05


class _Requests:
    """Counts the requests that were read."""

    def __init__(self) -> None:
        self.count = 0


def _drip(connection: socket.socket, over: threading.Event, first: bytes, rest: bytes) -> None:
    connection.sendall(first)
    for byte in rest:
        if over.wait(_PAUSE):
            return
        connection.sendall(bytes([byte]))


def answering(status: int, *headers: str, body: bytes = b"{}") -> Behaviour:
    """Answer every request so."""
    lines = [f"HTTP/1.1 {status} X", f"content-length: {len(body)}", "connection: close", *headers, "", ""]

    def behave(connection: socket.socket, _over: threading.Event) -> None:
        connection.sendall("\r\n".join(lines).encode() + body)
        connection.shutdown(socket.SHUT_WR)
        # What was sent and never read would reset the connection, and the reply might be lost with it.
        connection.settimeout(1)
        while connection.recv(65536):
            pass

    return behave


def _reset(connection: socket.socket, _over: threading.Event) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _bomb(connection: socket.socket, _over: threading.Event) -> None:
    """Send a few kilobytes that unpack to 50 MB."""
    packed = _packed()
    head = f"content-encoding: gzip\r\ncontent-length: {len(packed)}\r\nconnection: close\r\n\r\n"
    connection.sendall(_HEAD + head.encode() + packed)


@cache
def _packed() -> bytes:
    # Packing takes longer than a reply may: it is done before any is asked for.
    return gzip.compress(b" " * (50 << 20))


def _flood(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(_HEAD + f"content-length: {50 << 20}\r\n\r\n".encode())
    for _ in range(50):
        if over.is_set():
            return
        connection.sendall(b"x" * (1 << 20))


BEHAVIOURS: dict[str, Behaviour] = {
    "429": answering(429),
    "429, later": answering(429, "retry-after: 1"),
    "429, on a day": answering(
        429, "retry-after: Wed, 01 Jan 2020 00:00:09 GMT", "date: Wed, 01 Jan 2020 00:00:08 GMT"
    ),
    "429, much later": answering(429, "retry-after: 86400"),
    "503": answering(503),
    "503, later": answering(503, "retry-after: 1"),
    "503, on a day": answering(
        503, "retry-after: Wed, 01 Jan 2020 00:00:09 GMT", "date: Wed, 01 Jan 2020 00:00:08 GMT"
    ),
    "reset": _reset,
    "hangs": lambda _connection, over: _wait(over),
    "half a body": lambda connection, _over: connection.sendall(_HEAD + b'content-length: 100\r\n\r\n{"items"'),
    "half a chunk": lambda connection, _over: connection.sendall(
        _HEAD + b'transfer-encoding: chunked\r\n\r\n40\r\n{"items"'
    ),
    "50 MB": _flood,
    "50 MB packed": _bomb,
    "drips its head": lambda connection, over: _drip(connection, over, b"", _HEAD * 50),
    "drips its body": lambda connection, over: _drip(
        connection, over, _HEAD + b"content-length: 9999\r\n\r\n", b"x" * 9999
    ),
    "drips to the end": lambda connection, over: _drip(
        connection, over, _HEAD + b"connection: close\r\n\r\n", b"x" * 9999
    ),
    "nonsense": lambda connection, _over: connection.sendall(b"\x00\x01 nonsense\r\n\r\n"),
    "says nothing": lambda _connection, _over: None,
}

_DRIPS = "it was not whole after 0.5 seconds"
TOLD: dict[str, str] = {
    "429": "is down: it answers 429 to",
    "429, later": "is down: it answers 429 to",
    "429, on a day": "is down: it answers 429 to",
    "429, much later": "is down: it answers 429 to",
    "503": "is down: it answers 503 to",
    "503, later": "is down: it answers 503 to",
    "503, on a day": "is down: it answers 503 to",
    "reset": "ConnectionResetError",
    "hangs": _DRIPS,
    "half a body": "IncompleteRead",
    "half a chunk": "IncompleteRead",
    "50 MB": "sends more than 32 MiB in one reply",
    "50 MB packed": "sends more than 32 MiB in one reply",
    "drips its head": _DRIPS,
    "drips its body": _DRIPS,
    "drips to the end": _DRIPS,
    "nonsense": "BadStatusLine",
    "says nothing": "RemoteDisconnected",
}
"""What a run says of each, where a reply may take half a second."""


def _wait(over: threading.Event) -> None:
    over.wait()


def _read(connection: socket.socket) -> bytes:
    """Read one request, its body included; empty when none came."""
    received = b""
    while b"\r\n\r\n" not in received or len(received) < _length(received):
        part = connection.recv(65536)
        if not part:
            return b""
        received += part
    return received


def _length(received: bytes) -> int:
    head, _, _ = received.lower().partition(b"\r\n\r\n")
    told = [int(line.partition(b":")[2]) for line in head.split(b"\r\n") if line.startswith(b"content-length:")]
    return len(head) + 4 + sum(told)


def _relay(connection: socket.socket, request: bytes, url: str) -> None:
    """Let another server answer this one request."""
    parts = urlsplit(url)
    with socket.create_connection((str(parts.hostname), parts.port or 80)) as other:
        other.sendall(request.replace(b"\r\n", b"\r\nconnection: close\r\n", 1))
        while part := other.recv(65536):
            connection.sendall(part)


@contextmanager
def misbehaving(behave: Behaviour, *, after: int = 0, real: str = "") -> Iterator[tuple[str, _Requests]]:
    """Serve on a free port; gives the URL, and how many requests came so far, the first `after` of which the `real` server answers."""
    if behave is _bomb:
        _packed()
    over, seen, threads = threading.Event(), _Requests(), list[threading.Thread]()
    listener = socket.create_server(("127.0.0.1", 0), backlog=50)

    def answer(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            received = _read(connection)
            if not received:
                return
            seen.count += b"/_twin/" not in received
            if seen.count <= after and b"/_twin/" not in received:
                _relay(connection, received, real)
            else:
                behave(connection, over)

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threads.append(threading.Thread(target=answer, args=(connection,), daemon=True))
                threads[-1].start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", seen
    finally:
        over.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for thread in (accepting, *threads):
            thread.join(5)
