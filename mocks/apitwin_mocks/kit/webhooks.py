"""What a session's suppliers have to tell, to whom and in which order, and every attempt to tell it; nothing here sends."""

import hmac
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from ipaddress import ip_address
from typing import Any, Literal, Protocol, get_args
from urllib.parse import urlsplit

import orjson

from apitwin_fixtures import Headers

from .clock import Clock
from .journal import Entry, Journal
from .settings import Settings

__all__ = [
    "SINGLE",
    "STATES",
    "Attempt",
    "Attendant",
    "Delivery",
    "Outbox",
    "Outcome",
    "Parcel",
    "Retries",
    "Sign",
    "State",
    "Webhook",
    "hmac_signature",
    "may_receive",
]

State = Literal["pending", "delivered", "failed"]
STATES: tuple[State, ...] = get_args(State)
Sign = Callable[[bytes, datetime], Headers]
"""Gives the headers that vouch for a body sent at an instant."""

_KEPT = 10_000
_LOOPBACK_NAMES = frozenset({"localhost", "0.0.0.0"})  # noqa: S104 - a client that connects to it reaches its own machine
_GOOD = range(200, 300)


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a delivery is attempted, and the pauses between in seconds of the session's clock, each twice the one before."""

    attempts: int = 30
    first: float = 10.0
    longest: float = 3600.0

    def pause(self, failed: int) -> timedelta:
        """Give the pause after so many failed attempts."""
        return timedelta(seconds=min(self.first * 2.0 ** (failed - 1), self.longest))


SINGLE = Retries(attempts=1)


@dataclass(frozen=True, slots=True)
class Webhook:
    """What is told; those of one `key` arrive in order, and the values of the headers in `secrets` are shown to nobody else."""

    supplier: str
    event: str
    key: str
    url: str
    body: bytes
    headers: Headers = ()
    secrets: frozenset[str] = frozenset()
    sign: Sign | None = None
    retries: Retries = Retries()


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a sender needs for one attempt; `timeout` in seconds is for all of it."""

    url: str
    headers: Headers
    body: bytes
    timeout: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt: the receiver's status, or what went wrong before there was one."""

    status: int | None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """An outcome with its instant by the session's clock."""

    at: str
    status: int | None
    problem: str | None


@dataclass(slots=True, eq=False)
class Delivery:
    """A webhook on its way; `number` counts from 1 in its session."""

    number: int
    webhook: Webhook
    due: datetime
    state: State = "pending"
    attempts: list[Attempt] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Give the form in which the control API shows it."""
        webhook = self.webhook
        return {
            "number": self.number,
            "supplier": webhook.supplier,
            "event": webhook.event,
            "key": webhook.key,
            "url": webhook.url,
            "headers": {name: "***" if name in webhook.secrets else value for name, value in webhook.headers},
            "body": _readable(webhook.body),
            "state": self.state,
            "due": self.due.isoformat() if self.state == "pending" else None,
            "attempts": [asdict(attempt) for attempt in self.attempts],
        }


class Attendant(Protocol):
    """Who carries an outbox's deliveries."""

    def attend(self, outbox: "Outbox") -> None:
        """Look after an outbox that has something to deliver."""
        ...


class Outbox:
    """A session's deliveries: of one key only the first is on its way, the others wait until it has arrived or was given up."""

    def __init__(self, clock: Clock, settings: Settings, journal: Journal, attendant: Attendant) -> None:
        self._clock, self._settings, self._journal, self._attendant = clock, settings, journal, attendant
        self._deliveries: dict[int, Delivery] = {}
        self._behind: dict[tuple[str, str], deque[Delivery]] = {}
        self._due: list[tuple[datetime, int]] = []
        self.count = 0
        self.waiting = 0

    def queue(self, webhook: Webhook, due: datetime | None = None) -> Delivery:
        """Take a webhook that is due at an instant, by default now."""
        self.count += 1
        self.waiting += 1
        delivery = Delivery(self.count, webhook, due or self._clock.now())
        self._keep(delivery)
        behind = self._behind.get(_line(webhook))
        if behind is None:
            self._behind[_line(webhook)] = deque()
            heappush(self._due, (delivery.due, delivery.number))
        else:
            behind.append(delivery)
        self._attendant.attend(self)
        return delivery

    def _keep(self, delivery: Delivery) -> None:
        self._deliveries[delivery.number] = delivery
        oldest = next(iter(self._deliveries.values()))
        if len(self._deliveries) > _KEPT and oldest.state != "pending":
            del self._deliveries[oldest.number]

    def depart(self) -> Delivery | None:
        """Give the delivery that is due first; it is nobody else's until `note` or `put_back`."""
        if not self._due or self._due[0][0] > self._clock.now():
            return None
        return self._deliveries[heappop(self._due)[1]]

    def put_back(self, delivery: Delivery) -> None:
        """Take a delivery back that was not attempted."""
        if delivery.number in self._deliveries:
            heappush(self._due, (delivery.due, delivery.number))

    def parcel(self, delivery: Delivery) -> Parcel | Outcome:
        """Pack a delivery for an attempt now, or tell why its receiver gets none."""
        webhook, settings = delivery.webhook, self._settings
        if not may_receive(webhook.url, settings.webhook_hosts):
            return Outcome(None, "not sent: the host is not loopback and not among the settings' webhook_hosts")
        signed = webhook.sign(webhook.body, self._clock.now()) if webhook.sign else ()
        headers = (("content-type", "application/json"), ("user-agent", "apitwin"), *webhook.headers, *signed)
        return Parcel(webhook.url, headers, webhook.body, settings.webhook_timeout)

    def note(self, delivery: Delivery, outcome: Outcome) -> None:
        """Write an attempt down, and decide what follows from it."""
        if delivery.number not in self._deliveries:
            return
        now = self._clock.now()
        delivery.attempts.append(Attempt(now.isoformat(), outcome.status, outcome.problem))
        self._journal.write(_entry(delivery, self._journal.count + 1))
        retries = delivery.webhook.retries
        if outcome.status in _GOOD:
            self._finish(delivery, "delivered")
        elif len(delivery.attempts) >= retries.attempts:
            self._finish(delivery, "failed")
        else:
            delivery.due = now + retries.pause(len(delivery.attempts))
            heappush(self._due, (delivery.due, delivery.number))

    def _finish(self, delivery: Delivery, state: State) -> None:
        delivery.state = state
        self.waiting -= 1
        line = _line(delivery.webhook)
        behind = self._behind[line]
        if behind:
            following = behind.popleft()
            heappush(self._due, (following.due, following.number))
        else:
            del self._behind[line]

    def close(self) -> None:
        """Forget everything, because the session is over; what is under way is noted nowhere."""
        self._deliveries.clear()
        self._behind.clear()
        self._due.clear()
        self.waiting = 0

    def __iter__(self) -> Iterator[Delivery]:
        return iter(self._deliveries.values())


def _line(webhook: Webhook) -> tuple[str, str]:
    return webhook.supplier, webhook.key


def may_receive(url: str, hosts: frozenset[str]) -> bool:
    """Tell whether a URL's host is this machine's loopback or is allowed by name."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return False
    return host in _LOOPBACK_NAMES or host in hosts or _is_loopback(host)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def hmac_signature(secret: str) -> Sign:
    """Sign "timestamp.body" with HMAC-SHA256; the timestamp, in unix seconds of the session's clock, is sent along."""

    def sign(body: bytes, now: datetime) -> Headers:
        timestamp = str(int(now.timestamp()))
        signature = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, "sha256").hexdigest()
        return (
            ("x-signature-algorithm", "HMAC-SHA256"),
            ("x-signature-timestamp", timestamp),
            ("x-signature", f"sha256={signature}"),
        )

    return sign


def _entry(delivery: Delivery, number: int) -> Entry:
    webhook, attempt = delivery.webhook, delivery.attempts[-1]
    return Entry(
        number=number,
        at=attempt.at,
        supplier=webhook.supplier,
        operation=webhook.event,
        method="POST",
        path=webhook.url.partition("?")[0],
        query="",
        status=attempt.status or 0,
        code=None,
        origin="webhook",
        nearest=None,
    )


def _readable(body: bytes) -> object:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return body.decode("utf-8", "replace")
