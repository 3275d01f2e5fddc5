"""The three versions' shapes of one product: what each shows, where, and under which name."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from .catalogue import Dictionary
from .product import CUSTOM, Attachment, Classification, Feature, Measurements, Product

__all__ = ["V1", "V2", "V3", "Version", "View"]

Wire = dict[str, object]


@dataclass(frozen=True)
class View:
    """What a request wants to see: blocks, languages of labels, and the language of names that people read."""

    blocks: frozenset[str]
    label_languages: tuple[str, ...]
    language: str
    dictionary: Dictionary

    def labels(self, codes: Mapping[str, str | None]) -> Wire:
        """Give `{"labels": …}` of the codes that the dictionary has in the languages asked; nothing when there is none."""
        found = {name: self._label(code) for name, code in codes.items() if code is not None}
        known = {name: label for name, label in found.items() if label}
        return {"labels": known} if known else {}

    def _label(self, code: str) -> dict[str, str]:
        label = self.dictionary.labels.get(code, {})
        return {language: label[language] for language in sorted(self.label_languages) if language in label}

    def group_name(self, code: str) -> str:
        """Name a product group in the language asked, in German where there is none."""
        names = self.dictionary.product_groups[code]
        return names.get(self.language, names["de"])


@dataclass(frozen=True)
class Version:
    """A version of the wire: its blocks, each with the key and form it has there, and the part that is always shown."""

    base: Callable[[Product, View], Wire]
    keys: Mapping[str, str]
    forms: Mapping[str, Callable[[Product, View], object]]

    def show(self, product: Product, view: View) -> Wire:
        """Give the product as this version's wire has it."""
        shown = {key: self.forms[block](product, view) for block, key in self.keys.items() if block in view.blocks}
        return {**self.base(product, view), **shown}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _names(row: type[Any]) -> tuple[tuple[str, str], ...]:
    # Measurements keep the underscore before their unit on the wire.
    spell = str if row is Measurements else _camel
    return tuple((field.name, spell(field.name)) for field in fields(row))


_names_of: Callable[[Any], tuple[tuple[str, str], ...]] = cache(_names)


def _wire(value: object) -> object:
    if isinstance(value, tuple):
        return [_wire(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return _row(value)
    return value


def _row(row: Any) -> Wire:
    return {wire: _wire(getattr(row, name)) for name, wire in _names_of(type(row))}


def _details(product: Product, view: View) -> Wire:
    row = _row(product.details)
    return {
        "productGroup": row.pop("productGroup"),
        "productGroupName": view.group_name(product.details.product_group),
        **row,
    }


def _classification(row: Classification, view: View) -> Wire:
    if row.classification_system == CUSTOM:
        return _only(_row(row), ("classificationSystem", "classificationCode"))
    codes = {"classificationCode": row.classification_code, "groupCode": row.group_code}
    return {**_row(row), **view.labels(codes)}


def _feature(row: Feature, view: View) -> Wire:
    if row.classification_system == CUSTOM:
        return _only(_row(row), ("classificationSystem", "code", "value", "value2", "unit"))
    return {**_row(row), **view.labels({"code": row.code, "value": row.value, "effectiveUnit": row.effective_unit})}


def _attachment_without_origin(row: Attachment) -> Wire:
    return _only(_row(row), ("type", "filename", "url"))


def _only(row: Wire, keys: Iterable[str]) -> Wire:
    return {key: row[key] for key in keys}


_NUMBERS = ("visible_item_number", "item_number", "gtin", "model", "supplier_number")
_GROUP = ("productGroup", "productGroupName")
_FLAT = ("lifecycle", "brand", "seriesCode", "seriesNormalizedCode", "seriesName", "series", "shortText")
_VARIANT = ("type", "variantGroup", "variantPriority", "variantMaster")


def _fields(product: Product, names: Iterable[str]) -> Wire:
    return {_camel(name): _wire(getattr(product, name)) for name in names}


def _base_v3(product: Product, _view: View) -> Wire:
    return _fields(product, ("id", "unique_identifier", *_NUMBERS, "supplier_numbers", "lang", "countries"))


def _base_v2(product: Product, view: View) -> Wire:
    details = _details(product, view)
    return {
        **_fields(product, ("id", *_NUMBERS, "supplier_numbers")),
        **_only(details, _GROUP),
        **_fields(product, ("lang", "countries")),
        **_only(details, (*_FLAT, *_VARIANT)),
    }


def _base_v1(product: Product, view: View) -> Wire:
    numbers = _fields(product, ("id", *_NUMBERS, "lang", "countries"))
    return {**numbers, **_only(_details(product, view), (*_FLAT, *_VARIANT))}


_SHARED: Mapping[str, Callable[[Product, View], object]] = {
    "CLASSIFICATIONS": lambda product, view: [_classification(row, view) for row in product.classifications],
    "FEATURES": lambda product, view: [_feature(row, view) for row in product.features],
    "PROPERTIES": lambda product, _view: _wire(product.properties),
    "TEXTS": lambda product, _view: _wire(product.texts),
    "IMAGES": lambda product, _view: _wire(product.images),
    "ATTACHMENTS": lambda product, _view: [_attachment_without_origin(row) for row in product.attachments],
    "PRICES": lambda product, _view: _row(product.pricing),
}

V1 = Version(
    _base_v1,
    {
        "CLASSIFICATIONS": "classifications",
        "FEATURES": "features",
        "PROPERTIES": "properties",
        "TEXTS": "texts",
        "IMAGES": "image",
        "ATTACHMENTS": "attachments",
    },
    _SHARED,
)
V2 = Version(_base_v2, {**V1.keys, "IMAGES": "images", "PRICES": "pricing"}, _SHARED)
V3 = Version(
    _base_v3,
    {
        "DETAILS": "details",
        "MEASUREMENTS": "measurements",
        **V2.keys,
        "RELATIONSHIPS": "relationships",
        "PACKAGES": "packages",
    },
    {
        **_SHARED,
        "DETAILS": _details,
        "MEASUREMENTS": lambda product, _view: _row(product.measurements),
        "ATTACHMENTS": lambda product, _view: _wire(product.attachments),
        "RELATIONSHIPS": lambda product, _view: _wire(product.relationships),
        "PACKAGES": lambda product, _view: _wire(product.packages),
    },
)
