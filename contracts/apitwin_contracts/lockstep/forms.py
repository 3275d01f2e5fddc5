"""The form of a value: what of it two worlds share when the value itself is another in each."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

__all__ = ["ABSENT", "form", "instant", "is_identity", "is_schema", "iso_times", "kind", "shown"]

ABSENT = "absent"

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HEX = re.compile(r"[0-9a-f]{16,}|[0-9A-F]{16,}")
_JWT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]*")
_OPAQUE = re.compile(r"(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[\w+/=.~-]{16,}")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?")
_INVARIANT_TIME = re.compile(r"\b(\d\d)/(\d\d)/(\d{4}) (\d\d:\d\d:\d\d)\b")
_HTTP_TIME = re.compile(r"\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT\b")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_CODE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
_SHORTEST_JWT = 40
_LONGEST_SHOWN = 200
_NAMED = (
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "uuid"),
    (_UUID, "uuid in capitals"),
    (re.compile(r"https?://\S+"), "URL"),
    (re.compile(r"[^@\s]+@[^@\s]+\.[a-z]+"), "mail address"),
    (_CODE, "code"),
)


def kind(value: Any) -> str:
    """Give the JSON type; whole numbers are told from others."""
    if value is None:
        return "null"
    return {bool: "boolean", int: "integer", float: "number", str: "string", list: "list", dict: "object"}[type(value)]


def form(value: Any) -> str:
    """Give the form of a scalar: the class of a text (its pattern, where it is a time or a number), the type of anything else."""
    if not isinstance(value, str):
        return kind(value)
    if not value or value.isspace():
        return "empty text" if not value else "blank text"
    if _TIME.fullmatch(value) or _DATE.fullmatch(value):
        return re.sub(r"\d", "9", re.sub(r"[+-]\d\d:?\d\d$", "+99:99", value))
    if _NUMBER.fullmatch(value):
        return "number with a point as text" if "." in value else "digits"
    named = next((name for pattern, name in _NAMED if pattern.fullmatch(value)), None)
    return named or ("opaque text" if is_identity(value) else "padded text" if value.strip() != value else "text")


def is_identity(value: Any) -> bool:
    """Tell whether a value looks drawn rather than meant: a UUID, a token, a hash."""
    if not isinstance(value, str):
        return False
    jwt = len(value) >= _SHORTEST_JWT and _JWT.fullmatch(value)
    return bool(_UUID.fullmatch(value) or _HEX.fullmatch(value) or jwt or _OPAQUE.fullmatch(value))


def instant(value: Any) -> datetime | None:
    """Read a text as an instant, in UTC where it names no zone; None when it is none."""
    if not (isinstance(value, str) and _TIME.fullmatch(value)):
        return None
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read


def is_schema(body: Any) -> bool:
    """Tell whether a body answers an introspection of GraphQL."""
    data = body.get("data") if isinstance(body, dict) else None
    schema = data.get("__schema") if isinstance(data, dict) else None
    return isinstance(schema, dict) and "types" in schema and "queryType" in schema


def iso_times(text: str) -> str:
    """Give a text with the times in it written as ISO 8601 has them: those of .NET's invariant culture and of HTTP."""
    text = _INVARIANT_TIME.sub(r"\3-\1-\2T\4", text)
    return _HTTP_TIME.sub(lambda found: _iso(found[0]), text)


def _iso(http_time: str) -> str:
    """Write a time of HTTP as ISO 8601 has it; what only looks like one stays."""
    try:
        return f"{parsedate_to_datetime(http_time):%Y-%m-%dT%H:%M:%SZ}"
    except ValueError:
        return http_time


def shown(value: Any) -> str:
    """Write a value for a report."""
    text = value if value is ABSENT else repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
