"""Laws of webhooks: what changed is told, once and in order, in its form, signed, and again until it is received."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby, pairwise
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Check, Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Contract
from apitwin_contracts.drift import Severity, Step
from apitwin_contracts.errors import NothingToExamine, Violation
from apitwin_contracts.run import Run
from apitwin_contracts.surfaces.problems import schema_problems, validator
from apitwin_contracts.surfaces.surface import Problem
from apitwin_contracts.targets.callbacks import Callbacks, callbacks_of
from apitwin_contracts.targets.receiver import Hit, Mailbox, Receiver
from apitwin_fixtures import ASSUMED, Request, Source

__all__ = ["CHECKS", "WebhookEvents"]

Told = tuple[Answer, Mapping[Any, Mapping[str, Any]]]
_REFUSED_TWICE = 2
_ROUNDS = 6
_REFUSALS = (500, 503, 404, 302, 400)
_ABSENT = object()


@dataclass(frozen=True)
class WebhookEvents:
    """An event that the target tells at a URL which the operation's arguments name.

    `asked` generates the arguments and `addressed` puts the URL into them. `told` reads what a webhook would say now, as its payload, by
    the `subject` that it is about; a webhook is due whenever that payload's `state` is another, and `follows` says which may come next (after
    None first). `steps` of the clock are short enough that no state is passed over; after all of them nothing changes any more. `interrupt`
    changes a state at once. `repeats` says that the same request again causes nothing. `secret` is a header and the credential in it. After a
    reply that is no success the same is sent again, within `retry`.
    """

    name: str
    operation: str
    schema: Mapping[str, Any]
    asked: Callable[[Run], SearchStrategy[Arguments]]
    addressed: Callable[[Arguments, str], Arguments]
    told: Callable[[Examination, Answer], Told]
    subject: str
    state: str
    follows: Mapping[Any, tuple[Any, ...]]
    steps: tuple[timedelta, ...]
    secret: tuple[str, str]
    retry: timedelta
    interrupt: Callable[[Examination, Answer], Answer] | None = None
    repeats: bool = False
    share: float = 0.16
    source: Source = ASSUMED
    secret_source: Source = ASSUMED
    retry_source: Source = ASSUMED
    changes_state = True


class _Course:
    """One cause with what came of it: the answers so far, and the mailbox that its webhooks arrive in."""

    def __init__(self, examination: Examination, declared: WebhookEvents, box: Mailbox, arguments: Arguments) -> None:
        self.examination, self.declared, self.box = examination, declared, box
        self.arguments = declared.addressed(arguments, box.url)
        self.created = examination.must(declared.operation, self.arguments)
        self.evidence = [self.created]
        self.known = {key: payload[declared.state] for key, payload in self.read().items()}
        self.seen = 0

    def read(self) -> Mapping[Any, Mapping[str, Any]]:
        """Give what a webhook about each subject would say now."""
        answer, told = self.declared.told(self.examination, self.created)
        self.evidence = [*self.evidence[:1], answer]
        return told

    def compare(self) -> None:
        """Hold what arrived since the last time against what has changed since then."""
        told = self.read()
        changed = {key: told[key] for key in told if told[key][self.declared.state] != self.known.get(key)}
        fresh = self.box.wait(self.seen + len(changed))[self.seen :]
        self.seen += len(fresh)
        for key, payload in changed.items():
            self._hold_one(key, payload, [hit for hit in fresh if self.key(hit) == key])
            self.known[key] = payload[self.declared.state]
        for hit in fresh:
            if self.key(hit) not in changed:
                text = f"nothing about {self.key(hit)!r}, of which nothing changed"
                raise self.broken(self.declared.subject, text, hit.request.body.decode("utf-8", "replace"))

    def _hold_one(self, key: Any, payload: Mapping[str, Any], hits: list[Hit]) -> None:
        if len(hits) != 1:
            text = f"one webhook: {key} is {payload[self.declared.state]} now"
            raise self.broken(self.declared.subject, text, f"{len(hits)} webhooks")
        observed = hits[0].json
        for name, expected in payload.items():
            if observed.get(name, _ABSENT) != expected:
                raise self.broken(name, repr(expected), repr(observed[name]) if name in observed else "absent")

    def key(self, hit: Hit) -> Any:
        """Give what a webhook is about."""
        return hit.json.get(self.declared.subject) if isinstance(hit.json, dict) else None

    def by_subject(self) -> Iterator[tuple[Any, list[Hit]]]:
        """Give the webhooks about each subject, in the order of their arrival; a subject that nothing is told of has an empty list."""
        for key in self.known:
            yield key, [hit for hit in self.box.hits if self.key(hit) == key]

    def hold_order(self, key: Any, states: list[Any]) -> None:
        """Hold the states that were told of a subject, repetitions left out, against what may follow what, and against how it ended."""
        for before, after in pairwise([None, *states]):
            if after not in self.declared.follows.get(before, ()):
                allowed = self.declared.follows.get(before, ())
                raise self.broken(self.declared.state, f"one of {allowed} after {before} of {key}", after)
        last = self.read()[key][self.declared.state]
        if states[-1:] != [last]:
            raise self.broken(
                self.declared.state, f"{last} as the last that is told of {key}", states[-1:] or "nothing"
            )

    def broken(
        self,
        path: str,
        expected: object,
        observed: object,
        source: Source | None = None,
        severity: Severity = "breaking",
    ) -> Violation:
        """Make the exception of a broken promise, with what was received as its last evidence."""
        check, declared, client = self.examination.check, self.declared, self.examination.client
        place = f"{declared.name}.{path}" if path else declared.name
        problem = Problem(
            check.id, check.category, severity, place, str(expected), str(observed), source or declared.source
        )
        finding = client.violation(declared.name, problem, self.evidence).finding
        return Violation(finding.with_steps((*finding.steps, *map(self._step, self.box.hits))))

    def _step(self, hit: Hit) -> Step:
        base = self.examination.run.target.url
        step = self.examination.client.scribe.step(hit.exchange)
        return replace(
            step,
            request={**step.request, "url": self.box.url},
            curl=step.curl.replace(base + hit.request.target, self.box.url),
        )


def _receivable(examination: Examination) -> Callbacks:
    found = callbacks_of(examination.run.target)
    if found is None:
        raise NothingToExamine("webhooks from this target reach nobody here: set webhook_url and webhook_listen")
    return found


def _movable(examination: Examination) -> bool:
    return not examination.run.read_only and examination.run.target.clock.movable


def _delivery(examination: Examination, declared: WebhookEvents) -> None:
    movable = _movable(examination)
    if not movable and declared.interrupt is None:
        raise NothingToExamine("the target's clock cannot be moved")

    def examine(drawn: tuple[Arguments, bool]) -> None:
        arguments, interrupted = drawn
        course = _Course(examination, declared, receiver.mailbox(), arguments)
        course.compare()
        if declared.repeats:
            examination.must(declared.operation, course.arguments)
            course.compare()
        if declared.interrupt and (interrupted or not movable):
            declared.interrupt(examination, course.created)
            course.compare()
        for step in declared.steps if movable else ():
            examination.run.advance(step)
            course.compare()

    with Receiver(_receivable(examination)) as receiver:
        drawn = st.tuples(declared.asked(examination.run), st.booleans())
        examination.run.explore(drawn, examine, declared.share)


def _order(examination: Examination, declared: WebhookEvents) -> None:
    def examine(arguments: Arguments) -> None:
        course = _Course(examination, declared, receiver.mailbox(), arguments)
        examination.run.advance(sum(declared.steps, timedelta()))
        course.box.wait(len(course.known))
        for key, hits in course.by_subject():
            course.hold_order(key, [hit.json.get(declared.state) for hit in hits])

    _need_clock(examination)
    with Receiver(_receivable(examination)) as receiver:
        examination.run.explore(declared.asked(examination.run), examine, declared.share)


def _retry(examination: Examination, declared: WebhookEvents) -> None:
    def examine(drawn: tuple[Arguments, int]) -> None:
        arguments, refusal = drawn
        course = _Course(examination, declared, receiver.mailbox(_refusing(declared, refusal)), arguments)
        examination.run.advance(sum(declared.steps, timedelta()))
        for _ in range(_ROUNDS * 2):
            course.box.wait(1)
            examination.run.advance(declared.retry / _ROUNDS)
        for key, hits in course.by_subject():
            _hold_attempts(course, key, hits, refusal)

    _need_clock(examination)
    with Receiver(_receivable(examination)) as receiver:
        drawn = st.tuples(declared.asked(examination.run), st.sampled_from(_REFUSALS))
        examination.run.explore(drawn, examine, declared.share)


def _refusing(declared: WebhookEvents, refusal: int) -> Callable[[Request, list[Hit]], int]:
    """Refuse the first attempts about each subject."""

    def about(body: Any) -> Any:
        return body.get(declared.subject) if isinstance(body, dict) else None

    def answering(request: Request, before: list[Hit]) -> int:
        subject = about(Hit(request, 0).json)
        attempts = sum(about(hit.json) == subject for hit in before)
        return refusal if attempts < _REFUSED_TWICE else 200

    return answering


def _hold_attempts(course: _Course, key: Any, hits: list[Hit], refusal: int) -> None:
    declared = course.declared
    attempts = [(body, list(same)) for body, same in groupby(hits, key=lambda hit: hit.request.body)]
    for place, (_, same) in enumerate(attempts):
        expected = _REFUSED_TWICE + 1 if place == 0 else 1
        if len(same) < expected:
            text = f"the same again within {declared.retry} after status {refusal}"
            raise course.broken("retry", text, f"{len(same)} attempts", declared.retry_source)
        if len(same) > expected:
            text = "no further attempt after status 200"
            raise course.broken("retry", text, f"{len(same) - expected} more", declared.retry_source)
    course.hold_order(key, [same[0].json.get(declared.state) for _, same in attempts])


def _need_clock(examination: Examination) -> None:
    if not _movable(examination):
        raise NothingToExamine("the target's clock cannot be moved")


def _sample(examination: Examination, declared: WebhookEvents) -> _Course:
    """Cause webhooks once, for the checks that look at each by itself."""

    def cause() -> _Course:
        sampled: list[_Course] = []

        def examine(arguments: Arguments) -> None:
            sampled.append(_Course(examination, declared, receiver.mailbox(), arguments))
            if declared.interrupt and not _movable(examination):
                declared.interrupt(examination, sampled[-1].created)
            for step in declared.steps if _movable(examination) else ():
                examination.run.advance(step)
            sampled[-1].box.wait(1)

        with Receiver(_receivable(examination)) as receiver:
            examination.run.explore(declared.asked(examination.run), examine, declared.share / 2)
        return max(sampled, key=lambda course: len(course.box.hits))

    course = examination.run.remember(("webhooks", declared.name), cause)
    if not course.box.hits:
        raise NothingToExamine(f"no webhook {declared.name} arrived")
    course.examination = examination
    return course


def _form(examination: Examination, declared: WebhookEvents) -> None:
    course, schema = _sample(examination, declared), dict(declared.schema)
    checker = validator(schema)
    for hit in course.box.hits:
        media_type = (hit.request.header("content-type") or "").partition(";")[0].strip()
        if media_type != "application/json" or hit.json is None:
            raise course.broken("content-type", "application/json", media_type or "absent")
        for problem in schema_problems(checker, schema, hit.json, declared.name, declared.source):
            place = problem.location.removeprefix(f"{declared.name}.")
            raise course.broken(place, problem.expected, problem.observed, problem.source, problem.severity)


def _secret(examination: Examination, declared: WebhookEvents) -> None:
    course = _sample(examination, declared)
    header, credential = declared.secret
    expected = examination.client.credentials.get(credential)
    if expected is None:
        raise NothingToExamine(f"the credential {credential!r} is not given, with which webhooks are signed")
    for hit in course.box.hits:
        observed = hit.request.header(header)
        if observed != expected:
            text = "absent" if observed is None else "another value"
            raise course.broken(f"header {header}", "the account's own", text, declared.secret_source)


def _declared(contract: Contract) -> Iterable[WebhookEvents]:
    events: tuple[WebhookEvents, ...] = contract.declared(WebhookEvents)
    return events


def _check(name: str, reason: str, examine: Callable[[Examination, WebhookEvents], None]) -> Check:
    return Check(f"webhook.{name}", "webhook", reason, _declared, examine, changes_state=True)


CHECKS = (
    _check("delivery", "Every change is told once, and it is told as it is.", _delivery),
    _check("order", "What is told of one thing comes in the order in which it happened.", _order),
    _check("retry", "What was not received is sent again, and what was received is not.", _retry),
    _check("form", "A webhook has the form that its receivers were built for.", _form),
    _check("secret", "Receivers know by a shared secret who speaks to them.", _secret),
)
