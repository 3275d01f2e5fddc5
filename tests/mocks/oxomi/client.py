"""A small client of OXOMI in process; it signs by a formula of its own, so that the mock's cannot confirm itself."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import md5
from typing import Any

from apitwin_fixtures import Fixtures, Reply, Request
from apitwin_mocks.server import Server
from apitwin_mocks.supplier import Seeding
from apitwin_mocks.suppliers.oxomi import SUPPLIER
from tests.mocks.replay import answer

__all__ = ["FIXTURES", "PATHS", "SERVER", "START", "TODAY", "Client", "fresh_client", "fresh_server", "signature"]

FIXTURES = Fixtures.of("oxomi")
PATHS = {call["get"]["operationId"]: path for path, call in FIXTURES.json("openapi.json")["paths"].items()}
TODAY = 20454
START = "2026-01-01 00:00:00"


def fresh_server(products: int = 200, seed: int = 0) -> Server:
    return Server({"oxomi": SUPPLIER}, Seeding(seed, products))


SERVER = fresh_server()
"""Shared by tests that take a session of their own."""


def signature(secret: str, *parts: object) -> str:
    return _md5(secret + _md5(secret + "".join(str(part) for part in parts)))


def _md5(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()


@dataclass
class Client:
    """A credential's view of one session; every call may override any parameter, None leaves it out."""

    server: Server = field(default_factory=lambda: SERVER)
    session: str = "default"
    credential: str = "default"
    day: int = TODAY

    def parameters(self, operation: str, **changes: str | None) -> dict[str, str]:
        known = FIXTURES.credentials[self.credential]
        asked: dict[str, str | None] = {name: known[name] for name in ("portal", "user", "apiToken", "roles")}
        if operation.startswith("sync"):
            asked["syncStart"] = START
        asked |= changes
        asked.setdefault("accessToken", self.token(asked, known["secret"]))
        return {name: value for name, value in asked.items() if value is not None}

    def token(self, asked: dict[str, str | None], secret: str) -> str:
        portal, user, roles, api_token = (asked[name] or "" for name in ("portal", "user", "roles", "apiToken"))
        return signature(secret, portal, user, self.day, roles, api_token)

    def ask_by(self, method: str, operation: str, **changes: str | None) -> Reply:
        path = f"/s/{self.session}/oxomi{PATHS[operation]}"
        return answer(self.server, Request(method, path, Request.encode(self.parameters(operation, **changes))))

    def ask(self, operation: str, **changes: str | None) -> Reply:
        return self.ask_by("GET", operation, **changes)

    def get(self, operation: str, **changes: str | None) -> dict[str, Any]:
        reply = self.ask(operation, **changes)
        assert reply.status == 200, reply.text
        body: Any = reply.json
        return dict(body)

    def pages(self, operation: str = "sync_v3", **changes: str | None) -> Iterator[list[dict[str, Any]]]:
        token: str | None = None
        while token != "-":
            page = self.get(operation, continuationToken=token, **changes)
            token = page["continuationToken"]
            yield page["products"]

    def sync(self, operation: str = "sync_v3", **changes: str | None) -> list[dict[str, Any]]:
        return [product for page in self.pages(operation, **changes) for product in page]

    def code(self, reply: Reply) -> str:
        """Name the catalogue's one code whose reply this is."""
        body = reply.json if reply.media_type == "application/json" else reply.text
        found = [
            entry.code
            for entry in FIXTURES.errors.entries
            if entry.status == reply.status and entry.difference(body) is None
        ]
        assert len(found) == 1, (found, reply)
        return found[0]

    def refusal(self, operation: str, **changes: str | None) -> str:
        return self.code(self.ask(operation, **changes))

    @property
    def world(self) -> Any:
        return self.server.sessions.get(self.session).world("oxomi")


def fresh_client(session: str, credential: str = "default") -> Client:
    """Give a client in a session that starts anew."""
    SERVER.sessions.drop(session)
    return Client(SERVER, session, credential)
