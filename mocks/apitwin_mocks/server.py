"""One ASGI application that stands in for all suppliers: `/axro/…`, `/s/<session>/axro/…` and the control API `/_twin/…`."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from typing import Any

from apitwin_fixtures import Reply, Request

from .kit.call import Call
from .kit.clock import TimeSource, standing
from .kit.control import Control
from .kit.courier import Courier
from .kit.errors import MisuseError
from .kit.pipeline import Sleep, build
from .kit.replies import json_reply
from .kit.session import Session, Sessions
from .supplier import Seeding, Supplier

__all__ = ["Receive", "Scope", "Send", "Server"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_LARGEST_BODY = 10 * 1024 * 1024
_CONTROL = "_twin"
_BEAT = 1.0


class Server:
    """The suppliers' mocks in one application; time stands still unless a time source is given, and `sleep` waits out faults.

    Webhooks go to loopback receivers and to `webhook_hosts` alone; `courier` carries them.
    """

    def __init__(
        self,
        suppliers: Mapping[str, Supplier],
        seeding: Seeding | None = None,
        *,
        time: TimeSource = standing,
        sleep: Sleep = asyncio.sleep,
        webhook_hosts: Iterable[str] = (),
        courier: Courier | None = None,
    ) -> None:
        self.suppliers = suppliers
        self.seeding = seeding or Seeding()
        self._courier = courier or Courier()
        self.sessions = Sessions(self.seeding.seed, time, self._make_world, self._courier, webhook_hosts)
        self._catalogues: dict[str, Any] = {}
        self._proceed = build(sleep)
        self._control = Control(self.sessions, self.suppliers)

    def _make_world(self, session: Session, supplier: str) -> Any:
        return self.suppliers[supplier].world(self.catalogue(supplier), session)

    def catalogue(self, supplier: str) -> Any:
        """Give the supplier's immutable first state, made when it is first asked for and shared by all sessions."""
        if supplier not in self._catalogues:
            self._catalogues[supplier] = self.suppliers[supplier].catalogue(self.seeding)
        return self._catalogues[supplier]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection; only HTTP is spoken."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await _send(send, scope["method"], await self._reply(scope, receive))
            self._courier.run()
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _reply(self, scope: Scope, receive: Receive) -> Reply:
        body = await _body(receive)
        if body is None:
            return _misuse(f"a request's body has at most {_LARGEST_BODY} bytes", 413)
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
        path, query = scope["path"], scope["query_string"].decode("latin-1")
        try:
            return await self._answer(Request(scope["method"], path, query, headers, body))
        except MisuseError as error:
            return _misuse(str(error), 404)

    async def answer(self, request: Request) -> Reply:
        """Answer one request and deliver the webhooks that are due; raises `MisuseError` when the path names no supplier."""
        reply = await self._answer(request)
        self._courier.run()
        return reply

    async def _answer(self, request: Request) -> Reply:
        name, path = _split_session(request.path)
        session = self.sessions.get(name)
        mount, _, rest = path[1:].partition("/")
        inner = Request(request.method, f"/{rest}", request.query, request.headers, request.body)
        if mount == _CONTROL:
            return self._control.answer(session, inner)
        supplier = self.suppliers.get(mount)
        if supplier is None:
            supplier = self._owner(path)
            inner = Request(request.method, path, request.query, request.headers, request.body)
        return await self._proceed(Call(inner, session, supplier))

    async def _live(self, receive: Receive, send: Send) -> None:
        self._courier.open()
        beat = asyncio.create_task(self._beat())
        await _lifespan(receive, send)
        beat.cancel()
        self._courier.close()

    async def _beat(self) -> None:
        # Where time runs by itself, what is due must happen although nobody asks.
        while True:
            await asyncio.sleep(_BEAT)
            for session in tuple(self.sessions):
                session.catch_up()

    def _owner(self, path: str) -> Supplier:
        owners = [supplier for supplier in self.suppliers.values() if supplier.owns(path)]
        if len(owners) == 1:
            return owners[0]
        mounts = ", ".join(f"/{name}" for name in self.suppliers)
        message = f"no supplier answers at {path[:200]}; begin the path with one of {mounts}, or with /_twin for the control API"
        raise MisuseError(message)


def _split_session(path: str) -> tuple[str, str]:
    if path.startswith("/s/"):
        name, slash, rest = path[3:].partition("/")
        return name, slash + rest if slash else "/"
    return "default", path or "/"


async def _body(receive: Receive) -> bytes | None:
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        return body if len(body) <= _LARGEST_BODY else None
    parts, size = [body], len(body)
    while message.get("more_body"):
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        size += len(message.get("body", b""))
        if size <= _LARGEST_BODY:
            parts.append(message.get("body", b""))
    return b"".join(parts) if size <= _LARGEST_BODY else None


async def _send(send: Send, method: str, reply: Reply) -> None:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers]
    headers.append((b"content-length", str(len(reply.body)).encode()))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else reply.body})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def _misuse(message: str, status: int) -> Reply:
    return json_reply({"error": "apitwin: " + message}, status)
