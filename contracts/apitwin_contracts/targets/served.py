"""An ASGI application served on a free loopback port, by a thread of this process."""

import socket
import threading
from types import TracebackType
from typing import Any, Self

import uvicorn

from apitwin_contracts.errors import UnreachableError

__all__ = ["Served"]

_LONGEST_WAIT = 10.0


class _Uvicorn(uvicorn.Server):
    """Tells when it answers; signals stay with the process's own handlers, because it runs beside the main thread."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answers = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.answers.set()


class Served:
    """Serves from `start` to `stop`; as a context manager both happen by themselves."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._server: _Uvicorn | None = None
        self._thread: threading.Thread | None = None
        self.url = ""

    def start(self) -> Self:
        """Serve; `url` tells where. Raises `UnreachableError` when it does not come up within ten seconds."""
        bound = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        config = uvicorn.Config(
            self._app, log_config=None, access_log=False, lifespan="on", ws="none", timeout_graceful_shutdown=1
        )
        self._server = _Uvicorn(config)
        self._thread = threading.Thread(target=self._server.run, args=([bound],), name="apitwin", daemon=True)
        self._thread.start()
        if not self._server.answers.wait(_LONGEST_WAIT):
            raise UnreachableError("the mock server does not come up")
        return self

    def stop(self) -> None:
        """Answer no more; what is under way is cut off after a second."""
        if self._server and self._thread:
            self._server.should_exit = True
            self._thread.join(_LONGEST_WAIT)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()
