"""What is known of a supplier before it is drifted: its contract, and what its undrifted mock answers to every operation and mistake."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from apitwin_contracts.contract import Arguments, Contract, Credentials, Provocation
from apitwin_contracts.errors import NothingToExamine, UnreachableError, Violation
from apitwin_contracts.mutants.asked import Asked, asked_of
from apitwin_contracts.mutants.stage import contract_of, fresh_target
from apitwin_contracts.run import PROFILES, Run
from apitwin_contracts.surfaces.rest import RestSurface
from apitwin_contracts.surfaces.surface import OK, UNKNOWN
from apitwin_contracts.targets import Target, TargetClock
from apitwin_contracts.targets.credentials import development
from apitwin_fixtures import Exchange, Reply, Request

__all__ = ["Ground", "Heard", "Leaf", "credentials_of", "ground_of", "leaves_of", "payload_of"]


_ENDINGS = (NothingToExamine, UnreachableError, Violation, ExceptionGroup)


@dataclass(frozen=True)
class Heard:
    """One exchange with the undrifted mock: what was asked, and what the reply is (`ok`, a code or `unknown`)."""

    asked: Asked
    exchange: Exchange
    outcome: str
    payload: Any


@dataclass(frozen=True)
class Leaf:
    """A place in an operation's answers with the values that were seen there."""

    operation: str
    path: str
    values: tuple[Any, ...]

    @property
    def name(self) -> str:
        """The last key of the path."""
        return self.path.rpartition(".")[2].removesuffix("[]")


class _Listening:
    """A target whose exchanges are kept."""

    authority = None
    callbacks = None

    def __init__(self, target: Target) -> None:
        self._target = target
        self.url = target.url
        self.exchanges: list[Exchange] = []

    @property
    def clock(self) -> TargetClock:
        return self._target.clock

    def send(self, request: Request) -> Exchange:
        exchange = self._target.send(request)
        self.exchanges.append(exchange)
        return exchange


class Ground:
    """A supplier's contract with a sample of its mock's answers."""

    def __init__(self, supplier: str) -> None:
        self.supplier = supplier
        self.contract: Contract = contract_of(supplier)
        self.is_rest = isinstance(self.contract.surface, RestSurface)

    @cached_property
    def heard(self) -> tuple[Heard, ...]:
        """Every exchange of a run that asks each operation for its example, and provokes each code."""
        target = _Listening(fresh_target(self.supplier))
        known = development(self.contract)
        run = Run(self.contract, target, known["default"], PROFILES["quick"], 0, others=dict(known))
        for work in self._works(run):
            with suppress(*_ENDINGS), run.watched():
                work()
        return tuple(self._read(exchange) for exchange in target.exchanges)

    def _works(self, run: Run) -> Iterator[Any]:
        if (prepare := self.contract.prepare) is not None:
            yield lambda: prepare(run)
        for operation in self.contract.operations:
            yield lambda operation=operation: run.client.ask(operation.name, operation.examples(run))
        for one in self.contract.provocations:
            if (arguments := one.arguments) is not None:
                yield lambda one=one, make=arguments: run.client.ask(one.operation, make(run))
            elif one.request:
                yield lambda one=one: run.client.exchange(_maybe_signed(run, one))
        name = self.kinds("read")[0]
        for fault in self.contract.auth.faults():
            if not fault.customer and not fault.needs_clock:
                yield lambda fault=fault: run.client.exchange(fault.spoil(run.client, run.client.request(name, {})))

    def _read(self, exchange: Exchange) -> Heard:
        asked = asked_of(self.supplier, exchange.request)
        if not asked.operation or asked.operation not in self.names:
            return Heard(asked, exchange, UNKNOWN, None)
        found = self.contract.surface.recognise(asked.operation, exchange.reply, self.contract.errors)
        return Heard(asked, exchange, found.outcome, found.payload)

    @cached_property
    def _run(self) -> Run:
        known = development(self.contract)
        run = Run(
            self.contract, fresh_target(self.supplier), known["default"], PROFILES["quick"], 0, others=dict(known)
        )
        with suppress(*_ENDINGS), run.watched():
            if self.contract.prepare is not None:
                self.contract.prepare(run)
        return run

    def tried(self, make: Callable[[Run], Arguments]) -> Arguments:
        """Give arguments that a declaration makes for the undrifted mock; none where it finds nothing to make them of."""
        with suppress(*_ENDINGS), self._run.watched():
            return make(self._run)
        return {}

    @cached_property
    def names(self) -> frozenset[str]:
        """The operations' names."""
        return frozenset(operation.name for operation in self.contract.operations)

    @cached_property
    def answers(self) -> dict[str, list[Any]]:
        """The payloads of what succeeded, by operation."""
        found: dict[str, list[Any]] = {}
        for heard in self.heard:
            if heard.outcome == OK and heard.payload is not None:
                found.setdefault(heard.asked.operation, []).append(heard.payload)
        return found

    @cached_property
    def refusals(self) -> dict[tuple[str, str], Heard]:
        """One refusal of each code that was provoked, by code and operation."""
        known = (heard for heard in self.heard if heard.outcome not in (OK, UNKNOWN))
        found: dict[tuple[str, str], Heard] = {}
        for heard in known:
            found.setdefault((heard.outcome, heard.asked.operation), heard)
        return found

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """Every place of every operation's answers."""
        return tuple(leaf for operation, payloads in self.answers.items() for leaf in leaves_of(operation, payloads))

    @cached_property
    def shared(self) -> frozenset[tuple[str, str]]:
        """The places whose values are told by another operation as well, as (operation, path)."""
        told: dict[Any, set[str]] = {}
        for leaf in self.leaves:
            for value in leaf.values:
                if _is_telling(value):
                    told.setdefault(value, set()).add(leaf.operation)
        return frozenset(
            (leaf.operation, leaf.path)
            for leaf in self.leaves
            if any(_is_telling(value) and len(told[value]) > 1 for value in leaf.values)
        )

    def kinds(self, kind: str) -> list[str]:
        """Name the operations that read, or those that write."""
        return [operation.name for operation in self.contract.operations if operation.kind == kind]


def _maybe_signed(run: Run, one: Provocation) -> Request:
    request = one.request(run) if one.request else run.client.request(one.operation, {})
    return run.client.signed(request) if one.signed else request


def _is_telling(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) > 3  # noqa: PLR2004 - shorter texts are alike by chance
    if isinstance(value, float) and value % 1:
        return True
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) > 99  # noqa: PLR2004 - as above


def leaves_of(operation: str, payloads: list[Any]) -> Iterator[Leaf]:
    """Give every place of payloads, `[]` for every item of a list, with its values; the payload itself is the empty path."""
    found: dict[str, list[Any]] = {}
    for payload in payloads:
        for path, value in _walk(payload, ""):
            found.setdefault(path, []).append(value)
    for path, values in found.items():
        yield Leaf(operation, path, tuple(values))


def _walk(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    yield path, value
    if isinstance(value, dict):
        for key, part in value.items():
            # A key that is data, such as a number, names no place.
            if key.replace("_", "").isalpha() and key.isascii():
                yield from _walk(part, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for part in value:
            yield from _walk(part, f"{path}[]")


def payload_of(ground: Ground, operation: str, reply: Reply) -> Any:
    """Give an operation's part of a successful reply; None for a refusal."""
    found = ground.contract.surface.recognise(operation, reply, ground.contract.errors)
    return found.payload if found.outcome == OK else None


def credentials_of(ground: Ground) -> dict[str, Credentials]:
    """Give the mock's development credentials by customer."""
    return development(ground.contract)


@cache
def ground_of(supplier: str) -> Ground:
    """Give a supplier's ground, read once."""
    return Ground(supplier)
