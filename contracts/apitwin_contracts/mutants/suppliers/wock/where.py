"""World of CD Keys' filter drifts: operators misread, quantifiers taken for others, conditions lost, joined wrongly or not."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from apitwin_contracts.mutants.mutant import Mutant, Stage
from apitwin_contracts.mutants.suppliers.wock.tools import making, rule, twisted
from apitwin_contracts.mutants.twist import sent
from apitwin_mocks.suppliers.wock.filters import _Compiler, _Part

__all__ = ["MUTANTS"]

_make = making("paging")

_BOTH = "products orders"

_OPERATORS = "where.operators"

Change = Callable[[Any, str, Any, str], Any]


def _misread(change: Change) -> Stage:
    """Give a stage on which an operation of a scalar is read otherwise.

    `change` gets the field, the operation, its operand and the row's place, and gives another (operation, operand), an expression that is bound
    to the place, None for no condition, or what changes the right expression.
    """

    def made(original: Any) -> Any:
        def operation(self: Any, field: Any, name: str, value: Any, place: str, path: Any) -> Any:
            changed = change(field, name, value, place)
            if changed is None:
                return None
            if isinstance(changed, tuple):
                return original(self, field, *changed, place, path)
            if getattr(changed, "over_parts", False):
                return changed(original(self, field, name, value, place, path), place)
            return _Part(f"{self._bind(changed)}({place})", 3)

        return operation

    return rule((_Compiler, "_operation", made))


def _as(**others: str) -> Stage:
    """Give a stage on which operations are taken for others."""
    return _misread(lambda _field, name, value, _place: (others.get(name, name), value))


def _only(names: str, places: str, change: Change) -> Change:
    """Change operations of some names at places that end so."""
    wanted, ends = names.split(), tuple(f".{end}" for end in places.split()) or ("",)
    return lambda field, name, value, place: (
        change(field, name, value, place) if name in wanted and place.endswith(ends) else (name, value)
    )


def _of_kind(names: str, kinds: str, change: Change) -> Change:
    return lambda field, name, value, place: (
        change(field, name, value, place) if name in names.split() and field.kind in kinds.split() else (name, value)
    )


def _ignored(*_given: Any) -> None:
    return None


def _swap(other: str) -> Change:
    return lambda _field, _name, value, _place: (other, value)


def _over(change: Callable[[_Part, str], _Part]) -> Any:
    change.over_parts = True  # type: ignore[attr-defined] # a mark that `_misread` reads
    return change


def _tested(test: Callable[[Any, Any], bool]) -> Change:
    """Read an operation by a test of one's own over the row's value and the operand."""
    return lambda _field, _name, value, _place: lambda own: own is not None and test(own, value)


def _like(own: str, wanted: str) -> bool:
    pattern = "".join({"_": ".", "%": ".*"}.get(letter, re.escape(letter)) for letter in wanted)
    return re.search(pattern, own, re.IGNORECASE) is not None


def _seconds(own: datetime, wanted: Any) -> bool:
    return isinstance(wanted, datetime) and own.replace(microsecond=0) > wanted.replace(microsecond=0)


_without_null = _over(lambda part, place: _Part(f"({place} is not None and {part.text})", part.cost))

_MISREAD = (
    _make(
        "n-starts-with-ignored",
        "breaking",
        _BOTH,
        "nstartsWith",
        _OPERATORS,
        _misread(_only("nstartsWith", "", _ignored)),
    ),
    _make(
        "n-starts-with-of-platform-ignored",
        "breaking",
        "products",
        "platform.nstartsWith",
        _OPERATORS,
        _misread(_only("nstartsWith", "platform", _ignored)),
    ),
    _make(
        "n-ends-with-of-region",
        "breaking",
        "products",
        "region.nendsWith",
        _OPERATORS,
        _misread(_only("nendsWith", "region", _swap("nstartsWith"))),
    ),
    _make("n-contains-positive", "breaking", _BOTH, "ncontains", _OPERATORS, _as(ncontains="contains")),
    _make("n-in-positive", "breaking", _BOTH, "nin", _OPERATORS, _as(nin="in")),
    _make(
        "not-equal-without-null",
        "breaking",
        _BOTH,
        "",
        _OPERATORS,
        _misread(
            lambda field, name, value, _place: (
                _without_null if field.nullable and name.startswith("n") and value is not None else (name, value)
            )
        ),
    ),
    _make(
        "not-equal-without-null-of-legacy",
        "breaking",
        "orders",
        "legacyId",
        _OPERATORS,
        _misread(
            lambda _field, name, value, place: (
                _without_null if place.endswith("legacy_id") and name == "neq" and value is not None else (name, value)
            )
        ),
    ),
    _make(
        "equal-null-ignored",
        "breaking",
        _BOTH,
        "",
        _OPERATORS,
        _misread(lambda _field, name, value, _place: None if value is None and name == "eq" else (name, value)),
    ),
    _make(
        "in-first-only",
        "breaking",
        _BOTH,
        "in",
        _OPERATORS,
        _misread(_only("in nin", "", lambda _f, name, value, _p: (name, value[:1]))),
    ),
    _make(
        "in-last-only",
        "breaking",
        _BOTH,
        "in",
        _OPERATORS,
        _misread(_only("in", "", lambda _f, name, value, _p: (name, value[-1:]))),
    ),
    _make(
        "in-four-at-most",
        "breaking",
        _BOTH,
        "",
        _OPERATORS,
        _misread(_only("in", "", lambda _f, name, value, _p: (name, value[:4]))),
        also=("limits",),
    ),
    _make(
        "in-twenty-at-most",
        "breaking",
        "products",
        "",
        "where.operators limits.bound",
        _misread(_only("in", "", lambda _f, name, value, _p: (name, value[:20]))),
        also=("limits",),
    ),
    _make("greater-or-equal", "breaking", _BOTH, "gt", _OPERATORS, _as(gt="gte")),
    _make("greater-without-equal", "breaking", _BOTH, "gte", _OPERATORS, _as(gte="gt")),
    _make(
        "less-or-equal-for-decimals",
        "breaking",
        "products orders",
        "price.lt",
        _OPERATORS,
        _misread(_of_kind("lt", "Decimal", _swap("lte"))),
    ),
    _make(
        "less-without-equal-for-dates",
        "breaking",
        _BOTH,
        "lte",
        _OPERATORS,
        _misread(_of_kind("lte", "DateTime", _swap("lt"))),
    ),
    _make(
        "greater-or-equal-for-ids-of-orders",
        "breaking",
        "orders",
        "id.gt",
        _OPERATORS,
        _misread(_of_kind("gt", "UUID", _swap("gte"))),
    ),
    _make(
        "n-greater-of-minimum",
        "breaking",
        "products",
        "minimumQuantity.ngt",
        _OPERATORS,
        _misread(_only("ngt", "minimum_quantity", _swap("ngte"))),
    ),
    _make("n-less-ignored", "breaking", _BOTH, "nlt", _OPERATORS, _misread(_only("nlt", "", _ignored))),
    _make("contains-as-starts", "breaking", _BOTH, "contains", _OPERATORS, _as(contains="startsWith")),
    _make("starts-as-contains", "breaking", _BOTH, "startsWith", _OPERATORS, _as(startsWith="contains")),
    _make(
        "ends-as-contains-of-currency",
        "breaking",
        "products",
        "currency.endsWith",
        _OPERATORS,
        _misread(_only("endsWith", "currency", _swap("contains"))),
    ),
    _make("ends-as-equal", "breaking", _BOTH, "endsWith", _OPERATORS, _as(endsWith="eq")),
    _make(
        "contains-pattern", "dangerous", _BOTH, "contains", _OPERATORS, _misread(_only("contains", "", _tested(_like)))
    ),
    _make(
        "contains-case",
        "breaking",
        _BOTH,
        "contains",
        _OPERATORS,
        _misread(_only("contains", "", _tested(lambda own, wanted: wanted in own))),
        of="gql_filter_case",
    ),
    _make(
        "equal-case",
        "breaking",
        _BOTH,
        "eq",
        _OPERATORS,
        _misread(_of_kind("eq", "String", _tested(lambda own, wanted: own == wanted))),
    ),
    _make(
        "in-case",
        "breaking",
        _BOTH,
        "in",
        _OPERATORS,
        _misread(_of_kind("in", "String", _tested(lambda own, wanted: own in wanted))),
    ),
    _make(
        "starts-case-of-name",
        "breaking",
        "products orders",
        "name.startsWith",
        _OPERATORS,
        _misread(_only("startsWith", "name", _tested(lambda own, wanted: own.startswith(wanted)))),
    ),
    _make(
        "numbers-as-text",
        "breaking",
        _BOTH,
        "",
        _OPERATORS,
        _misread(_of_kind("gt", "Int Decimal", _tested(lambda own, wanted: str(own) > str(wanted)))),
    ),
    _make(
        "decimals-rounded",
        "breaking",
        _BOTH,
        "price",
        _OPERATORS,
        _misread(_of_kind("eq neq in", "Decimal", lambda _f, name, value, _p: (name, _whole(value)))),
    ),
    _make(
        "dates-to-the-second",
        "dangerous",
        _BOTH,
        "",
        _OPERATORS,
        _misread(_of_kind("gt", "DateTime", _tested(_seconds))),
    ),
    _make(
        "dates-to-the-day",
        "breaking",
        _BOTH,
        "",
        _OPERATORS,
        _misread(
            _of_kind(
                "eq",
                "DateTime",
                _tested(lambda own, wanted: isinstance(wanted, datetime) and own.date() == wanted.date()),
            )
        ),
    ),
    _make(
        "date-offset-dropped",
        "breaking",
        _BOTH,
        "",
        _OPERATORS,
        twisted(
            lambda: sent(
                lambda _asked, request: replace(request, body=re.sub(rb"(T[\d:.]+)\+02:00", rb"\1Z", request.body))
            )
        ),
    ),
    _make(
        "not-disabled-ignored",
        "breaking",
        "products",
        "isDisabled.neq",
        _OPERATORS,
        _misread(_only("neq", "is_disabled", _ignored)),
    ),
    _make(
        "legacy-contains-ignored",
        "breaking",
        "orders",
        "legacyId.contains",
        _OPERATORS,
        _misread(_only("contains", "legacy_id", _ignored)),
    ),
    _make(
        "boolean-always-true",
        "breaking",
        "products",
        "isBundle",
        _OPERATORS,
        _misread(_only("eq", "is_bundle", lambda _f, name, _value, _p: (name, True))),
    ),
)


def _whole(value: Any) -> Any:
    return [_whole(one) for one in value] if isinstance(value, list) else value if value is None else round(value)


MUTANTS: tuple[Mutant, ...] = _MISREAD
