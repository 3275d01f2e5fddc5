"""The contract of Tiny: small, and yet it goes through every part of the engine."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer, Client
from apitwin_contracts.contract import Arguments, AuthFault, Contract, Operation, Provocation
from apitwin_contracts.laws.filters import Filter
from apitwin_contracts.laws.paging import NumberedPages, whole
from apitwin_contracts.laws.state import Reading, Written
from apitwin_contracts.run import Run
from apitwin_contracts.surfaces.rest import RestSurface
from apitwin_fixtures import ASSUMED, Fixtures, Request, Source

__all__ = ["CONTRACT"]

_FIXTURES = Fixtures(Path(__file__).with_name("fixtures"))


def _bearer(request: Request, token: str) -> Request:
    return replace(request, headers=(*request.headers, ("authorization", f"Bearer {token}")))


class TinyAuth:
    needed = ("token",)
    secret = frozenset({"token"})
    lifetime = None
    lifetime_source = ASSUMED

    def sign_in(self, client: Client) -> str:
        return client.credentials["token"]

    def sign(self, request: Request, grant: str, now: datetime) -> Request:  # noqa: ARG002 - as every auth
        return _bearer(request, grant)

    def granted_lifetime(self, client: Client) -> tuple[Answer, int] | None:  # noqa: ARG002 - as every auth
        return None

    def sign_anew(self, client: Client, request: Request) -> Request:
        return _bearer(request, client.sign_in())

    def faults(self) -> Iterable[AuthFault]:
        return (
            AuthFault("no-token", "TOKEN_MISSING", lambda _client, request: request),
            AuthFault("unknown", "TOKEN_UNKNOWN", lambda _client, request: _bearer(request, "nobodys")),
        )


def _some_item(run: Run) -> str:
    return str(run.items("listItems", "items[]")[0]["id"])


def _order(run: Run) -> Arguments:
    return {"body": {"item": _some_item(run), "quantity": 1}}


def _orders(run: Run) -> SearchStrategy[Arguments]:
    item = _some_item(run)
    return st.integers(1, 9).map(lambda quantity: {"body": {"item": item, "quantity": quantity}})


def _everything(examination: Examination) -> list[Any]:
    return whole(examination, _ITEMS)


def _same(answer: Answer, _item: Any) -> Iterable[tuple[str, object]]:
    return [(name, answer.at(name)) for name in ("id", "item", "quantity")]


_ITEMS = NumberedPages(
    "listItems",
    "items[]",
    "id",
    size="limit",
    default_size=10,
    maximum_size=200,
    over_maximum="LIMIT_TOO_LARGE",
    pages="pages",
    source=Source("documented", "tiny:10"),
)
_COLOUR = Filter("listItems", "colour", "items[]", "colour", "id", _everything, fixed={"limit": 200}, shown=200)
_ORDERED = Written(
    "createOrder-listOrders",
    "createOrder",
    _orders,
    reading=lambda _answer: Reading("listOrders", "orders[]"),
    matches=lambda answer, item: bool(item["id"] == answer.at("id")),
    same=_same,
)

CONTRACT = Contract(
    supplier="tiny",
    title="Tiny",
    fixtures=_FIXTURES,
    surface=RestSurface(_FIXTURES),
    operations=(
        Operation("listItems", "read", Source("documented", "tiny:10")),
        Operation("listOrders", "read", Source("documented", "tiny:12")),
        Operation("createOrder", "write", Source("documented", "tiny:13"), _order),
    ),
    auth=TinyAuth(),
    provocations=(
        Provocation("NOT_FOUND", "listItems", request=lambda _run: Request("GET", "/v1/nothing")),
        Provocation("METHOD_NOT_ALLOWED", "listItems", request=lambda _run: Request("DELETE", "/v1/items")),
        Provocation("TOKEN_MISSING", "listItems", signed=False),
        Provocation("BAD_PARAMETER", "listItems", lambda _run: {"page": "x"}),
        Provocation("LIMIT_TOO_LARGE", "listItems", lambda _run: {"limit": 201}),
        Provocation("BAD_ORDER", "createOrder", lambda _run: {"body": {}}, changes_state=True),
        Provocation(
            "ITEM_UNKNOWN", "createOrder", lambda _run: {"body": {"item": "X", "quantity": 1}}, changes_state=True
        ),
    ),
    declarations=(_ITEMS, _COLOUR, _ORDERED),
    unprovoked={"DOWN": "Nothing brings the supplier down on demand.", "TOKEN_UNKNOWN": "The credentials' checks do."},
)
