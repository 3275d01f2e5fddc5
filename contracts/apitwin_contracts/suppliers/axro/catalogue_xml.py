"""A BMEcat 2005 document read back: products and groups, under the names that AXRO's JSON has for them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET

__all__ = ["Read", "products_of"]

_SPACE = "{http://www.bmecat.org/bmecat/2005fd}"


@dataclass(frozen=True)
class Read:
    """What a document holds; `complaint` is what is wrong with one that cannot be read."""

    products: list[dict[str, Any]] = field(default_factory=list)
    groups: list[dict[str, Any]] = field(default_factory=list)
    complaint: str = ""


def products_of(text: str) -> Read:
    """Read a document; prices come in cents."""
    if not text:
        return Read(complaint="no document")
    try:
        root = ET.fromstring(text)  # noqa: S314 - as above
    except ET.ParseError as error:
        return Read(complaint=f"not well-formed: {error}")
    if root.tag != f"{_SPACE}BMECAT":
        return Read(complaint=f"a document of {root.tag}")
    placed = {
        _text(map_, "PROD_ID"): _text(map_, "CATALOG_GROUP_ID") for map_ in _all(root, "PRODUCT_TO_CATALOGGROUP_MAP")
    }
    products = [_product(element, placed) for element in _all(root, "PRODUCT")]
    groups = [_group(element) for element in _all(root, "CATALOG_STRUCTURE") if element.get("type") == "leaf"]
    return Read(products, groups)


def _all(element: Any, name: str) -> Iterator[Any]:
    yield from element.iter(_SPACE + name)


def _text(element: Any, name: str, **attributes: str) -> str | None:
    found = (
        inner.text for inner in _all(element, name) if all(inner.get(key) == value for key, value in attributes.items())
    )
    return next(found, None)


def _product(element: Any, placed: dict[str | None, str | None]) -> dict[str, Any]:
    number = _text(element, "SUPPLIER_PID")
    category = placed.get(number)
    prices = [
        [int(_text(price, "LOWER_BOUND") or 0), _cents(_text(price, "PRICE_AMOUNT"))]
        for price in _all(element, "PRODUCT_PRICE")
        if price.get("price_type") == "net_customer"
    ]
    return {
        "productNumber": number,
        "ean": _text(element, "INTERNATIONAL_PID", type="ean"),
        "brand": _text(element, "MANUFACTURER_NAME"),
        "oemNumber": _text(element, "MANUFACTURER_PID"),
        "de": _text(element, "DESCRIPTION_SHORT", lang="deu"),
        "en": _text(element, "DESCRIPTION_SHORT", lang="eng"),
        "category": int(category) if category and category.isdecimal() else category,
        "prices": prices,
        **({"first": prices[0][1]} if prices else {}),
    }


def _group(element: Any) -> dict[str, Any]:
    number = _text(element, "GROUP_ID") or ""
    return {
        "id": int(number) if number.isdecimal() else number,
        "de": _text(element, "GROUP_NAME", lang="deu"),
        "en": _text(element, "GROUP_NAME", lang="eng"),
    }


def _cents(amount: str | None) -> int | str | None:
    whole, dot, rest = (amount or "").partition(".")
    is_amount = dot and whole.isdecimal() and rest.isdecimal() and len(rest) == 2  # noqa: PLR2004 - cents
    return int(whole + rest) if is_amount else amount
