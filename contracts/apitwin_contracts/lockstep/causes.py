"""Which earlier steps a last one cannot be without: those that made what it names, and those that changed what it reads."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from apitwin_contracts.paths import leaves
from apitwin_contracts.surfaces.entries import json_of
from apitwin_fixtures import Request

from .difference import Difference
from .sequences import Pair
from .sides import Sent

__all__ = ["Memory", "gap", "makers"]

_SHORTEST, _MOST = 4, 30
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_Asked = tuple[str, str, bytes]


class Memory:
    """What both sides agreed on so far, and the writes that both did, latest first."""

    def __init__(self, writes: Collection[str]) -> None:
        self.kinds = writes
        self._agreed: set[_Asked] = set()
        self._written: list[Pair] = []

    def agree(self, pair: Pair) -> None:
        """Note a step that both sides answered alike."""
        if isinstance(pair.there, Sent):
            self._agreed.add(_asked(pair.there.exchange.request))

    def write(self, pair: Pair) -> None:
        """Note a step, if it is a write."""
        if isinstance(pair.there, Sent) and pair.there.operation in self.kinds:
            self._written.append(pair)

    def knows(self, pair: Pair) -> bool:
        """Tell whether both sides once answered this very request alike: then something has changed since."""
        return isinstance(pair.there, Sent) and _asked(pair.there.exchange.request) in self._agreed

    @property
    def suspects(self) -> list[Pair]:
        """The writes that may have changed what is read now."""
        return self._written[: -_MOST - 1 : -1]


def makers(before: Sequence[Pair], last: Pair, writes: Collection[str]) -> list[Pair]:
    """Give the writes whose replies name something first that the last step's request names."""
    if not isinstance(last.there, Sent):
        return []
    text = _text(last.there.exchange.request)
    found: list[Pair] = []
    for pair in before:
        if not (isinstance(pair.there, Sent) and pair.there.operation in writes):
            continue
        own = _text(pair.there.exchange.request)
        names = _names(json_of(pair.there.exchange.reply))
        if any(name in text and name not in own for name in names):
            found.append(pair)
    return found


def gap(difference: Difference) -> object:
    """Give how far two values lie apart: what a further write of the same kind changes, if it is to blame."""
    first, second = _NUMBER.search(difference.expected), _NUMBER.search(difference.observed)
    if first and second:
        return round(float(second[0]) - float(first[0]), 6)
    return difference.expected, difference.observed


def _asked(request: Request) -> _Asked:
    return request.method, request.target, request.body


def _text(request: Request) -> str:
    return f"{request.target} {request.body.decode('utf-8', 'replace')}"


def _names(value: Any) -> Iterator[str]:
    for _, leaf in leaves(value):
        name = str(leaf) if isinstance(leaf, str | int) and not isinstance(leaf, bool) else ""
        if len(name) >= _SHORTEST and any(sign.isdigit() for sign in name):
            yield name
