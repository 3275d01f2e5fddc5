"""Which laws the platform's lists obey: pages, filters, lists against details, amounts."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Declaration
from apitwin_contracts.laws.agreement import Agreement, Equation, Equations
from apitwin_contracts.laws.filters import Filter
from apitwin_contracts.laws.paging import NumberedPages, whole
from apitwin_contracts.run import Run
from apitwin_fixtures import Source

from .entities import ALL, decimal, products
from .operations import CLIENTS, PAGES

__all__ = ["DECLARATIONS"]

_MONEY = Source("documented", "001:39, SOURCE.md#trap-7")
_TEXTS = ("productDescription", "productInfo")
_DIGITS = 2


def _pages(operation: str, key: str) -> NumberedPages:
    return NumberedPages(
        operation,
        "data[]",
        key,
        size="pageSize",
        default_size=20,
        maximum_size=ALL,
        over_maximum="VALIDATION_FAILED",
        source=CLIENTS,
    )


_PRODUCTS, _ORDERS = _pages("list_products", "customerStoreProductID"), _pages("list_orders", "OrderID")


def _all_products(examination: Examination) -> list[Any]:
    return whole(examination, _PRODUCTS)


def _filter(argument: str, field: str) -> Filter:
    return Filter(
        "list_products",
        argument,
        "data[]",
        field,
        "productID",
        _all_products,
        fixed={"pageSize": ALL},
        shown=ALL,
        source=CLIENTS,
    )


_FILTERS = (
    _filter("productCategoryID", "productCategoryID"),
    _filter("productID", "productID"),
    _filter("typeID", "productTypeID"),
)


def _searches(run: Run) -> SearchStrategy[Arguments]:
    names = sorted({product["productName"] for product in products(run)})

    def parts(name: str) -> SearchStrategy[str]:
        bounds = st.tuples(st.integers(0, len(name) - 1), st.integers(2, 8))
        return bounds.map(lambda drawn: name[drawn[0] : drawn[0] + drawn[1]].strip() or name)

    cased: SearchStrategy[Callable[[str], str]] = st.sampled_from([str.strip, str.upper, str.lower, str.swapcase])
    texts = st.tuples(st.sampled_from(names).flatmap(parts), cased)
    return texts.map(lambda drawn: {"search": drawn[1](drawn[0]), "pageSize": ALL})


def _found(examination: Examination, answer: Answer) -> Iterator[Equation]:
    text = answer.arguments["search"].casefold()
    known = examination.run.view("every product", lambda: _all_products(examination))
    names = {product["productID"]: product["productName"] for product in known}
    fitting = [number for number, name in names.items() if text in name.casefold()]
    shown = answer.every("data[].productID")
    for product in answer.every("data[]"):
        yield "data[].productName", True, text in product["productName"].casefold()
    if len(shown) < ALL:
        yield "data[].productName", [], [number for number in fitting if number not in shown]


def _any_page(_run: Run) -> SearchStrategy[Arguments]:
    return st.fixed_dictionaries({"page": st.integers(1, 3), "pageSize": st.integers(2, 100)})


def _sorted_products(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    numbers = answer.every("data[].customerStoreProductID")
    yield "data[]", sorted(numbers), numbers


def _sorted_orders(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    numbers = answer.every("data[].OrderID")
    yield "data[]", sorted(numbers, reverse=True), numbers
    for before, after in pairwise(answer.every("data[].OrderDate")):
        yield "data[].OrderDate", True, before >= after


def _zeros(_run: Run) -> SearchStrategy[Arguments]:
    names = ("productCategoryID", "productID", "typeID")
    return st.sampled_from(names).map(lambda name: {name: 0, "pageSize": 50})


def _unfiltered(examination: Examination, answer: Answer) -> Iterator[Equation]:
    plain = examination.must("list_products", {"pageSize": 50})
    yield "data[].productID", plain.every("data[].productID"), answer.every("data[].productID")


def _in_body(run: Run) -> SearchStrategy[Arguments]:
    categories = sorted({product["productCategoryID"] for product in products(run)})
    fields = {
        "page": st.integers(1, 3),
        "pageSize": st.integers(1, 60),
        "productCategoryID": st.sampled_from(categories),
    }
    return st.fixed_dictionaries(fields).map(lambda body: {"body": body})


def _orders_in_body(_run: Run) -> SearchStrategy[Arguments]:
    fields = {"page": st.integers(1, 3), "pageSize": st.integers(1, 15)}
    return st.fixed_dictionaries(fields).map(lambda body: {"body": body})


def _as_in_query(operation: str) -> Any:
    def equations(examination: Examination, answer: Answer) -> Iterator[Equation]:
        asked = examination.must(operation, dict(answer.arguments["body"]))
        yield "data[]", asked.payload["data"], answer.payload["data"]
        # Of both the query wins.
        both = examination.must(operation, {**answer.arguments["body"], "body": {"page": 900, "pageSize": 1}})
        yield "data[]", asked.payload["data"], both.payload["data"]

    return equations


def _detailed(_run: Run) -> SearchStrategy[Arguments]:
    size = {"pageSize": 30}
    return st.sampled_from([size, {**size, "detailed": "true"}, {**size, "detailed": "false"}])


def _texts_shown(examination: Examination, answer: Answer) -> Iterator[Equation]:
    plain = examination.must("list_products", {"pageSize": 30})
    hidden = answer.arguments.get("detailed") == "false"
    for product, other in zip(answer.every("data[]"), plain.every("data[]"), strict=False):
        for name in _TEXTS:
            path, shown = f"data[].productData.{name}", product["productData"][name]
            yield path, None if hidden else other["productData"][name], shown
        images = ("productMainImage", "productImages")
        for name in images:
            yield f"data[].productData.{name}", other["productData"][name], product["productData"][name]
    described = [product["productData"]["productDescription"] for product in plain.every("data[]")]
    yield "data[].productData.productDescription", True, any(described)


def _tree(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    known = {row["ProductCategoryID"]: row["ParentID"] for row in answer.every("data[]")}
    yield "data[].ProductCategoryID", len(answer.every("data[]")), len(known)
    yield "data[].ParentID", [], [parent for parent in known.values() if parent is not None and parent not in known]
    for number, parent in known.items():
        above, seen = parent, {number}
        while above is not None and above not in seen:
            seen.add(above)
            above = known.get(above)
        yield "data[].ParentID", None, above


def _kinds(examination: Examination, answer: Answer) -> Iterator[Equation]:
    types = examination.must("list_category_types").every("data[].ProductTypeID")
    categories = examination.must("list_categories").every("data[].ProductCategoryID")
    yield "data[].productTypeID", set(), set(answer.every("data[].productTypeID")) - set(types)
    yield "data[].productCategoryID", set(), set(answer.every("data[].productCategoryID")) - set(categories)
    for product in answer.every("data[]"):
        asked = [one["productRequireID"] for one in product["productRequire"]]
        yield "data[].productRequire", len(asked), len(set(asked))
        bounds = (product["saleMinCount"] or 1, product["saleMaxCount"] or ALL)
        yield "data[].saleMinCount", True, bounds[0] <= bounds[1]


def _amounts(_examination: Examination, answer: Answer) -> Iterator[Equation]:
    """Amounts are of whole cents, and what the market asks is no less than what a reseller pays."""
    for product in answer.every("data[]"):
        for name in ("salePrice", "marketPrice", "buyPrice"):
            if product[name] is not None:
                exponent = decimal(product[name]).normalize().as_tuple().exponent
                yield f"data[].{name}", True, isinstance(exponent, int) and -exponent <= _DIGITS
        if product["marketPrice"] is not None:
            yield "data[].salePrice", True, decimal(product["salePrice"]) <= decimal(product["marketPrice"])


def _one(arguments: Arguments) -> Any:
    return lambda _run: st.just(arguments)


_EQUATIONS = (
    Equations("list_products.search", "list_products", _searches, _found, "paging", source=CLIENTS),
    Equations("list_products.order", "list_products", _any_page, _sorted_products, "paging", share=0.3, source=CLIENTS),
    Equations("list_orders.order", "list_orders", _any_page, _sorted_orders, "paging", share=0.3, source=CLIENTS),
    Equations("list_products.zero", "list_products", _zeros, _unfiltered, "paging", share=0.2, source=CLIENTS),
    Equations(
        "list_products.body",
        "list_products",
        _in_body,
        _as_in_query("list_products"),
        "paging",
        share=0.3,
        source=CLIENTS,
    ),
    Equations(
        "list_orders.body",
        "list_orders",
        _orders_in_body,
        _as_in_query("list_orders"),
        "paging",
        share=0.2,
        source=CLIENTS,
    ),
    Equations("list_products.detailed", "list_products", _detailed, _texts_shown, "schema", share=0.2, source=CLIENTS),
    Equations("list_categories.tree", "list_categories", _one({}), _tree, share=0.04, source=PAGES["categories"]),
    Equations("list_products.kinds", "list_products", _one({"pageSize": ALL}), _kinds, share=0.04, source=CLIENTS),
    Equations(
        "list_products.amounts", "list_products", _one({"pageSize": ALL}), _amounts, "wire", share=0.04, source=_MONEY
    ),
)
_PRODUCT_KEYS = (
    "productID customerStoreProductID productCategoryID productTypeID productBrandID productName productSlug productStockID productData "
    "productRequire purchaseRequire platformList regionList ageList marketPrice buyPrice salePrice saleMinCount saleMaxCount buyMinCount "
    "buyMaxCount buyStartHour buyEndHour saleStartHour saleEndHour totalStock sorting status"
)
_ORDER_KEYS = ("OrderID", "OrderDate", "TotalPrice", "BillingAddressID", "details")
_LINE_KEYS = (
    "OrderID OrderDetailID DeliverID CustomerStoreProductID ProductName Quantity CancelledQuantity Price Status DeliveryData DeliveryNote "
    "UpdatedAt"
)


def _data(item: Any, answer: Answer) -> Any:  # noqa: ARG001 - the one thing that was asked for
    return answer.at("data")


def _agreement(name: str, operation: str, items: str, argument: str, key: str, same: Any) -> Agreement:
    other = {"productID": "get_product", "orderID": "get_order", "orderDetailID": "get_order_detail"}[argument]
    return Agreement(
        name,
        operation,
        items,
        other,
        lambda item: {argument: item[key]},
        _data,
        {path: path for path in same},
        lambda _run: {"pageSize": 100},
        CLIENTS,
    )


_AGREEMENTS = (
    _agreement("list_products-get_product", "list_products", "data[]", "productID", "productID", _PRODUCT_KEYS.split()),
    _agreement("list_orders-get_order", "list_orders", "data[]", "orderID", "OrderID", _ORDER_KEYS),
    _agreement(
        "list_orders-get_order_detail",
        "list_orders",
        "data[].details[]",
        "orderDetailID",
        "OrderDetailID",
        _LINE_KEYS.split(),
    ),
)

DECLARATIONS: tuple[Declaration, ...] = (_PRODUCTS, _ORDERS, *_FILTERS, *_EQUATIONS, *_AGREEMENTS)
