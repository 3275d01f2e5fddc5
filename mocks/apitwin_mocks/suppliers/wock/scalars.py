"""UUID, Decimal and DateTime as Hot Chocolate 14 reads and writes them: strict in, one form out."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal
from typing import Any

import orjson
from ariadne import ScalarType
from graphql import FloatValueNode, GraphQLError, IntValueNode, StringValueNode, ValueNode, print_ast

__all__ = ["SCALARS", "Between", "read_date_time", "read_decimal", "read_uuid", "written_date_time"]

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DATE_TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.(\d{1,7}))?(Z|[+-]\d{2}:\d{2})", re.ASCII | re.IGNORECASE
)
_LARGEST = Decimal(79228162514264337593543950335)
_DOTNET = Context(prec=29)
_MICROSECONDS = 6


class Between:
    """An instant with a tenth of a microsecond: equal to none of ours, and between the two that stand next to it."""

    __slots__ = ("_floor",)

    def __init__(self, floor: datetime) -> None:
        self._floor = floor

    def __lt__(self, other: datetime) -> bool:
        return self._floor < other

    def __gt__(self, other: datetime) -> bool:
        return self._floor >= other

    __le__ = __lt__
    __ge__ = __gt__


def read_uuid(value: object) -> str:
    """Read the form with dashes, in any case; raises `ValueError` for anything else."""
    if not isinstance(value, str) or not _UUID.fullmatch(value.lower()):
        raise ValueError("no UUID with dashes")
    return value.lower()


def read_decimal(value: object) -> Decimal:
    """Read a number within .NET's range; raises `ValueError` for text, truth values and anything beyond it."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("no number")  # noqa: TRY004 - one error for every value that does not fit
    number = Decimal(value)
    if not number.is_finite() or number.copy_abs() > _LARGEST:
        raise ValueError("no number in .NET's range")
    return _DOTNET.plus(number)


def read_date_time(value: object) -> datetime | Between:
    """Read a date, a time and an offset, with up to seven digits of a second; raises `ValueError` for anything else."""
    found = _DATE_TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("no date, time and offset")
    day, time, fraction, offset = found.groups()
    digits = (fraction or "").ljust(_MICROSECONDS + 1, "0")
    instant = datetime.fromisoformat(f"{day}T{time}.{digits[:_MICROSECONDS]}{offset.upper()}").astimezone(UTC)
    return instant if digits[_MICROSECONDS] == "0" else Between(instant)


def written_date_time(value: datetime) -> str:
    """Write an instant in UTC with milliseconds, as .NET's `fffZ`."""
    if value.utcoffset() != timedelta():
        value = value.astimezone(UTC)
    return f"{value.isoformat('T', 'milliseconds')[:23]}Z"


def _written_decimal(value: Decimal) -> Any:
    # The digits as they are: 12.50 stays 12.50, and nothing is rounded on the way.
    return orjson.Fragment(format(value, "f"))


def _scalar(name: str, read: Any, write: Any, *nodes: type[ValueNode]) -> ScalarType:
    def value(given: object, node: ValueNode | None = None) -> object:
        try:
            return read(given)
        except (ValueError, OverflowError):
            raise GraphQLError(f"{name} cannot represent value: {given!r}", node) from None

    def literal(node: ValueNode, _variables: object = None) -> object:
        if not isinstance(node, nodes):
            raise GraphQLError(f"{name} cannot represent value: {print_ast(node)}", node)
        text: str = node.value  # type: ignore[attr-defined] # each of `nodes` has one
        return value(text if isinstance(node, StringValueNode) else Decimal(text), node)

    return ScalarType(name, serializer=write, value_parser=value, literal_parser=literal)


SCALARS = (
    _scalar("UUID", read_uuid, str, StringValueNode),
    _scalar("Decimal", read_decimal, _written_decimal, IntValueNode, FloatValueNode),
    _scalar("DateTime", read_date_time, written_date_time, StringValueNode),
)
