"""What a client sent, read by the document's rules; names are compared without regard to case, as the platform does."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import orjson

from apitwin_fixtures import Request
from apitwin_mocks.kit.errors import Refusal

from .errors import Code

__all__ = ["Fields", "json_body", "listing", "malformed", "number_of", "query", "whole_number"]

_MOST_DIGITS = 18
_LARGEST = 2**53 - 1


def malformed(field: str, reason: str) -> Refusal:
    """Make the refusal of a field that is absent or has a wrong form."""
    return Refusal(Code.VALIDATION_FAILED, field=field, reason=reason)


Value = TypeVar("Value")


class Fields:
    """Named values of a body or, where all are text, of a query; null and absent are the same."""

    def __init__(self, sent: Mapping[str, Any], prefix: str = "", *, are_texts: bool = False) -> None:
        self._sent = {name.lower(): value for name, value in reversed(tuple(sent.items())) if value is not None}
        self._prefix = prefix
        self._are_texts = are_texts

    def over(self, other: "Fields") -> "Fields":
        """Give these fields, and the other's where these are silent."""
        return _Layered(self, other)

    def raw(self, name: str) -> Any:
        """Give a field as it was sent, None when absent."""
        return self._sent.get(name.lower())

    def refuse(self, name: str, reason: str) -> Refusal:
        """Make the refusal of a field."""
        return malformed(self._prefix + name, reason)

    def text(self, name: str, most: int, least: int = 0) -> str | None:
        """Give a text of so many characters."""
        value = self.raw(name)
        if value is not None and not (isinstance(value, str) and least <= len(value) <= most):
            raise self.refuse(name, f"must be a text of {least} to {most} characters")
        return value

    def whole(self, name: str, least: int, most: int = _LARGEST) -> int | None:
        """Give a whole number within bounds."""
        value = self.raw(name)
        if self._are_texts and value is not None:
            value = number_of(value)
            value = "" if value is None else value
        if value is None:
            return None
        value = whole_number(value)
        if value is None or not least <= value <= most:
            bounds = f"of at least {least}" if most == _LARGEST else f"from {least} to {most}"
            raise self.refuse(name, f"must be a whole number {bounds}")
        return value

    def flag(self, name: str) -> bool | None:
        """Give true or false."""
        value = self.raw(name)
        if self._are_texts and value is not None:
            value = {"true": True, "false": False}.get(str(value).lower(), value)
        if value is not None and not isinstance(value, bool):
            raise self.refuse(name, "must be true or false")
        return value

    def rows(self, name: str, most: int) -> Iterator["Fields"] | None:
        """Give the objects of a list."""
        value = self.raw(name)
        if value is None:
            return None
        if not isinstance(value, list) or len(value) > most or not all(isinstance(row, dict) for row in value):
            raise self.refuse(name, f"must be a list of at most {most} objects")
        return (Fields(row, f"{self._prefix}{name}[{place}].") for place, row in enumerate(value))


class _Layered(Fields):
    """Fields that speak first, before others; both are held to the rules."""

    def __init__(self, first: Fields, second: Fields) -> None:
        self._first, self._second = first, second

    @staticmethod
    def _first_of(first: Value | None, second: Value | None) -> Value | None:
        return second if first is None else first

    def text(self, name: str, most: int, least: int = 0) -> str | None:
        return self._first_of(self._first.text(name, most, least), self._second.text(name, most, least))

    def whole(self, name: str, least: int, most: int = _LARGEST) -> int | None:
        return self._first_of(self._first.whole(name, least, most), self._second.whole(name, least, most))

    def flag(self, name: str) -> bool | None:
        return self._first_of(self._first.flag(name), self._second.flag(name))


def whole_number(value: object) -> int | None:
    """Give a number without a fraction as such, as JSON Schema counts them; None for anything else."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def number_of(text: str) -> int | None:
    """Read a whole number, with a minus or without; None for another text."""
    digits = text.removeprefix("-")
    usable = digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS
    return int(text) if usable else None


def json_body(request: Request) -> Fields:
    """Read the JSON object that was sent as such."""
    content_type = (request.header("content-type") or "").partition(";")[0].strip().lower()
    if content_type != "application/json":
        raise Refusal(Code.MEDIA_TYPE)
    try:
        body = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        raise Refusal(Code.BODY_MALFORMED) from None
    if not isinstance(body, dict):
        raise Refusal(Code.BODY_MALFORMED)
    return Fields(body)


def query(request: Request) -> Fields:
    """Read the query."""
    return Fields(request.parameters, are_texts=True)


def listing(request: Request) -> Fields:
    """Read the parameters of a list: those of the query win over those of a body, which may be absent."""
    return query(request).over(json_body(request) if request.body else Fields({}))
