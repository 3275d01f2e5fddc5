"""How a filter language compares one value: its operators, the operands worth asking with, and what an operand would mean misread."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import Any

__all__ = ["OPPOSITES", "Comparison", "Misreading", "comparison", "misreadings", "operands", "reader"]

Comparison = Callable[[Any, Any], bool]
Reader = Callable[[Any], Any]


@dataclass(frozen=True)
class Misreading:
    """A wrong meaning of an operator: how it would read the item's value and the operand, and how it would compare them."""

    read: Reader
    read_operand: Reader
    compare: Comparison


_NEGATIONS = {
    "eq": "neq",
    "in": "nin",
    "gt": "ngt",
    "gte": "ngte",
    "lt": "nlt",
    "lte": "nlte",
    "contains": "ncontains",
    "startsWith": "nstartsWith",
    "endsWith": "nendsWith",
}
OPPOSITES = {**_NEGATIONS, **{negated: plain for plain, negated in _NEGATIONS.items()}}
_COMPARISONS: Mapping[str, Comparison] = {
    "eq": lambda own, wanted: bool(own == wanted),
    "in": lambda own, wanted: own in wanted,
    "gt": lambda own, wanted: own is not None and bool(own > wanted),
    "gte": lambda own, wanted: own is not None and bool(own >= wanted),
    "lt": lambda own, wanted: own is not None and bool(own < wanted),
    "lte": lambda own, wanted: own is not None and bool(own <= wanted),
    "contains": lambda own, wanted: own is not None and wanted in own,
    "startsWith": lambda own, wanted: own is not None and own.startswith(wanted),
    "endsWith": lambda own, wanted: own is not None and own.endswith(wanted),
}
_MATCHES = ("contains", "startsWith", "endsWith")
_RANGES = ("gt", "gte", "lt", "lte")


def reader(kind: str, *, any_case: bool) -> Reader:
    """Give what makes a JSON value of an operation input (`DecimalOperationFilterInput`) one that can be compared."""

    def read(value: Any) -> Any:
        if value is None:
            return None
        if isinstance(value, list):
            return [read(part) for part in value]
        if kind.startswith("DateTime"):
            return datetime.fromisoformat(value)
        if kind.startswith("Decimal"):
            return Decimal(str(value))
        if kind.startswith("Uuid"):
            return value.lower()
        return value.casefold() if any_case and isinstance(value, str) else value

    return read


def comparison(operator: str) -> Comparison:
    """Give an operator's meaning; a negated one holds exactly where its plain one does not, so also for a missing value."""
    if operator in _COMPARISONS:
        return _COMPARISONS[operator]
    plain = _COMPARISONS[OPPOSITES[operator]]
    return lambda own, wanted: not plain(own, wanted)


def misreadings(kind: str, operator: str, *, any_case: bool) -> Iterator[Misreading]:
    """Give what a server may take an operator for: null let in or kept out, letter by letter, as a pattern, as a text, rounded, in part."""
    right, read = comparison(operator), reader(kind, any_case=any_case)
    plain = OPPOSITES[operator] if operator not in _COMPARISONS else operator
    yield Misreading(read, read, lambda own, wanted: own is None or right(own, wanted))
    yield Misreading(read, read, lambda own, wanted: own is not None and right(own, wanted))
    if kind.startswith("String"):
        yield Misreading(_same, _same, right)
        if plain in (*_MATCHES, "eq"):
            yield Misreading(_same, partial(_pattern, plain), _matcher(wanted=plain == operator))
    if kind.startswith(("Int", "Decimal")) and plain in _RANGES:
        yield Misreading(_text, _text, right)
    if kind.startswith("DateTime"):
        for rounded in (_second, _day):
            yield Misreading(_then(read, rounded), _then(read, rounded), right)
        yield Misreading(read, _then(_without_offset, read), right)
    if plain == "in":
        for part in (_first, _last, _present):
            yield Misreading(read, _then(part, read), right)


def _matcher(*, wanted: bool) -> Comparison:
    return lambda own, pattern: (own is not None and pattern is not None and bool(pattern.fullmatch(own))) is wanted


def _pattern(plain: str, wanted: str | None) -> re.Pattern[str] | None:
    if wanted is None:
        return None
    text = "".join({"_": ".", "%": ".*"}.get(letter, re.escape(letter)) for letter in wanted)
    before, after = (".*" if plain in names else "" for names in (("contains", "endsWith"), ("contains", "startsWith")))
    return re.compile(before + text + after, re.IGNORECASE | re.DOTALL)


def _then(first: Reader, second: Reader) -> Reader:
    return lambda value: second(first(value))


def _same(value: Any) -> Any:
    return value


def _first(many: list[Any]) -> list[Any]:
    return many[:1]


def _last(many: list[Any]) -> list[Any]:
    return many[-1:]


def _present(many: list[Any]) -> list[Any]:
    return [one for one in many if one is not None]


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _second(value: Any) -> Any:
    return [_second(one) for one in value] if isinstance(value, list) else value and value.replace(microsecond=0)


def _day(value: Any) -> Any:
    return [_day(one) for one in value] if isinstance(value, list) else value and value.date()


def _without_offset(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_offset(one) for one in value]
    return value and re.sub(r"[+-]\d\d:\d\d$", "Z", value)


def operands(kind: str, values: Sequence[Any], *, several: bool, text_part: bool) -> list[Any]:
    """Give operands near the values that there are: they themselves, what lies beside them, parts of texts in another case, lists of them."""
    present = [value for value in values if value is not None]
    near = [operand for value in _spread(present, 3) for operand in _near(kind, value, text_part=text_part)]
    nothing = [None] if len(present) < len(values) else []
    if not several:
        return _unique(near + ([] if text_part else nothing))
    chosen = _spread(present, 8)
    lists = [[one, other] for one, other in zip(near, near[1:] + near[:1], strict=True)]
    return [
        *lists,
        chosen,
        *([one, *nothing, other] for one, other in pairwise(chosen)),
        [*nothing, *present[:1]],
    ]


def _near(kind: str, value: Any, *, text_part: bool) -> Iterator[Any]:
    yield value
    if kind.startswith("String"):
        yield from _parts(value) if text_part else (value.swapcase(), f"{value}x", _blurred(value))
    elif kind.startswith("Int"):
        yield from (value - 1, value + 1)
    elif kind.startswith("Decimal"):
        yield from (max(0, round(value - 0.01, 2)), round(value + 0.01, 2))
    elif kind.startswith("DateTime"):
        instant = datetime.fromisoformat(value)
        yield instant.astimezone(timezone(timedelta(hours=2))).isoformat()
        yield from ((instant + timedelta(milliseconds=step)).isoformat() for step in (-1, 1))
    elif kind.startswith("Boolean"):
        yield not value


def _parts(text: str) -> Iterator[str]:
    half = max(1, len(text) // 2)
    inside = text[1:-1] or text
    yield from (
        text[:half].swapcase(),
        text[-half:].swapcase(),
        inside,
        inside[:3].swapcase(),
        _blurred(inside),
        f"{text}x",
        "%",
    )


def _blurred(text: str) -> str:
    return f"{text[:1]}_{text[2:]}" if len(text) > 1 else "_"


def _spread(values: Sequence[Any], most: int) -> list[Any]:
    """Give some of the values, from one end to the other."""
    if len(values) <= most:
        return list(values)
    ranked = sorted(values, key=str)
    return [ranked[place * (len(ranked) - 1) // (most - 1)] for place in range(most)]


def _unique(values: Sequence[Any]) -> list[Any]:
    return list({repr(value): value for value in values}.values())
