"""Identifiers that look random and are not: the n-th of a kind in a session is always the same."""

from hashlib import blake2b
from uuid import UUID

__all__ = ["Ids"]


class Ids:
    """Draws identifiers from a seed, a scope (the session's name and the supplier's) and a counter for each kind."""

    __slots__ = ("_counts", "_scope")

    def __init__(self, seed: int, scope: str) -> None:
        self._scope = f"{seed}|{scope}"
        self._counts: dict[str, int] = {}

    def _next(self, kind: str) -> int:
        count = self._counts.get(kind, 0)
        self._counts[kind] = count + 1
        return count

    def _digest(self, kind: str, size: int) -> bytes:
        return blake2b(f"{self._scope}|{kind}|{self._next(kind)}".encode(), digest_size=size).digest()

    def uuid(self, kind: str, version: int = 4) -> str:
        """Give a lower-case UUID of the version asked."""
        return str(UUID(bytes=self._digest(kind, 16), version=version))

    def number(self, kind: str, first: int) -> int:
        """Give the next number of a series that begins at `first`."""
        return first + self._next(kind)

    def hex(self, kind: str, length: int = 32) -> str:
        """Give lower-case hexadecimal digits; at most 128."""
        return self._digest(kind, 64).hex()[:length]

    def code(self, kind: str, length: int, alphabet: str) -> str:
        """Give characters drawn from an alphabet; at most 64."""
        return "".join(alphabet[byte % len(alphabet)] for byte in self._digest(kind, 64)[:length])
