"""Mutators of who is let in: without credentials, with wrong or old ones, as somebody else; and who is not that should be."""

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial
from typing import Any

import orjson

from apitwin_contracts.client import Client
from apitwin_contracts.drift import Severity
from apitwin_contracts.errors import NothingToExamine, UnreachableError
from apitwin_contracts.mutants.asked import Asked, asked_of
from apitwin_contracts.mutants.stage import fresh_target, ruled
from apitwin_contracts.mutants.twist import Forward, Twist, with_body
from apitwin_contracts.surfaces.entries import json_of
from apitwin_contracts.targets import TargetClock
from apitwin_fixtures import Exchange, Reply, Request
from apitwin_mocks.kit.auth import ExpiredTokenError, TokenBook

from .ground import Ground, credentials_of
from .mutator import Mutator, NothingToDrift, Spot
from .rewriting import answering, without_header

__all__ = ["ACCESS"]

_JSON = (("content-type", "application/json"),)
_LIFE = re.compile(r"expires?_?in|expir(es|ation|y)", re.IGNORECASE)
_TYPE = re.compile(r"token_?type", re.IGNORECASE)


class _Inside:
    """A target that a twist asks behind the client's back."""

    authority = None
    callbacks = None
    url = "http://127.0.0.1"

    def __init__(self, clock: TargetClock, forward: Forward) -> None:
        self.clock = clock
        self._forward = forward

    def send(self, request: Request) -> Exchange:
        return self._forward(request)


class _Keys:
    """Signs requests anew: takes off what signing puts on, and puts on what somebody's credentials give."""

    def __init__(self, ground: Ground, customer: str = "default") -> None:
        self._ground = ground
        self._credentials = credentials_of(ground)[customer]
        self._headers, self._parameters = _signature(ground)

    def bare(self, request: Request) -> Request:
        """Give a request without credentials."""
        headers = request.headers
        for name in self._headers:
            headers = without_header(headers, name)
        if not self._parameters:
            return replace(request, headers=headers)
        query = {name: value for name, value in request.parameters.items() if name not in self._parameters}
        return replace(request, headers=headers, query=Request.encode(query))

    def is_bare(self, request: Request) -> bool:
        """Tell whether a request has no credentials at all."""
        return (
            not any(request.header(name) for name in self._headers) and not self._parameters & request.parameters.keys()
        )

    def signed(self, request: Request, forward: Forward) -> Request:
        """Give a request with good credentials."""
        # The clock of a mock of its own stands where every mock's begins; who moved it has to sign in anew, as the token is.
        inside = _Inside(fresh_target(self._ground.supplier).clock, forward)
        client = Client(self._ground.contract, inside, self._credentials, lambda _finding: None)
        return client.signed(self.bare(request))


@cache
def _signature(ground: Ground) -> tuple[frozenset[str], frozenset[str]]:
    target = fresh_target(ground.supplier)
    client = Client(ground.contract, target, credentials_of(ground)["default"], lambda _finding: None)
    name = next(operation.name for operation in ground.contract.operations if operation.kind == "read")
    plain = client.request(name, {})
    signed = client.signed(plain)
    headers = {key.lower() for key, _ in signed.headers} - {key.lower() for key, _ in plain.headers}
    return frozenset(headers), frozenset(signed.parameters.keys() - plain.parameters.keys())


def _refusal_codes(ground: Ground) -> list[str]:
    return list(dict.fromkeys(fault.expected for fault in ground.contract.auth.faults() if fault.expected))


def _outcome(ground: Ground, asked: Asked, reply: Reply) -> str:
    if asked.operation not in ground.names:
        return ""
    return ground.contract.surface.recognise(asked.operation, reply, ground.contract.errors).outcome


def _let_in(
    ground: Ground, fits: Callable[[Asked, Request, str, _Keys], bool], customer: str = "default"
) -> Callable[[], Twist]:
    def make() -> Twist:
        keys = _Keys(ground, customer)

        def twist(asked: Asked, request: Request, forward: Forward) -> Exchange:
            exchange = forward(request)
            outcome = _outcome(ground, asked, exchange.reply)
            if not outcome or not fits(asked, request, outcome, keys):
                return exchange
            try:
                return forward(keys.signed(request, forward))
            except UnreachableError:
                return exchange

        return twist

    return make


def _by_code(ground: Ground) -> Iterator[Spot]:
    for code in _refusal_codes(ground):
        stage = answering(ground, _let_in(ground, lambda _asked, _request, outcome, _keys, code=code: outcome == code))  # type: ignore[misc] # bound early
        yield Spot(code, tuple(sorted(ground.names)), stage, "", ("auth.credentials",))


def _without_any(kind: str, ground: Ground) -> Iterator[Spot]:
    codes = _refusal_codes(ground)
    for name in ground.kinds(kind):
        if name in ground.answers:

            def fits(asked: Asked, request: Request, outcome: str, keys: _Keys, name: str = name) -> bool:
                return asked.operation == name and outcome in codes and keys.is_bare(request)

            yield Spot(name, (name,), answering(ground, _let_in(ground, fits)), "", ("auth.credentials",))


def _open_to_all(ground: Ground) -> Iterator[Spot]:
    codes = _refusal_codes(ground)

    def fits(_asked: Asked, request: Request, outcome: str, keys: _Keys) -> bool:
        return outcome in codes and keys.is_bare(request)

    yield Spot("", tuple(sorted(ground.names)), answering(ground, _let_in(ground, fits)), "", ("auth.credentials",))


def _is_let_in(ground: Ground, customer: str) -> bool:
    client = Client(
        ground.contract, fresh_target(ground.supplier), credentials_of(ground)[customer], lambda _finding: None
    )
    name = ground.kinds("read")[0]
    try:
        return client.ask(name, {}).outcome not in _refusal_codes(ground)
    except (NothingToExamine, UnreachableError):
        return False


def _as_another(ground: Ground) -> Iterator[Spot]:
    others = [
        name for name in ("other", "second", "internal") if name in credentials_of(ground) and _is_let_in(ground, name)
    ]
    if not others:
        raise NothingToDrift("no other customer may ask what the first may")
    reads = ground.kinds("read")

    def fits(asked: Asked, _request: Request, outcome: str, _keys: _Keys) -> bool:
        return asked.operation in reads and outcome == "ok"

    yield Spot(others[0], tuple(sorted(ground.names)), answering(ground, _let_in(ground, fits, others[0])))


def _everybody_is_one(ground: Ground) -> Iterator[Spot]:
    if len(credentials_of(ground)) < 2:  # noqa: PLR2004 - one is nobody else
        raise NothingToDrift("there are credentials of one customer only")

    def fits(asked: Asked, _request: Request, outcome: str, _keys: _Keys) -> bool:
        return asked.operation in ground.names and outcome == "ok"

    yield Spot("", tuple(sorted(ground.names)), answering(ground, _let_in(ground, fits)))


def _turned_away(every: int, ground: Ground) -> Iterator[Spot]:
    def make() -> Twist:
        keys, count = _Keys(ground), [0]

        def twist(asked: Asked, request: Request, forward: Forward) -> Exchange:
            count[0] += asked.operation in ground.names
            away = asked.operation in ground.names and count[0] % every == 0
            return forward(keys.bare(request) if away else request)

        return twist

    yield Spot("", tuple(sorted(ground.names)), answering(ground, make))


def _closed(ground: Ground) -> Iterator[Spot]:
    needed = _asked_to_sign_in(ground)
    for name in [*ground.kinds("read"), *ground.kinds("write")]:
        if name in ground.answers and name not in needed:
            yield Spot(name, (name,), answering(ground, partial(_closing, ground, name)), "", (f"schema.reply:{name}",))


def _asked_to_sign_in(ground: Ground) -> set[str]:
    """Name the operations without which nobody gets as far as to ask anything."""
    asked: set[str] = set()
    target = fresh_target(ground.supplier)

    def noted(request: Request) -> Exchange:
        asked.add(asked_of(ground.supplier, request).operation)
        return target.send(request)

    client = Client(
        ground.contract, _Inside(target.clock, noted), credentials_of(ground)["default"], lambda _finding: None
    )
    client.sign_in()
    return asked


def _closing(ground: Ground, name: str) -> Twist:
    keys = _Keys(ground)
    return lambda asked, request, forward: forward(keys.bare(request) if asked.operation == name else request)


def _has_tokens(ground: Ground) -> None:
    modules = [
        module
        for name, module in list(sys.modules.items())
        if name.startswith(f"apitwin_mocks.suppliers.{ground.supplier}")
    ]
    if not any(hasattr(module, "TokenBook") for module in modules):
        raise NothingToDrift("its mock keeps no book of tokens")


def _booked(name: str, rule: Callable[[Any], Any], ground: Ground) -> Iterator[Spot]:
    fresh_target(ground.supplier)
    _has_tokens(ground)
    if name == "issue" and ground.contract.auth.lifetime is None:
        raise NothingToDrift("no lifetime is promised")
    yield Spot("", (*sorted(ground.names), "token"), ruled(ground.supplier, (TokenBook, name, rule)), "", ("auth.",))


def _lives(factor: float) -> Callable[[Any], Any]:
    def rule(original: Any) -> Any:
        def issue(book: Any, token: str, holder: Any, lifetime: timedelta | None = None) -> Any:
            return original(book, token, holder, lifetime * factor if lifetime else lifetime)

        return issue

    return rule


def _never_old(original: Any) -> Any:
    def find(book: Any, token: str) -> Any:
        try:
            return original(book, token)
        except ExpiredTokenError:
            return book._issued[token].holder  # noqa: SLF001 - a mutant reaches in

    return find


def _one_at_a_time(original: Any) -> Any:
    def issue(book: Any, token: str, holder: Any, lifetime: timedelta | None = None) -> Any:
        issued = book._issued  # noqa: SLF001 - a mutant reaches in
        for known in [known for known, one in issued.items() if lifetime and one.expires and one.holder == holder]:
            del issued[known]
        return original(book, token, holder, lifetime)

    return issue


def _granted(fits: re.Pattern[str], change: Callable[[Any], Any], missing: str, ground: Ground) -> Iterator[Spot]:
    bodies = [json_of(heard.exchange.reply) for heard in ground.heard if heard.asked.operation not in ground.names]
    if not any(True for body in bodies for _ in _fitting(body, fits)):
        raise NothingToDrift(missing)

    def twist(asked: Asked, request: Request, forward: Forward) -> Exchange:
        exchange = forward(request)
        body = json_of(exchange.reply)
        if asked.operation in ground.names or not any(True for _ in _fitting(body, fits)):
            return exchange
        return replace(exchange, reply=with_body(exchange.reply, _refitted(body, fits, change)))

    yield Spot("", ("token",), answering(ground, lambda: twist), "", ("auth.lifetime",))


def _fitting(value: Any, fits: re.Pattern[str]) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, part in value.items():
            if fits.fullmatch(key):
                yield part
            yield from _fitting(part, fits)


def _refitted(value: Any, fits: re.Pattern[str], change: Callable[[Any], Any]) -> Any:
    if not isinstance(value, dict):
        return value
    return {key: change(part) if fits.fullmatch(key) else _refitted(part, fits, change) for key, part in value.items()}


def _sooner(value: Any) -> Any:
    if isinstance(value, int):
        return value // 2
    return re.sub(r"\d{4}", lambda match: str(int(match[0]) - 1), value, count=1) if isinstance(value, str) else value


def _later(value: Any) -> Any:
    if isinstance(value, int):
        return value * 2
    return re.sub(r"\d{4}", lambda match: str(int(match[0]) + 1), value, count=1) if isinstance(value, str) else value


def _introspection(change: Callable[[Ground, _Keys, Request, Forward], Exchange], ground: Ground) -> Iterator[Spot]:
    if ground.is_rest:
        raise NothingToDrift("a REST supplier serves no schema")

    def make() -> Twist:
        keys = _Keys(ground)
        return lambda asked, request, forward: (
            change(ground, keys, request, forward) if asked.operation == "__schema" else forward(request)
        )

    yield Spot("", ("__schema",), answering(ground, make), "", ("schema.introspection",))


def _refused_schema(_ground: Ground, _keys: _Keys, request: Request, _forward: Forward) -> Exchange:
    return Exchange(request, Reply(200, _JSON, orjson.dumps({"errors": [{"message": "Introspection is disabled."}]})))


def _make(
    name: str, severity: Severity, promise: str, spots: Callable[[Ground], Iterator[Spot]], most: int = 3
) -> Mutator:
    return Mutator(name, "auth", severity, promise, spots, most)


_NOBODY, _LIFETIME, _OWN = (
    "nobody is let in without good credentials",
    "a token lives as long as promised, no longer and no shorter",
    "everybody sees what is theirs",
)
ACCESS: tuple[Mutator, ...] = (
    _make("let-in-by-code", "breaking", _NOBODY, _by_code, 4),
    _make("let-in-bare-read", "breaking", _NOBODY, partial(_without_any, "read")),
    _make("let-in-bare-write", "breaking", _NOBODY, partial(_without_any, "write")),
    _make("let-in-bare-everywhere", "breaking", _NOBODY, _open_to_all),
    _make("read-as-another", "breaking", _OWN, _as_another),
    _make("everybody-is-one", "breaking", _OWN, _everybody_is_one),
    _make("turned-away-sometimes", "breaking", "good credentials are good every time", partial(_turned_away, 7)),
    _make("turned-away-seldom", "breaking", "good credentials are good every time", partial(_turned_away, 60)),
    _make("operation-closed", "breaking", "good credentials are good for every operation", _closed),
    _make("lifetime-halved", "breaking", _LIFETIME, partial(_booked, "issue", _lives(0.5))),
    _make("lifetime-nearly", "breaking", _LIFETIME, partial(_booked, "issue", _lives(0.98))),
    _make("lifetime-doubled", "breaking", _LIFETIME, partial(_booked, "issue", _lives(2))),
    _make("never-expires", "breaking", _LIFETIME, partial(_booked, "find", _never_old)),
    _make("one-token-at-a-time", "dangerous", "an earlier token stays good", partial(_booked, "issue", _one_at_a_time)),
    _make(
        "lifetime-told-shorter", "breaking", _LIFETIME, partial(_granted, _LIFE, _sooner, "no answer tells a lifetime")
    ),
    _make(
        "lifetime-told-longer", "breaking", _LIFETIME, partial(_granted, _LIFE, _later, "no answer tells a lifetime")
    ),
    _make(
        "lifetime-told-as-text",
        "breaking",
        "a grant has its documented shape",
        partial(
            _granted, _LIFE, lambda value: str(value) if isinstance(value, int) else 3600, "no answer tells a lifetime"
        ),
    ),
    _make(
        "grant-token-type",
        "breaking",
        "a grant says how its token is presented",
        partial(_granted, _TYPE, lambda _value: "mac", "no answer tells a token's type"),
    ),
    _make(
        "introspection-refused", "dangerous", "the schema can be asked for", partial(_introspection, _refused_schema)
    ),
)
