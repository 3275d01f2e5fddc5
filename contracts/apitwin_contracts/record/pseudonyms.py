"""Pseudonyms: made of a kind and a number alone, so that they tell nothing of the secret but its form."""

import hashlib
import re
import string
from base64 import b64decode
from collections.abc import Iterator

__all__ = ["EMAIL", "UUID", "pseudonym"]

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_HEX = re.compile(r"(?=.*[0-9])(?:[0-9a-f]{16,}|[0-9A-F]{16,})")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")
_SLASHES = re.compile(r"[+/]")
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM")
_HEAD = 12
_DOMAIN = "@example.test"
_WORDS = {
    "company": "Company ",
    "firstname": "Given",
    "lastname": "Family",
    "name": "Person ",
    "street": "Street ",
    "user": "user-",
}
# Without x, which fills up.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWYZ"
_KEPT = "-._= "
_FEWEST_CHANGES = 3
_FEWEST_DIGITS = 4


def pseudonym(kind: str, value: str, number: int, attempt: int = 0) -> str:
    """Give what stands for a secret: of the same form and, where that is possible, of the same length.

    The same kind, form, number and attempt always give the same text; but for a phone's plus and slashes it holds no character that
    JSON, markup or base64 would write differently.
    """
    if UUID.fullmatch(value):
        return _uuid(value, number)
    if kind == "email" and EMAIL.fullmatch(value):
        return _email(value, number)
    if kind == "phone":
        return _phone(value, number) or _shaped(kind, value, number, attempt)
    if kind in _WORDS and not attempt and any(map(str.isalpha, value)):
        return _named(_WORDS[kind], value, number) or _shaped(kind, value, number, attempt)
    return _shaped(kind, value, number, attempt)


def _uuid(value: str, number: int) -> str:
    # The version and the variant stay: a schema may ask for them.
    made = f"00000000-0000-{value[14]}000-{value[19]}000-{number:012x}"
    return made.upper() if value != value.lower() else made


def _email(value: str, number: int) -> str:
    room = len(value) - len(_DOMAIN)
    local = f"mail{number}"
    return (local.ljust(room, "x") if len(local) <= room else f"m{number}") + _DOMAIN


def _phone(value: str, number: int) -> str | None:
    digits = sum(character.isdigit() for character in value)
    made = f"9{number:0{max(1, digits - 1)}d}"
    if digits < _FEWEST_DIGITS or len(made) > digits:
        return None
    taken = iter(made)
    return "".join(
        next(taken) if character.isdigit() else character if character in "+()/" else _plain(character)
        for character in value
    )


def _named(word: str, value: str, number: int) -> str | None:
    made = word + _lettered(number)
    return made.ljust(len(value), "x") if len(made) <= len(value) else None


def _lettered(number: int) -> str:
    letters = ""
    while number:
        number, place = divmod(number - 1, len(_LETTERS))
        letters = _LETTERS[place] + letters
    return letters


def _shaped(kind: str, value: str, number: int, attempt: int) -> str:
    """Give a text whose letters, digits and cases stand where the secret's do."""
    stream = _stream(f"apitwin {kind} {number} {attempt}")
    hexadecimal = bool(_HEX.fullmatch(value.lower()))
    kept = value[: _kept_of_picture(value)]
    # What was base64 is base64 again.
    rest = _SLASHES.sub("a", value[len(kept) :]) if _BASE64.fullmatch(value) else value[len(kept) :]
    made = kept + "".join(_shaped_character(character, next(stream), hexadecimal=hexadecimal) for character in rest)
    changeable = sum(character not in _KEPT for character in value)
    longer = attempt > 2 * len(value)
    return made if changeable >= _FEWEST_CHANGES and made.strip(_KEPT) and not longer else f"scrubbed-{kind}-{number}"


def _kept_of_picture(value: str) -> int:
    """Give how many characters tell that base64 is of a picture: whoever reads a picture looks at them."""
    try:
        head = b64decode(value[:_HEAD], validate=True)
    except ValueError:
        return 0
    return _HEAD if len(value) > 2 * _HEAD and head.startswith(_PICTURES) else 0


def _shaped_character(character: str, byte: int, *, hexadecimal: bool) -> str:
    if hexadecimal and character in string.hexdigits:
        made = string.hexdigits[byte % 16]
        return made.upper() if character.isupper() else made
    if character in string.digits:
        return string.digits[1 + byte % 9]
    if character.isalpha():
        return (string.ascii_uppercase if character.isupper() else string.ascii_lowercase)[byte % 26]
    return _plain(character)


def _plain(character: str) -> str:
    return character if character in _KEPT else "-"


def _stream(text: str) -> Iterator[int]:
    block = 0
    while True:
        yield from hashlib.sha256(f"{text} {block}".encode()).digest()
        block += 1
