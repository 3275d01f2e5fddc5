"""A mock in a process of its own: whatever is done to the mocks of this one, it stays as it is."""

from datetime import datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

from apitwin_fixtures import Exchange, Request

from .callbacks import IN_PROCESS, Callbacks
from .mock import MockTarget, mock_targets

__all__ = ["MockApart"]


class _Clock:
    """The other process's clock."""

    movable = True

    def __init__(self, ask: Any) -> None:
        self._ask = ask

    def now(self) -> datetime:
        moment: datetime = self._ask("now")
        return moment

    def advance(self, step: timedelta) -> None:
        self._ask("advance", step)


class MockApart:
    """One supplier's mock, asked through a pipe; `begin` gives it a new world. Ends with its `with` block."""

    authority = None
    callbacks: Callbacks | None = IN_PROCESS

    def __init__(self, supplier: str, seed: int = 0, products: int = 500) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, supplier, seed, products), daemon=True)
        self._process.start()
        theirs.close()
        self.clock = _Clock(self._ask)
        self.url: str = self._ask("url")

    def begin(self) -> None:
        """Begin the mock's world anew."""
        self._ask("begin")

    def send(self, request: Request) -> Exchange:
        """Send a request to the other process."""
        exchange: Exchange = self._ask("send", request)
        return exchange

    def _ask(self, *words: Any) -> Any:
        self._pipe.send(words)
        return self._pipe.recv()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._pipe.close()
        self._process.join(5)
        self._process.terminate()


def _serve(pipe: Connection, supplier: str, seed: int, products: int) -> None:
    target = mock_targets([supplier], seed, products)[supplier]
    worlds = 0
    while True:
        try:
            words = pipe.recv()
        except EOFError:
            return
        if words[0] == "begin":
            worlds += 1
            target = target.anew()
            pipe.send(worlds)
        else:
            pipe.send(_answer(target, *words))


def _answer(target: MockTarget, word: str, *given: Any) -> Any:
    if word == "send":
        return target.send(*given)
    if word == "now":
        return target.clock.now()
    return target.url if word == "url" else target.clock.advance(*given)
