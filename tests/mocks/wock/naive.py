"""A second reading of `where` and `order`, over the rows as the wire shows them; it shares nothing with the mock's."""

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from hypothesis import strategies as st

__all__ = ["ORDER", "PRODUCT", "allowed", "ordered", "orders", "wheres"]

Row = dict[str, Any]
Where = dict[str, Any]

_TEXTS = {"name": "String", "platform": "String", "language": "String", "region": "String"}
_BUNDLE = {"id": "Int", **_TEXTS, "isSubBundle": "Boolean"}
_QUANTITY = {"text": "Int", "image": "Int", "all": "Int"}
_TIER = {"price": "Decimal", "minimumQuantity": "Int"}
_ITEM: dict[str, Any] = {
    "id": "Int",
    "name": "String",
    "isBundle": "Boolean",
    "isSubBundle": "Boolean",
    "quantity": "Int?",
    "price": "Decimal?",
}
_ITEM["children"] = [_ITEM]
PRODUCT: dict[str, Any] = {
    "id": "Int",
    **_TEXTS,
    "quantity": _QUANTITY,
    "currency": "String",
    "isBundle": "Boolean",
    "isDisabled": "Boolean",
    "lastUpdateDateTime": "DateTime",
    "bundleItems": [_BUNDLE],
    "productPartnerId": "String?",
    "productPartnerIds": ["String"],
    "bulkPrices": [_TIER],
    "languages": ["String"],
    "regions": ["String"],
    "excludedLanguages": ["String"],
    "excludedRegions": ["String"],
}
ORDER: dict[str, Any] = {
    "id": "UUID",
    "legacyId": "String?",
    "identifier": "String",
    "createdAt": "DateTime",
    "status": "Int",
    "products": [_ITEM],
}
_COMPARISONS = ("eq", "in", "gt", "gte", "lt", "lte")
_OPERATIONS = {
    "String": ("eq", "in", "contains", "startsWith", "endsWith"),
    "Boolean": ("eq",),
    **dict.fromkeys(("Int", "UUID", "Decimal", "DateTime"), _COMPARISONS),
}


def allowed(shape: Any, where: Where, row: Row) -> bool:
    """Tell whether a filter lets a row through."""
    return all(_conditions(shape, where, row))


def _conditions(shape: Any, where: Where, row: Any) -> Iterator[bool]:
    """Give each condition's truth; an object without an operation gives none."""
    for name, part in where.items():
        if name == "and":
            yield from (held for item in part for held in _conditions(shape, item, row))
        elif name == "or":
            sides = [list(_conditions(shape, item, row)) for item in part]
            yield from [any(all(side) for side in sides if side)] if any(sides) else []
        elif isinstance(shape, str):
            yield _operation(shape.rstrip("?"), name, part, row)
        else:
            yield from _member(shape[name], part, row[name])


def _member(shape: Any, part: Where, value: Any) -> Iterator[bool]:
    if not isinstance(shape, list):
        yield from _conditions(shape, part, value)
        return
    for name, inner in part.items():
        if name == "any":
            yield bool(value) is inner
            continue
        held = [list(_conditions(shape[0], inner, item)) for item in value]
        if _says_something(inner):
            found = [all(item) for item in held]
            yield {"some": any(found), "all": all(found), "none": not any(found)}[name]


def _says_something(where: Any) -> bool:
    if isinstance(where, dict):
        return any(
            _says_something(part) if isinstance(part, dict | list) and name not in {"in", "nin"} else True
            for name, part in where.items()
        )
    return any(_says_something(item) for item in where)


def _operation(kind: str, name: str, operand: Any, value: Any) -> bool:
    if name.startswith("n") and name[1:] in _OPERATIONS[kind]:
        return not _operation(kind, name[1:], operand, value)
    if name == "in":
        return any(_operation(kind, "eq", item, value) for item in operand)
    if operand is None or value is None:
        return name == "eq" and operand is None and value is None
    left, right = _plain(kind, value), _plain(kind, operand)
    checks: dict[str, Callable[[], bool]] = {
        "eq": lambda: left == right,
        "gt": lambda: left > right,
        "gte": lambda: left >= right,
        "lt": lambda: left < right,
        "lte": lambda: left <= right,
        "contains": lambda: right in left,
        "startsWith": lambda: left.startswith(right),
        "endsWith": lambda: left.endswith(right),
    }
    return checks[name]()


def _plain(kind: str, value: Any) -> Any:
    if kind == "Decimal":
        return Decimal(str(value))
    if kind == "DateTime":
        return datetime.fromisoformat(value)
    return value.casefold() if isinstance(value, str) else value


def wheres(shape: Any, rows: list[Any], depth: int = 4) -> st.SearchStrategy[Where]:
    """Generate filters whose operands are often values of the rows."""
    fields = {name: _field(inner, [row[name] for row in rows], depth) for name, inner in shape.items()}
    plain = st.dictionaries(st.sampled_from(sorted(fields)), st.none(), min_size=1, max_size=2).flatmap(
        lambda chosen: st.fixed_dictionaries({name: fields[name] for name in chosen})
    )
    if depth <= 1:
        return plain
    lists = st.lists(wheres(shape, rows, depth - 1) | st.just({}), max_size=3)
    joined = st.dictionaries(st.sampled_from(["and", "or"]), lists, min_size=1, max_size=2)
    return plain | joined | st.builds(lambda one, other: {**one, **other}, plain, joined)


def _field(shape: Any, values: list[Any], depth: int) -> st.SearchStrategy[Any]:
    if isinstance(shape, str):
        return _operations(shape, values)
    if isinstance(shape, dict):
        return wheres(shape, [value for value in values if value is not None], min(depth - 1, 2))
    items = [item for value in values for item in value][:50]
    inner = _operations(shape[0], items) if isinstance(shape[0], str) else _items(shape[0], items, depth)
    branches = dict.fromkeys(("some", "all", "none"), inner)
    return st.one_of(
        st.fixed_dictionaries({"any": st.booleans()}),
        *(st.fixed_dictionaries({name: branch}) for name, branch in branches.items()),
    )


def _items(shape: Any, items: list[Any], depth: int) -> st.SearchStrategy[Where]:
    known = {name: inner for name, inner in shape.items() if depth > 1 or not isinstance(inner, list)}
    blank: dict[str, Any] = {"quantity": None, "price": None, "children": []}
    sample = items or [{name: _SOME.get(str(inner)) for name, inner in shape.items()} | blank]
    return wheres(known, sample, min(depth - 1, 2) or 1)


_SOME = {"Int": 1, "String": "x", "Boolean": True, "Decimal": 1.5}
_OTHERS: dict[str, st.SearchStrategy[Any]] = {
    "Int": st.integers(-5, 2000),
    "String": st.sampled_from(["", "a", "EN", "steam", " ", "O", "Ä"]),
    "Boolean": st.booleans(),
    "Decimal": st.integers(0, 9000).map(lambda cents: cents / 100),
    "DateTime": st.sampled_from(["2024-10-01T00:00:00Z", "2025-01-15T10:30:00+01:00", "2024-10-01T00:00:00.1234567Z"]),
    "UUID": st.sampled_from(["e21de451-d7e2-4f28-8925-2c1c3809a42c", "00000000-0000-4000-8000-000000000000"]),
}


def _operations(shape: str, values: list[Any]) -> st.SearchStrategy[Where]:
    kind, nullable = shape.rstrip("?"), shape.endswith("?")
    present = [value for value in values if value is not None][:40] or [_SOME.get(kind, "x")]
    usual = _OTHERS[kind] | (st.sampled_from(present) if _fits(kind, present[0]) else _OTHERS[kind])
    if kind == "String":
        usual = usual | st.sampled_from(present).map(lambda text: text[: len(text) // 2].upper())
    whole = usual | st.none() if nullable else usual
    listed = st.lists(usual | st.none(), max_size=3)
    made = []
    for name in _OPERATIONS[kind]:
        operand = {"eq": whole, "in": listed}.get(name, usual)
        made += [st.fixed_dictionaries({name: operand}), st.fixed_dictionaries({f"n{name}": operand})]
    one = st.one_of(made)
    if kind != "String":
        return one
    return (
        one
        | st.fixed_dictionaries({"or": st.lists(one, max_size=2)})
        | st.builds(lambda a, b: {**a, "and": [b]}, one, one)
    )


def _fits(kind: str, value: Any) -> bool:
    return kind not in ("UUID", "DateTime") or len(str(value)) > 10


def orders(names: list[str]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Generate orders of several keys; `quantity.all` stands for a nested one."""
    direction = st.sampled_from(["ASC", "DESC"])
    one = st.tuples(st.sampled_from(names), direction).map(_key)
    return st.lists(one, min_size=1, max_size=3)


def _key(chosen: tuple[str, str]) -> dict[str, Any]:
    outer, _, inner = chosen[0].partition(".")
    return {outer: {inner: chosen[1]}} if inner else {outer: chosen[1]}


def ordered(rows: list[Row], order: list[dict[str, Any]]) -> list[Row]:
    """Sort by comparing two rows at a time, key by key."""

    def compare(left: Row, right: Row) -> int:
        for key in order:
            [(name, direction)] = key.items()
            one, other = left[name], right[name]
            if isinstance(direction, dict):
                [(inner, direction)] = direction.items()
                one, other = one[inner], other[inner]
            found = _compared(one, other)
            if found:
                return found if direction == "ASC" else -found
        return 0

    return sorted(rows, key=cmp_to_key(compare))


def _compared(one: Any, other: Any) -> int:
    if one is None or other is None:
        return (one is not None) - (other is not None)
    left, right = (value.casefold() if isinstance(value, str) else value for value in (one, other))
    return (left > right) - (left < right)
