"""What became of each recorded fixture: its replies then and now, place by place."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import orjson

from apitwin_fixtures import Cassette, Exchange, Fixtures, Reply

from .change import GONE, Change, Edit, Instance, Place
from .comparison import Seen, Terms, compare, spelled

__all__ = ["FixtureNews", "apply_edit", "fixture_news", "with_edits", "words_of"]

_WORD = re.compile(r"\b[A-Z][A-Z0-9_]*\b")
_LONGEST = 120


@dataclass(frozen=True)
class FixtureNews:
    """One cassette, as it is and as it would be, with what changed in meaning; what only varies stands apart."""

    before: Cassette
    after: Cassette
    changes: tuple[Change, ...]
    volatile: tuple[Change, ...] = ()

    @property
    def fixture(self) -> str:
        """How reports call it."""
        return f"cassettes/{self.before.name}"


def fixture_news(
    supplier: str, before: Cassette, after: Cassette, again: tuple[Exchange, ...] | None, words: frozenset[str]
) -> FixtureNews:
    """Compare a cassette with its new recording; where a second recording differs from the first, the place is volatile."""
    learned = _unsteady(after.exchanges, again) if again else ()
    volatile = tuple(dict.fromkeys((*before.metadata.get("volatile", ()), *learned)))
    terms = Terms(volatile, _corrections(before.metadata), words)
    seen = _differences(before.exchanges, after.exchanges, terms)
    changes = tuple(_grouped(supplier, f"cassettes/{before.name}", seen))
    metadata = {**after.metadata, "volatile": list(volatile)}
    return FixtureNews(
        before,
        replace(after, metadata=metadata),
        tuple(change for change in changes if change.kind != "volatile"),
        tuple(change for change in changes if change.kind == "volatile"),
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
    return [spelled(one.place, generic=True) for one in _differences(first, second, Terms())]


def _differences(before: tuple[Exchange, ...], after: tuple[Exchange, ...], terms: Terms) -> Iterator[Seen]:
    for number, (one, other) in enumerate(zip(before, after, strict=True)):
        prefix: Place = (f"exchange {number + 1}",) if len(before) > 1 else ()
        for seen in compare(_told(one.reply), _told(other.reply), terms):
            place = (*prefix, *seen.place)
            yield replace(seen, place=place, edit=Edit((number, *seen.edit.place), seen.edit.value))


def _told(reply: Reply) -> dict[str, Any]:
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
    told = _told(reply)
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
