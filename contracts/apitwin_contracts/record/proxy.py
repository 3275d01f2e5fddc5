"""`apitwin record --proxy`: a user's own client speaks through us to a target, and its conversation becomes cassettes."""

import re
import signal
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import uvicorn

from apitwin_contracts.contract import Contract
from apitwin_contracts.errors import UnreachableError, UsageError
from apitwin_contracts.surfaces.asked import asked_of
from apitwin_contracts.targets.clock import LiveClock
from apitwin_contracts.targets.http import HttpSettings
from apitwin_fixtures import Cassette, Exchange, Request

from .content import decoded
from .forwarding import Forwarder
from .scrubbing import Scrubber
from .writing import write_recording

__all__ = ["Listener", "Proxied", "cassettes_of", "run_proxy", "wait_until"]

_LOCAL = ("127.0.0.1", "localhost", "::1")
_LONGEST_WAIT = 10.0
_GRACE = 2
_DEFAULT = "default"
_CREDENTIALS = frozenset({"authorization", "cookie", "x-api-key", "apikey", "accesstoken", "access_token"})
_CARRIERS = frozenset({"host", "date", "content-length", "age"})
_NO_NAME = re.compile(r"[^A-Za-z0-9_.]+")


@dataclass(frozen=True)
class Proxied:
    """What came of a proxied recording: the files that were written, how many exchanges they hold, and what could not be recorded."""

    files: tuple[Path, ...]
    exchanges: int
    missed: tuple[str, ...]


class _Quiet(uvicorn.Server):
    """Tells when it answers, and leaves signals to us."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answers = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.answers.set()


class Listener:
    """Listens on this machine, in a thread, for as long as it is entered; `url` is the base to give to the client."""

    def __init__(self, forwarder: Forwarder, listen: str) -> None:
        self._forwarder = forwarder
        self._bound = _bind(listen)
        host, port = self._bound.getsockname()[:2]
        self.url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        config = uvicorn.Config(
            forwarder,
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            date_header=False,
            ws="none",
            timeout_graceful_shutdown=_GRACE,
        )
        self._server = _Quiet(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._bound],), name="apitwin-proxy", daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._server.answers.wait(_LONGEST_WAIT):
            raise UnreachableError("the recording listener does not come up")
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(_GRACE)
        self._forwarder.end()
        self._thread.join(_LONGEST_WAIT)


def _bind(listen: str) -> socket.socket:
    host, between, port = listen.rpartition(":")
    host = host.strip("[]") or _LOCAL[0]
    if not between or not port.isdigit() or host not in _LOCAL:
        raise UsageError(
            f"the recording proxy listens on this machine only: --listen 127.0.0.1:8901 (port 0 takes a free one), not {listen!r}"
        )
    try:
        return socket.create_server((host, int(port)), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except (OSError, OverflowError) as error:
        raise UsageError(f"cannot listen on {listen}: {error}; choose another port, 0 takes a free one") from None


def wait_until(stopped: threading.Event) -> None:
    """Wait for Ctrl-C or SIGTERM."""
    # In short turns: on some systems a signal does not wake a wait without an end.
    while not stopped.wait(0.5):
        pass


def run_proxy(
    contract: Contract,
    target_url: str,
    listen: str,
    folder: Path,
    scrubber: Scrubber,
    *,
    settings: HttpSettings | None = None,
    metadata: Mapping[str, Any] | None = None,
    during: Callable[[str, threading.Event], None] = lambda _url, stopped: wait_until(stopped),
) -> Proxied:
    """Pass requests on for as long as `during` takes, then scrub and write one cassette for each operation.

    `during` is told the base URL for the client, and an event that Ctrl-C and SIGTERM set. Raises `LeakError` when a secret would stay;
    then nothing is written.
    """
    forwarder = Forwarder(target_url, settings)
    with _stopped_by_signals() as stopped:
        with Listener(forwarder, listen) as listener:
            during(listener.url, stopped)
        cassettes = cassettes_of(contract, forwarder.target, forwarder.exchanges, metadata or {})
        files = write_recording(folder, cassettes, scrubber)
    return Proxied(tuple(files), sum(len(cassette.exchanges) for cassette in cassettes), tuple(forwarder.missed))


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    """Let Ctrl-C and SIGTERM end the listening, and neither of them the writing that follows."""
    stopped = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stopped
        return
    before = {one: signal.signal(one, lambda *_: stopped.set()) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def cassettes_of(
    contract: Contract, target: str, exchanges: Iterable[Exchange], metadata: Mapping[str, Any]
) -> list[Cassette]:
    """Sort exchanges into one cassette for each operation; the same exchange twice is kept once."""
    sorted_out: dict[str, dict[tuple[Any, ...], Exchange]] = {}
    for exchange in exchanges:
        operation = _operation(contract, decoded(exchange.request))
        sorted_out.setdefault(operation, {})[(exchange.request, exchange.reply)] = exchange
    today = LiveClock().now().date().isoformat()
    return [
        Cassette(
            f"proxied-{_NO_NAME.sub('-', operation).strip('-')}",
            tuple(map(_apart_from_its_carrier, kept.values())),
            {
                "supplier": contract.supplier,
                "operation": operation,
                "title": f"{operation}, as a client asked it",
                "source": {"kind": "observed", "where": target},
                "recorded": today,
                "target": target,
                "credential": _DEFAULT if any(map(_shows_credentials, kept.values())) else None,
                "volatile": [],
                "corrected": [],
                "mended": [],
                **metadata,
            },
        )
        for operation, kept in sorted_out.items()
    ]


def _shows_credentials(exchange: Exchange) -> bool:
    names = {name for name, _ in exchange.request.headers} | {name.lower() for name in exchange.request.parameters}
    return bool(names & _CREDENTIALS)


def _apart_from_its_carrier(exchange: Exchange) -> Exchange:
    """Give an exchange without what speaks of this one connection, and would be another text each time."""
    exchange = replace(exchange, request=decoded(exchange.request), reply=decoded(exchange.reply))
    request, reply = exchange.request, exchange.reply
    asked = tuple(pair for pair in request.headers if pair[0] not in _CARRIERS)
    told = tuple(pair for pair in reply.headers if pair[0] not in _CARRIERS)
    return replace(exchange, request=replace(request, headers=asked), reply=replace(reply, headers=told))


def _operation(contract: Contract, request: Request) -> str:
    """Name the operation that a request asks; one that is no operation of the surface goes by the recordings, or by its path."""
    asked = asked_of(contract.surface, request)
    if asked:
        return asked[0].operation
    for cassette in contract.fixtures.cassettes:
        if any((one.request.method, one.request.path) == (request.method, request.path) for one in cassette.exchanges):
            return cassette.operation
    return f"{request.method} {request.path}"
