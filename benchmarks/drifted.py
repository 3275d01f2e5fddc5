"""Serves every mock with one drift: `python benchmarks/drifted.py PORT field|carrier`; on these `measure.py` times the first finding."""

import sys
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any

import uvicorn

from apitwin_mocks.registry import load_suppliers
from apitwin_mocks.server import Receive, Scope, Send, Server
from apitwin_mocks.supplier import Seeding

__all__ = ["main"]

_RENAMED = {"axro": "brand", "gates": "productId", "oxomi": "itemNumber", "reseller": "OrderID", "wock": "currency"}
_Message = MutableMapping[str, Any]


class Drifted:
    """An application whose suppliers call one field of JSON otherwise than promised, or send JSON as if it were HTML."""

    def __init__(self, app: Server, drift: str) -> None:
        self._app = app
        self._drift = drift

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        supplier = scope.get("path", "").removeprefix("/").partition("/")[0]
        if supplier not in _RENAMED:
            await self._app(scope, receive, send)
            return
        start: _Message = {}

        async def rewritten(message: _Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            body = self._body(supplier, message["body"])
            await send({**start, "headers": self._headers(start["headers"], len(body))})
            await send({**message, "body": body})

        await self._app(scope, receive, rewritten)

    def _body(self, supplier: str, body: bytes) -> bytes:
        name = _RENAMED[supplier]
        return body.replace(f'"{name}":'.encode(), f'"{name}s":'.encode()) if self._drift == "field" else body

    def _headers(self, headers: list[tuple[bytes, bytes]], length: int) -> list[tuple[bytes, bytes]]:
        kept = [(name, value) for name, value in headers if name != b"content-length"]
        if self._drift == "carrier":
            kept = [(name, b"text/html" if name == b"content-type" else value) for name, value in kept]
        return [*kept, (b"content-length", str(length).encode())]


def main() -> None:
    """Serve until stopped."""
    server = Server(load_suppliers(), Seeding(), time=lambda: datetime.now(UTC))
    for name in server.suppliers:
        server.catalogue(name)
    uvicorn.run(Drifted(server, sys.argv[2]), port=int(sys.argv[1]), log_level="warning", ws="none")


if __name__ == "__main__":
    main()
