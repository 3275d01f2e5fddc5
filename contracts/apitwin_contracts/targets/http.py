"""A target over HTTP: a served mock, a sandbox or production, through one pool of connections."""

import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import urllib3

from apitwin_contracts.errors import UnreachableError, UsageError
from apitwin_fixtures import Exchange, Reply, Request

from .callbacks import LOOPBACK, Callbacks
from .clock import LiveClock, TargetClock
from .deadline import Deadlines, Turn, watched_pools
from .twin import TwinClock

__all__ = ["HttpSettings", "HttpTarget", "connections", "why_none"]

_LARGEST_REPLY = 32 * 1024 * 1024
_MEGABYTE = 1024 * 1024
_PATIENCE_WITH_TWINS = 5.0
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class HttpSettings:
    """How to reach a target: `timeout` in seconds for one whole reply, `rate` in requests per minute (None: as fast as it answers).

    `callbacks` is how the target reaches us; None where it cannot, unless both are on this machine.
    """

    proxy: str | None = None
    ca_file: str | None = None
    timeout: float = 15.0
    rate: float | None = None
    callbacks: Callbacks | None = None


class HttpTarget:
    """One supplier behind a base URL; redirects are not followed, because a redirect is an answer too."""

    def __init__(self, url: str, settings: HttpSettings | None = None, token_url: str | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            message = f"a target's URL begins with http:// or https:// and a host, not {url!r}"
            raise UsageError(message)
        self.url = url.rstrip("/")
        self._settings = settings or HttpSettings()
        self._pool = connections(self._settings)
        self._deadlines = Deadlines()
        self._due = 0.0
        self.authority = HttpTarget(token_url, settings) if token_url else None
        self.loopback = parts.hostname in _LOOPBACK
        self.callbacks = self._settings.callbacks or (LOOPBACK if self.loopback else None)
        self.clock: TargetClock = self._twin() or LiveClock()

    def _twin(self) -> TwinClock | None:
        """Give a served mock's clock; only on this machine is one looked for."""
        if not self.loopback:
            return None
        with self._deadlines.within(min(self._settings.timeout, _PATIENCE_WITH_TWINS)):
            return TwinClock.found_at(self.url, self._pool)

    def send(self, request: Request) -> Exchange:
        """Send a request, no faster than the rate allows; raises `UnreachableError` when no whole reply comes in time."""
        self._wait_for_turn()
        started = time.perf_counter()
        place = f"{self.url}{request.path}"
        with self._deadlines.within(self._settings.timeout) as turn:
            try:
                reply = self._reply(request)
            except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                raise UnreachableError(f"no reply from {place}: {why_none(self._settings, turn, error)}") from error
        if turn.cut:
            # Where the end of a body is the connection's, a reply that was cut off looks whole.
            raise UnreachableError(f"no reply from {place}: {why_none(self._settings, turn, None)}")
        return Exchange(request, reply, time.perf_counter() - started)

    def _reply(self, request: Request) -> Reply:
        response = self._pool.request(
            request.method,
            self.url + request.target,
            body=request.body or None,
            headers=dict(request.headers),
            redirect=False,
            retries=False,
            preload_content=False,
            timeout=urllib3.Timeout(total=self._settings.timeout),
        )
        body = response.read(_LARGEST_REPLY + 1)
        if len(body) > _LARGEST_REPLY:
            response.close()
            message = f"{self.url}{request.path} sends more than {_LARGEST_REPLY // _MEGABYTE} MiB in one reply"
            raise UnreachableError(message)
        response.release_conn()
        headers = tuple((name.lower(), value) for name, value in response.headers.items())
        return Reply(response.status, headers, body)

    def _wait_for_turn(self) -> None:
        if self._settings.rate is None:
            return
        now = time.monotonic()
        time.sleep(max(0.0, self._due - now))
        self._due = max(now, self._due) + 60 / self._settings.rate


def connections(settings: HttpSettings, most: int = 1) -> urllib3.PoolManager:
    """Give the pools for a target, which keep so many connections open and can be ended by a deadline."""
    if settings.proxy:
        return watched_pools(urllib3.ProxyManager(settings.proxy, ca_certs=settings.ca_file, maxsize=most))
    return watched_pools(urllib3.PoolManager(ca_certs=settings.ca_file, maxsize=most))


def why_none(settings: HttpSettings, turn: Turn, error: Exception | None) -> str:
    """Say why there is no whole reply; `error` is None where it was cut off and looked whole."""
    inner = error and (getattr(error, "reason", None) or error.__cause__ or error)
    # Under load the socket's own limit, which is the same, may come before the deadline's.
    if turn.cut or inner is None or isinstance(inner, TimeoutError):
        return f"it was not whole after {settings.timeout:g} seconds"
    return f"{type(inner).__name__}: {inner}".replace("\n", " ")[:300]
