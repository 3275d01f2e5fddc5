"""Whether both sides were asked the same: word for word, but for what each calls by a name of its own."""

import re

from apitwin_fixtures import Request

from .comparing import Comparison

__all__ = ["mailboxes", "same_request"]

_BOX = re.compile(r"https?://[^\s\"\\]+/(webhook-\d+)")
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
    return here.body == there.body or _same_words(_text(here), _text(there), by)


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


def _text(request: Request) -> str:
    return request.body.decode("utf-8", "replace")


def _same_words(here: str, there: str, by: Comparison) -> bool:
    first, second = _WORD.findall(here), _WORD.findall(there)
    if len(first) != len(second):
        return False
    return not by.by_value or all(
        one == other or by.pairs.match(one, other, by.now) for one, other in zip(first, second, strict=True)
    )
