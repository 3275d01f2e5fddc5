"""`order` as Hot Chocolate reads it: the first key decides, the next among equals, and so on; null is smaller than any value."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from heapq import nlargest, nsmallest
from operator import attrgetter
from typing import Any, TypeVar

__all__ = ["ORDER", "PRODUCT", "sort_rows"]

# Where up to an eighth of the rows is wanted, leaving the others out is quicker than sorting them.
_FEW = 8
Row = TypeVar("Row")
Key = Callable[[Any], Any]
Keys = Mapping[str, "Key | Keys"]


def _text(attribute: str) -> Key:
    get = attrgetter(attribute)
    return lambda row: get(row).casefold()


def _optional_text(attribute: str) -> Key:
    get = attrgetter(attribute)

    def key(row: object) -> tuple[bool, str]:
        value: str | None = get(row)
        return (value is not None, (value or "").casefold())

    return key


PRODUCT: Keys = {
    "id": attrgetter("id"),
    "name": _text("name"),
    "platform": _text("platform"),
    "language": _text("language"),
    "region": _text("region"),
    "quantity": {name: attrgetter(f"quantity.{name}") for name in ("text", "image", "all")},
    "currency": _text("currency"),
    "isBundle": attrgetter("is_bundle"),
    "isDisabled": attrgetter("is_disabled"),
    "lastUpdateDateTime": attrgetter("last_update_date_time"),
    "productPartnerId": _optional_text("product_partner_id"),
}
ORDER: Keys = {
    "id": attrgetter("id"),
    "legacyId": _optional_text("legacy_id"),
    "identifier": _text("identifier"),
    "createdAt": attrgetter("created_at"),
    "status": attrgetter("status"),
}


def sort_rows(keys: Keys, rows: Sequence[Row], order: Sequence[Mapping[str, Any]] | None, wanted: int) -> Sequence[Row]:
    """Sort by a coerced `order`, at least the first `wanted` rows; rows that all keys find equal stay as they were."""
    steps = [step for item in order or () for step in _steps(keys, item)]
    if not steps:
        return rows
    found = list(_leading(rows, *steps[0], wanted))
    for key, descending in reversed(steps):
        found.sort(key=key, reverse=descending)
    return found


def _leading(rows: Sequence[Row], key: Key, descending: bool, wanted: int) -> Sequence[Row]:  # noqa: FBT001 - a step of the order
    """Give the rows that the first key lets among the first `wanted`, with all that are its equals; all rows where that saves nothing."""
    if wanted < 1 or wanted * _FEW > len(rows):
        return rows
    values = [key(row) for row in rows]
    last = (nlargest if descending else nsmallest)(wanted, values)[-1]
    pairs = zip(values, rows, strict=True)
    return [row for value, row in pairs if (value >= last if descending else value <= last)]


def _steps(keys: Keys, item: Mapping[str, Any]) -> Iterator[tuple[Key, bool]]:
    for name, wanted in item.items():
        key = keys[name]
        if isinstance(wanted, Mapping) and isinstance(key, Mapping):
            yield from _steps(key, wanted)
        elif wanted is not None and not isinstance(key, Mapping):
            yield key, wanted == "DESC"
