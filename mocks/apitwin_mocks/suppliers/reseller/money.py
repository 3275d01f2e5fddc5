"""Exact amounts and instants in the forms that the wire gives them."""

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

import orjson

__all__ = ["CENT", "cents", "instant", "money"]

CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """Give an amount with two digits; half a cent is rounded away from zero."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def money(amount: Decimal) -> orjson.Fragment:
    """Write an amount as a JSON number with two digits; it never passes through a float."""
    return orjson.Fragment(format(cents(amount), "f"))


def instant(at: datetime) -> str:
    """Write an instant as UTC to the second: 2026-05-14T10:30:00Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
