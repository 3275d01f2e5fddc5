"""Who a token was given to, and what it opens."""

from dataclasses import dataclass

__all__ = ["Principal"]


@dataclass(frozen=True, slots=True)
class Principal:
    """A client that signed in: the API it may use, its scopes, and at a gate the account for which it acts."""

    client: str
    audience: str
    scopes: frozenset[str]
    gate: str | None = None
    account: str = ""
