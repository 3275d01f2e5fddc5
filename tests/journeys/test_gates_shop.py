"""A shop signs in at the BusinessManager, finds its gates, fills one cart at two of them, and books it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import httpx
import pytest

from apitwin_contracts.targets.mock import ServedMocks
from apitwin_contracts.targets.mock_session import MockSession

_GATES = """{ connectedDistributionGates { code domain auth0Domain auth0ClientId auth0ClientSecret distributionChannelId
    defaultSite orderTypes { name } } }"""
_SEARCH = """query($query: String) { productsearch(query: $query, priceCalculation: {}) { content { id proMaterialIds
    productGateCode productOrderDetails { orderUnits { code quantityMin price { amount currency }
    availabilities { location { name } amount } } } } pageInfo { totalCount } } }"""
_PRICES = """query($products: [ProductQuantityInput!]!) { pricesearch(calculation: {}, products: $products)
    { prices { productId quantity amount } } }"""
_CART = "shoppingCartId orderTotals { totalOrderProducts totalAmountNet } products { productId distributionGateCode }"
_PUT = f"mutation($product: ShoppingCartProductInput!) {{ upsertProduct(product: $product) {{ {_CART} }} }}"
_READ = f"query($id: String!) {{ shoppingcart(shoppingCartId: $id) {{ {_CART} }} }}"
_BOOK = """mutation($orders: [OrderInput!]!) { createOrder(orders: $orders) { orderId status { status } } }"""
_STEP = "mutation($ids: [String!]!) {{ {step}(orderIds: $ids) {{ status {{ status subStatus {{ warning }} }} }} }}"
_ORDERS = "query($ids: [String!]) { orders(orderIds: $ids) { status { status } orderTotals { totalAmountNet } } }"


@pytest.fixture(scope="module")
def served() -> Iterator[ServedMocks]:
    mocks = ServedMocks(["gates"])
    yield mocks
    mocks.stop()


@pytest.fixture
def session(served: ServedMocks) -> MockSession:
    return served.session("gates", "shop")


def token(client: httpx.Client, url: str, audience: str, client_id: str, client_secret: str) -> str:
    asked = {
        "client_id": client_id,
        "client_secret": client_secret,
        "audience": audience,
        "grant_type": "client_credentials",
    }
    granted = client.post(f"{url}/oauth/token", json=asked).raise_for_status().json()
    assert granted["expires_in"] == 86_400
    return str(granted["access_token"])


class Endpoint:
    """A GraphQL endpoint and the token that opens it."""

    def __init__(self, client: httpx.Client, url: str, shown: str) -> None:
        self.client, self.url, self.token = client, url, shown

    def reply(self, query: str, /, **variables: Any) -> dict[str, Any]:
        headers = {"authorization": f"Bearer {self.token}"}
        sent = self.client.post(f"{self.url}/graphql", json={"query": query, "variables": variables}, headers=headers)
        return dict(sent.raise_for_status().json())

    def ask(self, query: str, /, **variables: Any) -> Any:
        body = self.reply(query, **variables)
        assert "errors" not in body, body["errors"]
        return next(iter(body["data"].values()))


class Gate(Endpoint):
    """A DistributionGate where the shop is signed in."""

    def __init__(self, client: httpx.Client, row: dict[str, Any]) -> None:
        secret = row["auth0ClientId"], row["auth0ClientSecret"]
        super().__init__(
            client, row["domain"], token(client, row["auth0Domain"], "http://mdg.promaterial.com/api", *secret)
        )
        self.row = row
        self.user = self.ask("{ getUser { email clientNumber constructionSites { code } } }")

    def find(self, query: str) -> dict[str, Any]:
        return dict(self.ask(_SEARCH, query=query)["content"][0])

    def line(self, product: dict[str, Any], quantity: int, cart: str | None = None) -> dict[str, Any]:
        priced = self.ask(_PRICES, products=[{"productId": product["id"], "quantity": quantity}])["prices"][0]
        return {
            "shoppingCartId": cart,
            "proMaterialId": product["proMaterialIds"][0],
            "productGateCode": product["productGateCode"],
            "distributionGateCode": self.row["code"],
            "distributionChannel": self.row["distributionChannelId"],
            "productPrice": {"amount": priced["amount"], "currency": "EUR"},
            "productOrderDetails": {"quantity": quantity},
            "email": self.user["email"],
            "clientNumber": self.user["clientNumber"],
        }


def signed_in(client: httpx.Client, session: MockSession) -> list[Gate]:
    own = session.credentials
    shown = token(client, session.url, own["audience"], own["client_id"], own["client_secret"])
    manager = Endpoint(client, f"{session.url}/bm", shown)
    return [Gate(client, row) for row in manager.ask(_GATES)]


def test_a_shop_books_one_cart_over_two_gates(session: MockSession) -> None:
    with httpx.Client() as client:
        first, second, *_ = signed_in(client, session)
        here, there = first.find("gkfi"), second.find("gkfi")
        assert here["proMaterialIds"] == there["proMaterialIds"]
        assert here["id"] != there["id"]

        booking = Endpoint(client, f"{session.url}/bg", first.token)
        elsewhere = Endpoint(client, f"{session.url}/bg", second.token)
        lines = first.line(here, 3), second.line(there, 2)
        cart = booking.ask(_PUT, product=lines[0])["shoppingCartId"]
        made = elsewhere.ask(_PUT, product={**lines[1], "shoppingCartId": cart})
        total = sum(
            Decimal(str(line["productPrice"]["amount"])) * line["productOrderDetails"]["quantity"] for line in lines
        )
        assert made["orderTotals"]["totalOrderProducts"] == 2
        assert Decimal(str(made["orderTotals"]["totalAmountNet"])) == total
        assert [line["distributionGateCode"] for line in made["products"]] == [first.row["code"], second.row["code"]]

        day = "2037-12-24T00:00:00Z"
        order = {
            "shoppingCartId": cart,
            "constructionSite": {"code": first.user["constructionSites"][0]["code"]},
            "expectedReceiptDateTime": {"type": "DELIVERY", "from": day, "to": day, "timeFrame": "0-24"},
        }
        ids = [booking.ask(_BOOK, orders=[order])[0]["orderId"]]
        for step, status in (("beginCheckout", "IN_CHECKOUT"), ("finishOrder", "FINISHING")):
            told = booking.ask(_STEP.format(step=step), ids=ids)[0]["status"]
            assert told == {"status": status, "subStatus": {"warning": None}}
        session.advance(61)
        read = booking.ask(_ORDERS, ids=ids)[0]
        assert read["status"]["status"] == "FINISHED"
        assert Decimal(str(read["orderTotals"]["totalAmountNet"])) == total

        stock = [
            unit["availabilities"][0]["amount"]
            for product in (here, first.find("gkfi"))
            for unit in product["productOrderDetails"]["orderUnits"][:1]
        ]
        assert stock[0] - stock[1] == 3


def test_a_price_that_went_up_is_refused_and_the_cart_stays(session: MockSession) -> None:
    with httpx.Client() as client:
        first = signed_in(client, session)[0]
        product = first.find("gkfi")
        line = first.line(product, 1)
        booking = Endpoint(client, f"{session.url}/bg", first.token)
        cart = booking.ask(_PUT, product=line)
        session.edit("offers", product["id"], prices=[99_900, 999_900])

        refused = booking.reply(_PUT, product={**line, "shoppingCartId": cart["shoppingCartId"]})
        assert refused["data"] == {"upsertProduct": None}
        assert refused["errors"][0]["message"].startswith("The price of PM-00009479 is")
        assert booking.ask(_READ, id=cart["shoppingCartId"]) == cart


def test_a_gates_token_opens_no_other_gate(session: MockSession) -> None:
    with httpx.Client() as client:
        first, second, *_ = signed_in(client, session)
        strayed = Endpoint(client, second.url, first.token).reply("{ getUser { email } }")
        assert strayed["errors"][0]["extensions"] == {"classification": "FORBIDDEN"}
