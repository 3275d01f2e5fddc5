"""A target over HTTP: a served mock, a sandbox or production, through one pool of connections."""

import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import urllib3

from apitwin_contracts.errors import UnreachableError, UsageError
from apitwin_fixtures import Exchange, Reply, Request

from .callbacks import LOOPBACK, Callbacks
from .clock import LiveClock, TargetClock
from .twin import TwinClock

__all__ = ["HttpSettings", "HttpTarget"]

_LARGEST_REPLY = 50 * 1024 * 1024
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class HttpSettings:
    """How to reach a target: `timeout` in seconds for one reply, `rate` in requests per minute (None: as fast as it answers).

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
        self._pool = _pool(self._settings)
        self._due = 0.0
        self.authority = HttpTarget(token_url, settings) if token_url else None
        self.loopback = parts.hostname in _LOOPBACK
        self.callbacks = self._settings.callbacks or (LOOPBACK if self.loopback else None)
        self.clock: TargetClock = (TwinClock.found_at(self.url, self._pool) if self.loopback else None) or LiveClock()

    def send(self, request: Request) -> Exchange:
        """Send a request, no faster than the rate allows; raises `UnreachableError` when no whole reply comes in time."""
        self._wait_for_turn()
        started = time.perf_counter()
        try:
            reply = self._reply(request)
        except urllib3.exceptions.HTTPError as error:
            message = f"no reply from {self.url}{request.path}: {_reason(error)}"
            raise UnreachableError(message) from error
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
            message = f"{self.url}{request.path} sends more than {_LARGEST_REPLY} bytes"
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


def _pool(settings: HttpSettings) -> urllib3.PoolManager:
    if settings.proxy:
        return urllib3.ProxyManager(settings.proxy, ca_certs=settings.ca_file)
    return urllib3.PoolManager(ca_certs=settings.ca_file)


def _reason(error: Exception) -> str:
    inner = getattr(error, "reason", None) or error.__cause__ or error
    return f"{type(inner).__name__}: {inner}".replace("\n", " ")[:300]
