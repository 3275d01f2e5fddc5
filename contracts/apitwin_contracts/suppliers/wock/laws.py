"""Which laws the queries of World of CD Keys obey."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Declaration
from apitwin_contracts.laws.agreement import Agreement, Equation, Equations
from apitwin_contracts.laws.content import Content, Magnitude
from apitwin_contracts.laws.offsets import OffsetPages
from apitwin_contracts.laws.searching import Searchable, Sorted
from apitwin_contracts.run import Run
from apitwin_contracts.surfaces.graphql import GraphQLSurface
from apitwin_fixtures import Source

__all__ = ["declarations"]

_PRODUCTS = OffsetPages(
    "products",
    "items[]",
    "id",
    ordered={"order": [{"id": "ASC"}]},
    lenient=True,
    source=Source("documented", "003:403-406"),
)
_ORDERS = OffsetPages(
    "orders",
    "items[]",
    "id",
    ordered={"order": [{"id": "ASC"}]},
    lenient=True,
    source=Source("documented", "003:200-203"),
)
_PRODUCT_KEYS = (
    "id",
    "name",
    "platform",
    "language",
    "region",
    "currency",
    "isBundle",
    "isDisabled",
    "lastUpdateDateTime",
    "productPartnerId",
)
_NESTED_KEYS = ("quantity.text", "quantity.image", "quantity.all")
_ORDER_KEYS = ("id", "legacyId", "identifier", "createdAt", "status")


def _whole_product() -> dict[str, str]:
    names = (
        *(
            "id",
            "name",
            "platform",
            "region",
            "language",
            "currency",
            "isDisabled",
            "isBundle",
            "quantity",
            "bulkPrices",
        ),
        *(
            "bundleItems",
            "productPartnerId",
            "productPartnerIds",
            "languages",
            "regions",
            "excludedLanguages",
            "excludedRegions",
        ),
        *("lastUpdateDateTime", "lastUpdatedPriceDateTime", "lastIncreasedStockDateTime"),
    )
    return {name: name for name in names}


_AGREEMENTS = (
    Agreement(
        "products-product",
        "products",
        "items[]",
        "product",
        lambda item: {"id": item["id"]},
        lambda _item, answer: answer.payload,
        _whole_product(),
        lambda _run: {"take": 50},
        Source("documented", "003:306"),
    ),
    Agreement(
        "orders-delivery",
        "orders",
        "items[]",
        "delivery",
        lambda item: {"orderId": item["id"]},
        lambda _item, answer: answer.payload,
        {"id": "orderId", "legacyId": "legacyOrderId", "products[].id": "products[].details.id"},
        lambda _run: {"take": 50},
        Source("documented", "003:949"),
    ),
)


def _some(_run: Run) -> SearchStrategy[Arguments]:
    return st.integers(0, 300).map(lambda skip: {"skip": skip, "take": 50, "order": [{"id": "ASC"}]})


def _product_parts(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    for item in filter(None, answer.every("items[]")):
        quantity, tiers = item["quantity"], item["bulkPrices"]
        if quantity:
            yield "items[].quantity.all", quantity["text"] + quantity["image"], quantity["all"]
        ordered = sorted(tiers, key=lambda tier: tier["minimumQuantity"])
        prices = [Decimal(str(tier["price"])) for tier in ordered]
        yield "items[].bulkPrices[].price", sorted(prices, reverse=True), prices
        yield "items[].bulkPrices[].price", True, all(price > 0 for price in prices)
        yield "items[].bulkPrices[].minimumQuantity", 1, ordered[0]["minimumQuantity"] if ordered else 1
        yield "items[].isBundle", bool(item["bundleItems"]), item["isBundle"]
        yield "items[].productPartnerId", True, item["productPartnerId"] in (None, *item["productPartnerIds"])
        for name in ("lastUpdatedPriceDateTime", "lastIncreasedStockDateTime"):
            yield f"items[].{name}", True, item[name] <= item["lastUpdateDateTime"]
        for name in ("language", "region"):
            yield f"items[].{name}", ", ".join(item[f"{name}s"]), item[name]
            excluded = item[f"excluded{name.capitalize()}s"]
            yield f"items[].excluded{name.capitalize()}s", [], sorted(set(excluded) & set(item[f"{name}s"]))


def _order_parts(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    for item in answer.every("items[]"):
        yield "items[].status", True, item["status"] in _STATUSES
        yield "items[].products[]", True, bool(item["products"])
        for found in item["products"]:
            yield "items[].products[].isBundle", bool(found["children"]), found["isBundle"]


def _partner(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    yield "available", True, answer.at("available") >= 0


_STATUSES = (30, 40)
_EQUATIONS = (
    Equations(
        "orders.parts",
        "orders",
        lambda _run: st.just({"take": 50, "order": [{"createdAt": "DESC"}]}),
        _order_parts,
        "schema",
        share=0.04,
        source=Source("documented", "003:932-935"),
    ),
    Equations("products.parts", "products", _some, _product_parts, "wire", source=Source("assumed", "SOURCE.md")),
    Equations(
        "partner.parts",
        "partner",
        lambda _run: st.just({}),
        _partner,
        "wire",
        share=0.05,
        source=Source("documented", "003:1162"),
    ),
)


def _sights(examination: Examination) -> Iterator[tuple[Answer, Any]]:
    answer = examination.must("products", {"take": 50, "order": [{"id": "ASC"}]})
    return ((answer, item) for item in answer.every("items[]"))


_ASSUMED = Source("assumed", "SOURCE.md#first-state")
_VARIES = (
    "name",
    "platform",
    "language",
    "region",
    "quantity.all",
    "bulkPrices[].price",
    "lastUpdateDateTime",
    "languages[]",
)
_CONTENT = (
    Content("products", "items[]", _sights, _VARIES, ("id",), _ASSUMED),
    Magnitude("products", "items[]", _sights, "bulkPrices[].price", 1, 200, _ASSUMED),
)


def declarations(surface: GraphQLSurface) -> tuple[Declaration, ...]:
    """Give what the queries promise, in the filter language of the surface's schema."""
    schema: Any = surface.schema
    return (
        _PRODUCTS,
        _ORDERS,
        Searchable(
            _PRODUCTS,
            schema,
            "ProductResponseFilterInput",
            refused_null="FILTER_NULL",
            neutral=(None, {}, {"name": {}}, {"quantity": {"text": {}}}, {"bundleItems": {"some": {}}}, {"and": [{}]}),
            source=Source("documented", "003:1225"),
        ),
        Searchable(
            _ORDERS,
            schema,
            "OrderResponseFilterInput",
            refused_null="FILTER_NULL",
            neutral=(None, {}, {"status": {}}, {"products": {"all": {}}}, {"or": [{}]}),
            source=Source("documented", "003:946"),
        ),
        Sorted(_PRODUCTS, (*_PRODUCT_KEYS, *_NESTED_KEYS), source=Source("documented", "003:1251")),
        Sorted(_ORDERS, _ORDER_KEYS, source=Source("documented", "003:960")),
        *_AGREEMENTS,
        *_EQUATIONS,
        *_CONTENT,
    )
