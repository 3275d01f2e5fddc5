"""What requests to the gates are made of: products, users and prices found on the target, and new carts and orders."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from apitwin_contracts.client import Answer, Client
from apitwin_contracts.contract import Arguments
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.run import Run
from apitwin_contracts.surfaces.surface import Problem

from .paths import FIRST, for_gate

__all__ = [
    "CALCULATED",
    "CART",
    "amount",
    "ask_at",
    "cart",
    "gate",
    "line",
    "must_at",
    "new_order",
    "open_order",
    "ordered",
    "products",
    "receipt",
    "stores",
    "unit",
    "user",
]

CALCULATED: Arguments = {"priceCalculation": {}}
CART = "shoppingCartId"
_POOL = 40


def ask_at(client: Client, place: str, operation: str, arguments: Arguments) -> Answer:
    """Ask an operation at a gate, or at the BookingGate with a gate's token."""
    request = client.request(operation, arguments)
    request = replace(request, path=for_gate(request.path, place))
    return client.send(operation, client.signed(request), arguments)


def must_at(client: Client, place: str, operation: str, arguments: Arguments) -> Answer:
    """Ask an operation that has to succeed; raises `Violation` when it is refused."""
    answer = ask_at(client, place, operation, arguments)
    if not answer.ok:
        where, source = client.contract.surface.location(operation), client.source_of(operation)
        observed = answer.recognition.detail or answer.outcome
        refused = Problem("error.unexpected-refusal", "error", "breaking", where, "success", observed, source)
        raise client.violation(operation, refused, [answer])
    return answer


def gate(run: Run, place: str = FIRST) -> Mapping[str, Any]:
    """Give what the BusinessManager says of a gate."""
    code = run.client.sign_in().code(place)
    rows = run.items("connectedDistributionGates", "[]")
    found = [row for row in rows if row.get("code") == code]
    if not found:
        raise NothingToExamine(f"the BusinessManager names no gate {code}")
    return dict(found[0])


def user(run: Run, place: str = FIRST) -> Any:
    """Give the user for whom the client acts at a gate."""
    return run.remember(("user", place), lambda: must_at(run.client, place, "getUser", {})).payload


def stores(run: Run, place: str = FIRST) -> list[Any]:
    """Give a gate's stores."""
    return list(user(run, place)["stores"])


def products(run: Run, place: str = FIRST) -> list[Any]:
    """Give the first products of a gate, with the user's prices."""
    asked = {"page": {"page": 0, "size": _POOL}, **CALCULATED}
    found = run.remember(
        ("products", place), lambda: must_at(run.client, place, "productsearch", asked).every("content[]")
    )
    if not found:
        raise NothingToExamine("the gate sells nothing")
    return found


def unit(product: Any, at: int = 0) -> Any:
    """Give one of a product's order units."""
    units = product["productOrderDetails"]["orderUnits"]
    return units[min(at, len(units) - 1)]


def amount(run: Run, product: Any, quantity: int, place: str = FIRST) -> Any:
    """Give the user's price of a product for a quantity of its first order unit."""
    if quantity == unit(product)["quantityMin"]:
        return unit(product)["price"]["amount"]

    def ask() -> Answer:
        asked = {"calculation": {}, "products": [{"productId": product["id"], "quantity": quantity}]}
        return must_at(run.client, place, "pricesearch", asked)

    return run.remember(("price", product["id"], quantity), ask).at("prices[].amount")


def line(run: Run, product: Any, quantity: int | None = None, place: str = FIRST, **changes: Any) -> Arguments:
    """Make the arguments that put a product into a cart, a new one unless `shoppingCartId` is given."""
    wanted = quantity or unit(product)["quantityMin"]
    who, where = user(run, place), gate(run, place)
    asked = {
        "proMaterialId": product["proMaterialIds"][0],
        "productGateCode": product["productGateCode"],
        "distributionGateCode": where["code"],
        "distributionChannel": where["distributionChannelId"],
        "productPrice": {"amount": amount(run, product, wanted, place), "currency": "EUR"},
        "productOrderDetails": {"orderUnit": {"code": unit(product)["code"]}, "quantity": wanted},
        "email": who["email"],
        "clientNumber": who["clientNumber"],
    }
    return {"product": {**asked, **changes}}


def cart(run: Run) -> Any:
    """Make a cart with one product; raises `NothingToExamine` on a target that may only be read."""
    if run.read_only:
        raise NothingToExamine("nothing may be put into a shopping cart here")
    return run.client.must("upsertProduct", line(run, products(run)[0])).payload


def receipt(**changes: Any) -> Arguments:
    """Make the time at which goods are expected, the one of the samples."""
    day = "2037-12-24T00:00:00Z"
    return {"type": "DELIVERY", "from": day, "to": day, "timeFrame": "0-24", **changes}


def new_order(run: Run, **changes: Any) -> Arguments:
    """Make an order of a new cart."""
    site = user(run)["constructionSites"][0]["code"]
    return {
        CART: changes.pop(CART, None) or cart(run)[CART],
        "constructionSite": {"code": site},
        "expectedReceiptDateTime": receipt(),
        **changes,
    }


def ordered(run: Run, **changes: Any) -> Any:
    """Make an order."""
    return run.client.must("createOrder", {"orders": [new_order(run, **changes)]}).payload[0]


def open_order(run: Run, *steps: str, **changes: Any) -> Any:
    """Make an order and take it so far."""
    made = ordered(run, **changes)
    for step in steps:
        made = run.client.must(step, {"orderIds": [made["orderId"]]}).payload[0]
    return made
