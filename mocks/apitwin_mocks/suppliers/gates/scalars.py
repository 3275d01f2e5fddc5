"""BigDecimal, UniversalTypeValue and DateTime: decimals keep their digits, instants are told in UTC."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson
from ariadne import ScalarType
from graphql import FloatValueNode, GraphQLError, IntValueNode, StringValueNode, print_ast

__all__ = ["BIG_DECIMAL", "DATE_TIME", "UNIVERSAL_TYPE_VALUE", "written_instant"]

_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII)
_MOST_DIGITS = 30


def written_instant(instant: datetime) -> str:
    """Write an instant as the samples do: 2037-12-24T00:00:00Z."""
    return f"{instant.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"


def _read_decimal(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError  # noqa: TRY004 - one error for every value that does not fit
    # The shortest text that means a float is what stood in the JSON document.
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite() or len(number.as_tuple().digits) > _MOST_DIGITS or abs(number.adjusted()) > _MOST_DIGITS:
        raise ValueError
    return number


def _read_value(value: object) -> str | Decimal:
    return value if isinstance(value, str) else _read_decimal(value)


def _read_instant(value: object) -> datetime:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ValueError
    return datetime.fromisoformat(value).astimezone(UTC)


def _written_decimal(value: Decimal) -> Any:
    text = format(value, "f")
    return orjson.Fragment(text.rstrip("0").rstrip(".") if "." in text else text)


def _written_value(value: str | Decimal) -> Any:
    return value if isinstance(value, str) else _written_decimal(value)


def _scalar(name: str, read: Callable[[object], object], write: Callable[[Any], Any], *nodes: Any) -> ScalarType:
    def value(given: object) -> object:
        try:
            return read(given)
        except (ValueError, OverflowError):
            raise GraphQLError(f"{name} cannot represent value: {given!r}") from None

    def literal(node: Any, _variables: object = None) -> object:
        if not isinstance(node, nodes):
            raise GraphQLError(f"{name} cannot represent value: {print_ast(node)}", node)
        text: str = node.value
        return value(text if isinstance(node, StringValueNode) else Decimal(text))

    return ScalarType(name, serializer=write, value_parser=value, literal_parser=literal)


BIG_DECIMAL = _scalar("BigDecimal", _read_decimal, _written_decimal, IntValueNode, FloatValueNode)
UNIVERSAL_TYPE_VALUE = _scalar(
    "UniversalTypeValue", _read_value, _written_value, StringValueNode, IntValueNode, FloatValueNode
)
DATE_TIME = _scalar("DateTime", _read_instant, written_instant, StringValueNode)
