"""What a session's user may set: a limit on requests, who may receive webhooks, and each supplier's own switches."""

import math
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from .errors import MisuseError

__all__ = ["Choices", "RateLimit", "Rates", "Settings"]

Choices = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Each supplier's switches by name, with their values; the first is the default."""

_MOST_REQUESTS, _LONGEST_WINDOW, _LONGEST_TIMEOUT = 1_000_000, 86_400, 60


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `requests` in any `seconds` of the session's clock."""

    requests: int
    seconds: float


class Rates:
    """The instants of the requests that were let in of late, by supplier."""

    __slots__ = ("_let_in",)

    def __init__(self) -> None:
        self._let_in: dict[str, deque[datetime]] = {}

    def wait(self, supplier: str, limit: RateLimit, now: datetime) -> int:
        """Let a request in and give 0, or give the whole seconds after which one would be let in."""
        let_in = self._let_in.setdefault(supplier, deque())
        window = timedelta(seconds=limit.seconds)
        while let_in and not let_in[0] <= now < let_in[0] + window:
            let_in.popleft()
        if len(let_in) < limit.requests:
            let_in.append(now)
            return 0
        return max(1, math.ceil((let_in[len(let_in) - limit.requests] + window - now).total_seconds()))


class Settings:
    """The settings of one session; a reset session has the server's again."""

    __slots__ = ("_chosen", "rate_limit", "webhook_hosts", "webhook_timeout")

    def __init__(self, webhook_hosts: Iterable[str] = ()) -> None:
        self.rate_limit: RateLimit | None = None
        self.webhook_hosts = frozenset(host.lower() for host in webhook_hosts)
        self.webhook_timeout = 10.0
        self._chosen: dict[tuple[str, str], str] = {}

    def choice(self, supplier: str, switch: str, default: str) -> str:
        """Give how a supplier's switch stands."""
        return self._chosen.get((supplier, switch), default)

    def change(self, asked: Mapping[str, Any], choices: Choices) -> None:
        """Change what is named and leave the rest; raises `MisuseError`, having changed nothing, for what cannot be set."""
        unknown = sorted(set(asked) - set(_READERS) - {"choices"})
        if unknown or not asked:
            known = ", ".join((*_READERS, "choices"))
            message = f"settings are {known}; unknown here: {', '.join(unknown)[:200] or 'nothing was named'}"
            raise MisuseError(message)
        read = {name: _READERS[name](value) for name, value in asked.items() if name in _READERS}
        chosen = _chosen(asked.get("choices", {}), choices)
        for name, value in read.items():
            setattr(self, name, value)
        self._chosen.update(chosen)

    def as_json(self, choices: Choices) -> dict[str, Any]:
        """Give the form in which the control API shows and takes them."""
        return {
            "rate_limit": asdict(self.rate_limit) if self.rate_limit else None,
            "webhook_hosts": sorted(self.webhook_hosts),
            "webhook_timeout": self.webhook_timeout,
            "choices": {
                supplier: {switch: self.choice(supplier, switch, values[0]) for switch, values in switches.items()}
                for supplier, switches in choices.items()
                if switches
            },
        }


def _chosen(asked: object, choices: Choices) -> dict[tuple[str, str], str]:
    if not isinstance(asked, dict) or not all(isinstance(part, dict) for part in asked.values()):
        raise MisuseError('choices are {"SUPPLIER": {"SWITCH": "VALUE"}}')
    chosen = {(supplier, switch): value for supplier, part in asked.items() for switch, value in part.items()}
    for (supplier, switch), value in chosen.items():
        values = choices.get(supplier, {}).get(switch)
        if values is None:
            message = f"{supplier[:80]!r} has no switch {switch[:80]!r}; there are {_spelled(choices)}"
            raise MisuseError(message)
        if value not in values:
            message = f"{supplier}'s {switch} is one of {', '.join(values)}, not {str(value)[:80]!r}"
            raise MisuseError(message)
    return chosen


def _spelled(choices: Choices) -> str:
    switches = (f"{supplier}.{switch}" for supplier, part in choices.items() for switch in part)
    return ", ".join(switches) or "none"


def _rate_limit(value: object) -> RateLimit | None:
    if value is None:
        return None
    if isinstance(value, dict) and set(value) == {"requests", "seconds"}:
        requests, seconds = value["requests"], value["seconds"]
        whole = isinstance(requests, int) and not isinstance(requests, bool)
        if whole and 1 <= requests <= _MOST_REQUESTS and _is_between(seconds, _LONGEST_WINDOW):
            return RateLimit(requests, float(seconds))
    message = f"rate_limit is null or {{requests: 1 to {_MOST_REQUESTS}, seconds: above 0, at most {_LONGEST_WINDOW}}}"
    raise MisuseError(message)


def _webhook_hosts(value: object) -> frozenset[str]:
    if isinstance(value, list) and all(isinstance(host, str) and host for host in value):
        return frozenset(host.lower() for host in value)
    raise MisuseError('webhook_hosts is a list of host names, such as ["shop.example"]')


def _webhook_timeout(value: object) -> float:
    if _is_between(value, _LONGEST_TIMEOUT):
        return float(value)  # type: ignore[arg-type] # a number, as was just asked
    message = f"webhook_timeout is a number of seconds above 0, at most {_LONGEST_TIMEOUT}"
    raise MisuseError(message)


def _is_between(value: object, most: float) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value <= most


_READERS: Mapping[str, Callable[[object], object]] = {
    "rate_limit": _rate_limit,
    "webhook_hosts": _webhook_hosts,
    "webhook_timeout": _webhook_timeout,
}
