"""`apitwin serve`: the mocks over HTTP until Ctrl-C."""

import gc
import os
import socket
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

import uvicorn

from apitwin_contracts.errors import UsageError
from apitwin_mocks.kit.clock import Standing, TimeSource
from apitwin_mocks.kit.errors import MisuseError
from apitwin_mocks.registry import Card, Suppliers, open_suppliers
from apitwin_mocks.server import Server
from apitwin_mocks.supplier import Seeding

from .columns import columns
from .ending import sigterm_as_servers_have_it
from .wall import now

__all__ = ["serve_mocks", "serve_until_stopped", "time_source"]

_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - compared, not bound


class _Uvicorn(uvicorn.Server):
    """Says where it serves as soon as it does."""

    greeting = ""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        gc.freeze()
        gc.enable()
        if self.started:
            print(self.greeting, flush=True)


def serve_mocks(names: Iterable[str], host: str, port: int, seed: int, products: int, clock: str) -> int:
    """Serve until interrupted; raises `UsageError` for an unknown supplier, a port that is taken, or a clock that cannot be read."""
    source = time_source(clock)
    try:
        suppliers = open_suppliers(names)
    except MisuseError as error:
        raise UsageError(str(error)) from None
    app = Server(suppliers, Seeding(seed, products), time=source)
    setting = f"seed {seed}, {products:,} products, clock {clock}"
    return serve_until_stopped(app, host, port, lambda base: _greeting(base, suppliers, setting))


def serve_until_stopped(app: Server, host: str, port: int, greeting: Callable[[str], Iterable[str]]) -> int:
    """Serve an application until interrupted, greeting with lines made from the base URL; raises `UsageError` for a port that is taken."""
    bound = _bind(host, port)
    base = _base(host, bound.getsockname()[1])
    server = _Uvicorn(uvicorn.Config(app, log_level="warning", access_log=False, lifespan="on", ws="none"))
    server.greeting = "\n".join(greeting(base))
    with sigterm_as_servers_have_it():
        server.run(sockets=[bound])
    return 0


def time_source(clock: str) -> TimeSource:
    """Give the world's time for `now`, else the instant at which time stands; raises `UsageError` for what is neither."""
    if clock == "now":
        return now
    try:
        instant = datetime.fromisoformat(clock)
    except ValueError:
        raise UsageError(f"--clock is now or an instant such as 2026-01-01T12:00:00Z, not {clock!r}") from None
    fixed = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return Standing(fixed)


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        raise UsageError(
            f"cannot listen on {host} port {port}: {why}; choose another --port, 0 takes a free one"
        ) from None


def _base(host: str, port: int) -> str:
    shown = _ANYWHERE.get(host, host)
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _greeting(base: str, suppliers: Suppliers, setting: str) -> Iterator[str]:
    yield f"apitwin serves {', '.join(suppliers)} at {base} ({setting})"
    for name in suppliers:
        card = suppliers.card(name)
        yield f"\n{name}: {card.about['title']}"
        rows = [("  base URL", f"{base}/{name}")]
        if card.about["start_page"] != "/":
            rows.append(("  explorer", f"{base}/{name}{card.about['start_page']}"))
        yield columns([*rows, *_credentials(card)])
    yield "\nevery supplier"
    yield columns(
        [
            ("  control API", f"{base}/_twin/openapi.json"),
            ("  own session", f"{base}/s/NAME/SUPPLIER: a world of its own for every NAME"),
        ]
    )
    yield "\nStop with Ctrl-C."


def _credentials(card: Card) -> Iterator[tuple[str, str]]:
    for customer, fields in card.credentials.items():
        given = ", ".join(f"{name} {value}" for name, value in fields.items() if value and name != "about")
        yield f"  {customer}", f"{given}  ({fields.get('about', '')})"
