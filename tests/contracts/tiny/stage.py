"""Tiny in process, drifted or not, and plans over it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson

from apitwin_contracts.contract import Contract
from apitwin_contracts.drift import CaseResult
from apitwin_contracts.errors import UnreachableError
from apitwin_contracts.suite.bench import Bench
from apitwin_contracts.suite.plan import Plan
from apitwin_contracts.suite.settings import Settings
from apitwin_contracts.targets import Target
from apitwin_contracts.targets.addresses import Address
from apitwin_contracts.targets.credentials import development
from apitwin_contracts.targets.mock import MockTarget
from apitwin_fixtures import Exchange, Reply, Request
from apitwin_mocks.server import Server
from apitwin_mocks.supplier import Seeding
from tests.contracts.tiny.contract import CONTRACT
from tests.contracts.tiny.mock import SUPPLIER

__all__ = ["Dead", "Twisted", "examine", "in_body", "plan", "target"]

Change = Callable[[Request, Reply], Reply]


def target(seed: int = 0) -> Target:
    """Give a fresh mock of Tiny."""
    return MockTarget(Server({"tiny": SUPPLIER}, Seeding(seed)), "tiny")


class Twisted:
    """A target whose replies are changed on their way, and whose requests are noted."""

    authority = None

    def __init__(self, change: Change = lambda _request, reply: reply, inner: Target | None = None) -> None:
        self._inner = inner or target()
        self._change = change
        self.requests: list[Request] = []
        self.url = self._inner.url
        self.clock = self._inner.clock

    def send(self, request: Request) -> Exchange:
        self.requests.append(request)
        exchange = self._inner.send(request)
        return replace(exchange, reply=self._change(request, exchange.reply))


class Dead(Twisted):
    """A target that answers a number of requests and then none any more."""

    def __init__(self, answers: int = 0) -> None:
        super().__init__()
        self._left = answers

    def send(self, request: Request) -> Exchange:
        self._left -= 1
        if self._left < 0:
            raise UnreachableError("no reply: the target is dead")
        return super().send(request)


def in_body(change: Callable[[Any], None], path: str = "/v1/items") -> Change:
    """Make a change of the JSON body of successful replies at a path."""

    def changed(request: Request, reply: Reply) -> Reply:
        if request.path != path or reply.status != 200:
            return reply
        body: Any = orjson.loads(reply.body)
        change(body)
        return replace(reply, body=orjson.dumps(body))

    return changed


def plan(tiny: Target | None = None, contract: Contract = CONTRACT, **settings: Any) -> Plan:
    """Make a plan over Tiny; settings are those of the command."""
    credentials = development(contract)
    opened = tiny or target()
    address = Address("mock", lambda: opened, credentials.pop("default"), credentials, in_process=True)
    return Plan.over([contract], {contract.supplier: address}, Settings(("tiny",), **settings))


def examine(tiny: Target | None = None, contract: Contract = CONTRACT, **settings: Any) -> dict[str, CaseResult]:
    """Examine Tiny and give the results by the cases' names, without the supplier's."""
    bench = Bench(plan(tiny, contract, **settings))
    return {result.name.removeprefix("tiny-"): result for result in bench.results()}
