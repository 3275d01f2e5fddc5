"""The one thing a check needs of a target: to send a request and get the exchange."""

from typing import Protocol

from apitwin_fixtures import Exchange, Request

from .clock import TargetClock

__all__ = ["Target"]


class Target(Protocol):
    """One supplier at one address; paths are relative to the supplier's base."""

    @property
    def url(self) -> str:
        """The base, as it stands in reports and curl commands; without a slash at its end."""
        ...

    @property
    def clock(self) -> TargetClock:
        """The target's time."""
        ...

    @property
    def authority(self) -> "Target | None":
        """Where tokens are granted, when that is another host; its URL is the token endpoint itself."""
        ...

    def send(self, request: Request) -> Exchange:
        """Send a request; raises `UnreachableError` when no reply comes."""
        ...
