"""Orders at the BookingGate as the order machine drives them: what they take from the default store, and where they are read."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments, Declaration
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.machines.order_life import Key, Line, OrderLife, Refused, Shown
from apitwin_contracts.run import Run
from apitwin_fixtures import Source

from .entities import CALCULATED, CART, gate, line, new_order, ordered, products, stores, unit

__all__ = ["DECLARATIONS", "default_store", "stock", "there"]

_CART = Source("documented", "SOURCE.md#page-cart")
_ORDERS = Source("assumed", "SOURCE.md#orders")
_PLENTY = 100


def stock(examination: Examination, product: Any) -> tuple[Answer, Mapping[str, int]]:
    """Read how many of a product are where; raises the `Violation` when its own id does not find it."""
    asked = {"query": product["proMaterialIds"][0], **CALCULATED}
    answer = examination.must("productsearch", asked)
    found = next((item for item in answer.every("content[]") if item["id"] == product["id"]), None)
    if found is None:
        raise examination.broken([answer], "content[]", f"{product['id']} by its id", "absent", source=_CART)
    return answer, {place["location"]["name"]: place["amount"] for place in unit(found)["availabilities"]}


def _plenty(run: Run) -> SearchStrategy[Arguments]:
    """Order one of two products of which the default store has enough for all that this run may order."""
    known = {product["id"]: product for product in products(run) if there(run, product) >= _PLENTY}
    if not known:
        raise NothingToExamine("no product is there often enough")
    some = st.sampled_from(list(known)[:2])
    return st.builds(lambda key, more: {"product": known[key], "more": more}, some, st.integers(0, 2))


def default_store(run: Run) -> str:
    """Give the name of the store that an order is for when it names none."""
    return str(next(store["name"] for store in stores(run) if store["code"] == gate(run)["defaultStore"]))


def there(run: Run, product: Any) -> int:
    """Give how many of a product the default store had when the product was first read."""
    places = unit(product)["availabilities"]
    return next((int(place["amount"]) for place in places if place["location"]["name"] == default_store(run)), 0)


def _pieces(arguments: Arguments) -> Mapping[str, int]:
    product = arguments["product"]
    return {str(product["id"]): unit(product)["quantityMin"] + arguments["more"]}


def _book(examination: Examination, arguments: Arguments) -> Answer:
    """Put a product into a new cart, order it and pass the order on."""
    run, pieces = examination.run, sum(_pieces(arguments).values())
    made = examination.must("upsertProduct", line(run, arguments["product"], pieces))
    ids = {"orderIds": [ordered(run, shoppingCartId=made.at(CART))["orderId"]]}
    examination.must("beginCheckout", ids)
    return examination.must("finishOrder", ids)


def _booked(arguments: Arguments, _answer: Answer) -> list[Line]:
    return [Line(goods, goods, pieces, Decimal(0)) for goods, pieces in _pieces(arguments).items()]


def _stocks(examination: Examination) -> tuple[Answer, Mapping[str, int]]:
    run = examination.run
    watched = [product for product in products(run) if there(run, product) >= _PLENTY][:2]
    read = {str(product["id"]): stock(examination, product) for product in watched}
    found = {key: places.get(default_store(run), 0) for key, (_, places) in read.items()}
    return [answer for answer, _ in read.values()][-1], found


def _shown(examination: Examination, order: Key) -> Shown:
    answer = examination.must("orders", {"orderIds": [order]})
    return Shown(answer, listed=answer.every("[].orderId") == [order])


_LIFE = OrderLife(
    "orders",
    "createOrder",
    _plenty,
    lambda answer: str(answer.at("[].orderId")),
    _booked,
    _pieces,
    _shown,
    _stocks,
    refusals=(
        Refused("SITE_UNKNOWN", lambda run: {"orders": [new_order(run, constructionSite={"code": "Luftschloss"})]}),
    ),
    source=_ORDERS,
    place=_book,
    share=0.2,
)


DECLARATIONS: tuple[Declaration, ...] = (_LIFE,)
