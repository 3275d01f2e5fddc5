from collections.abc import Iterator
from typing import Any

import pytest
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - lxml ships no stubs

from tests.mocks.axro.client import Client

CLIENT = Client("bmecat")
QUERY = """query($format: String, $limit: IntOrString, $brand: String) {
    products(format: $format, limit: $limit, brand: $brand) {
    xml totalPages products { productNumber ean title { deDe } price { fromQuantity price } } } }"""
NAMESPACE = "{http://www.bmecat.org/bmecat/2005fd}"

# What the standard's sequences say about the elements used here: each parent's children in their order, with ? * + as in a DTD.
ORDER = {
    "BMECAT": ["HEADER", "T_NEW_CATALOG"],
    "HEADER": ["CATALOG", "SUPPLIER"],
    "CATALOG": [
        "LANGUAGE+",
        "CATALOG_ID",
        "CATALOG_VERSION",
        "CATALOG_NAME*",
        "GENERATION_DATE?",
        "TERRITORY*",
        "CURRENCY?",
    ],
    "SUPPLIER": ["SUPPLIER_ID*", "SUPPLIER_NAME"],
    "T_NEW_CATALOG": ["CATALOG_GROUP_SYSTEM?", "PRODUCT*", "PRODUCT_TO_CATALOGGROUP_MAP*"],
    "CATALOG_GROUP_SYSTEM": ["CATALOG_STRUCTURE+"],
    "CATALOG_STRUCTURE": ["GROUP_ID", "GROUP_NAME+", "PARENT_ID"],
    "PRODUCT": ["SUPPLIER_PID", "PRODUCT_DETAILS", "PRODUCT_ORDER_DETAILS", "PRODUCT_PRICE_DETAILS+"],
    "PRODUCT_DETAILS": ["DESCRIPTION_SHORT+", "INTERNATIONAL_PID*", "MANUFACTURER_PID?", "MANUFACTURER_NAME?"],
    "PRODUCT_ORDER_DETAILS": ["ORDER_UNIT"],
    "PRODUCT_PRICE_DETAILS": ["PRODUCT_PRICE+"],
    "PRODUCT_PRICE": ["PRICE_AMOUNT?", "PRICE_CURRENCY?", "LOWER_BOUND?"],
    "PRODUCT_TO_CATALOGGROUP_MAP": ["PROD_ID", "CATALOG_GROUP_ID"],
}


def _document(**arguments: Any) -> tuple[dict[str, Any], Any]:
    data = CLIENT.data(QUERY, format="xml", **arguments)
    return data, etree.fromstring(data["xml"].encode())


def _misplaced(element: Any) -> Iterator[str]:
    names = [child.tag.removeprefix(NAMESPACE) for child in element]
    left = list(names)
    for rule in ORDER.get(element.tag.removeprefix(NAMESPACE), []):
        name, many = rule.rstrip("?*+"), rule[-1]
        count = next((place for place, found in enumerate(left) if found != name), len(left))
        if (count == 0 and many not in "?*") or (count > 1 and many not in "*+"):
            yield f"{element.tag} has {count} {name} in {names}"
        del left[:count]
    if left:
        yield f"{element.tag} has {left} out of order in {names}"
    for child in element:
        yield from _misplaced(child)


@pytest.mark.parametrize("arguments", [{"limit": 1000}, {"brand": "nobody"}, {"limit": 1}])
def test_the_elements_stand_in_the_standards_order(arguments: dict[str, Any]) -> None:
    _, root = _document(**arguments)
    assert (root.tag, root.get("version")) == (f"{NAMESPACE}BMECAT", "2005")
    assert list(_misplaced(root)) == []


def test_the_order_is_looked_at() -> None:
    _, root = _document(limit=1)
    product = root.find(f".//{NAMESPACE}PRODUCT")
    product.append(product[0])
    assert list(_misplaced(root)) != []


def test_it_lists_the_same_page_as_the_typed_fields() -> None:
    data, root = _document(limit=60)
    products = root.findall(f".//{NAMESPACE}PRODUCT")
    assert [_text(product, "SUPPLIER_PID") for product in products] == [
        row["productNumber"] for row in data["products"]
    ]
    assert [_text(product, "INTERNATIONAL_PID") for product in products] == [row["ean"] for row in data["products"]]
    assert [_text(product, "DESCRIPTION_SHORT") for product in products] == [
        row["title"]["deDe"] for row in data["products"]
    ]
    assert [_prices(product) for product in products] == [
        [(tier["fromQuantity"], tier["price"]) for tier in row["price"]] for row in data["products"]
    ]


def test_every_product_has_its_group() -> None:
    _, root = _document(limit=60)
    groups = {element.text for element in root.iter(f"{NAMESPACE}GROUP_ID")}
    parents = {element.text for element in root.iter(f"{NAMESPACE}PARENT_ID")}
    assert {element.text for element in root.iter(f"{NAMESPACE}CATALOG_GROUP_ID")} <= groups
    assert parents - groups == {"0"}


def _text(product: Any, name: str) -> str | None:
    found = product.find(f".//{NAMESPACE}{name}")
    return None if found is None else str(found.text)


def _prices(product: Any) -> list[tuple[int, int]]:
    priced = [price for price in product.iter(f"{NAMESPACE}PRODUCT_PRICE") if len(price)]
    return [(int(_text(price, "LOWER_BOUND") or 0), _cents(_text(price, "PRICE_AMOUNT") or "")) for price in priced]


def _cents(euros: str) -> int:
    whole, _, rest = euros.partition(".")
    assert len(rest) == 2
    return int(whole + rest)


def test_without_the_format_there_is_no_document() -> None:
    assert CLIENT.data(QUERY)["xml"] is None
    assert CLIENT.data(QUERY, format="json")["xml"] is None
