"""Whether both sides were asked the same: word for word, but for what each calls by a name of its own."""

import re
from typing import Any

import orjson

from apitwin_fixtures import Request

from .comparing import Comparison

__all__ = ["mailboxes", "same_request"]

_BOX = re.compile(r"https?://[^\s\"\\]+/(webhook-\d+)")
_LITERAL = re.compile(r"\"(?:[^\"\\]|\\.)*\"|-?\d+(?:\.\d+)?")
_WORD = re.compile(r"[^\s\"'{}\[\](),:;=&?/<>\\]+")


def same_request(here: Request, there: Request, by: Comparison) -> bool:
    """Tell whether two requests ask for the same; names that differ and were not met before are not paired here."""
    if here == there:
        return True
    _pair_mailboxes(here, there, by)
    if here.method != there.method or not _same_words(here.target, there.target, by):
        return False
    if [name for name, _ in here.headers] != [name for name, _ in there.headers]:
        return False
    if here.body == there.body:
        return True
    return _same_words(_text(here), _text(there), by) and (by.by_value or _frame(_json(here)) == _frame(_json(there)))


def _pair_mailboxes(here: Request, there: Request, by: Comparison) -> None:
    for one, other in zip(mailboxes(here), mailboxes(there), strict=False):
        if one.rpartition("/")[2] == other.rpartition("/")[2] and by.pairs.known(one) is None:
            by.pairs.learn(one, other)
            by.pairs.learn(_port(one), _port(other))


def _port(url: str) -> str:
    return url.rpartition("/")[0].rpartition(":")[2]


def mailboxes(request: Request) -> list[str]:
    """Give the URLs of our own receivers' mailboxes that a request names."""
    return [found[0] for found in _BOX.finditer(f"{request.target} {_text(request)}")]


def _frame(value: Any) -> Any:
    """Give what of a body does not come from a catalogue: its keys, and a GraphQL document without the values in it."""
    if isinstance(value, dict):
        return {
            key: _LITERAL.sub("", one) if key == "query" and isinstance(one, str) else _frame(one)
            for key, one in value.items()
        }
    return [_frame(one) for one in value] if isinstance(value, list) else None


def _json(request: Request) -> Any:
    try:
        return orjson.loads(request.body)
    except orjson.JSONDecodeError:
        return None


def _text(request: Request) -> str:
    return request.body.decode("utf-8", "replace")


def _same_words(here: str, there: str, by: Comparison) -> bool:
    first, second = _WORD.findall(here), _WORD.findall(there)
    if len(first) != len(second):
        return False
    return not by.by_value or all(
        one == other or by.pairs.match(one, other, by.now) for one, other in zip(first, second, strict=True)
    )
