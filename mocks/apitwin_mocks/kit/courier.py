"""Carries webhooks: at once where nothing else waits, by worker threads where an event loop must go on."""

import asyncio
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from socket import SHUT_RDWR
from threading import Event, Timer
from urllib.parse import quote, urlsplit

from .webhooks import Delivery, Outbox, Outcome, Parcel

__all__ = ["Courier", "Post", "post"]

Post = Callable[[Parcel], Outcome]
"""Makes one attempt, blocking; it raises nothing."""

_MOST_READ = 64 * 1024


def post(parcel: Parcel) -> Outcome:
    """Send a parcel and give the receiver's status; a redirect is an answer, and the timeout is for the whole exchange."""
    try:
        connection = _connection(parcel)
    except ValueError as error:
        return Outcome(None, f"no usable URL: {error}")
    hung_up = Event()
    watchdog = Timer(parcel.timeout, _hang_up, (connection, hung_up))
    watchdog.start()
    try:
        return Outcome(_status(connection, parcel))
    except (OSError, HTTPException, ValueError) as error:
        slow = hung_up.is_set() or isinstance(error, TimeoutError)
        return Outcome(None, f"no answer within {parcel.timeout:g} s" if slow else _spelled(error))
    finally:
        watchdog.cancel()
        connection.close()


def _connection(parcel: Parcel) -> HTTPConnection:
    parts = urlsplit(parcel.url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(parcel.url[:200])
    if parts.scheme == "http":
        return HTTPConnection(parts.hostname, parts.port, timeout=parcel.timeout)
    return HTTPSConnection(parts.hostname, parts.port, timeout=parcel.timeout)


def _hang_up(connection: HTTPConnection, hung_up: Event) -> None:
    # A receiver that sends a byte now and then never lets a read time out.
    hung_up.set()
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(SHUT_RDWR)


def _status(connection: HTTPConnection, parcel: Parcel) -> int:
    parts = urlsplit(parcel.url)
    target = quote(f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}", safe="/?%:@!$&'()*+,;=~")
    connection.request("POST", target, parcel.body, dict(parcel.headers))
    response = connection.getresponse()
    # Many receivers are upset when nobody reads what they say after the status.
    with suppress(OSError, HTTPException, ValueError):
        response.read(_MOST_READ)
    response.close()
    return response.status


def _spelled(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]


class Courier:
    """Delivers what is due in the outboxes it attends; everything but an attempt itself happens in the caller's thread."""

    def __init__(self, attempt: Post = post, workers: int = 8) -> None:
        self._attempt = attempt
        self._workers = workers
        self._pool: ThreadPoolExecutor | None = None
        self._closed = False
        self._attended: dict[Outbox, None] = {}
        self._under_way: dict[Future[Outcome], tuple[Outbox, Delivery]] = {}

    def attend(self, outbox: Outbox) -> None:
        """Look after an outbox that has something to deliver."""
        self._attended[outbox] = None

    def run(self) -> None:
        """Attempt what is due: where a loop runs in this thread it is left to workers, else it is done on return."""
        if self._closed or not (self._attended or self._under_way):
            return
        for future in [future for future in self._under_way if future.done()]:
            self._collect(future)
        loop = _running_loop()
        for outbox in tuple(self._attended):
            self._deliver(outbox, loop)

    def _deliver(self, outbox: Outbox, loop: asyncio.AbstractEventLoop | None) -> None:
        while delivery := outbox.depart():
            parcel = outbox.parcel(delivery)
            if isinstance(parcel, Outcome):
                outbox.note(delivery, parcel)
            elif loop is None:
                outbox.note(delivery, self._attempt(parcel))
            else:
                self._hand_over(outbox, delivery, parcel, loop)
        if not outbox.waiting:
            self._attended.pop(outbox, None)

    def _hand_over(self, outbox: Outbox, delivery: Delivery, parcel: Parcel, loop: asyncio.AbstractEventLoop) -> None:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._workers, "apitwin-webhook")
        future = self._pool.submit(self._attempt, parcel)
        self._under_way[future] = (outbox, delivery)

        def tell(done: Future[Outcome]) -> None:
            # A closed loop is told nothing: whoever runs next collects the outcome.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._arrived, done)

        future.add_done_callback(tell)

    def _arrived(self, future: Future[Outcome]) -> None:
        outbox = self._collect(future)
        if outbox is not None and not self._closed:
            self._deliver(outbox, _running_loop())

    def _collect(self, future: Future[Outcome]) -> Outbox | None:
        outbox, delivery = self._under_way.pop(future, (None, None))
        if outbox is None or delivery is None:
            return None
        try:
            outbox.note(delivery, future.result())
        except CancelledError:
            outbox.put_back(delivery)
        return outbox

    def open(self) -> None:
        """Go to work again after a `close`."""
        self._closed = False

    def close(self) -> None:
        """Start no further attempt; what was not attempted stays due."""
        self._closed = True
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
