"""A small client of the reseller platform in process, as a shop would have it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import jsonschema_rs

from apitwin_fixtures import Fixtures, Reply, Request
from apitwin_mocks.kit.courier import Courier
from apitwin_mocks.kit.webhooks import Outcome, Parcel
from apitwin_mocks.server import Server
from apitwin_mocks.supplier import Seeding
from apitwin_mocks.suppliers.reseller import SUPPLIER
from tests.mocks.replay import answer

__all__ = [
    "DOCUMENT",
    "FIXTURES",
    "OPERATIONS",
    "SERVER",
    "USER_ID",
    "Client",
    "Told",
    "exact",
    "fresh_client",
    "fresh_server",
    "line",
]

FIXTURES = Fixtures.of("reseller")
DOCUMENT = FIXTURES.json("openapi.json")
OPERATIONS = {
    call["operationId"]: (method.upper(), path, call)
    for path, methods in DOCUMENT["paths"].items()
    for method, call in methods.items()
}
USER_ID = [{"ProductRequireID": 1, "Identifier": "userid", "Value": "12341234"}]


def fresh_server(products: int = 60, seed: int = 0, courier: Courier | None = None) -> Server:
    return Server({"reseller": SUPPLIER}, Seeding(seed, products), courier=courier)


SERVER = fresh_server()
"""Shared by tests that take a session of their own."""


def line(product: object = 10, quantity: object = 1, deliver_id: str | None = None, **more: Any) -> dict[str, Any]:
    """Make a line of a basket; product 10 asks for nothing."""
    asked = {"DeliverID": deliver_id, "CustomerStoreProductID": product, "Quantity": quantity, **more}
    return {name: value for name, value in asked.items() if value is not None}


@dataclass
class Client:
    """An account's view of one session."""

    server: Server = field(default_factory=lambda: SERVER)
    session: str = "default"
    credential: str = "default"
    token: str | None = None

    def send(self, method: str, path: str, body: object = None, query: str = "", **headers: str | None) -> Reply:
        """Send one request; a header that is None is left out."""
        known = {"authorization": f"Bearer {self.token}" if self.token else None}
        if body is not None:
            known["content-type"] = "application/json"
        known |= {name.replace("_", "-"): value for name, value in headers.items()}
        sent = tuple((name, value) for name, value in known.items() if value is not None)
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return answer(self.server, Request(method, f"/s/{self.session}/reseller{path}", query, sent, raw))

    def ask(self, operation: str, body: object = None, query: str = "", **headers: str | None) -> Reply:
        """Ask an operation and hold the answer against the document."""
        method, path, _ = OPERATIONS[operation]
        if operation == "get_product":
            path = path.format(productID=body)
            body = None
        if operation == "get_order_detail":
            path = path.format(orderDetailID=body)
            body = None
        reply = self.send(method, path, body, query, **headers)
        hold(operation, reply)
        return reply

    def data(self, operation: str, body: object = None, query: str = "", **headers: str | None) -> Any:
        """Give the data of an answer that must be a success; amounts are exact."""
        reply = self.ask(operation, body, query, **headers)
        assert reply.status == 200, reply.text
        return exact(reply)["data"]

    def sign_in(self) -> str:
        known = FIXTURES.credentials[self.credential]
        data = self.data("generate_token", {"Email": known["email"], "Password": known["password"]})
        self.token = data["Token"]
        return str(self.token)

    def create(self, *lines: Mapping[str, Any], **more: Any) -> Any:
        return self.data("create_order", {"basketData": list(lines), **more})

    def refusal(self, operation: str, body: object = None, query: str = "", **headers: str | None) -> str:
        return self.code(operation, self.ask(operation, body, query, **headers))

    def code(self, operation: str, reply: Reply) -> str:
        """Name the catalogue's one code whose reply this is."""
        found = [
            entry.code
            for entry in FIXTURES.errors.entries
            if entry.status == reply.status
            and entry.difference(reply.json) is None
            and all(reply.header(name) is not None for name in entry.headers or {})
        ]
        assert len(found) == 1, (found, reply)
        assert FIXTURES.errors[found[0]].occurs_in(operation)
        return found[0]

    def control(self, method: str, path: str, body: object = None) -> Any:
        raw = b"" if body is None else json.dumps(body).encode()
        reply = answer(self.server, Request(method, f"/s/{self.session}/_twin{path}", "", (), raw))
        assert reply.status == 200, reply.text
        return reply.json

    def edit(self, table: str, key: object, **changes: object) -> Any:
        return self.control("PATCH", f"/state/reseller/{table}/{key}", changes)["row"]

    def advance(self, seconds: float) -> None:
        self.server.sessions.get(self.session).clock.advance(timedelta(seconds=seconds))

    @property
    def balance(self) -> Decimal:
        amount = self.data("account_details")["balance"]
        assert isinstance(amount, Decimal)
        return amount

    def product(self, store_id: int) -> Any:
        [found] = [
            row
            for row in self.data("list_products", query="pageSize=1000")
            if row["customerStoreProductID"] == store_id
        ]
        return found

    @property
    def world(self) -> Any:
        return self.server.sessions.get(self.session).world("reseller")


def exact(reply: Reply) -> Any:
    return json.loads(reply.body, parse_float=Decimal)


@cache
def _checker(operation: str, status: str) -> jsonschema_rs.Validator:
    schema = OPERATIONS[operation][2]["responses"][status]["content"]["application/json"]["schema"]
    return jsonschema_rs.validator_for({**schema, "components": DOCUMENT["components"]}, validate_formats=True)


def hold(operation: str, reply: Reply) -> None:
    """The answer must be one that the document describes."""
    documented = OPERATIONS[operation][2]["responses"][str(reply.status)]
    assert reply.media_type == "application/json"
    checker = _checker(operation, str(reply.status))
    assert [f"{error.instance_path}: {error.message}" for error in checker.iter_errors(reply.json)] == []
    assert all(reply.header(name.lower()) is not None for name in documented.get("headers", {}))


def fresh_client(session: str, credential: str = "default", courier: Courier | None = None) -> Client:
    """Give a signed-in client in a session that starts anew."""
    SERVER.sessions.drop(session)
    client = Client(fresh_server(courier=courier) if courier else SERVER, session, credential)
    client.sign_in()
    return client


class Told:
    """A courier that remembers what was sent to whom, and acknowledges it unless told otherwise."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.parcels: list[Parcel] = []
        self.courier = Courier(self._attempt)

    def _attempt(self, parcel: Parcel) -> Outcome:
        self.parcels.append(parcel)
        return Outcome(self.statuses.pop(0) if self.statuses else 200)

    def bodies(self, url: str | None = None) -> list[Any]:
        return [json.loads(p.body, parse_float=Decimal) for p in self.parcels if url in (None, p.url)]
