"""Isolated worlds inside one server, chosen by the URL prefix `/s/<name>/`."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .clock import Clock, TimeSource
from .errors import MisuseError
from .faults import Faults
from .ids import Ids
from .journal import Journal

__all__ = ["Session", "Sessions", "WorldMaker"]

_NAME = re.compile(r"[A-Za-z0-9._~-]{1,64}")
WorldMaker = Callable[["Session", str], Any]


class Session:
    """One world: its state by supplier, its clock, its faults and its journal; the seeded catalogue is shared with all others."""

    __slots__ = ("_make_world", "_worlds", "clock", "faults", "journal", "name", "seed")

    def __init__(self, name: str, seed: int, clock: Clock, make_world: WorldMaker) -> None:
        self.name = name
        self.seed = seed
        self.clock = clock
        self.faults = Faults()
        self.journal = Journal()
        self._make_world = make_world
        self._worlds: dict[str, Any] = {}

    def world(self, supplier: str) -> Any:
        """Give the supplier's state in this session, made when it is first asked for."""
        world = self._worlds.get(supplier)
        if world is None:
            world = self._worlds[supplier] = self._make_world(self, supplier)
        return world

    def ids(self, supplier: str) -> Ids:
        """Give a fresh series of identifiers for one supplier's world."""
        return Ids(self.seed, f"{self.name}|{supplier}")

    @property
    def worlds(self) -> Mapping[str, Any]:
        """The states that exist so far, by supplier."""
        return self._worlds


class Sessions:
    """All sessions of a server; an unknown name makes a new one."""

    def __init__(self, seed: int, source: TimeSource, make_world: WorldMaker) -> None:
        self._seed = seed
        self._source = source
        self._make_world = make_world
        self._by_name: dict[str, Session] = {}

    def get(self, name: str) -> Session:
        """Give the session of a name; raises `MisuseError` for a name that a URL cannot carry."""
        session = self._by_name.get(name)
        if session is None:
            session = self._by_name[name] = self._new(name)
        return session

    def _new(self, name: str) -> Session:
        if not _NAME.fullmatch(name):
            message = f"a session's name has 1 to 64 letters, digits, '.', '_', '~' or '-', not {name[:80]!r}"
            raise MisuseError(message)
        return Session(name, self._seed, Clock(self._source), self._make_world)

    def reset(self, name: str) -> Session:
        """Forget a session's state, clock, faults and journal."""
        session = self._by_name[name] = self._new(name)
        return session

    def drop(self, name: str) -> bool:
        """Remove a session; tell whether there was one."""
        return self._by_name.pop(name, None) is not None

    def __iter__(self) -> Iterator[Session]:
        return iter(self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)
