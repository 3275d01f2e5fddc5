"""Laws of GraphQL over HTTP: media types negotiated, statuses that tell, errors before data, questions over GET, challenges."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import orjson

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.contract import Arguments, AuthFault, Contract, Provocation
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.run import Run
from apitwin_contracts.surfaces.entries import json_of
from apitwin_contracts.surfaces.several import part_of
from apitwin_contracts.surfaces.surface import Problem
from apitwin_fixtures import ASSUMED, Exchange, Request, Source

if TYPE_CHECKING:
    from apitwin_contracts.drift import Category, Severity

__all__ = ["CHECKS", "Challenges", "Negotiation", "OverGet", "Telling"]

_OK, _BAD_REQUEST = 200, 400


@dataclass(frozen=True)
class Negotiation:
    """Which media type answers which Accept header (None: no header), and whether its status tells a refusal from success.

    `telling` is the status of a document that is no GraphQL, by media type.
    """

    name: str
    operation: str
    rows: tuple[tuple[str | None, str], ...]
    telling: Mapping[str, int]
    source: Source = ASSUMED


@dataclass(frozen=True)
class Telling:
    """A media type whose status tells what came: `with_data` beside data, `without` for a refusal before that, `special` by code.

    Every provocation of an error is asked for in this media type; `first` is the key that comes before `data` in the bytes.
    """

    name: str
    media_type: str
    with_data: int = _OK
    without: int = _BAD_REQUEST
    special: Mapping[str, int] = field(default_factory=dict)
    first: str = "errors"
    source: Source = ASSUMED


@dataclass(frozen=True)
class OverGet:
    """An operation that answers a GET as it answers a POST, its arguments as variables; the operation's name chooses among several."""

    operation: str
    arguments: Callable[[Run], Arguments] = field(default=lambda _run: {})
    source: Source = ASSUMED

    @property
    def name(self) -> str:
        return self.operation


@dataclass(frozen=True)
class Challenges:
    """What the WWW-Authenticate header says to each wrong way of presenting credentials: by its name an anchored pattern."""

    name: str
    operation: str
    patterns: Mapping[str, str]
    source: Source = ASSUMED


def _broken(
    examination: Examination, operation: str, exchange: Exchange, found: tuple[str, object, object], source: Source
) -> Exception:
    client, surface = examination.client, examination.run.contract.surface
    answer = client.taken_for(operation, exchange, surface.recognise(operation, exchange.reply, client.contract.errors))
    where, expected, observed = found
    severity: Severity = "dangerous" if where.endswith("order") else "breaking"
    category: Category = examination.check.category
    place = f"{surface.location(operation)}#{where}"
    problem = Problem(examination.check.id, category, severity, place, str(expected), str(observed)[:300], source)
    return client.violation(operation, problem, [answer])


def _accepting(request: Request, accept: str | None) -> Request:
    others = tuple(pair for pair in request.headers if pair[0] != "accept")
    return replace(request, headers=others if accept is None else (*others, ("accept", accept)))


def _negotiation(examination: Examination, declared: Negotiation) -> None:
    client = examination.client
    right = client.request(declared.operation, {})
    wrong = replace(right, body=orjson.dumps({"query": "{ "}))
    for accept, media_type in declared.rows:
        for request, status in ((right, _OK), (wrong, declared.telling[media_type])):
            exchange = client.exchange(_accepting(client.signed(request), accept), declared.operation)
            reply = exchange.reply
            if reply.media_type != media_type:
                found = (f"Accept: {accept}", media_type, reply.header("content-type"))
                raise _broken(examination, declared.operation, exchange, found, declared.source)
            if reply.status != status:
                found = (f"Accept: {accept}", f"status {status}", f"status {reply.status}")
                raise _broken(examination, declared.operation, exchange, found, declared.source)


def _provocations(contract: Contract) -> Iterator[Provocation]:
    placed = ("errors",)
    return (one for one in contract.provocations if contract.errors[one.code].placement in placed and one.signed)


def _request(run: Run, provocation: Provocation) -> Request:
    if provocation.request:
        return provocation.request(run)
    arguments = provocation.arguments(run) if provocation.arguments else {}
    return run.contract.surface.request(provocation.operation, arguments)


def _statuses(examination: Examination, declared: Telling) -> None:
    run, client = examination.run, examination.client
    for provocation in _provocations(run.contract):
        try:
            request = _request(run, provocation)
        except NothingToExamine:
            continue
        exchange = client.exchange(_accepting(client.signed(request), declared.media_type), provocation.operation)
        body = json_of(exchange.reply)
        has_data = isinstance(body, dict) and "data" in body
        usual = declared.with_data if has_data else declared.without
        status = declared.special.get(provocation.code, usual)
        if exchange.reply.status != status:
            found = (provocation.code, f"status {status} in {declared.media_type}", f"status {exchange.reply.status}")
            raise _broken(examination, provocation.operation, exchange, found, declared.source)


def _order(examination: Examination, declared: Telling) -> None:
    run, client = examination.run, examination.client
    for provocation in _provocations(run.contract):
        try:
            request = _request(run, provocation)
        except NothingToExamine:
            continue
        exchange = client.exchange(client.signed(request), provocation.operation)
        keys = list(body) if isinstance(body := json_of(exchange.reply), dict) else []
        if declared.first in keys and "data" in keys and keys.index(declared.first) > keys.index("data"):
            found = (f"{provocation.code} order", f"{declared.first} before data", ", ".join(keys))
            raise _broken(examination, provocation.operation, exchange, found, declared.source)


def _over_get(examination: Examination, declared: OverGet) -> None:
    client, part = examination.client, part_of(examination.run.contract.surface, declared.operation)
    if part is None:
        raise NothingToExamine(f"{declared.operation} is no GraphQL")
    surface, name = part
    arguments = declared.arguments(examination.run)
    posted = examination.must(declared.operation, arguments)
    document = surface.document(name, arguments)
    keyword, _, rest = document.partition("(") if arguments else document.partition(" ")
    named = f"{keyword} Asked{'(' if arguments else ' '}{rest} query Other {{ __typename }}"
    variables = {"variables": orjson.dumps(arguments).decode()} if arguments else {}
    for asked in ({"query": document}, {"query": named, "operationName": "Asked"}):
        request = Request("GET", surface.path, urlencode({**asked, **variables}), (("accept", "application/json"),))
        exchange = client.exchange(client.signed(request), declared.operation)
        body = json_of(exchange.reply)
        data = body.get("data") if isinstance(body, dict) else None
        if not isinstance(data, dict) or data.get(name) != posted.payload:
            found = (f"GET {' '.join(asked)}", "what the same over POST answers", exchange.reply.text[:200])
            raise _broken(examination, declared.operation, exchange, found, declared.source)


def _challenges(examination: Examination, declared: Challenges) -> None:
    client = examination.client
    for fault in client.contract.auth.faults():
        if fault.name in declared.patterns:
            _challenge(examination, declared, fault)


def _challenge(examination: Examination, declared: Challenges, fault: AuthFault) -> None:
    client = examination.client
    exchange = client.exchange(fault.spoil(client, client.request(declared.operation, {})), declared.operation)
    value, pattern = exchange.reply.header("www-authenticate"), declared.patterns[fault.name]
    if value is None or not re.fullmatch(pattern, value):
        found = (f"www-authenticate {fault.name}", pattern, value or "absent")
        raise _broken(examination, declared.operation, exchange, found, declared.source)


def _of(kind: type[Any]) -> Callable[[Contract], tuple[Any, ...]]:
    return lambda contract: contract.declared(kind)


CHECKS = (
    Check(
        "http.negotiation",
        "wire",
        "The answer has the media type that the client accepts.",
        _of(Negotiation),
        _negotiation,
    ),
    Check("http.statuses", "error", "The status tells what came, as the media type promises.", _of(Telling), _statuses),
    Check("http.order", "wire", "Who reads a reply as it comes reads the errors first.", _of(Telling), _order),
    Check("http.get", "wire", "A question over GET is answered as over POST.", _of(OverGet), _over_get),
    Check(
        "http.challenge",
        "auth",
        "Who is refused is told why in the header that clients read.",
        _of(Challenges),
        _challenges,
    ),
)
