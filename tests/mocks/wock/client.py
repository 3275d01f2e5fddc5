"""A small client of World of CD Keys in process: signs in at the authority and asks GraphQL."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlencode

from apitwin_fixtures import Fixtures, Reply, Request
from apitwin_mocks.server import Server
from apitwin_mocks.supplier import Seeding
from apitwin_mocks.suppliers.wock import SUPPLIER
from tests.mocks.replay import answer

__all__ = ["ALL_OF_A_PRODUCT", "FIXTURES", "SERVER", "Client", "every_page", "fresh", "grant"]

FIXTURES = Fixtures.of("wock")
ALL_OF_A_PRODUCT = """
language lastUpdateDateTime quantity { text image all } bulkPrices { price minimumQuantity } productPartnerId
bundleItems { id name platform language region isSubBundle } isBundle id name platform region currency isDisabled
lastUpdatedPriceDateTime lastIncreasedStockDateTime productPartnerIds languages regions excludedLanguages excludedRegions
"""
SERVER = Server({"wock": SUPPLIER}, Seeding(0, 120))
"""Shared by tests that take a session of their own."""

_sessions = count()


def grant(server: Server, prefix: str, credential: str, **changes: str | None) -> Reply:
    known = FIXTURES.credentials[credential]
    form = {name: known[name] for name in ("client_id", "client_secret", "scope")} | {
        "grant_type": "client_credentials"
    }
    changed: dict[str, str | None] = {**form, **changes}
    tenant = changed.pop("tenant", known["tenant"])
    body = urlencode({name: value for name, value in changed.items() if value is not None}).encode()
    headers = (("content-type", "application/x-www-form-urlencoded"),)
    return answer(server, Request("POST", f"{prefix}/wock/{tenant}/oauth2/v2.0/token", "", headers, body))


@dataclass
class Client:
    """A credential's view of one session."""

    session: str
    credential: str = "default"
    server: Server = field(default_factory=lambda: SERVER)
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        return f"/s/{self.session}"

    def another(self, credential: str) -> "Client":
        return Client(self.session, credential, self.server)

    @property
    def token(self) -> str:
        if self.credential not in self.tokens:
            granted: Any = grant(self.server, self.prefix, self.credential).json
            self.tokens[self.credential] = granted["access_token"]
        return self.tokens[self.credential]

    def send(self, request: Request) -> Reply:
        return answer(
            self.server,
            Request(request.method, self.prefix + request.path, request.query, request.headers, request.body),
        )

    def post(self, body: bytes, **headers: str | None) -> Reply:
        given: dict[str, str | None] = {"content-type": "application/json", "authorization": f"Bearer {self.token}"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        sent = tuple((name, value) for name, value in given.items() if value is not None)
        return self.send(Request("POST", "/wock/graphql", "", sent, body))

    def ask(self, query: str, variables: dict[str, Any] | None = None, **headers: str | None) -> Reply:
        return self.post(json.dumps({"query": query, "variables": variables}).encode(), **headers)

    def body(self, query: str, variables: dict[str, Any] | None = None) -> Any:
        return self.ask(query, variables).json

    def data(self, query: str, variables: dict[str, Any] | None = None) -> Any:
        body = self.body(query, variables)
        assert "errors" not in body, body
        return body["data"]

    def get(self, **parameters: str) -> Reply:
        headers = (("authorization", f"Bearer {self.token}"),)
        return self.send(Request("GET", "/wock/graphql", urlencode(parameters), headers))

    def control(self, method: str, path: str, body: dict[str, Any]) -> Reply:
        return self.send(Request(method, f"/_twin{path}", "", (), json.dumps(body).encode()))

    def settings(self, **changes: Any) -> None:
        reply = self.control("PATCH", "/state/wock/settings/server", changes)
        assert reply.status == 200, reply.text

    def edit(self, table: str, key: object, **changes: Any) -> None:
        reply = self.control("PATCH", f"/state/wock/{table}/{key}", changes)
        assert reply.status == 200, reply.text

    def advance(self, seconds: float) -> None:
        reply = self.control("POST", "/clock/advance", {"seconds": seconds})
        assert reply.status == 200, reply.text
        self.tokens.clear()

    def order(self, *lines: dict[str, Any]) -> Any:
        query = """mutation($input: CreateOrderInput!) { createOrder(input: $input) {
          orderId partnerOrderId products { productId price quantity keyType partnerProductId } } }"""
        return self.body(query, {"input": {"products": list(lines)}})

    def ordered(self, *lines: dict[str, Any]) -> str:
        body = self.order(*lines)
        assert "errors" not in body, body
        return str(body["data"]["createOrder"]["orderId"])

    def delivery(self, order: str) -> Any:
        query = """query($id: UUID) { delivery(orderId: $id) { orderId legacyOrderId status { ready error }
          archives { link password } products { deliveryIdentifier partnerProductId details { id name platform region language }
          keys { id key mimeType downloadedAt subKeys { id key mimeType downloadedAt subKeys { id key mimeType subKeys { id key } } } } } } }"""
        return self.data(query, {"id": order})["delivery"]

    def status(self, order: str) -> Any:
        query = "query($id: UUID) { delivery(orderId: $id) { status { ready error } } }"
        found = self.data(query, {"id": order})["delivery"]
        return found and found["status"]

    def partner(self) -> Any:
        return self.data("{ partner { id available used partnerType stockLimit } }")["partner"]

    def product(self, key: int) -> Any:
        return self.data("query($id: Int) { product(id: $id) {" + ALL_OF_A_PRODUCT + "} }", {"id": key})["product"]

    def delete(self, order: str) -> Any:
        return self.data("mutation($id: UUID!) { deleteOrder(orderId: $id) }", {"id": order})["deleteOrder"]

    def listed(self) -> list[str]:
        segment = self.data("{ orders(take: 50) { items { id } } }")["orders"]
        return [row["id"] for row in segment["items"]]


def fresh(credential: str = "default") -> Client:
    """Give a client of a session that nobody used."""
    return Client(f"wock-{next(_sessions)}", credential)


def every_page(client: Client, query: str, size: int) -> Iterator[Any]:
    """Give the segments of a list until there is no next page; the query takes $skip and $take."""
    for page in count():
        segment = next(iter(client.data(query, {"skip": page * size, "take": size}).values()))
        yield segment
        if not segment["pageInfo"]["hasNextPage"]:
            return
