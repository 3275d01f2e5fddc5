"""Where a target's webhooks can be received: loopback for a mock, and for a sandbox what its user has set up."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

__all__ = ["IN_PROCESS", "LOOPBACK", "Callbacks", "callbacks_of"]


@dataclass(frozen=True)
class Callbacks:
    """The URL that a target is told and the address on which it is received; an empty URL means that address itself.

    A webhook is waited for `patience` seconds, and after the last that is expected another `pause` seconds for one too many.
    `heard` is told of each that arrives.
    """

    url: str = ""
    host: str = "127.0.0.1"
    port: int = 0
    patience: float = 3.0
    pause: float = 0.1
    heard: Callable[[Any], None] | None = field(default=None, compare=False)


LOOPBACK = Callbacks()
# In process a webhook has arrived when the call that caused it returns.
IN_PROCESS = Callbacks(patience=0.0, pause=0.0)


def callbacks_of(target: object) -> Callbacks | None:
    """Give how a target reaches us; None when it does not say."""
    found = getattr(target, "callbacks", None)
    return found if isinstance(found, Callbacks) else None
