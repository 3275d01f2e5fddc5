"""World of CD Keys' drifts of quantifiers and of conditions that stand together."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from apitwin_contracts.mutants.mutant import Mutant, Stage
from apitwin_contracts.mutants.suppliers.wock.tools import making, rule
from apitwin_mocks.suppliers.wock import api, filtered, filters
from apitwin_mocks.suppliers.wock.filtered import Filter
from apitwin_mocks.suppliers.wock.filters import _Compiler, _Part

__all__ = ["MUTANTS"]

_make = making("paging")

_BOTH = "products orders"

_OPERATORS = "where.operators"


def _lists(change: Callable[[Any, str, Any], Any]) -> Stage:
    """Give a stage on which a list's quantifiers are read otherwise: another (quantifier, operand), or None for no condition."""

    def made(original: Any) -> Any:
        def of_list(self: Any, field: Any, name: str, value: Any, place: str, path: Any, depth: int) -> Any:
            changed = change(field, name, value)
            return None if changed is None else original(self, field, *changed, place, path, depth)

        return of_list

    return rule((_Compiler, "_of_list", made))


def _taken(names: dict[str, str], *attributes: str) -> Stage:
    return _lists(
        lambda field, name, value: (
            names.get(name, name) if not attributes or field.attribute in attributes else name,
            value,
        )
    )


def _needing_items(original: Any) -> Any:
    def of_list(self: Any, field: Any, name: str, value: Any, place: str, path: Any, depth: int) -> Any:
        part = original(self, field, name, value, place, path, depth)
        return part and (_Part(f"({place} and {part.text})", part.cost) if name == "all" else part)

    return of_list


_QUANTIFIED = (
    _make("some-as-all", "breaking", _BOTH, "some", _OPERATORS, _taken({"some": "all"})),
    _make("all-as-some", "breaking", _BOTH, "all", _OPERATORS, _taken({"all": "some"})),
    _make("none-as-some", "breaking", _BOTH, "none", _OPERATORS, _taken({"none": "some"})),
    _make("none-as-all", "breaking", _BOTH, "none", _OPERATORS, _taken({"none": "all"})),
    _make(
        "some-as-all-of-bundles",
        "breaking",
        "products",
        "bundleItems",
        _OPERATORS,
        _taken({"some": "all"}, "bundle_items"),
    ),
    _make(
        "all-as-some-of-tiers", "breaking", "products", "bulkPrices", _OPERATORS, _taken({"all": "some"}, "bulk_prices")
    ),
    _make(
        "none-ignored-of-languages",
        "breaking",
        "products",
        "excludedLanguages",
        _OPERATORS,
        _lists(
            lambda field, name, value: (
                None if (field.attribute, name) == ("excluded_languages", "none") else (name, value)
            )
        ),
    ),
    _make(
        "some-ignored-of-regions",
        "breaking",
        "products",
        "regions",
        _OPERATORS,
        _lists(lambda field, name, value: None if (field.attribute, name) == ("regions", "some") else (name, value)),
    ),
    _make(
        "any-ignored",
        "breaking",
        "products",
        "any",
        _OPERATORS,
        _lists(lambda _field, name, value: None if name == "any" else (name, value)),
    ),
    _make(
        "any-false-ignored",
        "breaking",
        "products",
        "any",
        _OPERATORS,
        _lists(lambda _field, name, value: None if name == "any" and value is False else (name, value)),
    ),
    _make(
        "any-reversed-of-partner-ids",
        "breaking",
        "products",
        "productPartnerIds.any",
        _OPERATORS,
        _lists(
            lambda field, name, value: (
                (name, not value) if (field.attribute, name) == ("product_partner_ids", "any") else (name, value)
            )
        ),
    ),
    _make("all-needs-items", "breaking", "products", "all", _OPERATORS, rule((_Compiler, "_of_list", _needing_items))),
    _make(
        "children-ignored",
        "breaking",
        "orders",
        "children",
        "where.operators where.predicate",
        _lists(lambda field, name, value: None if field.attribute == "children" else (name, value)),
    ),
)


def _objects(change: Callable[[Any, Any, int], Any]) -> Stage:
    """Give a stage on which an object of conditions is read otherwise: `change` gets its filter, itself and its depth."""

    def made(original: Any) -> Any:
        def of_object(self: Any, kind: Any, where: Any, variable: str, path: Any, depth: int) -> Any:
            return original(self, kind, change(kind, where, depth), variable, path, depth)

        return of_object

    return rule((_Compiler, "object", made))


def _or_joins(_kind: Any, where: Any, _depth: int) -> Any:
    others = {name: value for name, value in where.items() if name != "or"}
    return {"or": [others, *where["or"]]} if "or" in where and others else where


def _first(_kind: Any, where: Any, _depth: int) -> Any:
    return dict(list(where.items())[:1])


def _last(_kind: Any, where: Any, _depth: int) -> Any:
    return dict(list(where.items())[-1:])


def _cut(name: str, most: int) -> Any:
    return lambda _kind, where, _depth: {**where, name: where[name][:most]} if name in where else where


def _renamed(old: str, new: str) -> Any:
    return lambda _kind, where, _depth: {new if name == old else name: value for name, value in where.items()}


def _deep(most: int) -> Any:
    return lambda _kind, where, depth: where if depth < most else {}


def _one_field(kind: Any, where: Any, _depth: int) -> Any:
    return (
        {"or": [{name: value} for name, value in where.items()]}
        if kind.name == "QuantityResponseFilterInput" and len(where) > 1 and "and" not in where and "or" not in where
        else where
    )


def _scalars(change: Callable[[str, Any], Any]) -> Stage:
    """Give a stage on which a scalar's conditions are others."""

    def made(original: Any) -> Any:
        return lambda self, field, where, place, path: original(self, field, change(field.kind, where), place, path)

    return rule((_Compiler, "_scalar", made))


def _either(_kind: str, where: Any) -> Any:
    return (
        {"or": [{name: value} for name, value in where.items()]}
        if len(where) > 1 and not {"and", "or"} & where.keys()
        else where
    )


def _field_lost(*names: str, of: str = "ProductResponseFilterInput") -> Stage:
    return _objects(
        lambda kind, where, _depth: {
            name: value for name, value in where.items() if kind.name != of or name not in names
        }
    )


def _field_of(listing: str, name: str, other: str) -> Stage:
    """Give a stage on which a filter field looks at another attribute."""

    def made(original: Any) -> Any:
        kind: Filter = original.filter
        return replace(original, filter=Filter(kind.name, {**kind.fields, name: kind.fields[other]}))

    return rule((api, listing, made))


_JOINED = (
    _make("second-field-ignored", "breaking", _BOTH, "", "where.operators where.predicate", _objects(_first)),
    _make("first-field-ignored", "breaking", _BOTH, "", "where.operators where.predicate", _objects(_last)),
    _make("or-beside-fields-joins", "breaking", _BOTH, "or-beside", _OPERATORS, _objects(_or_joins)),
    _make("or-as-and", "breaking", _BOTH, "or", _OPERATORS, _objects(_renamed("or", "and"))),
    _make("and-as-or", "breaking", _BOTH, "and", _OPERATORS, _objects(_renamed("and", "or"))),
    _make("and-two-at-most", "breaking", _BOTH, "and", _OPERATORS, _objects(_cut("and", 2))),
    _make("or-two-at-most", "breaking", _BOTH, "or", _OPERATORS, _objects(_cut("or", 2))),
    _make(
        "or-inside-and-ignored",
        "breaking",
        _BOTH,
        "",
        _OPERATORS,
        _objects(lambda _k, where, depth: {n: v for n, v in where.items() if n != "or" or depth < 1}),
    ),
    _make(
        "deep-ignored", "breaking", _BOTH, "", "where.predicate where.operators where.complement", _objects(_deep(4))
    ),
    _make("deeper-ignored", "breaking", _BOTH, "", "where.predicate where.complement", _objects(_deep(5))),
    _make(
        "quantity-joined-by-or",
        "breaking",
        "products",
        "quantity",
        "where.operators where.predicate",
        _objects(_one_field),
    ),
    _make(
        "texts-or-ignored",
        "breaking",
        _BOTH,
        "or",
        _OPERATORS,
        _scalars(lambda _kind, where: {n: v for n, v in where.items() if n != "or"}),
    ),
    _make(
        "texts-and-as-or",
        "breaking",
        _BOTH,
        "and",
        _OPERATORS,
        _scalars(lambda _kind, where: {"or" if n == "and" else n: v for n, v in where.items()}),
    ),
    _make("ranges-joined-by-or", "breaking", _BOTH, "", "where.operators where.predicate", _scalars(_either)),
    _make(
        "empty-matches-nothing",
        "dangerous",
        _BOTH,
        "",
        "where.neutral",
        rule(
            (
                api,
                "compile_filter",
                lambda original: (
                    lambda kind, where: filters.Compiled(lambda _row: False) if where == {} else original(kind, where)
                ),
            )
        ),
    ),
    _make(
        "disabled-filter-ignored",
        "breaking",
        "products",
        "isDisabled",
        _OPERATORS,
        _field_lost("isDisabled"),
        of="filter_ignored",
    ),
    _make(
        "platform-filter-ignored",
        "breaking",
        "products",
        "platform",
        _OPERATORS,
        _field_lost("platform"),
        of="filter_ignored",
    ),
    _make(
        "excluded-regions-ignored",
        "breaking",
        "products",
        "excludedRegions",
        _OPERATORS,
        _field_lost("excludedRegions"),
    ),
    _make(
        "bundle-item-names-ignored",
        "breaking",
        "products",
        "bundleItems",
        _OPERATORS,
        _field_lost("name", of="ProductSubBundleResponseFilterInput"),
    ),
    _make(
        "order-status-ignored",
        "breaking",
        "orders",
        "status",
        _OPERATORS,
        _field_lost("status", of="OrderResponseFilterInput"),
    ),
    _make(
        "ordered-price-ignored",
        "breaking",
        "orders",
        "price",
        _OPERATORS,
        _field_lost("price", of="OrderProductResponseFilterInput"),
    ),
    _make("currency-filter-ignored", "breaking", "products", "currency", _OPERATORS, _field_lost("currency")),
    _make(
        "image-stock-is-all",
        "breaking",
        "products",
        "quantity.image",
        _OPERATORS,
        _objects(
            lambda kind, where, _depth: {
                ("all" if kind.name == "QuantityResponseFilterInput" and n == "image" else n): v
                for n, v in where.items()
            }
        ),
    ),
    _make(
        "language-is-region",
        "breaking",
        "products",
        "language",
        _OPERATORS,
        _field_of("_PRODUCTS", "language", "region"),
    ),
    _make(
        "languages-is-excluded",
        "breaking",
        "products",
        "languages",
        _OPERATORS,
        _field_of("_PRODUCTS", "languages", "excludedLanguages"),
    ),
    _make(
        "identifier-is-legacy",
        "breaking",
        "orders",
        "identifier",
        _OPERATORS,
        _field_of("_ORDERS", "identifier", "legacyId"),
    ),
    _make(
        "where-ignored-for-orders",
        "breaking",
        "orders",
        "",
        "where.operators where.predicate",
        rule(
            (
                api,
                "compile_filter",
                lambda original: lambda kind, where: original(kind, None if kind is filtered.ORDER else where),
            )
        ),
        of="filter_ignored",
    ),
    _make(
        "sold-out-hidden-when-filtered",
        "breaking",
        "products",
        "",
        "where.operators where.predicate",
        rule((api, "compile_filter", lambda original: lambda kind, where: _in_stock(original(kind, where)))),
    ),
    _make(
        "disabled-hidden-when-filtered",
        "breaking",
        "products",
        "",
        "where.operators where.predicate",
        rule((api, "compile_filter", lambda original: lambda kind, where: _enabled(original(kind, where)))),
    ),
    _make(
        "refused-below-three",
        "breaking",
        _BOTH,
        "",
        "where.operators where.predicate",
        rule((api, "compile_filter", lambda original: lambda kind, where: original(kind, _shallow(where)))),
        also=("error", "limits"),
    ),
)


def _in_stock(compiled: Any) -> Any:
    right = compiled.predicate
    return replace(
        compiled, predicate=right and (lambda row: right(row) and getattr(getattr(row, "quantity", None), "all", 1) > 0)
    )


def _enabled(compiled: Any) -> Any:
    right = compiled.predicate
    return replace(compiled, predicate=right and (lambda row: right(row) and not getattr(row, "is_disabled", False)))


def _shallow(where: Any, depth: int = 0) -> Any:
    if depth > 3 or not isinstance(where, dict):
        return {} if isinstance(where, dict) else where
    return {
        name: [_shallow(part, depth + 1) for part in value] if name in ("and", "or") and value else value
        for name, value in where.items()
    }


MUTANTS: tuple[Mutant, ...] = (*_QUANTIFIED, *_JOINED)
