"""The mock of Tiny: items in three colours, and orders of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from apitwin_fixtures import Fixtures, Reply
from apitwin_mocks.kit.auth import bearer_token
from apitwin_mocks.kit.call import Call
from apitwin_mocks.kit.errors import MisuseError, Refusal
from apitwin_mocks.kit.paging import page_of
from apitwin_mocks.kit.rest import RestEndpoint, Route
from apitwin_mocks.kit.session import Session
from apitwin_mocks.kit.store import Table
from apitwin_mocks.supplier import Seeding, Supplier, World

__all__ = ["FIXTURES", "SUPPLIER"]

FIXTURES = Fixtures(Path(__file__).with_name("fixtures"))
_COLOURS = ("red", "green", "blue")


@dataclass(frozen=True)
class Order:
    id: str
    item: str
    quantity: int
    customer: str


class Tiny(World):
    def __init__(self, items: Mapping[str, dict[str, str]], session: Session) -> None:
        self.items = items
        self.ids = session.ids("tiny")
        self.orders: Table[Order] = Table()

    def tables(self) -> Mapping[str, Table[Any]]:
        return {"orders": self.orders}

    def edit(self, table: str, key: str, changes: Mapping[str, Any]) -> object:
        raise MisuseError(f"{table} {key} cannot be changed: {changes}")


def _catalogue(seeding: Seeding) -> Mapping[str, dict[str, str]]:
    names = [f"I{number:04}" for number in range(1, min(seeding.products, 60) + 1)]
    return {
        name: {"id": name, "name": f"Item {seeding.seed}", "colour": _COLOURS[index % 3]}
        for index, name in enumerate(names)
    }


def _authenticate(call: Call) -> None:
    token = bearer_token(call.request)
    if token is None:
        raise Refusal("TOKEN_MISSING")
    known = {str(fields["token"]): name for name, fields in FIXTURES.credentials.items()}
    if token not in known:
        raise Refusal("TOKEN_UNKNOWN")
    call.principal = known[token]


def _number(call: Call, name: str, default: int) -> int:
    text = call.request.parameters.get(name, str(default))
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0):
        raise Refusal("BAD_PARAMETER", parameter=name)
    return int(text[:9])


def _list_items(call: Call) -> object:
    page, limit = _number(call, "page", 1), _number(call, "limit", 10)
    if limit > 200:
        raise Refusal("LIMIT_TOO_LARGE")
    colour = call.request.parameters.get("colour")
    fitting = [item for item in call.world.items.values() if colour in (None, item["colour"])]
    found = page_of(fitting, page, limit)
    return {"items": list(found.rows), "pages": max(1, found.pages)}


def _create_order(call: Call) -> object:
    asked = _order(call.request.body)
    if asked["item"] not in call.world.items:
        raise Refusal("ITEM_UNKNOWN", item=asked["item"])
    order = Order(f"O{call.world.ids.number('order', 1)}", asked["item"], asked["quantity"], call.principal)
    call.world.orders.put(order.id, order)
    return _shown(order)


def _order(body: bytes) -> dict[str, Any]:
    try:
        asked = orjson.loads(body)
    except orjson.JSONDecodeError:
        asked = None
    if not isinstance(asked, dict) or not isinstance(asked.get("item"), str) or not _is_quantity(asked.get("quantity")):
        raise Refusal("BAD_ORDER")
    return asked


def _is_quantity(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _list_orders(call: Call) -> object:
    own = [order for order in call.world.orders.values() if order.customer == call.principal]
    return {"orders": [_shown(order) for order in own]}


def _shown(order: Order) -> dict[str, object]:
    return {"id": order.id, "item": order.item, "quantity": order.quantity}


_ENDPOINT = RestEndpoint(
    [
        Route(("GET",), "/v1/items", "listItems", _list_items),
        Route(("GET",), "/v1/orders", "listOrders", _list_orders),
        Route(("POST",), "/v1/orders", "createOrder", _create_order),
    ],
    not_found="NOT_FOUND",
    method_not_allowed="METHOD_NOT_ALLOWED",
)


def _answer(call: Call) -> Reply:
    return _ENDPOINT(call)


SUPPLIER = Supplier(
    name="tiny",
    title="Tiny",
    fixtures=FIXTURES,
    catalogue=_catalogue,
    world=Tiny,
    authenticate=_authenticate,
    endpoint=_answer,
    owns=lambda path: path.startswith("/v1/"),
    operation_of=lambda call: _ENDPOINT.operation_of(call.request.method, call.request.path),
)
