"""The mocks as targets: in process without a socket, or served on loopback for one test run."""

import time
from collections.abc import Coroutine, Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

import urllib3

from apitwin_contracts.errors import UsageError
from apitwin_fixtures import Cassette, Exchange, Reply, Request
from apitwin_mocks.kit.clock import Clock
from apitwin_mocks.kit.errors import MisuseError
from apitwin_mocks.registry import load_suppliers
from apitwin_mocks.replay import replayed
from apitwin_mocks.server import Server
from apitwin_mocks.supplier import Seeding, Supplier

from .callbacks import IN_PROCESS, Callbacks
from .mock_session import MockSession
from .served import Served

__all__ = ["MockTarget", "ServedMocks", "mock_targets", "replay_target"]

Result = TypeVar("Result")
_SERVED_AT = "http://127.0.0.1:8900"


class _MockClock:
    """The clock of the session that a mock target lives in."""

    movable = True

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.recorded = False

    def now(self) -> datetime:
        return self._clock.now()

    def advance(self, step: timedelta) -> None:
        self._clock.advance(step)


async def _sleep(seconds: float) -> None:
    time.sleep(seconds)  # noqa: ASYNC251 - without an event loop a fault's delay can only block


def _finish(coroutine: Coroutine[Any, Any, Result]) -> Result:
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return] # typeshed knows no type for it
    message = "a mock waited for an event loop in process"
    raise RuntimeError(message)


class MockTarget:
    """One mocked supplier, called as a function: no socket, no event loop; its URL is where `apitwin serve` would answer the same."""

    def __init__(self, server: Server, supplier: str, session: str = "default") -> None:
        self._server = server
        self._supplier, self._session = supplier, session
        self._prefix = f"/s/{session}/{supplier}"
        self.url = _SERVED_AT + (f"/{supplier}" if session == "default" else self._prefix)
        self.clock = _MockClock(server.sessions.get(session).clock)

    authority = None
    callbacks: Callbacks | None = IN_PROCESS

    def anew(self) -> "MockTarget":
        """Begin the session anew, on the same catalogue, and give its target."""
        self._server.sessions.reset(self._session)
        return MockTarget(self._server, self._supplier, self._session)

    def send(self, request: Request) -> Exchange:
        """Answer a request in process."""
        inner = Request(request.method, self._prefix + request.path, request.query, request.headers, request.body)
        started = time.perf_counter()
        reply: Reply = _finish(self._server.answer(inner))
        return Exchange(request, reply, time.perf_counter() - started)


def mock_targets(
    suppliers: Iterable[str], seed: int = 0, products: int = 500, session: str = "default"
) -> dict[str, MockTarget]:
    """Build a fresh server and give one target for each supplier; raises `UsageError` for an unknown name."""
    server = Server(_load(suppliers), Seeding(seed, products), sleep=_sleep)
    return {name: MockTarget(server, name, session) for name in server.suppliers}


def replay_target(supplier: str, cassettes: Iterable[Cassette]) -> MockTarget:
    """Give a target that answers from recordings alone; raises `UsageError` for an unknown name."""
    played = replayed(_load([supplier])[supplier], cassettes)
    target = MockTarget(Server({supplier: played}, sleep=_sleep), supplier)
    target.clock.recorded = True
    return target


def _load(suppliers: Iterable[str]) -> dict[str, Supplier]:
    try:
        return load_suppliers(suppliers)
    except MisuseError as error:
        raise UsageError(str(error)) from None


class ServedMocks:
    """Mocks served by a thread on a free loopback port; their time stands still until it is moved. Raises `UsageError` for an unknown name."""

    def __init__(self, suppliers: Iterable[str], seed: int = 0, products: int = 500) -> None:
        self._server = Server(_load(suppliers), Seeding(seed, products))
        self._served = Served(self._server).start()
        self._pool = urllib3.PoolManager()
        self.url = self._served.url

    def session(self, supplier: str, name: str) -> MockSession:
        """Give a supplier in a session of its own, begun anew."""
        customers = self._server.suppliers[supplier].fixtures.credentials
        session = MockSession(self.url, supplier, name, customers, self._pool)
        session.reset()
        return session

    def stop(self) -> None:
        """Answer no more."""
        self._pool.clear()
        self._served.stop()
