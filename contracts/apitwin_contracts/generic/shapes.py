"""Where in an answer things stand, told from the answer itself."""

from collections.abc import Mapping
from typing import Any

from .words import ENVELOPES, KEYS, spoken

__all__ = ["item_path", "items_path", "key_of", "unknown_key"]

_SAMPLE = 20


def items_path(body: Any, guess: str) -> str:
    """Give where an answer lists things, such as `data[]`; the guess where it fits, empty where nothing is listed."""
    if isinstance(body, list):
        return "[]"
    if not isinstance(body, Mapping):
        return ""
    if guess and isinstance(body.get(guess.partition("[]")[0]), list):
        return guess
    lists = [
        name for name, value in body.items() if isinstance(value, list) and all(isinstance(one, dict) for one in value)
    ]
    chosen = spoken(lists, ENVELOPES) or (lists[0] if len(lists) == 1 else "")
    return f"{chosen}[]" if chosen else ""


def item_path(body: Any, key: str) -> str | None:
    """Give where an answer shows one thing: at its top, or in the part that has the key; None where nowhere."""
    if not isinstance(body, Mapping):
        return None
    if key in body:
        return ""
    inside = [name for name, value in body.items() if isinstance(value, Mapping) and key in value]
    return inside[0] if inside else None


def key_of(rows: list[Any], guess: str) -> str:
    """Give the field that tells things apart: the guess if it does, else the likeliest that does; empty where none does."""
    rows = [row for row in rows[:_SAMPLE] if isinstance(row, Mapping)]
    fitting = [name for name in (rows[0] if rows else ()) if _distinct(rows, name)]
    return (
        guess
        if guess in fitting
        else spoken(fitting, KEYS) or next((name for name in fitting if name.lower().endswith("id")), "")
    )


def _distinct(rows: list[Any], name: str) -> bool:
    values = [row.get(name) for row in rows]
    return all(isinstance(value, str | int) and not isinstance(value, bool) for value in values) and len(
        set(values)
    ) == len(values)


def unknown_key(key: Any) -> Any:
    """Give a key of the same form that nothing has."""
    if isinstance(key, int):
        return 2_147_480_000
    text = str(key)
    if text.isdecimal():
        return "2147480000"
    kept = "".join("0" if letter in "0123456789abcdef" else letter for letter in text)
    return kept if kept != text and "-" in text else "apitwin-has-none"
