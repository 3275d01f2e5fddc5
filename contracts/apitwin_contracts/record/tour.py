"""A tour of a target: every operation of the contract, its pages and arguments, its codes and ways of being refused, each as a cassette."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Literal

import orjson

from apitwin_contracts.contract import Arguments, AuthFault, Contract, Operation, Provocation
from apitwin_contracts.errors import NothingToExamine, Violation
from apitwin_contracts.laws.cursors import CursorPages
from apitwin_contracts.laws.filters import Filter
from apitwin_contracts.laws.offsets import OffsetPages
from apitwin_contracts.laws.paging import NumberedPages
from apitwin_contracts.laws.searching import Sorted
from apitwin_contracts.run import Run
from apitwin_contracts.surfaces.surface import OK
from apitwin_contracts.targets.manners import SpentError
from apitwin_fixtures import Cassette, Exchange, Request

from .differing import differing
from .signing_in import SIGN_IN, signing_in

__all__ = ["Stop", "Toured", "stops", "tour"]

_FEW = 5
_TROUBLE = (KeyError, TypeError, AttributeError, ValueError, IndexError)
Kind = Literal["operation", "page", "argument", "error", "auth"]


@dataclass(frozen=True)
class Stop:
    """One thing to record: how its cassette is called, whose operation it is, and how the request is made and what is to come of it.

    `again` asks a second time, to see what differs although nothing changed; `credential` is the customer who asks, None for nobody.
    `asks` gives the exchanges where one request is not all.
    """

    name: str
    kind: Kind
    title: str
    operation: str
    make: Callable[[Run], Request]
    expected: str | None = OK
    writes: bool = False
    again: bool = False
    credential: str | None = "default"
    asks: Callable[[Run], Sequence[Exchange]] | None = None


@dataclass
class Toured:
    """What a tour brought: cassettes, why others were not recorded, which answers were not as promised, and what ended it early."""

    cassettes: list[Cassette] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    surprises: dict[str, str] = field(default_factory=dict)
    ended: str = ""


def tour(
    run: Run, planned: Iterable[Stop], metadata: Mapping[str, Any], tell: Callable[[Stop], None] = lambda _stop: None
) -> Iterator[Toured]:
    """Record stop by stop; gives what there is so far after each, and raises `UnreachableError` when no reply comes."""
    toured = Toured()
    for stop in planned:
        tell(stop)
        if stop.writes and run.read_only:
            toured.skipped[stop.name] = "it changes state, and the recording is read-only"
        else:
            try:
                toured.cassettes.append(_recorded(run, stop, metadata, toured))
            except SpentError as error:
                toured.ended = str(error)
                # What may not be created is one matter, a budget that is used up another: then nothing more can be asked.
                toured.skipped[stop.name] = str(error)
            except (NothingToExamine, Violation) as error:
                toured.skipped[stop.name] = str(error)
            except _TROUBLE as error:
                # The answers from which this was to be asked have another shape than promised.
                toured.skipped[stop.name] = f"it could not be asked: {type(error).__name__}: {error}"
        yield toured


def _recorded(run: Run, stop: Stop, metadata: Mapping[str, Any], toured: Toured) -> Cassette:
    if stop.asks:
        first, second = stop.asks(run), stop.asks(run)
        pairs = zip(first, second, strict=False)
        told = dict.fromkeys(place for one, other in pairs for place in differing(one.reply, other.reply))
        return _cassette(stop, [*first], metadata, [*told])
    request = stop.make(run)
    exchange = run.client.exchange(request, stop.operation)
    recognition = run.contract.surface.recognise(stop.operation, exchange.reply, run.contract.errors)
    if stop.expected is not None and recognition.outcome != stop.expected:
        detail = run.client.scribe.clean(recognition.detail or recognition.outcome)
        toured.surprises[stop.name] = f"{stop.expected} was promised: {detail}"
    volatile: list[str] = []
    if stop.again:
        volatile = list(differing(exchange.reply, run.client.exchange(request, stop.operation).reply))
    return _cassette(stop, [exchange], metadata, volatile)


def _cassette(stop: Stop, exchanges: Sequence[Exchange], metadata: Mapping[str, Any], volatile: list[str]) -> Cassette:
    told = {**metadata, "operation": stop.operation, "title": stop.title, "credential": stop.credential}
    asked = tuple(map(_plain, exchanges))
    return Cassette(stop.name, asked, {**told, "volatile": volatile, "corrected": [], "mended": []})


def _plain(exchange: Exchange) -> Exchange:
    """Give an exchange whose reply stands as it was read: unpacked, and whole."""
    carried = ("content-encoding", "transfer-encoding", "content-length", "connection")
    headers = tuple(pair for pair in exchange.reply.headers if pair[0] not in carried)
    return replace(exchange, reply=replace(exchange.reply, headers=headers))


def stops(contract: Contract) -> list[Stop]:
    """Plan a tour: operations first, reads before writes, then what the declarations and the catalogue add."""
    operations = sorted(contract.operations, key=lambda operation: operation.kind == "write")
    planned = [
        *map(_of_operation, operations),
        *map(_of_pages, _paged(contract)),
        *map(_of_filter, contract.declared(Filter)),
        *(_of_order(one) for one in contract.declared(Sorted)),
        *(_of_code(contract, one) for one in contract.provocations if not one.changes_state),
        *_of_auth(contract),
        *_of_signing_in(contract),
    ]
    named: dict[str, Stop] = {}
    for stop in planned:
        named.setdefault(stop.name, stop)
    return list(named.values())


def _kebab(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", text).lower()).strip("-")


def _named(*parts: str) -> str:
    # Apart from the shipped ones, which say what the documents promise.
    return "seen-" + "-".join(map(_kebab, parts))


def _asking(operation: str, arguments: Callable[[Run], Arguments], run: Run) -> Request:
    return run.client.signed(run.client.request(operation, arguments(run)))


def _of_operation(operation: Operation) -> Stop:
    writes = operation.kind == "write"
    make = partial(_asking, operation.name, operation.examples)
    return Stop(_named(operation.name), "operation", operation.name, operation.name, make, OK, writes, not writes)


def _paged(contract: Contract) -> Iterator[NumberedPages | OffsetPages | CursorPages]:
    for kind in (NumberedPages, OffsetPages, CursorPages):
        yield from contract.declared(kind)


def _of_pages(paged: NumberedPages | OffsetPages | CursorPages) -> Stop:
    make = partial(_asking, paged.operation, partial(_second_page, paged))
    name, title = _named(paged.operation, "page 2"), f"{paged.operation}, the second page"
    return Stop(name, "page", title, paged.operation, make)


def _second_page(paged: NumberedPages | OffsetPages | CursorPages, run: Run) -> Arguments:
    if isinstance(paged, NumberedPages):
        return paged.arguments(2, min(_FEW, paged.maximum_size or _FEW) if paged.size else None, **paged.fixed)
    if isinstance(paged, OffsetPages):
        return {paged.skip: _FEW, paged.take: _FEW, **paged.ordered}
    token = run.client.must(paged.operation, dict(paged.fixed)).at(paged.next)
    if token in (None, paged.end):
        raise NothingToExamine(f"{paged.operation} has no second page")
    return {**paged.fixed, paged.cursor: token}


def _of_filter(declared: Filter) -> Stop:
    make = partial(_asking, declared.operation, partial(_filtered, declared))
    title = f"{declared.operation} by {declared.argument}"
    return Stop(_named(declared.operation, "by", declared.argument), "argument", title, declared.operation, make)


def _filtered(declared: Filter, run: Run) -> Arguments:
    answer = run.client.must(declared.operation, dict(declared.fixed))
    values = [value for item in answer.every(declared.items) for value in declared.values(item)]
    found = next((value for value in values if value), None)
    if found is None:
        raise NothingToExamine(f"no item of {declared.operation} has a {declared.field}")
    return {**declared.fixed, declared.argument: found}


def _of_order(declared: Sorted) -> Stop:
    paged = declared.paged
    asked = {paged.take: _FEW, declared.order: [{declared.keys[0]: "DESC"}]}
    make = partial(_asking, paged.operation, lambda _run: asked)
    name = _named(paged.operation, "in", declared.order)
    return Stop(name, "argument", f"{paged.operation} in an order", paged.operation, make)


def _of_code(contract: Contract, provocation: Provocation) -> Stop:
    def make(run: Run) -> Request:
        arguments = provocation.arguments(run) if provocation.arguments else {}
        made = (
            provocation.request(run)
            if provocation.request
            else contract.surface.request(provocation.operation, arguments)
        )
        return run.client.signed(made) if provocation.signed else made

    name = _named("error", provocation.operation, provocation.code)
    # What the catalogue writes as a placeholder may be another text each time.
    moves = b"{" in orjson.dumps(contract.errors[provocation.code].body).replace(b'{"', b"").replace(b"{}", b"")
    credential = "default" if provocation.signed else None
    title = f"{provocation.operation} refused with {provocation.code}"
    return Stop(name, "error", title, provocation.operation, make, provocation.code, again=moves, credential=credential)


def _of_auth(contract: Contract) -> Iterator[Stop]:
    operation = next((one for one in contract.operations if one.kind == "read"), None)
    if operation is None:
        return
    for fault in contract.auth.faults():
        if not fault.needs_clock:
            yield Stop(
                _named("auth", operation.name, fault.name),
                "auth",
                f"{operation.name} with credentials: {fault.name}",
                operation.name,
                partial(_spoilt, contract, operation, fault),
                fault.expected or OK,
                credential=fault.customer or "default",
            )


def _of_signing_in(contract: Contract) -> Iterator[Stop]:
    if contract.auth.lifetime is not None:
        yield Stop(_named(SIGN_IN), "auth", "signing in", SIGN_IN, _unasked, None, asks=signing_in)


def _unasked(_run: Run) -> Request:
    raise NothingToExamine("signing in is more than one request")


def _spoilt(contract: Contract, operation: Operation, fault: AuthFault, run: Run) -> Request:
    client = run.customer(fault.customer) if fault.customer else run.client
    return fault.spoil(client, contract.surface.request(operation.name, operation.examples(run)))
