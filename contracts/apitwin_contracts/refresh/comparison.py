"""Two JSON values compared by meaning: items by their identity, values by their form, what is known to vary apart from what changed."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .change import GONE, ChangeKind, Edit, Place

__all__ = ["Seen", "Terms", "compare", "form_of", "identity_of", "is_identity", "spelled"]

_PART = re.compile(r"\[\d*\]|[^.\[\]]+")
_IDENTITIES = ("id", "uuid", "key", "code", "number", "name")
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("a UUID", r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"),
        ("a time", r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*"),
        ("a day", r"\d{4}-\d\d-\d\d|\d\d\.\d\d\.\d{4}"),
        ("a URL", r"https?://\S+"),
        ("a mail address", r"[^@\s]+@[^@\s]+"),
        ("digits", r"\d+"),
        ("a decimal number", r"-?\d+\.\d+"),
        ("a word in capitals", r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*"),
    )
)
_WORD = "a word in capitals"


@dataclass(frozen=True)
class Seen:
    """One difference: kind, concrete place, what it is, both values (`GONE` for none) and the edit that follows it."""

    kind: ChangeKind
    place: Place
    what: str
    before: Any
    after: Any
    edit: Edit


@dataclass(frozen=True)
class Terms:
    """What may differ: patterns of volatile places and of those that hold pseudonyms, corrections by pattern, words that the schema knows."""

    volatile: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    corrected: tuple[tuple[str, Any], ...] = ()
    words: frozenset[str] = frozenset()

    def varies(self, place: Place) -> bool:
        """Tell whether a place, or one that holds it, is known to vary."""
        patterns = [_parts(pattern) for pattern in (*self.volatile, *self.hidden)]
        return any(_fits(place[: len(pattern)], pattern) for pattern in patterns)

    def right(self, place: Place, value: Any) -> Any:
        """Give what the fixture should have said at a place."""
        found = [to for pattern, to in self.corrected if _fits(place, _parts(pattern))]
        return found[0] if found else value


def compare(before: Any, after: Any, terms: Terms, place: Place = ()) -> Iterator[Seen]:
    """Give every difference of two values."""
    before = terms.right(place, before)
    if before is GONE and after is GONE:
        return
    if before is GONE or after is GONE:
        yield from _one_sided(before, after, terms, place)
    elif isinstance(before, dict) and isinstance(after, dict):
        for key in (*before, *(key for key in after if key not in before)):
            yield from compare(before.get(key, GONE), after.get(key, GONE), terms, (*place, key))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _lists(before, after, terms, place)
    elif _plain(before) != _plain(after):
        yield _changed(before, after, terms, place)


def _one_sided(before: Any, after: Any, terms: Terms, place: Place) -> Iterator[Seen]:
    kind: ChangeKind = "volatile" if terms.varies(place) else "gone" if after is GONE else "new"
    yield Seen(kind, place, f"key {'gone' if after is GONE else 'new'}", before, after, Edit(place, after))


def _plain(value: Any) -> Any:
    # True is no 1, and 1 is 1.0.
    return (type(value) is bool, value)


def _changed(before: Any, after: Any, terms: Terms, place: Place) -> Seen:
    what = _change_of_form(before, after, terms.words)
    kind: ChangeKind = "form" if what else "volatile" if terms.varies(place) else "value"
    if kind == "form" and terms.varies(place) and _same_type(before, after):
        kind, what = "volatile", ""
    return Seen(kind, place, what or "another value", before, after, Edit(place, after))


def _same_type(before: Any, after: Any) -> bool:
    return _type(before) == _type(after) or None in (before, after)


def _change_of_form(before: Any, after: Any, words: frozenset[str]) -> str:
    if before is None or after is None:
        return f"was null, now {_type(after)}" if before is None else "may be null"
    if _type(before) != _type(after):
        return f"was {_type(before)}, now {_type(after)}"
    if not isinstance(before, str):
        return ""
    was, now = form_of(before), form_of(after)
    if was == now == _WORD and after not in words:
        return f"a word that the schema does not know: {after}"
    return f"was {was}, now {now}" if was not in ("text", now) and before and after else ""


def _type(value: Any) -> str:
    names = {bool: "a truth value", int: "a number", float: "a number", str: "text", list: "a list", dict: "an object"}
    return names.get(type(value), "null")


def form_of(text: str) -> str:
    """Name the form of a text: a UUID, a time, a day, a URL, digits, a word in capitals … or `text`."""
    return next((name for name, pattern in _FORMS if pattern.fullmatch(text)), "text")


def _lists(before: list[Any], after: list[Any], terms: Terms, place: Place) -> Iterator[Seen]:
    if terms.varies(place):
        if _plain(before) != _plain(after):
            yield Seen("volatile", place, "another list", before, after, Edit(place, after))
        return
    if not all(isinstance(item, dict) for item in (*before, *after)):
        yield from _by_index(before, after, terms, place)
        return
    key = identity_of(before, after, unless=lambda key: terms.varies((*place, 0, key)))
    if key is None:
        yield from _by_index(before, after, terms, place)
        return
    there = {repr(item[key]): (index, item) for index, item in enumerate(after)}
    for index, item in enumerate(before):
        found = there.pop(repr(item[key]), None)
        if found is None:
            yield _item("gone", (*place, index), item, GONE, Edit((*place, index), GONE))
        else:
            yield from compare(item, found[1], terms, (*place, index))
    for index, item in there.values():
        yield _item("new", (*place, index), GONE, item, Edit((*place, "+"), item))


def _by_index(before: list[Any], after: list[Any], terms: Terms, place: Place) -> Iterator[Seen]:
    for index, (one, other) in enumerate(zip(before, after, strict=False)):
        yield from compare(one, other, terms, (*place, index))
    for index in range(len(after), len(before)):
        yield _item("gone", (*place, index), before[index], GONE, Edit((*place, index), GONE))
    for index in range(len(before), len(after)):
        yield _item("new", (*place, index), GONE, after[index], Edit((*place, "+"), after[index]))


def _item(kind: ChangeKind, place: Place, before: Any, after: Any, edit: Edit) -> Seen:
    return Seen(kind, place, f"item {kind}", before, after, edit)


def identity_of(*lists: Sequence[Any], unless: Callable[[str], bool] = lambda _key: False) -> str | None:
    """Give the key by which the items of lists are told apart: in each of them, without a double, the best named and most shared.

    A key that is not named like one must be shared by half of the items; `unless` tells of keys that vary.
    """
    every = [item for items in lists for item in items]
    if not every or not all(isinstance(item, dict) for item in every):
        return None
    common = [key for key in every[0] if all(key in item and isinstance(item[key], str | int) for item in every)]
    usable = [key for key in common if not unless(key) and all(_tells_apart(key, items) for items in lists)]
    named = [key for key in usable if _rank(key) or 2 * _shared(key, lists) >= min(map(len, lists)) > 0]
    return max(named, key=lambda key: (_rank(key) > 0, _shared(key, lists), _rank(key)), default=None)


def is_identity(key: str) -> bool:
    """Tell whether a key is named like one that tells objects apart."""
    return _rank(key) > 0


def _tells_apart(key: str, items: Sequence[Any]) -> bool:
    return len({repr(item[key]) for item in items}) == len(items)


def _shared(key: str, lists: Sequence[Sequence[Any]]) -> int:
    return len(set.intersection(*({repr(item[key]) for item in items} for items in lists)))


def _rank(key: str) -> int:
    return max(
        (len(_IDENTITIES) - rank for rank, word in enumerate(_IDENTITIES) if key.lower().endswith(word)), default=0
    )


def spelled(place: Place, *, generic: bool = False) -> str:
    """Write a place as `data.products[3].price`, or as `data.products[].price`."""
    index: Callable[[int], str] = (lambda _: "[]") if generic else (lambda number: f"[{number}]")
    return "".join(index(part) if isinstance(part, int) else f".{part}" for part in place).lstrip(".")


def _parts(pattern: str) -> tuple[str, ...]:
    return tuple(_PART.findall(pattern))


def _fits(place: Place, pattern: tuple[str, ...]) -> bool:
    return len(place) == len(pattern) and all(
        wanted in ("[]", f"[{part}]") if isinstance(part, int) else wanted in ("*", part)
        for part, wanted in zip(place, pattern, strict=True)
    )
