"""Where drifts of the reseller platform are played: fresh mocks behind a twist or with other rules, and suites that run until they notice."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from unittest.mock import patch

import orjson

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.checks.catalogue import ALL_CHECKS
from apitwin_contracts.drift import Category, Finding
from apitwin_contracts.errors import NothingToExamine, UnreachableError
from apitwin_contracts.run import PROFILES, Run
from apitwin_contracts.suppliers.reseller import CONTRACT
from apitwin_contracts.targets import Target
from apitwin_contracts.targets.credentials import development
from apitwin_contracts.targets.mock import MockTarget
from apitwin_fixtures import Exchange, Reply, Request
from apitwin_mocks.server import Server
from apitwin_mocks.supplier import Seeding
from apitwin_mocks.suppliers.reseller import SUPPLIER, api

__all__ = ["Drift", "Stage", "changed", "examine", "fresh_target", "refused", "ruled", "staged", "twisted"]

Stage = Callable[[], AbstractContextManager[Target]]
Forward = Callable[[Request], Exchange]
Twist = Callable[[str, Request, Forward], Exchange]


@dataclass(frozen=True)
class Drift:
    """One broken promise: which operations and which place a finding must name; `by` are the checks, with a subject's beginning, that notice it.

    `also` are other categories that are as right; `of` is the drift of the shared list that it plays.
    """

    id: str
    category: Category
    operations: str
    place: str
    by: str
    stage: Stage
    of: str = ""
    also: tuple[Category, ...] = ()

    def is_told_by(self, finding: Finding) -> bool:
        """Tell whether a finding is about this drift."""
        fits = finding.operation in self.operations.split() and self.place in finding.location
        return fits and finding.category in (self.category, *self.also)


@cache
def _catalogue(seeding: Seeding) -> Any:
    return SUPPLIER.catalogue(seeding)


def fresh_target(seed: int = 0, products: int = 60) -> MockTarget:
    """Give a mock of its own on a shared catalogue."""
    seeding = Seeding(seed, products)
    mock = replace(SUPPLIER, catalogue=_catalogue)
    return MockTarget(Server({"reseller": mock}, seeding), "reseller")


class _Twisted:
    """A target behind a twist, which is told the operation."""

    authority = None

    def __init__(self, target: Target, twist: Twist) -> None:
        self._target, self._twist = target, twist
        self.url, self.clock = target.url, target.clock
        self.callbacks = getattr(target, "callbacks", None)

    def send(self, request: Request) -> Exchange:
        operation = api._endpoint().operation_of(request.method, request.path) or ""
        return replace(self._twist(operation, request, self._target.send), request=request)


def twisted(make: Callable[[], Twist]) -> Stage:
    """Give a stage of a twist, made anew each time because some remember."""

    @contextmanager
    def stage() -> Iterator[Target]:
        yield _Twisted(fresh_target(), make())

    return stage


def staged(change: Callable[[str, Reply], Reply]) -> Stage:
    """Give a stage whose replies are rewritten."""

    def twist(operation: str, request: Request, forward: Forward) -> Exchange:
        exchange = forward(request)
        return replace(exchange, reply=change(operation, exchange.reply))

    return twisted(lambda: twist)


def changed(operations: str, change: Callable[[Any], Any]) -> Stage:
    """Give a stage whose successful bodies are rewritten; a change that gives None has changed the body in place."""
    return _rewritten(operations, change, good=True)


def refused(change: Callable[[Any], Any], operations: str = "") -> Stage:
    """Give a stage whose refusals' bodies are rewritten."""
    return _rewritten(operations, change, good=False)


def _rewritten(operations: str, change: Callable[[Any], Any], *, good: bool) -> Stage:
    def rewrite(operation: str, reply: Reply) -> Reply:
        takes = not operations or operation in operations.split()
        if not takes or (reply.status < 300) != good or reply.media_type != "application/json":
            return reply
        body = orjson.loads(reply.body)
        made = change(body)
        return replace(reply, body=orjson.dumps(body if made is None else made))

    return staged(rewrite)


def ruled(*rules: tuple[Any, str, Callable[[Any], Any]]) -> Stage:
    """Give a stage on which rules of the mock are others: each (where it stands, its name, what makes it of the original)."""

    @contextmanager
    def stage() -> Iterator[Target]:
        with ExitStack() as stack:
            for place, name, make in rules:
                stack.enter_context(patch.object(place, name, make(getattr(place, name))))
            yield fresh_target()

    return stage


def examine(
    target: Target, by: str = "", until: Callable[[Finding], bool] = lambda _finding: False, seed: int = 0
) -> tuple[Run, list[str]]:
    """Run the suite, or the checks that are named, until a finding is the one; also give the cases that found something."""
    credentials = development(CONTRACT)
    run = Run(CONTRACT, target, credentials["default"], PROFILES["ci"], seed, others=credentials)
    noticed: list[str] = []
    _attempt(run, "prepare", lambda: CONTRACT.prepare and CONTRACT.prepare(run), noticed)
    for check, subject in _cases(by.split()):
        if any(until(finding) for finding in run.findings):
            break
        _attempt(run, f"{check.id}:{subject.name}", _work(run, check, subject), noticed)
    return run, noticed


def _work(run: Run, check: Check, subject: Any) -> Callable[[], object]:
    return lambda: check.examine(Examination(run, check), subject)


def _cases(wanted: Sequence[str]) -> Iterator[tuple[Check, Any]]:
    for check in ALL_CHECKS:
        for subject in check.subjects(CONTRACT):
            if not wanted or any(f"{check.id}:{subject.name}".startswith(one) for one in wanted):
                yield check, subject


def _attempt(run: Run, name: str, work: Callable[[], object], noticed: list[str]) -> None:
    fresh: list[Finding] = []
    try:
        with run.watched() as fresh:
            work()
    except* (NothingToExamine, UnreachableError):
        pass
    if fresh:
        noticed.append(name)
