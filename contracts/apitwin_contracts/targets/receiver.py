"""A receiver of webhooks: a small HTTP server in a thread, which notes what arrives and answers as a check wants it."""

from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from types import TracebackType
from typing import Any, Self

import orjson

from apitwin_fixtures import Exchange, Reply, Request

from .callbacks import Callbacks

__all__ = ["Hit", "Mailbox", "Receiver"]

_RECEIVED = b'{"success":true,"message":"OK"}'
_LARGEST = 1024 * 1024
_JSON = (("content-type", "application/json"),)


@dataclass(frozen=True)
class Hit:
    """A webhook that arrived, and the status that answered it."""

    request: Request
    status: int

    @property
    def json(self) -> Any:
        """The body, None when it is no JSON."""
        try:
            return orjson.loads(self.request.body)
        except orjson.JSONDecodeError:
            return None

    @property
    def exchange(self) -> Exchange:
        """The hit as evidence."""
        return Exchange(self.request, Reply(self.status, _JSON, _RECEIVED))


Answering = Callable[[Request, list[Hit]], int]


class Mailbox:
    """A URL of its own in a receiver; `answering` chooses a status, given the request and what has arrived before."""

    def __init__(self, url: str, callbacks: Callbacks, answering: Answering) -> None:
        self.url = url
        self._callbacks = callbacks
        self._answering = answering
        self._hits: list[Hit] = []
        self._arrived = Condition()

    @property
    def hits(self) -> list[Hit]:
        """What has arrived, in order."""
        with self._arrived:
            return list(self._hits)

    def take(self, request: Request) -> int:
        """Note an arrival and give the status that answers it."""
        with self._arrived:
            status = self._answering(request, self._hits)
            self._hits.append(Hit(request, status))
            if self._callbacks.heard:
                self._callbacks.heard(self._hits[-1])
            self._arrived.notify_all()
        return status

    def wait(self, count: int) -> list[Hit]:
        """Give the hits when so many have arrived and, after a pause, no more did; or when patience is at its end."""
        with self._arrived:
            self._arrived.wait_for(lambda: len(self._hits) >= count, self._callbacks.patience)
            if self._callbacks.pause:
                self._arrived.wait_for(lambda: len(self._hits) > count, self._callbacks.pause)
            return list(self._hits)


class Receiver:
    """Listens while in a `with` block; each mailbox has a URL that ends in its number."""

    def __init__(self, callbacks: Callbacks) -> None:
        self._callbacks = callbacks
        self._boxes: dict[str, Mailbox] = {}
        self._server = _Server((callbacks.host, callbacks.port), _Handler)
        self._server.boxes = self._boxes
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,), name="apitwin-receiver", daemon=True)

    @property
    def url(self) -> str:
        """The base of the mailboxes' URLs."""
        host, port = self._server.server_address[:2]
        return self._callbacks.url or f"http://{host!s}:{port}"

    def mailbox(self, answering: Answering = lambda _request, _before: 200) -> Mailbox:
        """Open a mailbox."""
        name = f"webhook-{len(self._boxes) + 1}"
        self._boxes[name] = Mailbox(f"{self.url}/{name}", self._callbacks, answering)
        return self._boxes[name]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    """Has a thread for each connection, and waits for none of them when it ends."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    boxes: dict[str, Mailbox]


class _Handler(BaseHTTPRequestHandler):
    """Puts a request into its mailbox."""

    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride] # only this server makes handlers
    timeout = 10

    def do_POST(self) -> None:
        """Take a webhook."""
        path, _, query = self.path.partition("?")
        headers = tuple((name.lower(), value) for name, value in self.headers.items())
        box = self.server.boxes.get(path.rpartition("/")[2])
        request = Request("POST", path, query, headers, self._body())
        self._answer(box.take(request) if box else 404)

    do_PUT = do_POST  # noqa: N815 - the base class's form

    def _body(self) -> bytes:
        if self.headers.get("transfer-encoding", "").lower() != "chunked":
            return self.rfile.read(min(int(self.headers.get("content-length") or 0), _LARGEST))
        body = b""
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            body += self.rfile.read(min(size, _LARGEST))
            self.rfile.readline()
        return body

    def _answer(self, status: int) -> None:
        self.send_response_only(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(_RECEIVED)))
        self.end_headers()
        self.wfile.write(_RECEIVED)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's form
        """Print nothing."""
