"""Mutators of single values in answers: other types, other forms, other texts, nothing where something was."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from apitwin_contracts.drift import Category, Severity
from apitwin_contracts.mutants.places import ABSENT, at

from .ground import Ground, Leaf
from .mutator import Mutator, Spot
from .rewriting import leaf_changed, payload_changed

__all__ = ["VALUES"]

Change = Callable[[Any], Any]
Fits = Callable[[Any], bool]
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:?\d\d)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_FEW = 5
_WORD = re.compile(r"[A-Z][A-Z_]{2,30}")


def _spots(
    fits: Fits, change: Change, ground: Ground, *, told_twice: bool = False, once: bool = False
) -> Iterator[Spot]:
    for leaf in ground.leaves:
        fitting = [value for value in leaf.values if fits(value)]
        is_all = all(value is None or fits(value) for value in leaf.values)
        shared = not told_twice or (leaf.operation, leaf.path) in ground.shared
        if leaf.path and fitting and is_all and shared and any(_differs(change(value), value) for value in fitting):
            yield _spot(ground, leaf, lambda value: change(value) if fits(value) else value, once=once)


def _differs(changed: Any, value: Any) -> bool:
    return changed is ABSENT or type(changed) is not type(value) or bool(changed != value)


def _spot(ground: Ground, leaf: Leaf, change: Change, *, once: bool = False) -> Spot:
    path = leaf.path.replace("[]", "[0]", 1) if once else leaf.path
    subject = f"{leaf.operation}.{leaf.path}"
    stage = leaf_changed(ground, leaf.operation, path, change)
    return Spot(subject, (leaf.operation,), stage, leaf.name, (f"schema.reply:{leaf.operation}",))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict) and bool(value)


def _is_instant(value: Any) -> bool:
    return isinstance(value, str) and bool(_INSTANT.fullmatch(value))


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and bool(_DAY.fullmatch(value))


def _is_dated(value: Any) -> bool:
    return _is_instant(value) or _is_day(value)


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and bool(_WORD.fullmatch(value))


def _is_digits(value: Any) -> bool:
    return isinstance(value, str) and value.isdecimal() and not value.startswith("0")


def _is_null(value: Any) -> bool:
    return value is None


def _written(form: str) -> Change:
    return lambda text: datetime.fromisoformat(text).strftime(form)


def _epoch(factor: int) -> Change:
    return lambda text: int(datetime.fromisoformat(_zoned(text)).timestamp() * factor)


def _zoned(text: str) -> str:
    return (
        text
        if text.endswith("Z") or re.search(r"[+-]\d\d:?\d\d$", text)
        else f"{text}+00:00"
        if "T" in text or " " in text
        else text
    )


def _offset_dropped(text: str) -> str:
    return re.sub(r"(Z|[+-]\d\d:?\d\d)$", "", text)


def _offset_other(text: str) -> str:
    return re.sub(r"(Z|\+00:?00)$", "+02:00", text)


def _precise(text: str) -> str:
    return re.sub(r"(\d\d:\d\d:\d\d)(\.\d+)?", r"\1.123456", text)


def _separated(text: str) -> str:
    return text.replace("T", " ") if "T" in text else text.replace(" ", "T")


def _entries(item: Any) -> dict[str, Any]:
    return {str(place): part for place, part in enumerate(item)}


def _key_spots(
    change: Callable[[dict[str, Any], str], dict[str, Any]], ground: Ground, *, deep: bool = True
) -> Iterator[Spot]:
    for leaf in ground.leaves:
        keys = sorted({key for value in leaf.values if isinstance(value, dict) for key in value if key.isidentifier()})
        for key in keys[:3] if deep else keys[:1]:
            inner = Leaf(leaf.operation, f"{leaf.path}.{key}" if leaf.path else key, ())
            stage = payload_changed(
                ground, leaf.operation, partial(at, path=leaf.path, change=partial(_keyed, change=change, key=key))
            )
            yield Spot(
                f"{leaf.operation}.{inner.path}", (leaf.operation,), stage, key, (f"schema.reply:{leaf.operation}",)
            )


def _keyed(item: Any, change: Callable[[dict[str, Any], str], dict[str, Any]], key: str) -> Any:
    return change(item, key) if isinstance(item, dict) and key in item else item


def _removed(item: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name != key}


def _renamed(item: dict[str, Any], key: str) -> dict[str, Any]:
    return {f"{name}V2" if name == key else name: value for name, value in item.items()}


def _cased(item: dict[str, Any], key: str) -> dict[str, Any]:
    def other(name: str) -> str:
        return name[0].lower() + name[1:] if name[0].isupper() else name[0].upper() + name[1:]

    return {other(name) if name == key else name: value for name, value in item.items()}


def _added(item: dict[str, Any], key: str) -> dict[str, Any]:  # noqa: ARG001 - every change of a key has one form
    return {**item, "apiVersion": "2"}


def _snaked(item: dict[str, Any], key: str) -> dict[str, Any]:
    snake = re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: f"_{match[1].lower()}", key)
    camel = re.sub(r"_([a-z])", lambda match: match[1].upper(), key)
    return {
        (snake if snake != key else camel if camel != key else f"_{key}") if name == key else name: value
        for name, value in item.items()
    }


def _value(
    category: Category,
    name: str,
    severity: Severity,
    promise: str,
    fits: Fits,
    change: Change,
    *,
    told_twice: bool = False,
    once: bool = False,
) -> Mutator:
    spots = partial(_spots, fits, change, told_twice=told_twice, once=once)
    return Mutator(name, category, severity, promise, spots)


def _key(name: str, severity: Severity, promise: str, change: Any, category: Category = "schema") -> Mutator:
    return Mutator(name, category, severity, promise, partial(_key_spots, change))


_schema, _wire = partial(_value, "schema"), partial(_value, "wire")
_TYPE, _FORM, _TOLD = (
    "a value has the contract's type",
    "an instant has its documented form",
    "what is told twice is told alike",
)

VALUES: tuple[Mutator, ...] = (
    _key("key-removed", "breaking", "every key of the contract is in the answer", _removed),
    _key("key-renamed", "breaking", "a key has the contract's name", _renamed),
    _key("key-added", "additive", "an answer has no key that the contract does not know", _added),
    _key("key-case", "breaking", "a key is written as the contract writes it", _cased, "wire"),
    _key("key-style", "breaking", "a key is written in the contract's style", _snaked, "wire"),
    _schema("number-to-text", "breaking", _TYPE, _is_number, str),
    _schema("text-to-number", "breaking", _TYPE, _is_digits, int),
    _schema("text-to-list", "breaking", _TYPE, _is_text, lambda text: [text]),
    _schema("text-to-object", "breaking", _TYPE, _is_text, lambda text: {"value": text}),
    _schema("flag-to-number", "breaking", _TYPE, _is_flag, int),
    _schema("flag-to-text", "breaking", _TYPE, _is_flag, lambda flag: str(flag).lower()),
    _schema(
        "list-to-first",
        "breaking",
        "a list is a list also of one",
        lambda value: _is_list(value) and bool(value),
        lambda items: items[0],
    ),
    _schema("list-to-object", "breaking", "a list is a list", lambda value: _is_list(value) and bool(value), _entries),
    _schema("object-to-list", "breaking", "one thing is no list", _is_object, lambda item: [item]),
    _schema("object-to-text", "breaking", "what is structured is no text", _is_object, str),
    _schema(
        "null-in-first",
        "breaking",
        "what the contract calls non-null is never null",
        lambda value: value is not None and not _is_text(value),
        lambda _: None,
        once=True,
    ),
    _schema("null-for-list", "breaking", "an empty list is no null", _is_list, lambda _: None),
    _schema(
        "null-for-object", "breaking", "what the contract calls non-null is never null", _is_object, lambda _: None
    ),
    _schema(
        "word-unknown",
        "dangerous",
        "a vocabulary has the contract's words and no other",
        _is_word,
        lambda word: f"{word}_V2",
    ),
    _schema("word-lower", "dangerous", "a word is written as the contract writes it", _is_word, str.lower),
    _wire("number-fraction", "breaking", "a whole number has no fraction", _is_whole, lambda number: number + 0.5),
    _wire(
        "number-comma",
        "breaking",
        "a number is no text with a comma",
        _is_number,
        lambda number: f"{number:.2f}".replace(".", ","),
    ),
    _wire(
        "cents",
        "breaking",
        "an amount is in its documented unit",
        lambda value: isinstance(value, float),
        lambda amount: round(amount * 100),
        told_twice=True,
    ),
    _wire(
        "tenth",
        "breaking",
        "an amount is in its documented unit",
        lambda value: isinstance(value, float),
        lambda amount: round(amount / 10, 4),
        told_twice=True,
    ),
    _wire(
        "negative",
        "breaking",
        "a quantity is not below zero",
        lambda value: _is_number(value) and value > 0,
        lambda number: -number,
    ),
    _wire("date-german", "breaking", _FORM, _is_dated, _written("%d.%m.%Y %H:%M")),
    _wire("date-american", "breaking", _FORM, _is_dated, _written("%m/%d/%Y")),
    _wire("date-mail", "breaking", _FORM, _is_dated, _written("%a, %d %b %Y %H:%M:%S +0000")),
    _wire("date-epoch", "breaking", _FORM, _is_instant, _epoch(1)),
    _wire("date-epoch-ms", "breaking", _FORM, _is_instant, _epoch(1000)),
    _wire("date-epoch-text", "breaking", _FORM, _is_dated, lambda text: str(_epoch(1)(text))),
    _wire("date-no-zone", "dangerous", "an instant says its zone", _is_instant, _offset_dropped),
    _wire("date-other-zone", "dangerous", "an instant is in its documented zone", _is_instant, _offset_other),
    _wire("date-precision", "dangerous", _FORM, _is_instant, _precise),
    _wire("date-separator", "dangerous", _FORM, _is_instant, _separated),
    _wire("date-no-time", "breaking", _FORM, _is_instant, lambda text: text[:10]),
    _wire("date-with-time", "dangerous", "a day has no time", _is_day, lambda text: f"{text}T00:00:00Z"),
    _wire("empty-for-null", "dangerous", "what is absent is null", _is_null, lambda _: ""),
    _wire("word-for-null", "dangerous", "what is absent is null", _is_null, lambda _: "null"),
    _wire("nothing-for-null", "dangerous", "what is null is told", _is_null, lambda _: ABSENT),
    _wire("zero-for-null", "dangerous", "what is absent is null", _is_null, lambda _: 0),
    _wire("text-padded", "dangerous", _TOLD, _is_text, lambda text: f"{text} ", told_twice=True),
    _wire(
        "text-cut",
        "breaking",
        _TOLD,
        lambda value: _is_text(value) and len(value) > _FEW,
        lambda text: text[:_FEW],
        told_twice=True,
    ),
    _wire("text-upper", "dangerous", _TOLD, _is_text, str.upper, told_twice=True),
    _wire(
        "text-decomposed",
        "dangerous",
        _TOLD,
        lambda value: _is_text(value) and not value.isascii(),
        lambda text: unicodedata.normalize("NFD", text),
        told_twice=True,
    ),
    _wire(
        "text-ascii",
        "dangerous",
        _TOLD,
        lambda value: _is_text(value) and not value.isascii(),
        lambda text: text.encode("ascii", "replace").decode(),
        told_twice=True,
    ),
    _wire("text-quoted", "dangerous", _TOLD, _is_text, lambda text: f'"{text}"', told_twice=True),
    _wire("number-shifted", "breaking", _TOLD, _is_whole, lambda number: number + 1, told_twice=True),
)
"""Those of `told twice` change what is said without changing its type: only what another operation says as well can tell."""
