"""Searching a gate's assortment by words and UniversalTypes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from apitwin_mocks.kit.errors import Refusal
from apitwin_mocks.kit.paging import page_of

from .catalogue import Catalogue
from .domain import Gates
from .entities import Feature, Offer, Unit, Value
from .errors import Code

__all__ = ["LARGEST_PAGE", "Condition", "Found", "find_offers"]

LARGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class Condition:
    """What a UniversalType must be like: EQ one of the values, GTE one of them, or just IS_SET."""

    operator: str
    code: str
    values: tuple[Value, ...] = ()
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of offers, the number of all of them, and whether there is another page."""

    offers: Sequence[Offer]
    total: int
    has_next: bool


def find_offers(world: Gates, gate: str, text: str, conditions: Sequence[Condition], page: int, size: int) -> Found:
    """Find a page, counted from 0; raises `Refusal` PAGE_NEGATIVE, SIZE_INVALID or FILTER_INVALID."""
    if page < 0:
        raise Refusal(Code.PAGE_NEGATIVE, page=page)
    if not 1 <= size <= LARGEST_PAGE:
        raise Refusal(Code.SIZE_INVALID, size=size, maximum=LARGEST_PAGE)
    fits = [_fitting(world.catalogue, condition) for condition in conditions]
    found = _page_ids(world.catalogue, gate, text, fits)
    cut = page_of(found, page + 1, size)
    return Found([world.offers[name] for name in cut.rows], cut.total, page + 1 < cut.pages)


def _page_ids(catalogue: Catalogue, gate: str, text: str, fits: Sequence[Callable[[Feature], bool]]) -> Sequence[str]:
    words = text.casefold().split()
    listed = catalogue.assortments[gate]
    if not words and not fits:
        return listed
    products = ((name, catalogue.products[catalogue.offers[name].product]) for name in listed)
    return [
        name
        for name, product in products
        if all(word in catalogue.text_of(product.key) for word in words)
        and all(any(fit(feature) for feature in product.features) for fit in fits)
    ]


def _fitting(catalogue: Catalogue, condition: Condition) -> Callable[[Feature], bool]:
    if condition.operator == "IS_SET":
        return lambda feature: feature.code == condition.code
    if not condition.values:
        raise _invalid(condition, f"{condition.operator} needs values")
    unit = catalogue.units.get(condition.unit) if condition.unit is not None else None
    if condition.unit is not None and unit is None:
        raise _invalid(condition, f"there is no unit {condition.unit}")
    if condition.operator == "EQ":
        return lambda feature: feature.code == condition.code and _equals(catalogue, feature, condition.values, unit)
    least = min(_number(condition, value) for value in condition.values)
    return lambda feature: feature.code == condition.code and _reaches(catalogue, feature, least, unit)


def _number(condition: Condition, value: Value) -> Decimal:
    if not isinstance(value, Decimal):
        raise _invalid(condition, "GTE needs numbers")
    return value


def _invalid(condition: Condition, detail: str) -> Refusal:
    return Refusal(Code.FILTER_INVALID, property=condition.code, detail=detail)


def _equals(catalogue: Catalogue, feature: Feature, values: Sequence[Value], unit: Unit | None) -> bool:
    if isinstance(feature.value, str):
        return unit is None and feature.value in values
    measured = _measured(catalogue, feature, unit)
    return measured is not None and measured in values


def _reaches(catalogue: Catalogue, feature: Feature, least: Decimal, unit: Unit | None) -> bool:
    measured = _measured(catalogue, feature, unit)
    return measured is not None and measured >= least


def _measured(catalogue: Catalogue, feature: Feature, unit: Unit | None) -> Decimal | None:
    """Give a feature's number in a unit, its own when none is asked for; None for text and for what cannot be converted."""
    if not isinstance(feature.value, Decimal):
        return None
    if unit is None or feature.unit == unit.code:
        return feature.value
    own = catalogue.units.get(feature.unit or "")
    if own is None or own.dimension != unit.dimension:
        return None
    return feature.value * own.factor / unit.factor
