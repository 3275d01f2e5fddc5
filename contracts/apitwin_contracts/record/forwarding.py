"""A listener on this machine that passes requests on to a target, as they are, and keeps what was said."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import orjson
import urllib3
from urllib3.util import SKIP_HEADER

from apitwin_contracts.errors import UsageError
from apitwin_contracts.targets.deadline import Deadlines, Turn, on_this_thread
from apitwin_contracts.targets.http import HttpSettings, connections, why_none
from apitwin_fixtures import Exchange, Headers, Reply, Request

__all__ = ["LARGEST", "Forwarder", "base_of"]

LARGEST = 50 * 1024 * 1024
"""What one body may hold, in bytes: a larger request is refused, a larger reply is passed on and not recorded."""

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
# RFC 9110, 7.6.1: these speak of one connection, and there are two.
_HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_CHUNK = 64 * 1024
_AT_ONCE = 10
_BAD_REQUEST, _TOO_LARGE, _BAD_GATEWAY = 400, 413, 502


def base_of(url: str) -> str:
    """Give a target's base without a slash at its end; raises `UsageError` for what is no base."""
    parts = urlsplit(url)
    if parts.username is not None or parts.password is not None:
        raise UsageError("a target's URL stands in recordings: take user and password out of it")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise UsageError(f"a target's URL begins with http:// or https:// and a host and has no query, not {url!r}")
    return url.rstrip("/")


@dataclass
class _Started:
    """A reply whose head is there and whose body is still to come."""

    response: urllib3.BaseHTTPResponse
    headers: Headers


@dataclass
class _Tape:
    """What came by; of more than the bound only the length is kept."""

    kept: bytearray = field(default_factory=bytearray)
    length: int = 0

    def add(self, chunk: bytes) -> None:
        self.length += len(chunk)
        if self.length <= LARGEST:
            self.kept += chunk
        else:
            self.kept.clear()


class Forwarder:
    """An ASGI application in front of a target; `exchanges` are the whole ones, in the order in which they ended.

    What the client gets is what the target sent, byte for byte, but for a `location` at the target, which names this listener instead.
    """

    def __init__(self, target: str, settings: HttpSettings | None = None) -> None:
        self.target = base_of(target)
        self.exchanges: list[Exchange] = []
        self.missed: list[str] = []
        self._settings = settings or HttpSettings()
        self._pool = connections(self._settings, _AT_ONCE)
        self._deadlines = Deadlines()

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        path = bytes(scope["raw_path"]).decode("latin-1")
        if not path.startswith("/"):
            await _refuse(send, _BAD_REQUEST, "this stands in for one supplier: make it the base URL, not a proxy")
            return
        body = await _body(receive)
        if body is None:
            await _refuse(send, _TOO_LARGE, f"a request's body may hold {LARGEST} bytes")
            return
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
        request = Request(scope["method"], path, scope["query_string"].decode("latin-1"), _passed_on(headers), body)
        with self._deadlines.turn(self._settings.timeout) as turn:
            try:
                started = await asyncio.to_thread(self._start, request, turn)
            except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                why = why_none(self._settings, turn, error)
                self._miss(request, why)
                await _refuse(send, _BAD_GATEWAY, f"no reply from {self.target}{path}: {why}")
                return
            await self._relay(request, started, turn, _host(headers), send)

    def end(self) -> None:
        """End the exchanges that are still under way."""
        self._deadlines.end()

    def _start(self, request: Request, turn: Turn) -> _Started:
        kept = urllib3.HTTPHeaderDict()
        for name, value in request.headers:
            if name not in ("host", "content-length"):
                kept.add(name, value)
        if request.header("user-agent") is None:
            kept.add("user-agent", SKIP_HEADER)
        if request.header("accept-encoding") is None:
            kept.add("accept-encoding", SKIP_HEADER)
        with on_this_thread(turn):
            response = self._pool.request(
                request.method,
                self.target + request.target,
                body=request.body or None,
                headers=kept,
                redirect=False,
                retries=False,
                preload_content=False,
                decode_content=False,
                timeout=urllib3.Timeout(total=self._settings.timeout),
            )
        headers = tuple((name.lower(), value) for name, value in response.headers.items())
        return _Started(response, _passed_on(headers))

    async def _relay(self, request: Request, started: _Started, turn: Turn, host: str, send: Send) -> None:
        status, headers = started.response.status, started.headers
        await send(_head(status, self._located(headers, host)))
        tape = _Tape()
        try:
            async for chunk in _chunks(started.response):
                tape.add(chunk)
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            broken = why_none(self._settings, turn, None) if turn.cut else ""
        except (urllib3.exceptions.HTTPError, OSError) as error:
            broken = why_none(self._settings, turn, error)
        if broken:
            # The head is gone already: that the body never ends tells the client, too.
            self._miss(request, f"its reply broke off: {broken}")
            started.response.close()
            return
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        if tape.length > LARGEST:
            self._miss(request, f"its reply has more than {LARGEST} bytes")
        else:
            self.exchanges.append(Exchange(request, Reply(status, headers, bytes(tape.kept))))

    def _miss(self, request: Request, why: str) -> None:
        self.missed.append(f"{request.method} {request.path}: {why}")

    def _located(self, headers: Headers, host: str) -> Headers:
        def here(value: str) -> str:
            return f"http://{host}{value.removeprefix(self.target)}" if value.startswith(self.target) else value

        return tuple((name, here(value) if name == "location" else value) for name, value in headers)


def _passed_on(headers: Headers) -> Headers:
    named = {part.strip().lower() for name, value in headers if name == "connection" for part in value.split(",")}
    return tuple((name, value) for name, value in headers if name not in _HOP_BY_HOP | named)


def _host(headers: Headers) -> str:
    return next((value for name, value in headers if name == "host"), "")


async def _body(receive: Receive) -> bytes | None:
    parts, length, more = [], 0, True
    while more:
        message = await receive()
        part = message.get("body", b"")
        length += len(part)
        if length <= LARGEST:
            parts.append(part)
        more = message["type"] == "http.request" and message.get("more_body", False)
    return b"".join(parts) if length <= LARGEST else None


async def _chunks(response: urllib3.BaseHTTPResponse) -> AsyncIterator[bytes]:
    chunks: Iterator[bytes] = response.stream(_CHUNK, decode_content=False)
    while (chunk := await asyncio.to_thread(next, chunks, None)) is not None:
        yield chunk
    response.release_conn()


def _head(status: int, headers: Headers) -> dict[str, Any]:
    encoded = [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers]
    return {"type": "http.response.start", "status": status, "headers": encoded}


async def _refuse(send: Send, status: int, why: str) -> None:
    body = orjson.dumps({"error": f"apitwin record: {why}"})
    await send(_head(status, (("content-type", "application/json"), ("content-length", str(len(body))))))
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
