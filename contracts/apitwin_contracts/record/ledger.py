"""The secrets that a recording knows, each with its one pseudonym."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .matching import Needle
from .pseudonyms import EMAIL, pseudonym
from .webtokens import is_web_token, scrubbed_web_token

__all__ = ["PERSONAL", "Ledger"]

PERSONAL = frozenset({"company", "email", "firstname", "lastname", "name", "phone", "street", "user"})
_SHORTEST, _SHORTEST_NAME, _SHORTEST_PHRASE = 4, 3, 8
_SHORTEST_PHONE = 6
_SHORTEST_SEEN = 8
_SHORTEST_LINE = 16
# A scheme without credentials, and what some languages write for an empty value: they stand where a secret should, and are none.
_SCHEMES = frozenset({"", "basic", "bearer", "digest", "negotiate"})
_NOTHING = frozenset({"false", "nan", "nil", "none", "null", "true", "undefined"})
_SHORT_WORD = re.compile(r"[A-Za-z]{1,5}")
_FEW_DIGITS = re.compile(r"[0-9]{1,7}")


@dataclass(frozen=True)
class _Entry:
    kind: str
    secret: str
    pseudonym: str
    everywhere: bool
    told: bool


class Ledger:
    """Equal secrets have equal pseudonyms and different ones different; the order of learning makes them the same in every run.

    `vocabulary` tells words of the API itself: a secret that is one is no secret where it is a name.
    """

    def __init__(self, vocabulary: Callable[[str], bool] = lambda _word: False) -> None:
        self.version = 0
        self._vocabulary = vocabulary
        self._entries: dict[str, _Entry] = {}
        self._pseudonyms: set[str] = set()
        self._numbers: dict[str, int] = {}
        self._public: set[str] = set()
        # By these tokens of ours are known, also where something in them was replaced later.
        self._signatures: set[str] = set()

    def spare(self, value: str) -> None:
        """Leave a text that only looks like a secret as it is."""
        self._public.add(value)

    def keys(self) -> dict[str, str]:
        """Give with its pseudonym each secret that somebody named and that could sign something."""
        signing = (entry for entry in self._entries.values() if entry.told and entry.kind not in PERSONAL)
        return {entry.secret: entry.pseudonym for entry in signing}

    def learn(self, kind: str, value: str, *, told: bool = False) -> str:
        """Give a secret's pseudonym; `told` is one that somebody named, where others were only recognised by their place or form."""
        if value in self._pseudonyms or self._is_none(value, told=told):
            return value
        if is_web_token(value) and value.rpartition(".")[2] in self._signatures:
            return value
        if kind in PERSONAL:
            kind = "email" if EMAIL.fullmatch(value) else "user" if kind == "email" else kind
        known = self._entries.get(_key(kind, value))
        everywhere = _stands_out(kind, value, told=told) or bool(known and known.everywhere)
        made = known.pseudonym if known else self._made(kind, value)
        entry = _Entry(known.kind if known else kind, value, made, everywhere, told or bool(known and known.told))
        if made != value and entry != known:
            self.version += 1
            self._entries[_key(kind, value)] = entry
            self._pseudonyms.add(made)
            if "\n" in value:
                self._learn_lines(kind, value)
        return made

    def _is_none(self, value: str, *, told: bool) -> bool:
        word = value.strip().lower()
        return word in _SCHEMES or (not told and (word in _NOTHING or value in self._public))

    def pseudonym_of(self, value: str) -> str:
        """Give a secret's pseudonym, or the value itself when it is none."""
        entry = self._entries.get(value) or self._entries.get(_key("email", value))
        return entry.pseudonym if entry and (entry.secret == value or entry.kind == "email") else value

    def needles(self) -> Iterator[Needle]:
        """Give what is to be replaced wherever it stands; short names and words only stand for themselves in their own places."""
        for entry in self._entries.values():
            if entry.everywhere:
                yield from _needles(entry, is_name=self._vocabulary(entry.secret))

    def _made(self, kind: str, value: str) -> str:
        number = self._numbers[kind] = self._numbers.get(kind, 0) + 1
        if is_web_token(value):
            token = scrubbed_web_token(value, number, self)
            self._signatures.add(token.rpartition(".")[2])
            return token
        attempt = 0
        while not self._is_free(made := pseudonym(kind, value, number, attempt), value):
            attempt += 1
        return made

    def _is_free(self, made: str, value: str) -> bool:
        if made == value:
            # A recording that was scrubbed before holds its own pseudonyms in the same order.
            return True
        secrets = (entry.secret for entry in self._entries.values() if len(entry.secret) >= _SHORTEST)
        return not (made in self._pseudonyms or made in self._entries or any(secret in made for secret in secrets))

    def _learn_lines(self, kind: str, value: str) -> None:
        # A text of several lines is indented, wrapped or joined where it is quoted.
        for line in value.split("\n"):
            if len(line.strip()) >= _SHORTEST_LINE:
                self.learn(kind, line.strip())


def _key(kind: str, value: str) -> str:
    return value.lower() if kind == "email" else value


def _stands_out(kind: str, value: str, *, told: bool) -> bool:
    """Tell whether a text can only be this secret, wherever it stands: a product may be called like a person's first name."""
    if kind not in PERSONAL:
        return len(value) >= (_SHORTEST if told else _SHORTEST_SEEN) and not _FEW_DIGITS.fullmatch(value)
    if kind == "email":
        return True
    if kind == "phone":
        return sum(character.isdigit() for character in value) >= _SHORTEST_PHONE
    phrase = len(value) >= _SHORTEST_PHRASE and not value.isalpha() and any(map(str.isalpha, value))
    return phrase or (told and len(value) >= _SHORTEST_NAME)


def _needles(entry: _Entry, *, is_name: bool) -> Iterator[Needle]:
    text = entry.pseudonym.encode()
    whole = is_name or entry.kind in PERSONAL or bool(_SHORT_WORD.fullmatch(entry.secret))
    forms = {entry.secret.encode()} | (
        {entry.secret.encode("latin-1", "replace")} if _is_latin(entry.secret) else set()
    )
    for sought in forms:
        yield Needle(sought, text, f"a secret ({entry.kind})", whole, is_name, entry.kind == "email")


def _is_latin(text: str) -> bool:
    return not text.isascii() and all(ord(character) < 256 for character in text)  # noqa: PLR2004 - Latin-1 ends there
