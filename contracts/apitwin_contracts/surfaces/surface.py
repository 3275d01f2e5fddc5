"""What the checks need of a surface."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from apitwin_contracts.drift import Category, Severity
from apitwin_fixtures import ErrorCatalogue, ErrorEntry, Reply, Request, Source

__all__ = ["OK", "UNKNOWN", "Problem", "Recognition", "Surface"]

OK = "ok"
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Problem:
    """One place where a single reply breaks its schema or its wire form."""

    check: str
    category: Category
    severity: Severity
    location: str
    expected: str
    observed: str
    source: Source


@dataclass(frozen=True)
class Recognition:
    """What a reply is: `ok`, a code of the catalogue, or `unknown`; `detail` describes an unknown one, which may be `unreadable` too."""

    outcome: str
    payload: Any = None
    detail: str = ""
    unreadable: bool = False


class Surface(Protocol):
    """One supplier's surface."""

    def request(self, operation: str, arguments: Mapping[str, Any]) -> Request:
        """Make the unsigned request of an operation."""
        ...

    def recognise(self, operation: str, reply: Reply, catalogue: ErrorCatalogue) -> Recognition:
        """Tell success from each refusal that the catalogue knows."""
        ...

    def difference(
        self, operation: str, reply: Reply, catalogue: ErrorCatalogue, code: str
    ) -> tuple[str, str, str] | None:
        """Give the first place (path, expected, observed) where a reply is not the code's; None if it is."""
        ...

    def refusal(self, operation: str, reply: Reply, entry: ErrorEntry) -> object:
        """Give the part of a reply that an entry's body describes; None where there is none."""
        ...

    def problems(self, operation: str, request: Request, reply: Reply) -> Iterator[Problem]:
        """Hold a successful reply against its schema."""
        ...

    def location(self, operation: str, path: str = "") -> str:
        """Name a place in an operation's payload as reports do."""
        ...

    def coverage(self) -> Mapping[str, Source]:
        """Give every element of the surface with its source."""
        ...
