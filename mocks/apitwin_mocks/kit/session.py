"""Isolated worlds inside one server, chosen by the URL prefix `/s/<name>/`."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from .clock import Clock, TimeSource
from .courier import Courier
from .errors import MisuseError
from .faults import Faults
from .ids import Ids
from .journal import Journal
from .settings import Rates, Settings
from .webhooks import Outbox

__all__ = ["Session", "Sessions", "WorldMaker"]

_NAME = re.compile(r"[A-Za-z0-9._~-]{1,64}")
WorldMaker = Callable[["Session", str], Any]


class Session:
    """One world: its state by supplier, clock, faults, settings, journal and webhooks; the seeded catalogue is shared with all others."""

    __slots__ = (
        "_courier",
        "_make_world",
        "_worlds",
        "clock",
        "faults",
        "journal",
        "name",
        "outbox",
        "rates",
        "seed",
        "settings",
    )

    def __init__(
        self,
        name: str,
        seed: int,
        clock: Clock,
        make_world: WorldMaker,
        settings: Settings | None = None,
        courier: Courier | None = None,
    ) -> None:
        self.name = name
        self.seed = seed
        self.clock = clock
        self.settings = settings or Settings()
        self.faults = Faults()
        self.rates = Rates()
        self.journal = Journal()
        self._courier = courier or Courier()
        self.outbox = Outbox(clock, self.settings, self.journal, self._courier)
        self._make_world = make_world
        self._worlds: dict[str, Any] = {}
        clock.watch(self.catch_up)

    def catch_up(self) -> None:
        """Let everything happen that is due by the session's clock, and tell it to whoever listens."""
        for world in tuple(self._worlds.values()):
            world.tick()
        self._courier.run()

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

    def __init__(
        self,
        seed: int,
        source: TimeSource,
        make_world: WorldMaker,
        courier: Courier | None = None,
        webhook_hosts: Iterable[str] = (),
    ) -> None:
        self._courier = courier or Courier()
        self._webhook_hosts = tuple(webhook_hosts)
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
        settings = Settings(self._webhook_hosts)
        return Session(name, self._seed, Clock(self._source), self._make_world, settings, self._courier)

    def reset(self, name: str) -> Session:
        """Forget a session's state, clock, faults, settings, journal and webhooks."""
        fresh = self._new(name)
        self.drop(name)
        self._by_name[name] = fresh
        return fresh

    def drop(self, name: str) -> bool:
        """Remove a session; tell whether there was one."""
        session = self._by_name.pop(name, None)
        if session is not None:
            session.outbox.close()
        return session is not None

    def __iter__(self) -> Iterator[Session]:
        return iter(self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)
