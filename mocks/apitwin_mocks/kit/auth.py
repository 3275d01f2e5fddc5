"""How suppliers let a client in: bearer tokens with a lifetime on the session's clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from apitwin_fixtures import Request

from .clock import Clock

__all__ = ["ExpiredTokenError", "TokenBook", "UnknownTokenError", "bearer_token"]

Holder = TypeVar("Holder")


class UnknownTokenError(LookupError):
    """Nobody was given this token."""


class ExpiredTokenError(LookupError):
    """The token's lifetime is over by the session's clock."""


def bearer_token(request: Request) -> str | None:
    """Give the token of an `Authorization: Bearer …` header (the scheme in any case, RFC 9110), None for any other form."""
    scheme, _, token = (request.header("authorization") or "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


@dataclass(frozen=True, slots=True)
class _Issued(Generic[Holder]):
    holder: Holder
    expires: datetime | None


class TokenBook(Generic[Holder]):
    """The tokens that a session gave out, and to whom."""

    __slots__ = ("_clock", "_issued")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._issued: dict[str, _Issued[Holder]] = {}

    def issue(self, token: str, holder: Holder, lifetime: timedelta | None = None) -> str:
        """Note a token for its holder; without a lifetime it never expires."""
        self._issued[token] = _Issued(holder, self._clock.now() + lifetime if lifetime else None)
        return token

    def find(self, token: str) -> Holder:
        """Give the token's holder; raises `UnknownTokenError` or `ExpiredTokenError`."""
        issued = self._issued.get(token)
        if issued is None:
            raise UnknownTokenError
        if issued.expires is not None and self._clock.now() >= issued.expires:
            raise ExpiredTokenError
        return issued.holder
