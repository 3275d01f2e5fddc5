"""What we hold to be true of a supplier: operations, error codes, ways in, and declarations from which the checks generate."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol

from apitwin_fixtures import ASSUMED, ErrorCatalogue, Fixtures, Request, Source

if TYPE_CHECKING:
    from .client import Answer, Client
    from .run import Run
    from .surfaces.surface import Surface
    from .undoing import Undo

__all__ = [
    "Arguments",
    "Auth",
    "AuthFault",
    "Contract",
    "Credentials",
    "Declaration",
    "Grant",
    "Operation",
    "Provocation",
]

Arguments = dict[str, Any]
Credentials = Mapping[str, str]
Grant = Any


@dataclass(frozen=True)
class Operation:
    """One thing that a supplier can be asked; `examples` makes arguments that must succeed on any target, from entities found there.

    `latency` is the longest that the fastest of several replies may take, in seconds.
    """

    name: str
    kind: Literal["read", "write"]
    source: Source
    examples: Callable[["Run"], Arguments] = field(default=lambda _run: {})
    latency: float = 0.5
    in_band: bool = False


class Declaration(Protocol):
    """A law that the supplier's operations obey; the library of laws generates from it."""

    @property
    def name(self) -> str:
        """What the declaration is about, for the test's name."""
        ...


@dataclass(frozen=True)
class AuthFault:
    """A wrong (or unusual but allowed) way of presenting credentials, and the code that answers it; `expected` None must be let in.

    `customer` names credentials other than the run's own, of which `spoil` gets the client.
    """

    name: str
    expected: str | None
    spoil: Callable[["Client", Request], Request]
    source: Source = ASSUMED
    needs_clock: bool = False
    customer: str = ""


class Auth(Protocol):
    """How a supplier lets a client in."""

    @property
    def needed(self) -> tuple[str, ...]:
        """The credentials' names of which all are needed."""
        ...

    @property
    def secret(self) -> frozenset[str]:
        """The credentials' names whose values never reach a report."""
        ...

    def sign_in(self, client: "Client") -> Grant:
        """Fetch or make what requests are signed with; raises `UnreachableError` when it is refused."""
        ...

    def sign(self, request: Request, grant: Grant, now: datetime) -> Request:
        """Give the request with its credentials."""
        ...

    @property
    def lifetime(self) -> int | None:
        """How many seconds a granted token lives; None when nothing is promised."""
        ...

    @property
    def lifetime_source(self) -> Source:
        """Who promised the lifetime."""
        ...

    def granted_lifetime(self, client: "Client") -> "tuple[Answer, int] | None":
        """Sign in and give the answer with the lifetime that it tells; None when signing in is not an exchange."""
        ...

    def sign_anew(self, client: "Client", request: Request) -> Request:
        """Give a request signed with a token that was granted just now."""
        ...

    def faults(self) -> Iterable[AuthFault]:
        """Name the ways of getting it wrong."""
        ...


@dataclass(frozen=True)
class Provocation:
    """How to provoke one code of the catalogue: an operation's arguments, or a whole request that no operation would make.

    `names` gives what the code's text must name, by placeholder, beside the arguments of a placeholder's name.
    """

    code: str
    operation: str
    arguments: Callable[["Run"], Arguments] | None = None
    request: Callable[["Run"], Request] | None = None
    changes_state: bool = False
    signed: bool = True
    names: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.code


@dataclass(frozen=True)
class Contract:
    """One supplier's contract; `unprovoked` gives the codes that no request can provoke, with the reason.

    `sensitive` tells what recordings hide, beside what its name gives away: ends of places (`keys.key`) with the kind of secret that
    stands there (`key`, `name`, `street`, …), or None for what only looks like one. `undos` say how to take back what operations make.
    `repeats` are the placeholders of the error catalogue in whose place stands what was asked, word for word.
    """

    supplier: str
    title: str
    fixtures: Fixtures
    surface: "Surface"
    operations: tuple[Operation, ...]
    auth: Auth
    provocations: tuple[Provocation, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    unprovoked: Mapping[str, str] = field(default_factory=dict)
    open_introspection: bool = False
    introspection_source: Source = ASSUMED
    prepare: "Callable[[Run], None] | None" = None
    waived: Mapping[str, str] = field(default_factory=dict)
    sensitive: Mapping[str, str | None] = field(default_factory=dict)
    undos: "tuple[Undo, ...]" = ()
    repeats: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return self.supplier

    @property
    def errors(self) -> ErrorCatalogue:
        """The supplier's error catalogue."""
        return self.fixtures.errors

    def operation(self, name: str) -> Operation:
        """Give an operation by name; raises `KeyError` for an unknown one."""
        return next(operation for operation in self.operations if operation.name == name)

    def declared(self, kind: type[Any]) -> tuple[Any, ...]:
        """Give the declarations of one kind."""
        return tuple(declaration for declaration in self.declarations if isinstance(declaration, kind))
