"""What is the same on both sides under two names: an order's number here and there, two tokens, two correlation ids."""

import re
from datetime import datetime, timedelta
from typing import Any

import jwt

from .forms import form, instant, is_identity, iso_times

__all__ = ["Pairs", "claims"]

# Words with what is between them; neither part of a time nor of a UUID is a word of its own.
_WORD = re.compile(r"([^\w:.+-]+)")
_FILE = re.compile(r"([^.]+)(\.[a-z]\w{1,4})")
_SEVERAL = 3
_SLACK = timedelta(seconds=2)
_EPOCH_SECONDS = range(1_000_000_000, 5_000_000_000)


class Pairs:
    """Identities matched as they are met: whoever was paired once keeps its partner, on both sides."""

    def __init__(self) -> None:
        self._there: dict[Any, Any] = {}
        self._here: dict[Any, Any] = {}

    def match(self, here: Any, there: Any, now: tuple[datetime, datetime]) -> bool:
        """Tell whether two values that differ may stand for the same, and remember them as a pair if so; `now` is each side's time."""
        if here in self._there or there in self._here:
            return bool(self._there.get(here) == there and self._here.get(there) == here)
        if _same_distance(here, there, now):
            return True
        if isinstance(here, str) and isinstance(there, str):
            if self._same_words(here, there, now):
                return True
            first, second = _FILE.fullmatch(here), _FILE.fullmatch(there)
            if first and second and first[2] == second[2]:
                return self.match(first[1], second[1], now)
        alike = is_identity(here) and is_identity(there) and form(here) == form(there) and len(here) == len(there)
        if alike:
            self.learn(here, there)
        return alike

    def _same_words(self, here: str, there: str, now: tuple[datetime, datetime]) -> bool:
        """Tell whether two texts differ in nothing but names that stand for the same."""
        first, second = _WORD.split(iso_times(here)), _WORD.split(iso_times(there))
        if len(first) != len(second) or len(first) < _SEVERAL or first[1::2] != second[1::2]:
            return False
        words = zip(first[::2], second[::2], strict=True)
        return all(one == other or self.match(one, other, now) for one, other in words)

    def learn(self, here: Any, there: Any) -> None:
        """Remember two values as a pair."""
        self._there[here] = there
        self._here[there] = here

    def known(self, here: Any) -> Any:
        """Give the partner of a value of the mock's, None when it has none."""
        return self._there.get(here)


def _same_distance(here: Any, there: Any, now: tuple[datetime, datetime]) -> bool:
    """Tell whether two times lie equally far from each side's present; what is as far from it as the other is the same time."""
    first, second = instant(here), instant(there)
    if first and second:
        return form(here) == form(there) and abs((first - now[0]) - (second - now[1])) <= _SLACK
    if _is_epoch(here) and _is_epoch(there):
        return bool(abs((here - now[0].timestamp()) - (there - now[1].timestamp())) <= _SLACK.total_seconds())
    return False


def _is_epoch(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value in _EPOCH_SECONDS


def claims(value: Any) -> Any:
    """Give what a JSON Web Token claims, with its header's fields; None when it is none."""
    if not isinstance(value, str) or value.count(".") != 2:  # noqa: PLR2004 - a token has three parts
        return None
    try:
        return {
            "header": jwt.get_unverified_header(value),
            "claims": jwt.decode(value, options={"verify_signature": False}),
        }
    except jwt.InvalidTokenError:
        return None
