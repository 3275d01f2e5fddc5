"""A sequence of paired steps, sent again to both sides: each with its own identities, as learned from its own new replies."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any

from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.surfaces.entries import json_of
from apitwin_contracts.targets import Target
from apitwin_contracts.targets.receiver import Hit
from apitwin_fixtures import Exchange, Reply, Request

from .clocks import set_alike
from .comparing import Comparison, compare_replies, compare_seconds
from .difference import Difference
from .hooks import compare_hits, listening
from .requests import mailboxes
from .sides import Moved, Sent

__all__ = ["Pair", "Replayed", "Replayer", "boxes_of", "caught_up", "paired"]

_SHORTEST = 5
# What our own contracts make to be new: the reseller platform's delivery ids, and orders' references of `Run.unique`.
_REFERENCE = re.compile(r"apitwin-[0-9a-f]{8,}|PO-[^\"\\]{1,60}-\d+")


@dataclass(frozen=True)
class Pair:
    """One step as each side took it: an exchange, or the same move of the clock."""

    here: Sent | Moved
    there: Sent | Moved


@dataclass
class Replayed:
    """What came of a sequence that was sent again: the target's exchanges and the differences."""

    exchanges: list[Exchange] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    moved: timedelta = timedelta()


def paired(here: Sequence[Sent | Moved], there: Sequence[Sent | Moved]) -> Iterator[Pair]:
    """Put the steps of both sides side by side, as far as both took the same kind of step; where one signed in alone, that is left out."""
    left, right = 0, 0
    while left < len(here) and right < len(there):
        one, other = here[left], there[right]
        signs, other_signs = _signs_in(one), _signs_in(other)
        if signs != other_signs:
            left, right = left + signs, right + other_signs
            continue
        if type(one) is not type(other):
            return
        yield Pair(one, other)
        left, right = left + 1, right + 1


def _signs_in(step: Sent | Moved) -> bool:
    return isinstance(step, Sent) and step.signs_in


def _asked(steps: Sequence[Sent | Moved]) -> list[Sent | Moved]:
    return [step for step in steps if not _signs_in(step)]


class Replayer:
    """Sends sequences again; texts that have to be new each time (`fresh`) are other ones in every replay."""

    def __init__(
        self,
        mock: Target,
        target: Target,
        by: Comparison,
        writes: Collection[str] = (),
        hits: tuple[Sequence[Hit], Sequence[Hit]] = ((), ()),
    ) -> None:
        self._mock, self._target, self._by = mock, target, by
        self._hits = hits
        self._writes = writes
        self._counter = count(1)

    def replay(self, steps: Sequence[Pair]) -> Replayed:
        """Send a sequence to both sides and compare what comes."""
        set_alike(self._mock.clock, self._target.clock)
        new = {text: _other(text, next(self._counter)) for text in self._references(steps)}
        sides = (
            (self._mock, [one.here.exchange.request for one in steps if isinstance(one.here, Sent)], self._hits[0]),
            (self._target, [one.there.exchange.request for one in steps if isinstance(one.there, Sent)], self._hits[1]),
        )
        with listening(sides) as (first, second):
            result = self._replay(steps, {**new, **first.names}, {**new, **second.names})
            boxes = list(zip(first.boxes, second.boxes, strict=False))
            heard = first.heard(len(self._hits[0])), second.heard(len(self._hits[1]))
        result.differences += compare_hits(boxes, *heard, self._now())
        result.exchanges += [hit.exchange for hit in heard[1]]
        return result

    def _references(self, steps: Sequence[Pair]) -> list[str]:
        """Give the references that writes of a sequence introduce, which have to be other ones each time."""
        sent = [step.here for step in steps if isinstance(step.here, Sent) and step.here.operation in self._writes]
        return list(
            dict.fromkeys(found for one in sent for found in _REFERENCE.findall(_plain(one.exchange.request.body)))
        )

    def _now(self) -> Comparison:
        return replace(self._by, now=(self._mock.clock.now(), self._target.clock.now()))

    def _replay(self, steps: Sequence[Pair], here: dict[str, str], there: dict[str, str]) -> Replayed:
        result = Replayed()
        for step in steps:
            if isinstance(step.here, Moved) or isinstance(step.there, Moved):
                self._move(step, result)
                continue
            set_alike(self._mock.clock, self._target.clock)
            first = self._send(self._mock, step.here, here)
            second = self._send(self._target, step.there, there)
            result.exchanges.append(second)
            result.differences += compare_replies(step.there.operation, first.reply, second.reply, self._now())
            result.differences += compare_seconds(step.there.operation, first.seconds, second.seconds)
        return result

    def _move(self, step: Pair, result: Replayed) -> None:
        if isinstance(step.here, Moved):
            self._mock.clock.advance(step.here.step)
            self._target.clock.advance(step.here.step)
            result.moved += step.here.step

    @staticmethod
    def _send(target: Target, sent: Sent, known: dict[str, str]) -> Exchange:
        door = target.authority if sent.authority and target.authority else target
        exchange = door.send(_renamed(sent.exchange.request, known))
        known.update(_changed(sent.exchange.reply, exchange.reply))
        return exchange


def boxes_of(steps: Sequence[Pair]) -> list[tuple[str, str]]:
    """Give the mailboxes that the requests of both sides name."""
    sent = [
        (step.here.exchange.request, step.there.exchange.request)
        for step in steps
        if isinstance(step.here, Sent) and isinstance(step.there, Sent)
    ]
    return [pair for here, there in sent for pair in zip(mailboxes(here), mailboxes(there), strict=False)]


def caught_up(
    here: Sequence[Sent | Moved], there: Sequence[Sent | Moved], target: Target, names: Mapping[str, str]
) -> list[Sent | Moved]:
    """Let the target take the steps that only the mock has taken, so that the two worlds stay one; give all its steps.

    `names` are the target's for the mock's that are known already; those that replies tell are learned.
    """
    steps, known = list(there), dict(names)
    for pair in paired(here, there):
        one, other = pair.here, pair.there
        if isinstance(one, Sent) and isinstance(other, Sent):
            known.update(zip(mailboxes(one.exchange.request), mailboxes(other.exchange.request), strict=False))
            known.update(_changed(one.exchange.reply, other.exchange.reply))
    for missed in _asked(here)[len(_asked(there)) :]:
        if isinstance(missed, Moved):
            target.clock.advance(missed.step)
            steps.append(missed)
        else:
            door = target.authority if missed.authority and target.authority else target
            before = target.clock.now()
            try:
                exchange = door.send(_renamed(missed.exchange.request, known))
            except NothingToExamine:
                return steps
            known.update(_changed(missed.exchange.reply, exchange.reply))
            steps.append(replace(missed, exchange=exchange, now=before))
    return steps


def _plain(body: bytes) -> str:
    return body.decode("utf-8", "surrogateescape")


def _other(text: str, number: int) -> str:
    """Give a text of the same length and kind that ends in another number."""
    digits = f"{number:04d}"
    return text[: -len(digits)] + digits if len(text) > len(digits) else digits


def _renamed(request: Request, known: Mapping[str, str]) -> Request:
    if not known:
        return request
    ordered = sorted(known, key=len, reverse=True)

    def swap(text: str) -> str:
        for name in ordered:
            text = text.replace(name, known[name])
        return text

    headers = tuple((name, swap(value)) for name, value in request.headers)
    body = swap(_plain(request.body)).encode("utf-8", "surrogateescape")
    return replace(request, path=swap(request.path), query=swap(request.query), headers=headers, body=body)


def _changed(before: Reply, after: Reply) -> dict[str, str]:
    """Give what a reply names otherwise than the one that it repeats."""
    return dict(_renames(json_of(before), json_of(after)))


def _renames(before: Any, after: Any) -> Iterator[tuple[str, str]]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before.keys() & after.keys():
            yield from _renames(before[key], after[key])
    elif isinstance(before, list) and isinstance(after, list):
        for one, other in zip(before, after, strict=False):
            yield from _renames(one, other)
    elif type(before) is type(after) and isinstance(before, (str, int)) and not isinstance(before, bool):
        first, second = str(before), str(after)
        if first != second and len(first) >= _SHORTEST and " " not in first:
            yield first, second
