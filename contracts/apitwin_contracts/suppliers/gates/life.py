"""The life of carts and orders at the BookingGate: whatever is done in whatever order, and what an order takes from the stock."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Examination
from apitwin_contracts.contract import Arguments, Declaration
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.laws.limits import Limit
from apitwin_contracts.laws.walks import Walk
from apitwin_contracts.run import Run
from apitwin_fixtures import Source

from .entities import (
    CART,
    amount,
    gate,
    line,
    must_at,
    new_order,
    open_order,
    ordered,
    products,
    receipt,
    stores,
    unit,
    user,
)
from .ordering import default_store, stock, there
from .paths import FIRST, SECOND
from .shopping import CartLine, Shopper

__all__ = ["DECLARATIONS"]

_PAGE_CART, _PAGE_ORDER = Source("documented", "SOURCE.md#page-cart"), Source("documented", "SOURCE.md#page-order")
_STOCK, _PRICES = Source("assumed", "SOURCE.md#orders"), Source("assumed", "SOURCE.md#prices")
_OWNERS = Source("assumed", "SOURCE.md#cart")
_MOST = 100_000
_SOON = timedelta(minutes=5)
_Step = tuple[Any, ...]
_TAKEN: Mapping[str, Callable[..., None]] = {
    "put": Shopper.put,
    "stale": Shopper.offer_stale,
    "drop": Shopper.drop,
    "receipt": Shopper.expect,
    "store": Shopper.book_on,
    "begin": Shopper.begin,
    "finish": Shopper.finish,
    "wait": Shopper.wait,
}


def _pool(run: Run) -> list[tuple[Any, str]]:
    """Give a few products: some with several ids or units first, and one of the second gate."""
    known = sorted(
        products(run),
        key=lambda product: -len(product["proMaterialIds"]) - len(product["productOrderDetails"]["orderUnits"]),
    )
    pool = [(product, FIRST) for product in known[:2]]
    try:
        return pool + [(product, SECOND) for product in products(run, SECOND)[:1]]
    except NothingToExamine:
        return pool


def _lines(run: Run) -> SearchStrategy[CartLine]:
    taxes = st.sampled_from([None, {"taxType": "VAT", "taxAmount": 19}, {"taxType": "VAT", "taxAmount": 5.5}])

    def lines(chosen: tuple[Any, str]) -> SearchStrategy[CartLine]:
        product, place = chosen
        least = unit(product)["quantityMin"]
        quantity = st.sampled_from([least, least + 1, least + 7, max(least, 60)])
        return st.builds(
            CartLine, st.just(product), st.just(place), quantity, st.sampled_from(product["proMaterialIds"]), taxes
        )

    return st.sampled_from(_pool(run)).flatmap(lines)


def _steps(run: Run) -> SearchStrategy[list[_Step]]:
    some = _lines(run)
    day = st.sampled_from([receipt(), receipt(type="PICKUP", timeFrame="8-12"), receipt(to="2037-12-31T12:30:00Z")])
    codes = [store["code"] for store in stores(run)]
    steps: list[SearchStrategy[_Step]] = [
        st.tuples(st.just("put"), some),
        st.tuples(st.just("put"), some),
        st.tuples(st.just("stale"), some),
        st.tuples(st.just("drop"), some),
        st.tuples(st.just("drop"), some),
        st.tuples(st.just("order"), st.booleans()),
        st.tuples(st.just("receipt"), day),
        st.tuples(st.just("store"), st.sampled_from([*codes, "nowhere"])),
        st.just(("begin",)),
        st.just(("finish",)),
    ]
    if run.target.clock.movable:
        steps.append(st.tuples(st.just("wait"), st.sampled_from([25, 61])))
    later = receipt(**{"from": "2037-12-27T08:00:00Z", "to": "2037-12-31T12:30:00Z"})
    far: list[_Step] = [("order", True), ("receipt", later), ("store", codes[-1]), ("begin",), ("finish",)]
    if run.target.clock.movable:
        far.append(("wait", 61))
    # A checkout that has begun and a finished order are where most rules meet.
    begun = st.sampled_from([0, 1, 2, 3, 4, 4, 4, 5, 6]).map(lambda count: far[:count])
    first = st.lists(st.tuples(st.just("put"), some), min_size=1, max_size=3)
    return st.builds(
        lambda *parts: [step for part in parts for step in part], first, begun, st.lists(st.one_of(steps), max_size=6)
    )


def _shop(examination: Examination, steps: list[_Step]) -> None:
    shopper = Shopper(examination)
    for name, *arguments in steps:
        _take(shopper, name, arguments)
        shopper.look()


def _take(shopper: Shopper, name: str, arguments: list[Any]) -> None:
    if name == "order":
        shopper.place_order(timed=arguments[0])
        return
    _TAKEN[name](shopper, *arguments)


def _stocked(run: Run) -> SearchStrategy[Any]:
    some = [
        product for product in products(run) if any(place["amount"] > 0 for place in unit(product)["availabilities"])
    ]
    if not some:
        raise NothingToExamine("everything is sold out")
    return st.tuples(st.sampled_from(some[:10]), st.integers(0, 5), st.booleans())


def _sold(examination: Examination, drawn: Any) -> None:
    """Finishing takes the quantity from the order's store, and what the store lacks is a warning."""
    product, more, elsewhere = drawn
    run = examination.run
    named = {store["name"]: store["code"] for store in stores(run)}
    default = gate(run)["defaultStore"]
    store = next((code for code in named.values() if code != default), default) if elsewhere else default
    first, before = stock(examination, product)
    place = next(name for name, code in named.items() if code == store)
    quantity = unit(product)["quantityMin"] + more
    there = before.get(place, 0)
    made = run.client.must("upsertProduct", line(run, product, quantity)).payload
    order = ordered(run, shoppingCartId=made[CART])["orderId"]
    if elsewhere:
        examination.must("upsertStore", {"orderIds": [order], "store": {"code": store}})
    begun = examination.must("beginCheckout", {"orderIds": [order]})
    finished = examination.must("finishOrder", {"orderIds": [order]})
    last, after = stock(examination, product)
    expected = {**before, place: max(0, there - quantity)} if place in before else before
    if after != expected:
        path = "content[].productOrderDetails.orderUnits[].availabilities[].amount"
        text = f"{expected} after {quantity} were taken at {place}"
        raise examination.broken([first, finished, last], path, text, after, source=_STOCK)
    for answer in (begun, finished):
        warned = answer.at("[].status.subStatus.warning") is not None
        if warned != (there < quantity):
            text = f"{'a' if there < quantity else 'no'} warning for {quantity} of {there}"
            raise examination.broken([first, answer], "[].status.subStatus.warning", text, warned, source=_PAGE_ORDER)


def _short(run: Run) -> SearchStrategy[Any]:
    some = [product for product in products(run) if unit(product)["quantityMin"] <= there(run, product) < _MOST]
    if not some:
        raise NothingToExamine("no product can be bought until nothing is left")
    return st.tuples(st.sampled_from(some[-10:]), st.booleans())


def _warned(examination: Examination, drawn: Any) -> None:
    """All that is there can be ordered without a warning, one more with it."""
    product, beyond = drawn
    run = examination.run
    _, now = stock(examination, product)
    default = default_store(run)
    quantity = now.get(default, 0) + beyond
    if not unit(product)["quantityMin"] <= quantity <= _MOST:
        return
    made = run.client.must("upsertProduct", line(run, product, quantity))
    answer = examination.must("createOrder", {"orders": [new_order(run, shoppingCartId=made.at(CART))]})
    warning = answer.at("[].status.subStatus.warning")
    if (warning is not None) != beyond:
        text = f"{'a' if beyond else 'no'} warning for {quantity} of {now[default]}"
        raise examination.broken([made, answer], "[].status.subStatus.warning", text, warning, source=_PAGE_ORDER)


def _whoever(_run: Run) -> SearchStrategy[bool]:
    return st.booleans()


def _confined(examination: Examination, passed_on: bool) -> None:  # noqa: FBT001 - generated
    """A person's carts and orders are theirs at every gate, and nobody else's."""
    run = examination.run
    made = open_order(run, *(("beginCheckout", "finishOrder") if passed_on else ()))
    for name, theirs in (("user", True), ("other", False)):
        try:
            client = run.customer(name)
        except NothingToExamine:
            continue
        listed = client.must("orders")
        seen = made["orderId"] in listed.every("[].orderId")
        read = client.ask("shoppingcart", {CART: made[CART]})
        asked = client.must("orders", {"orderIds": [made["orderId"]]})
        for answer, path, expected, observed in (
            (listed, "[]", theirs, seen),
            (asked, "[]", int(theirs), len(asked.every("[]"))),
            (read, "", "ok" if theirs else "CART_UNKNOWN", read.outcome),
        ):
            if expected != observed:
                raise examination.broken(
                    [answer], path, f"{expected} for the customer {name}", observed, source=_OWNERS
                )


def _everywhere(examination: Examination, _drawn: bool) -> None:  # noqa: FBT001 - generated
    """A person sees the same carts and orders with the token of any of their gates."""
    made = ordered(examination.run)
    client, ids = examination.client, {"orderIds": [made["orderId"]]}
    for operation, asked in (("shoppingcart", {CART: made[CART]}), ("orders", ids)):
        here, there = must_at(client, FIRST, operation, asked), must_at(client, SECOND, operation, asked)
        if here.payload != there.payload:
            raise examination.broken([here, there], "", here.payload, there.payload, source=_OWNERS)


def _kinds(run: Run) -> SearchStrategy[Any]:
    kinds = [None, *(kind["name"] for kind in gate(run)["orderTypes"])]
    sites = [None, *(site["code"] for site in user(run)["constructionSites"])]
    return st.tuples(st.sampled_from(products(run)), st.sampled_from(kinds), st.sampled_from(sites), st.integers(0, 2))


def _any_price(examination: Examination, drawn: Any) -> None:
    """Any price that was shown is taken; in any order unit, and without details the smallest quantity of the first is meant."""
    product, kind, site, place = drawn
    run = examination.run
    how = {name: value for name, value in (("deliveryType", kind), ("project", site)) if value}
    asked = {"query": product["proMaterialIds"][0], "priceCalculation": how}
    found = next(
        item for item in examination.must("productsearch", asked).every("content[]") if item["id"] == product["id"]
    )
    one = unit(found, place)
    details = {"orderUnit": {"code": one["code"]}, "quantity": one["quantityMin"]}
    given = line(run, product, productPrice=one["price"], productOrderDetails=details)
    if one is unit(found):
        del given["product"]["productOrderDetails"]
    answer = examination.must("upsertProduct", given)
    total = Decimal(str(one["price"]["amount"])) * one["quantityMin"]
    for path, expected, observed in (
        ("products[].productOrderDetails", details, answer.at("products[].productOrderDetails")),
        ("products[].productPrice.amount", one["price"]["amount"], answer.at("products[].productPrice.amount")),
        ("orderTotals.totalAmountNet", total, Decimal(str(answer.at("orderTotals.totalAmountNet")))),
    ):
        if expected != observed:
            raise examination.broken([answer], path, expected, observed, source=_PAGE_CART)


_INSTANTS = {
    "2037-12-24T01:30:00+02:00": "2037-12-23T23:30:00Z",
    "2037-12-24T00:00:00.500-05:00": "2037-12-24T05:00:00Z",
    "2037-12-24T10:15:00Z": "2037-12-24T10:15:00Z",
}


def _instants(_run: Run) -> SearchStrategy[str]:
    return st.sampled_from(sorted(_INSTANTS))


def _expected(examination: Examination, instant: str) -> None:
    """An instant with any offset is told in UTC."""
    order = ordered(examination.run)["orderId"]
    asked = receipt(**{"from": instant, "to": "2037-12-31T00:00:00Z"})
    answer = examination.must("upsertExpectedReceiptDateTime", {"orderIds": [order], "expectedReceiptDateTime": asked})
    observed = answer.at("[].expectedReceiptDateTime.from")
    if observed != _INSTANTS[instant]:
        raise examination.broken(
            [answer], "[].expectedReceiptDateTime.from", _INSTANTS[instant], observed, source=_PAGE_ORDER
        )


def _together(examination: Examination, first: bool) -> None:  # noqa: FBT001 - generated
    """Of one order that may be finished and one that may not, neither is finished."""
    run = examination.run
    ready, new = open_order(run, "beginCheckout")["orderId"], ordered(run)["orderId"]
    asked = {"orderIds": [ready, new] if first else [new, ready]}
    _unchanged(examination, "finishOrder", asked, "ORDER_NOT_IN_CHECKOUT")


def _half_good(examination: Examination, first: bool) -> None:  # noqa: FBT001 - generated
    """Of one order that is right and one that is not, neither is made."""
    run = examination.run
    good, bad = new_order(run), new_order(run, constructionSite={"code": "Luftschloss"})
    _unchanged(examination, "createOrder", {"orders": [good, bad] if first else [bad, good]}, "SITE_UNKNOWN")


def _unchanged(examination: Examination, operation: str, asked: Arguments, code: str) -> None:
    before = examination.must("orders")
    answer = examination.client.ask(operation, asked)
    if answer.outcome != code:
        observed = answer.recognition.detail or answer.outcome
        raise examination.broken([answer], "", code, observed, source=_STOCK)
    after = examination.must("orders")
    if before.payload != after.payload:
        text = f"{operation} to change nothing here"
        raise examination.broken([before, answer, after], "[]", text, "a change", source=_STOCK)


def _of_quantity(run: Run, quantity: int) -> Arguments:
    return line(run, products(run)[0], min(quantity, _MOST), productOrderDetails=_details(run, quantity))


def _details(run: Run, quantity: int) -> Arguments:
    return {"orderUnit": {"code": unit(products(run)[0])["code"]}, "quantity": quantity}


def _priced(run: Run, quantity: int) -> Arguments:
    return {"calculation": {}, "products": [{"productId": products(run)[0]["id"], "quantity": quantity}]}


def _taxed(run: Run, percent: float) -> Arguments:
    product = products(run)[0]
    price = {"amount": amount(run, product, unit(product)["quantityMin"]), "currency": "EUR"}
    return line(run, product, productPrice={**price, "taxDetails": {"taxType": "VAT", "taxAmount": percent}})


def _created(examination: Examination, _drawn: bool) -> None:  # noqa: FBT001 - generated
    """Carts and orders are dated when they are made, and an order shows what its cart does."""
    run = examination.run
    if not run.target.clock.movable:
        raise NothingToExamine("the target's clock cannot be read")
    made = run.client.must("upsertProduct", line(run, products(run)[0]))
    order = run.client.must("createOrder", {"orders": [new_order(run, shoppingCartId=made.at(CART))]})
    now = run.target.clock.now()
    for answer, path in ((made, "creationDate"), (order, "[].creationDate")):
        if abs(datetime.fromisoformat(answer.at(path)) - now) > _SOON:
            raise examination.broken([answer], path, f"{now:%Y-%m-%dT%H:%M} or so", answer.at(path), source=_OWNERS)


DECLARATIONS: tuple[Declaration, ...] = (
    Walk("finishOrder.stock", _stocked, _sold, share=0.4),
    Walk("createOrder.warning", _short, _warned, share=0.3),
    Walk("upsertProduct.prices", _kinds, _any_price, share=0.8),
    Walk("upsertExpectedReceiptDateTime.utc", _instants, _expected, share=0.2),
    Walk("upsertProduct.dated", _whoever, _created, share=0.1),
    Walk("upsertProduct.life", _steps, _shop, share=1.6),
    Walk("shoppingcart.everywhere", _whoever, _everywhere, "auth", 0.1),
    Walk("shoppingcart.confined", _whoever, _confined, "auth", 0.1),
    Walk("finishOrder.together", _whoever, _together, share=0.1),
    Walk("createOrder.together", _whoever, _half_good, share=0.1),
    Limit(
        "upsertProduct.quantity",
        "upsertProduct",
        _of_quantity,
        _MOST,
        _MOST + 1,
        "QUANTITY_TOO_LARGE",
        lambda _examination, answer: (
            answer,
            "products[].productOrderDetails.quantity",
            answer.at("products[].productOrderDetails.quantity"),
        ),
        _PRICES,
        changes_state=True,
    ),
    Limit("pricesearch.quantity", "pricesearch", _priced, _MOST, _MOST + 1, "QUANTITY_TOO_LARGE", source=_PRICES),
    Limit(
        "upsertProduct.taxAmount",
        "upsertProduct",
        _taxed,
        100,
        100.01,
        "TAX_INVALID",
        lambda _examination, answer: (
            answer,
            "products[].productPrice.taxDetails.taxAmount",
            answer.at("products[].productPrice.taxDetails.taxAmount"),
        ),
        _OWNERS,
        changes_state=True,
    ),
)
