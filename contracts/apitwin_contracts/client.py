"""A signed-in client of one target: asks operations, recognises replies, and holds each against the contract as it passes."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from apitwin_fixtures import ASSUMED, Exchange, Request, Source

from .contract import Arguments, Contract, Credentials, Grant, Operation
from .drift import Finding
from .errors import NothingToExamine, Violation
from .evidence import Scribe, signature
from .paths import at, every
from .surfaces.graphql_errors import error_problems
from .surfaces.surface import OK, UNKNOWN, Problem, Recognition
from .surfaces.transport import transport_problems
from .targets import Target
from .targets.manners import turned_away_by
from .targets.recordings import is_recording

__all__ = ["Answer", "Client", "Timed", "timed"]

Listener = Callable[[Finding], None]
Timed = tuple[str, tuple[str, ...]]
"""An operation with the names of the arguments with which it was asked: what is timed together."""

_TOO_MANY_REQUESTS = 429
_NUMBER = re.compile(r"[0-9]{1,18}")
_INDEX = re.compile(r"\[\d+\]")
_LATER = " above 1"
_FOR_EVER = datetime.max.replace(tzinfo=UTC)
_FIRST_CLIENT_ERROR, _FIRST_SERVER_ERROR = 400, 500


@dataclass(frozen=True)
class Answer:
    """One operation's answer: what was asked, the exchange, and what the reply is (`ok`, a code, or `unknown`)."""

    operation: str
    arguments: Mapping[str, Any]
    exchange: Exchange
    recognition: Recognition

    @property
    def ok(self) -> bool:
        """Whether the supplier did what was asked."""
        return self.recognition.outcome == OK

    @property
    def outcome(self) -> str:
        """`ok`, a code of the catalogue, or `unknown`."""
        return self.recognition.outcome

    @property
    def payload(self) -> Any:
        """The operation's own part of the reply."""
        return self.recognition.payload

    def at(self, path: str) -> Any:
        """Give the first value at a path of the payload, None when there is none."""
        return at(self.payload, path)

    def every(self, path: str) -> list[Any]:
        """Give all values at a path of the payload."""
        return list(every(self.payload, path))


class Client:
    """Asks one target as one customer; every reply is held against schema, wire form and catalogue, whatever check asked for it."""

    def __init__(self, contract: Contract, target: Target, credentials: Credentials, listener: Listener) -> None:
        self.contract = contract
        self.target = target
        self.credentials = credentials
        self.exchanges = 0
        self.writes = 0
        self.seconds: dict[Timed, list[float]] = {}
        self.asked: dict[Timed, Arguments] = {}
        self.scribe = Scribe(contract, target, credentials)
        self._listener = listener
        self._writing = frozenset(each.name for each in contract.operations if each.kind == "write")
        self._grant: Grant = None
        self._good_until: datetime | None = None
        self._told_limit = False
        self.latest: Violation | None = None

    def as_customer(self, credentials: Credentials) -> "Client":
        """Give a client of the same target with other credentials."""
        return Client(self.contract, self.target, credentials, self._listener)

    def sign_in(self) -> Grant:
        """Fetch what requests are signed with, anew once half its lifetime is over; raises `UnreachableError` when it is refused."""
        return self._granted(self.target.clock.now())

    def forget_grant(self) -> None:
        """Sign in anew at the next request, as after the target's clock was moved."""
        self._good_until = None

    def signed(self, request: Request) -> Request:
        """Give a request with the client's credentials."""
        now = self.target.clock.now()
        return self.contract.auth.sign(request, self._granted(now), now)

    def _granted(self, now: datetime) -> Grant:
        if self._good_until is None or now > self._good_until:
            self._grant = self.contract.auth.sign_in(self)
            self._good_until = _half_life(self.contract.auth.lifetime, now)
        return self._grant

    def request(self, operation: str, arguments: Arguments) -> Request:
        """Make the unsigned request of an operation."""
        return self.contract.surface.request(operation, arguments)

    def exchange(self, request: Request, operation: str = "") -> Exchange:
        """Send a request as it is; raises `NothingToExamine` once the target takes no more requests for now."""
        exchange = self.target.send(request)
        self.exchanges += 1
        for earlier in turned_away_by(self.target):
            if earlier.reply.status == _TOO_MANY_REQUESTS and not self._documents_rates():
                self._tell_limit(operation, earlier)
        if exchange.reply.status == _TOO_MANY_REQUESTS and not self._documents_rates():
            self._tell_limit(operation, exchange)
            raise NothingToExamine("the target limits how often it may be asked")
        return exchange

    def _documents_rates(self) -> bool:
        return any(entry.status == _TOO_MANY_REQUESTS for entry in self.contract.errors.entries)

    def _tell_limit(self, operation: str, exchange: Exchange) -> None:
        answer = Answer(operation, {}, exchange, Recognition(UNKNOWN))
        if not self._told_limit:
            self._told_limit = True
            expected, observed = "no rate limit is documented", f"status 429 to the {self.exchanges}th request"
            problem = Problem("limits.rate", "limits", "breaking", "rate limit", expected, observed, ASSUMED)
            self.note(operation, problem, [answer])

    def recognised(self, operation: str, exchange: Exchange) -> Recognition:
        """Tell what a reply is, and hold what carries it against the contract."""
        surface, errors = self.contract.surface, self.contract.errors
        recognition = surface.recognise(operation, exchange.reply, errors)
        answer = Answer(operation, {}, exchange, recognition)
        request, reply = exchange.request, exchange.reply
        for problem in transport_problems(surface, operation, request, reply, recognition, errors):
            self.note(operation, problem, [answer])
        # A recording points into the document that was asked when it was made, which may have been laid out in another way.
        for problem in () if is_recording(self.target.clock) else _distinct(error_problems(request, reply)):
            self.note(operation, problem, [answer])
        return recognition

    def exchange_token(self, request: Request) -> Exchange:
        """Send a request to where tokens are granted: the token URL that was configured, or the supplier's own path."""
        authority = self.target.authority
        if authority is None:
            return self.exchange(request)
        self.exchanges += 1
        return authority.send(replace(request, path=""))

    def ask(self, operation: str, arguments: Arguments | None = None) -> Answer:
        """Ask an operation and hold the reply against the contract."""
        arguments = arguments or {}
        return self.send(operation, self.signed(self.request(operation, arguments)), arguments)

    def send(self, operation: str, request: Request, arguments: Arguments | None = None) -> Answer:
        """Send a request that is taken for the operation, and hold the reply against the contract."""
        exchange = self.exchange(request, operation)
        self.writes += operation in self._writing
        kind = timed(operation, arguments or {})
        self.seconds.setdefault(kind, []).append(exchange.seconds)
        if exchange.seconds <= min(self.seconds[kind]):
            self.asked[kind] = arguments or {}
        answer = Answer(operation, arguments or {}, exchange, self.recognised(operation, exchange))
        # A list whose items are all wrong is wrong in one place; the evidence of each would be the same answer.
        for problem in _distinct(self._problems(answer)):
            self._listener(self._finding(problem, operation, (answer,)))
        return answer

    def taken_for(self, operation: str, exchange: Exchange, recognition: Recognition) -> Answer:
        """Make an answer of an exchange that was sent apart from `ask`."""
        return Answer(operation, {}, exchange, recognition)

    def note(self, operation: str, problem: Problem, evidence: Iterable[Answer]) -> None:
        """Report a broken promise without ending the check."""
        self._listener(self._finding(problem, operation, evidence))

    def must(self, operation: str, arguments: Arguments | None = None) -> Answer:
        """Ask an operation that has to succeed; raises `Violation` when it is refused."""
        answer = self.ask(operation, arguments)
        if not answer.ok:
            detail = answer.recognition.detail or answer.outcome
            place, source = self.contract.surface.location(operation), self.source_of(operation)
            problem = Problem("error.unexpected-refusal", "error", "breaking", place, "success", detail, source)
            raise self.violation(operation, problem, [answer])
        return answer

    def _problems(self, answer: Answer) -> Iterable[Problem]:
        reply, operation = answer.exchange.reply, answer.operation
        place = self.contract.surface.location(operation)
        if answer.ok:
            yield from self.contract.surface.problems(operation, answer.exchange.request, reply)
        elif answer.recognition.unreadable and reply.status < _FIRST_CLIENT_ERROR:
            yield Problem("wire.body", "wire", "breaking", place, "JSON in UTF-8", answer.recognition.detail, ASSUMED)
        elif answer.outcome == UNKNOWN:
            expected = "success or a code of the catalogue"
            check = "error.server" if reply.status >= _FIRST_SERVER_ERROR else "error.unknown"
            yield Problem(check, "error", "breaking", place, expected, answer.recognition.detail, ASSUMED)

    def _finding(self, problem: Problem, operation: str, evidence: Iterable[Answer]) -> Finding:
        answers = list(evidence)
        return Finding(
            self.contract.supplier,
            problem.check,
            problem.category,
            problem.severity,
            operation,
            self.scribe.clean(problem.location),
            self.scribe.clean(problem.expected),
            self.scribe.clean(problem.observed),
            problem.source,
            tuple(self.scribe.step(answer.exchange) for answer in answers),
            _taken_for(operation, answers),
        )

    def violation(self, operation: str, problem: Problem, evidence: Iterable[Answer]) -> Violation:
        """Make the exception of a broken promise, and keep it as the latest; `evidence` are the answers that show it, in order."""
        self.latest = Violation(self._finding(problem, operation, evidence))
        return self.latest

    def source_of(self, operation: str) -> Source:
        """Give the source of an operation of the contract."""
        known: dict[str, Operation] = {declared.name: declared for declared in self.contract.operations}
        return known[operation].source if operation in known else ASSUMED


def _taken_for(operation: str, answers: list[Answer]) -> str:
    """Give what an operation's last answer was taken for; nothing when another operation's came last."""
    if not answers or answers[-1].operation != operation:
        return ""
    reply, outcome = answers[-1].exchange.reply, answers[-1].outcome
    return signature(reply) if outcome == UNKNOWN else outcome


def _distinct(problems: Iterable[Problem]) -> Iterator[Problem]:
    seen = set[tuple[str, str]]()
    for problem in problems:
        place = problem.check, _INDEX.sub("[]", problem.location)
        if place not in seen:
            seen.add(place)
            yield problem


def _half_life(lifetime: int | None, now: datetime) -> datetime:
    return now + timedelta(seconds=lifetime / 2) if lifetime else _FOR_EVER


def timed(operation: str, arguments: Mapping[str, Any]) -> Timed:
    """Give what a request is timed with: the later pages of a list are apart from its first."""
    return operation, tuple(sorted(name + _LATER if _is_later(value) else name for name, value in arguments.items()))


def _is_later(value: object) -> bool:
    number = _NUMBER.fullmatch(str(value)) if isinstance(value, int | str) and not isinstance(value, bool) else None
    return number is not None and int(number[0]) > 1
