"""A small client of AXRO in process: a customer in a session, who asks and expects."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from apitwin_fixtures import Fixtures, Reply, Request
from apitwin_mocks.server import Server
from apitwin_mocks.supplier import Seeding
from apitwin_mocks.suppliers.axro import SUPPLIER
from tests.mocks.replay import answer

__all__ = [
    "ACME",
    "ADDRESSES",
    "CREATE",
    "DETAILS",
    "FIXTURES",
    "HAMBURG",
    "ORDER",
    "ORDERS",
    "SERVER",
    "SHIPMENT",
    "SHIPMENTS",
    "STOCK",
    "TRACKING",
    "UPDATE",
    "WAITING",
    "Client",
    "fresh_client",
    "fresh_server",
]

FIXTURES = Fixtures.of("axro")
ACME = "6f0c76f6-5af3-4a47-9a58-6e3f0a361234"
HAMBURG = "d5f4a3bc-68c5-5b9e-9c3f-0a2f6f3e1b77"
WAITING = "7284adc6-db5f-55c1-9511-4d12b3a356f1"

ORDER = "mutation($order: OrderInput!, $place: Boolean) { orderCreate(order: $order, place: $place) }"
STOCK = "query($number: String) { products(productNumber: $number) { products { stock } } }"
ORDERS = "{ orderList { totalPages error orders { orderNumber date commission currency orderTotal orderSource } } }"
DETAILS = """query($number: String!) { orderDetails(orderNumber: $number) { orderNumber error order {
    invoiceNumber date commission currency orderTotal orderSource carrier
    shippingAddress { company street zip city } billingAddress { company street zip city }
    items { productNumber orderNumber oemNumber quantity total } } } }"""
SHIPMENTS = """query($order: String) { shipmentList(orderNumber: $order) { totalPages error shipments {
    shipmentNumber company commission status date shippingDate trackingUrl trackingCode carrier } } }"""
SHIPMENT = """query($number: String!) { shipmentDetails(shipmentNumber: $number) { shipmentNumber error shipment {
    orderNumbers invoiceNumber shipmentNumber shippingDate
    items { productNumber orderNumber oemNumber commission quantity total } } } }"""
TRACKING = "query($number: String!) { trackingHistory(shipmentNumber: $number) { shipmentNumber history error } }"
ADDRESSES = "{ shippingAddresses { id company department street zip city country phone email status info } }"
CREATE = "mutation($input: ShippingCreateInput!, $check: Boolean) { shippingCreate(input: $input, check: $check) }"
UPDATE = "mutation($id: String!, $input: ShippingUpdateInput!) { shippingUpdate(id: $id, input: $input) }"


def fresh_server(products: int = 120, seed: int = 0) -> Server:
    return Server({"axro": SUPPLIER}, Seeding(seed, products))


SERVER = fresh_server()
"""Shared by tests that take a session of their own."""


@dataclass
class Client:
    """A customer in one session; every operation is asked for with all its fields."""

    session: str = "default"
    credential: str = "default"
    server: Server = field(default_factory=lambda: SERVER)

    def post(self, body: bytes, path: str = "/gql/v1", **headers: str | None) -> Reply:
        token = FIXTURES.credentials[self.credential]["token"]
        sent = {"content-type": "application/json", "authorization": f"Bearer {token}"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        pairs = tuple((name, value) for name, value in sent.items() if value is not None)
        return answer(self.server, Request("POST", f"/s/{self.session}/axro{path}", "", pairs, body))

    def ask(self, query: str, **variables: Any) -> Reply:
        return self.post(json.dumps({"query": query, "variables": variables}).encode())

    def data(self, query: str, **variables: Any) -> Any:
        """Give what the only root field answers; there must be no errors."""
        body: Any = self.ask(query, **variables).json
        assert body.keys() == {"data"}, body
        [(_, data)] = body["data"].items()
        return data

    def order(self, *cart: tuple[str, int], address: str = ACME, place: bool = True, **more: str) -> Any:
        lines = [{"productNumber": number, "quantity": quantity} for number, quantity in cart]
        return self.data(ORDER, order={"shippingAddressId": address, "cart": lines, **more}, place=place)

    def stock(self, number: str) -> int:
        [product] = self.data(STOCK, number=number)["products"]
        return int(product["stock"])

    def pages(self, operation: str, items: str, key: str) -> list[Any]:
        """Give one field of the items on all pages."""
        found: list[Any] = []
        for page in range(1, 100):
            answer = self.data(f"{{ {operation}(page: {page}) {{ totalPages {items} {{ {key} }} }} }}")
            found += [item[key] for item in answer[items]]
            if page == answer["totalPages"]:
                break
        return found

    def newest(self) -> Any:
        return self.data(ORDERS)["orders"][0]

    def details(self, number: str) -> Any:
        return self.data(DETAILS, number=number)["order"]

    def shipments(self, order: str | None = None) -> Any:
        return self.data(SHIPMENTS, order=order)["shipments"]

    def advance(self, **step: int) -> None:
        self.server.sessions.get(self.session).clock.advance(timedelta(**step))

    def code(self, reply: Reply, operation: str) -> str:
        """Name the catalogue's one code by which this reply refuses the operation."""
        body: Any = reply.json
        data = body.get("data") or {} if isinstance(body, dict) else {}
        parts: dict[str, list[Any]] = {
            "reply": [body],
            "errors": body.get("errors", []) if isinstance(body, dict) else [],
            "payload": [data.get(operation)],
        }
        found = {
            entry.code
            for entry in FIXTURES.errors.entries
            for part in parts[entry.placement]
            if entry.status == reply.status and entry.occurs_in(operation) and entry.difference(part) is None
        }
        assert len(found) == 1, (found, reply)
        return found.pop()


def fresh_client(session: str, credential: str = "default") -> Client:
    """Give a client in a session that starts anew."""
    SERVER.sessions.drop(session)
    return Client(session, credential)
