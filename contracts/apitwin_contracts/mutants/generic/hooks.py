"""Mutators of webhooks: what they say, how they vouch for it, how often, when and in which order they come."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import orjson

from apitwin_contracts.drift import Severity
from apitwin_contracts.laws.webhooks import WebhookEvents
from apitwin_contracts.mutants.stage import ruled
from apitwin_mocks.kit.webhooks import SINGLE, Outbox, Outcome, Parcel

from .ground import Ground
from .mutator import Mutator, NothingToDrift, Spot

__all__ = ["HOOKS"]

Rule = Callable[[Any], Any]


def _spots(name: str, rule: Rule, ground: Ground) -> Iterator[Spot]:
    events = ground.contract.declared(WebhookEvents)
    if not events:
        raise NothingToDrift("it sends no webhooks")
    names = tuple(event.name for event in events)
    yield Spot("", names, ruled(ground.supplier, (Outbox, name, rule)), "", ("webhook.",))


def _queued(change: Callable[[Any], Any]) -> Rule:
    def rule(original: Any) -> Any:
        def queue(outbox: Any, webhook: Any, due: Any = None) -> Any:
            made = change(webhook)
            return None if made is None else original(outbox, made, due)

        return queue

    return rule


def _said(change: Callable[[dict[str, Any]], Any]) -> Rule:
    return _queued(lambda webhook: replace(webhook, body=orjson.dumps(change(orjson.loads(webhook.body)))))


def _sent(change: Callable[[Parcel], Parcel]) -> Rule:
    def rule(original: Any) -> Any:
        def parcel(outbox: Any, delivery: Any) -> Any:
            found = original(outbox, delivery)
            return change(found) if isinstance(found, Parcel) else found

        return parcel

    return rule


def _first(change: Callable[[str, Any], tuple[str, Any]], fits: Callable[[Any], bool] = lambda _value: True) -> Rule:
    def changed(body: dict[str, Any]) -> dict[str, Any]:
        key = next((name for name, value in body.items() if fits(value)), "")
        return dict(change(name, value) if name == key else (name, value) for name, value in body.items())

    return _said(changed)


def _dropped(body: dict[str, Any]) -> dict[str, Any]:
    return dict(list(body.items())[1:])


def _every_second(original: Any) -> Any:
    count = [0]

    def queue(outbox: Any, webhook: Any, due: Any = None) -> Any:
        count[0] += 1
        return original(outbox, webhook, due) if count[0] % 2 else None

    return queue


def _twice(original: Any) -> Any:
    def queue(outbox: Any, webhook: Any, due: Any = None) -> Any:
        original(outbox, webhook, due)
        return original(outbox, webhook, due)

    return queue


def _late(original: Any) -> Any:
    def queue(outbox: Any, webhook: Any, due: Any = None) -> Any:
        return original(outbox, webhook, (due or outbox._clock.now()) + timedelta(days=2))  # noqa: SLF001 - a mutant reaches in

    return queue


def _given_up(original: Any) -> Any:
    return lambda outbox, delivery, outcome: original(outbox, delivery, replace(outcome, status=200))


def _never_satisfied(original: Any) -> Any:
    def note(outbox: Any, delivery: Any, outcome: Outcome) -> None:
        again = not delivery.attempts and outcome.status == 200  # noqa: PLR2004 - HTTP's OK
        original(outbox, delivery, replace(outcome, status=503) if again else outcome)

    return note


def _headers(change: Callable[[tuple[tuple[str, str], ...]], tuple[tuple[str, str], ...]]) -> Rule:
    return _sent(lambda parcel: replace(parcel, headers=change(tuple(parcel.headers))))


def _is_own(name: str) -> bool:
    return name not in ("content-type", "user-agent")


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _make(name: str, severity: Severity, promise: str, rule: Rule, where: str = "queue") -> Mutator:
    return Mutator(f"hook-{name}", "webhook", severity, promise, partial(_spots, where, rule))


_FORM, _SECRET, _ONCE = "a webhook has its documented shape", "a webhook vouches for itself", "every event is told once"
HOOKS: tuple[Mutator, ...] = (
    _make("key-renamed", "breaking", _FORM, _first(lambda name, value: (f"{name}V2", value))),
    _make("key-dropped", "breaking", _FORM, _said(_dropped)),
    _make("key-added", "additive", _FORM, _said(lambda body: {**body, "version": 2})),
    _make("number-to-text", "breaking", _FORM, _first(lambda name, value: (name, str(value)), _is_number)),
    _make("value-null", "breaking", _FORM, _first(lambda name, _value: (name, None), _is_number)),
    _make(
        "value-shifted",
        "breaking",
        "a webhook says what can be read",
        _first(lambda name, value: (name, value + 1), _is_number),
    ),
    _make("wrapped", "breaking", _FORM, _said(lambda body: {"event": body})),
    _make("in-a-list", "breaking", _FORM, _said(lambda body: [body])),
    _make("empty", "breaking", _FORM, _sent(lambda parcel: replace(parcel, body=b"")), "parcel"),
    _make("no-json", "breaking", _FORM, _sent(lambda parcel: replace(parcel, body=b"event=1")), "parcel"),
    _make(
        "media-type",
        "dangerous",
        "a webhook says that it is JSON",
        _headers(
            lambda headers: tuple((name, "text/plain" if name == "content-type" else value) for name, value in headers)
        ),
        "parcel",
    ),
    _make(
        "secret-missing",
        "breaking",
        _SECRET,
        _headers(lambda headers: tuple(pair for pair in headers if not _is_own(pair[0]))),
        "parcel",
    ),
    _make(
        "secret-other",
        "breaking",
        _SECRET,
        _headers(lambda headers: tuple((name, f"{value}x" if _is_own(name) else value) for name, value in headers)),
        "parcel",
    ),
    _make(
        "secret-renamed",
        "breaking",
        _SECRET,
        _headers(lambda headers: tuple((f"x-{name}" if _is_own(name) else name, value) for name, value in headers)),
        "parcel",
    ),
    _make("missing", "breaking", _ONCE, _queued(lambda _webhook: None)),
    _make("every-second", "breaking", _ONCE, _every_second),
    _make("twice", "dangerous", _ONCE, _twice),
    _make("again-after-success", "dangerous", _ONCE, _never_satisfied, "note"),
    _make("late", "breaking", "an event is told when it happens", _late),
    _make(
        "no-retry",
        "breaking",
        "what was not received is told again",
        _queued(lambda webhook: replace(webhook, retries=SINGLE)),
    ),
    _make("no-retry-told-delivered", "breaking", "what was not received is told again", _given_up, "note"),
    _make(
        "overtaking",
        "dangerous",
        "events come in their order",
        _queued(lambda webhook: replace(webhook, key=f"{webhook.key}|{webhook.body.hex()}")),
    ),
)
