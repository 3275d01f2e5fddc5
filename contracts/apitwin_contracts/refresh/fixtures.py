"""What became of each recorded fixture: its replies then and now, place by place."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

import orjson

from apitwin_fixtures import Cassette, Exchange, Fixtures, Reply

from .change import GONE, Change, Edit, Instance, Place
from .comparison import Seen, Terms, compare, spelled

__all__ = ["FixtureNews", "Recordings", "apply_edit", "first_news", "fixture_news", "told_by", "with_edits", "words_of"]

_WORD = re.compile(r"\b[A-Z][A-Z0-9_]*\b")
_LONGEST = 120


@dataclass(frozen=True)
class FixtureNews:
    """One cassette, as it is and as it would be, with what changed in meaning; what only varies stands apart.

    `free` are the terms on which its replies may differ from another's: what varies, and what holds pseudonyms.
    """

    before: Cassette
    after: Cassette
    changes: tuple[Change, ...]
    volatile: tuple[Change, ...] = ()
    free: Terms = field(default_factory=Terms)

    @property
    def fixture(self) -> str:
        """How reports call it."""
        return f"cassettes/{self.before.name}"


@dataclass(frozen=True)
class Recordings:
    """One cassette's new recording as it came, as it is written, and, where it was asked twice, as it came again or where it differed."""

    raw: tuple[Exchange, ...]
    scrubbed: tuple[Exchange, ...]
    again: tuple[Exchange, ...] | None = None
    unsteady: tuple[str, ...] = ()


def fixture_news(
    supplier: str, before: Cassette, recorded: Recordings, metadata: Mapping[str, Any], words: frozenset[str]
) -> FixtureNews:
    """Compare a cassette with its new recording; where a second recording differs from the first, the place is volatile.

    A place that is scrubbed has changed in its form alone: what stood there is not known any more.
    """
    learned = [*recorded.unsteady, *(_unsteady(recorded.raw, recorded.again) if recorded.again else ())]
    known = tuple(before.metadata.get("volatile", ()))
    # What a document's author could not know is known now; what was seen to vary varies still.
    volatile = tuple(dict.fromkeys((*(known if before.metadata.get("target") else ()), *learned)))
    hidden = frozenset(_unsteady(recorded.raw, recorded.scrubbed))
    terms = Terms((*known, *learned), hidden, _corrections(before.metadata), words)
    if len(before.exchanges) != len(recorded.scrubbed):
        return first_news(supplier, before.name, recorded, metadata)
    there = _moved(before, str(metadata.get("target", "")))
    seen = _differences(there, recorded.scrubbed, terms)
    changes = tuple(_grouped(supplier, f"cassettes/{before.name}", seen))
    return FixtureNews(
        before,
        Cassette(before.name, recorded.scrubbed, {**metadata, "volatile": list(volatile), "scrubbed": sorted(hidden)}),
        tuple(change for change in changes if change.kind != "volatile"),
        tuple(change for change in changes if change.kind == "volatile"),
        Terms(volatile, hidden),
    )


def first_news(supplier: str, name: str, recorded: Recordings, metadata: Mapping[str, Any]) -> FixtureNews:
    """Give the news of a recording that there was not yet."""
    hidden = _unsteady(recorded.raw, recorded.scrubbed)
    told = {**metadata, "volatile": list(recorded.unsteady), "scrubbed": sorted(set(hidden))}
    cassette = Cassette(name, recorded.scrubbed, told)
    change = Change(supplier, f"cassettes/{name}", "new", "", "recorded for the first time")
    return FixtureNews(cassette, cassette, (change,), (), Terms(recorded.unsteady, frozenset(hidden)))


def _moved(before: Cassette, target: str) -> tuple[Exchange, ...]:
    """Give a cassette's exchanges as if they had been recorded at another address, which is no news."""
    old = str(before.metadata.get("target") or "")
    if not old or old == target:
        return before.exchanges
    return tuple(
        replace(
            exchange, reply=replace(exchange.reply, body=exchange.reply.body.replace(old.encode(), target.encode()))
        )
        for exchange in before.exchanges
    )


def words_of(fixtures: Fixtures) -> frozenset[str]:
    """Give every word in capitals that a supplier's schema and error codes know."""
    names = [name for name in fixtures.names() if name.endswith((".graphql", "openapi.json", "errors.json"))]
    return frozenset(word for name in names for word in _WORD.findall(fixtures.text(name)))


def _corrections(metadata: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (one["path"], GONE if one.get("absent") else one["to"])
        for one in metadata.get("corrected", ())
        if one.get("absent") or "to" in one
    )


def _unsteady(first: tuple[Exchange, ...], second: tuple[Exchange, ...]) -> list[str]:
    places = (one.place for one in _differences(first, second, Terms()))
    return [spelled(_own(place), generic=True) for place in places]


def _own(place: Place) -> Place:
    return place[1:] if place and str(place[0]).startswith("exchange ") else place


def _differences(before: tuple[Exchange, ...], after: tuple[Exchange, ...], terms: Terms) -> Iterator[Seen]:
    for number, (one, other) in enumerate(zip(before, after, strict=True)):
        prefix: Place = (f"exchange {number + 1}",) if len(before) > 1 else ()
        for seen in compare(told_by(one.reply), told_by(other.reply), terms):
            place = (*prefix, *seen.place)
            yield replace(seen, place=place, edit=Edit((number, *seen.edit.place), seen.edit.value))


def told_by(reply: Reply) -> dict[str, Any]:
    """Give a reply as one value: a JSON body's own keys, beside the status and the media type under names that no key has."""
    body = _json(reply)
    head = {"#status": reply.status, "#content-type": reply.media_type}
    return {**body, **head} if isinstance(body, dict) else {"#body": body, **head}


def _json(reply: Reply) -> Any:
    try:
        return reply.json
    except ValueError:
        return reply.text


def _grouped(supplier: str, fixture: str, seen: Iterable[Seen]) -> Iterator[Change]:
    def key(one: Seen) -> tuple[str, str, str]:
        return spelled(one.place, generic=True), one.kind, one.what

    for (place, _kind, what), members in groupby(sorted(seen, key=key), key):
        listed = list(members)
        instances = tuple(
            Instance(spelled(one.place), _shown(one.before), _shown(one.after), one.edit) for one in listed
        )
        yield Change(supplier, fixture, listed[0].kind, place, what, instances)


def _shown(value: Any) -> str:
    if value is GONE:
        return "absent"
    text = orjson.dumps(value).decode()
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def with_edits(cassette: Cassette, edits: Iterable[Edit]) -> Cassette:
    """Give a cassette with some of its target's news alone."""
    by_exchange: dict[int, list[Edit]] = {}
    for edit in edits:
        number, *rest = edit.place
        by_exchange.setdefault(int(number), []).append(Edit(tuple(rest), edit.value))
    exchanges = [
        replace(exchange, reply=_edited(exchange.reply, by_exchange.get(number, [])))
        for number, exchange in enumerate(cassette.exchanges)
    ]
    return replace(cassette, exchanges=tuple(exchanges))


def _edited(reply: Reply, edits: list[Edit]) -> Reply:
    if not edits:
        return reply
    told = told_by(reply)
    # Removals last and from the end, so that every index still means what it meant.
    for edit in sorted(
        edits, key=lambda edit: (edit.value is GONE, [-part if isinstance(part, int) else 0 for part in edit.place])
    ):
        apply_edit(told, edit)
    status, body = told.pop("#status"), {key: value for key, value in told.items() if not key.startswith("#")}
    content = told.get("#body", body)
    raw = content.encode() if isinstance(content, str) else orjson.dumps(content)
    return replace(reply, status=status, body=raw)


def apply_edit(whole: Any, edit: Edit) -> None:
    """Change a JSON value in place."""
    *way, last = edit.place
    for part in way:
        whole = whole[part]
    if last == "+" and isinstance(whole, list):
        whole.append(edit.value)
    elif edit.value is not GONE:
        whole[last] = edit.value
    elif isinstance(whole, dict):
        whole.pop(last, None)
    else:
        del whole[last]
