"""What a mocked supplier is made of; every supplier's folder ends in one such object."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from apitwin_fixtures import Fixtures, Reply

from .kit.call import Call
from .kit.errors import Refusal
from .kit.replies import refused_reply
from .kit.session import Session
from .kit.store import Table

__all__ = ["Seeding", "Supplier", "World"]

_HIDDEN = "***"


@dataclass(frozen=True)
class Seeding:
    """How a first state is made: the seed, and how many products it has."""

    seed: int = 0
    products: int = 500


class World:
    """A supplier's state in one session; `domain` modules subclass it and say what the control API may see and change."""

    def tick(self) -> None:
        """Let everything happen that is due by the session's clock; asked whenever that was moved."""

    def tables(self) -> Mapping[str, Table[Any]]:
        """Give the tables by name, for the control API's view of the state."""
        raise NotImplementedError

    def edit(self, table: str, key: str, changes: Mapping[str, Any]) -> object:
        """Change a row from outside, as the supplier's own staff would; raises `MisuseError` for what cannot be changed."""
        raise NotImplementedError


def _nothing(_call: Call) -> Mapping[str, object]:
    return {}


@dataclass(frozen=True)
class Supplier:
    """A mock: first state, state, authentication and surface of one supplier.

    `switches` are what its sessions may choose, each with its values, the first being the default; `rate_limited` is the code that
    answers above a session's rate limit; `explain` gives the values that every refusal's text may need; `recordings` is what is told of
    each where recordings answer in the mock's place.
    """

    name: str
    title: str
    fixtures: Fixtures
    catalogue: Callable[[Seeding], Any]
    world: Callable[[Any, Session], World]
    authenticate: Callable[[Call], None]
    endpoint: Callable[[Call], Reply]
    owns: Callable[[str], bool]
    operation_of: Callable[[Call], str | None]
    start_page: str = "/"
    secret_parameters: frozenset[str] = field(default_factory=frozenset)
    switches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rate_limited: str | None = None
    explain: Callable[[Call], Mapping[str, object]] = _nothing
    recordings: tuple[Mapping[str, object], ...] | None = None

    def refuse(self, call: Call, refusal: Refusal) -> Reply:
        """Make the supplier's reply of a refusal."""
        entry = self.fixtures.errors[refusal.code]
        return refused_reply(entry, {"operation": call.operation, **self.explain(call), **refusal.values})

    def without_secrets(self, query: str) -> str:
        """Give a query string with the values of secret parameters hidden."""
        if not query or not self.secret_parameters:
            return query
        pairs = parse_qsl(query, keep_blank_values=True)
        return urlencode(
            [(name, _HIDDEN if name in self.secret_parameters else value) for name, value in pairs], safe="*"
        )
