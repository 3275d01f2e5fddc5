"""A small client of the gates in process: a credential in a session, who signs in, searches, fills carts and orders."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from apitwin_fixtures import Fixtures, Reply, Request
from apitwin_mocks.server import Server
from apitwin_mocks.supplier import Seeding
from apitwin_mocks.suppliers.gates import SUPPLIER
from tests.mocks.replay import answer

__all__ = [
    "CART",
    "CHANNELS",
    "FIXTURES",
    "GATES",
    "MAKERS",
    "ORDER",
    "PRICES",
    "SEARCH",
    "SERVER",
    "UPSERT",
    "Client",
    "exact",
    "fresh_client",
    "fresh_server",
]

FIXTURES = Fixtures.of("gates")
GATES: list[dict[str, Any]] = FIXTURES.json("entities/gates.json")
CHANNELS = {gate["code"]: gate["distributionChannelId"] for gate in GATES}
MAKERS = {row["key"]: row["productGate"] for row in FIXTURES.json("entities/products.json")}

CART = """shoppingCartId creationDate orderTotals { totalOrderProducts totalAmountNet orderCurrency } products {
    productId proMaterialId productGateCode distributionGateCode clientNumber productPrice { amount currency taxDetails {
    taxType taxAmount } } productOrderDetails { orderUnit { code } quantity } }"""
ORDER = f"""orderId status {{ status message subStatus {{ warning }} }} expectedReceiptDateTime {{ type from to timeFrame }}
    constructionSite {{ code }} store {{ code }} {CART}"""
UPSERT = f"mutation($product: ShoppingCartProductInput!) {{ upsertProduct(product: $product) {{ {CART} }} }}"
PRICES = """query($calculation: PriceCalculationInput!, $products: [ProductQuantityInput!]!) {
    pricesearch(calculation: $calculation, products: $products) { prices { productId quantity amount currency } } }"""
SEARCH = """query($query: String, $types: UniversalTypesInput, $page: PageInput, $prices: PriceCalculationInput) {
    productsearch(query: $query, universalTypes: $types, page: $page, priceCalculation: $prices) { content { id proMaterialIds
    productGateCode productDetails { descriptions { descriptionShort descriptionLong } images { url name } specifications { name
    value } } features { universalTypes { code name persistedPath value type { type rangeMin rangeMax } unit { code name symbol }
    parent { code } } } productOrderDetails { orderUnits { name code quantityMin price { amount currency } contentUnit { name code
    contentUnitPerOrderUnit } availabilities { amount location { name address { street city zip } } } } } }
    pageInfo { hasNextPage totalCount } } }"""


def exact(reply: Reply) -> Any:
    """Read a reply, its decimals as `Decimal`."""
    return json.loads(reply.body, parse_float=Decimal)


def fresh_server(products: int = 60, seed: int = 0) -> Server:
    return Server({"gates": SUPPLIER}, Seeding(seed, products))


SERVER = fresh_server()
"""Shared by tests that take a session of their own."""


@dataclass
class Client:
    """A credential in one session; `gate` is its DistributionGate."""

    session: str = "default"
    credential: str = "exampledistributor"
    server: Server = field(default_factory=lambda: SERVER)

    @property
    def known(self) -> dict[str, Any]:
        return FIXTURES.credentials[self.credential]

    @property
    def gate(self) -> str:
        return str(self.known.get("gate"))

    def send(self, request: Request) -> Reply:
        path = f"/s/{self.session}/gates{request.path}"
        return answer(self.server, Request(request.method, path, request.query, request.headers, request.body))

    def sign_in(self, **changes: str | None) -> Reply:
        names = ("client_id", "client_secret", "audience", "username", "password")
        body = {name: self.known[name] for name in names if name in self.known}
        body["grant_type"] = "password" if "username" in body else "client_credentials"
        asked = {name: value for name, value in (body | changes).items() if value is not None}
        headers = (("content-type", "application/json"),)
        return self.send(Request("POST", "/oauth/token", "", headers, json.dumps(asked).encode()))

    @cached_property
    def token(self) -> str:
        return str(exact(self.sign_in())["access_token"])

    def post(self, path: str, body: bytes, **headers: str | None) -> Reply:
        sent = {"content-type": "application/json"} | {
            name.replace("_", "-"): value for name, value in headers.items() if value is not None
        }
        if "authorization" not in headers:
            sent["authorization"] = f"Bearer {self.token}"
        return self.send(Request("POST", path, "", tuple(sent.items()), body))

    def ask(self, path: str, query: str, /, **variables: Any) -> Reply:
        return self.post(path, json.dumps({"query": query, "variables": variables}, default=float).encode())

    def data(self, path: str, query: str, /, **variables: Any) -> Any:
        """Give what the only root field answers; there must be no errors."""
        body = exact(self.ask(path, query, **variables))
        assert body.keys() == {"data"}, body
        [(_, data)] = body["data"].items()
        return data

    def at_gate(self, query: str, /, **variables: Any) -> Any:
        return self.data(f"/dg/{self.gate}/graphql", query, **variables)

    def search(self, **variables: Any) -> Any:
        return self.at_gate(SEARCH, **variables)

    def price(self, product: str, quantity: int, **calculation: str) -> Any:
        products = [{"productId": product, "quantity": quantity}]
        [price] = self.at_gate(PRICES, calculation=calculation, products=products)["prices"]
        return price["amount"]

    def line(self, product: str, maker: str, amount: Any, quantity: int | None = 1, **more: Any) -> dict[str, Any]:
        """Give the input of upsertProduct."""
        user = self.at_gate("{ getUser { email clientNumber } }")
        details = {} if quantity is None else {"productOrderDetails": {"quantity": quantity}}
        return {
            "proMaterialId": product,
            "productGateCode": maker,
            "distributionGateCode": self.gate,
            "distributionChannel": CHANNELS[self.gate],
            "productPrice": {"amount": amount, "currency": "EUR"},
            **details,
            **user,
            **more,
        }

    def upsert(self, product: str, maker: str, amount: Any, quantity: int | None = 1, **more: Any) -> Any:
        return self.booking(UPSERT, product=self.line(product, maker, amount, quantity, **more))

    def booking(self, query: str, /, **variables: Any) -> Any:
        return self.data("/bg/graphql", query, **variables)

    def cart(self, cart: str) -> Any:
        return self.booking(f"query($id: String!) {{ shoppingcart(shoppingCartId: $id) {{ {CART} }} }}", id=cart)

    def order(self, *carts: str, site: str = "BV-1001", receipt: bool = True) -> Any:
        day = "2026-01-05T00:00:00Z"
        when = {"type": "DELIVERY", "from": day, "to": day, "timeFrame": "0-24"} if receipt else None
        orders = [
            {"shoppingCartId": cart, "constructionSite": {"code": site}, "expectedReceiptDateTime": when}
            for cart in carts
        ]
        return self.booking(f"mutation($o: [OrderInput!]!) {{ createOrder(orders: $o) {{ {ORDER} }} }}", o=orders)

    def step(self, mutation: str, *orders: str) -> Any:
        """Run beginCheckout or finishOrder."""
        return self.booking(f"mutation($o: [String!]!) {{ {mutation}(orderIds: $o) {{ {ORDER} }} }}", o=list(orders))

    def orders(self, *ids: str) -> Any:
        return self.booking(f"query($o: [String!]) {{ orders(orderIds: $o) {{ {ORDER} }} }}", o=list(ids) or None)

    def advance(self, **step: int) -> None:
        self.server.sessions.get(self.session).clock.advance(timedelta(**step))

    def code(self, reply: Reply, operation: str) -> str:
        """Name the catalogue's one code by which this reply refuses the operation."""
        body = exact(reply)
        errors = body.get("errors", []) if isinstance(body, dict) else []
        parts: dict[str, list[Any]] = {"reply": [body], "errors": errors}
        found = {
            entry.code
            for entry in FIXTURES.errors.entries
            for part in parts[entry.placement]
            if entry.status == reply.status and entry.occurs_in(operation) and entry.difference(part) is None
        }
        assert len(found) == 1, (found, reply)
        return found.pop()


def fresh_client(session: str, credential: str = "exampledistributor") -> Client:
    """Give a client in a session that starts anew."""
    SERVER.sessions.drop(session)
    return Client(session, credential)
