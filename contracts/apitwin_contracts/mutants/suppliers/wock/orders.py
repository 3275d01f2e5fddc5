"""World of CD Keys' drifts of an order's life: seen, delivered, listed, deleted."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from apitwin_contracts.mutants.mutant import Mutant, Stage
from apitwin_contracts.mutants.suppliers.wock.tools import answer_changed, making, rule, value_changed, world
from apitwin_mocks.suppliers.wock import api, ordering
from apitwin_mocks.suppliers.wock.deliveries import Delivery
from apitwin_mocks.suppliers.wock.entities import Order

__all__ = ["MUTANTS"]

_make = making("state")

_SAME = "walk.state equations.state"

_DUE = "walk.state state.due"


def _found_when(when: Any) -> Stage:
    """Give a stage on which a delivery is found only under a condition."""
    return rule(
        (
            api,
            "find_delivery",
            lambda original: (
                lambda state, *given: (
                    (found := original(state, *given)) and (found if when(state, found.order) else None)
                )
            ),
        )
    )


def _settled_after(seconds: int) -> Stage:
    return rule((ordering, "DELIVERY_TIME", lambda _: timedelta(seconds=seconds)))


def _listed_when(*states: str) -> Stage:
    return world(
        "orders_of",
        lambda _original, self, partner: (
            self.settle(),
            [row for row in self.orders.values() if row.partner == partner.id and row.state in states],
        )[1],
    )


def _statuses(change: Any) -> Stage:
    return rule((Order, "status", lambda _original: property(change)))


def _any_state(original: Any) -> Any:
    """Delete a completed order, too."""

    def delete(state: Any, partner: Any, key: str) -> bool:
        order = state.orders.get(key)
        if order and order.state == "completed":
            state.orders.put(key, replace(order, state="ready"))
        return bool(original(state, partner, key))

    return delete


def _kept(original: Any) -> Any:
    """Say that a ready order is deleted, and keep it."""

    def delete(state: Any, partner: Any, key: str) -> bool:
        state.settle()
        order = state.orders.get(key)
        return (
            True
            if order and order.state == "ready" and order.partner == partner.id
            else bool(original(state, partner, key))
        )

    return delete


def _forgetful(original: Any) -> Any:
    def delete(state: Any, partner: Any, key: str) -> bool:
        order = state.orders.get(key)
        return bool(original(state, partner, key)) or (order is not None and order.state == "deleted")

    return delete


_ORDERS = (
    _make(
        "not-visible-at-once",
        "breaking",
        "delivery createOrder",
        "",
        "walk.state",
        _found_when(
            lambda state, order: order.state != "new" or state.clock.now() >= order.created_at + timedelta(seconds=2)
        ),
        of="state_not_visible",
        also=("error",),
    ),
    _make("listed-while-new", "breaking", "orders createOrder", "", _DUE, _listed_when("new", "ready", "completed")),
    _make(
        "listed-late",
        "breaking",
        "orders createOrder",
        "",
        _DUE,
        world(
            "orders_of",
            lambda original, self, partner: [
                row for row in original(self, partner) if self.clock.now() >= row.due + timedelta(minutes=5)
            ],
        ),
    ),
    _make(
        "completed-not-listed",
        "breaking",
        "orders createOrder delivery",
        "",
        "equations.state state.due",
        _listed_when("ready"),
    ),
    _make("delivered-at-once", "breaking", "delivery createOrder orders", "", _DUE, _settled_after(0)),
    _make("delivered-late", "breaking", "delivery createOrder orders", "", _DUE, _settled_after(600)),
    _make("never-delivered", "breaking", "delivery createOrder orders", "", _DUE, _settled_after(10**7)),
    _make(
        "always-failed",
        "breaking",
        "delivery createOrder orders",
        "",
        _DUE,
        world("_deliver", lambda original, self, order: original(self, replace(order, error="Out of keys."))),
    ),
    _make(
        "ready-with-error",
        "breaking",
        "delivery",
        "status.error",
        _DUE,
        value_changed("delivery", "status", lambda status: {**status, "error": "x"} if status.get("ready") else status),
    ),
    _make(
        "status-of-new-orders",
        "breaking",
        "orders",
        "status",
        "equations.state state.due",
        _statuses(lambda _order: 40),
    ),
    _make(
        "status-stays",
        "breaking",
        "orders createOrder delivery",
        "status",
        "equations.state",
        _statuses(lambda _order: 30),
    ),
    _make(
        "completed-deleted",
        "breaking",
        "deleteOrder createOrder delivery",
        "",
        "walk.state",
        rule((api, "delete_order", _any_state)),
        of="state_cancel_delivered",
    ),
    _make(
        "ready-not-deleted",
        "breaking",
        "deleteOrder createOrder orders",
        "",
        "life.orders equations.state",
        rule(
            (
                api,
                "delete_order",
                lambda original: (
                    lambda state, partner, key: (
                        (order := state.orders.get(key)) is not None
                        and order.state == "new"
                        and state.clock.now() < order.due
                        and original(state, partner, key)
                    )
                ),
            )
        ),
    ),
    _make(
        "deleted-in-name-only",
        "breaking",
        "deleteOrder createOrder orders partner",
        "",
        "life.orders equations.state",
        rule((api, "delete_order", _kept)),
    ),
    _make(
        "deleted-twice",
        "breaking",
        "deleteOrder createOrder",
        "",
        "walk.state life.orders",
        rule((api, "delete_order", _forgetful)),
        of="gql_delete_unknown",
    ),
    _make(
        "delete-unknown",
        "breaking",
        "deleteOrder",
        "",
        "walk.state",
        rule(
            (
                api,
                "delete_order",
                lambda original: lambda state, partner, key: key not in state.orders or original(state, partner, key),
            )
        ),
        of="gql_delete_unknown",
    ),
    _make(
        "delete-always-false",
        "breaking",
        "deleteOrder createOrder",
        "",
        _SAME,
        answer_changed("deleteOrder", lambda _done: False),
    ),
    _make(
        "deleted-still-delivered",
        "breaking",
        "delivery createOrder",
        "",
        _SAME,
        rule(
            (
                api,
                "find_delivery",
                lambda original: (
                    lambda state, partner, key, *more: (
                        original(state, partner, key, *more)
                        or (
                            Delivery(state, partner, key, more[-1])
                            if key in state.orders and state.orders[key].partner == partner.id
                            else None
                        )
                    )
                ),
            )
        ),
    ),
    _make(
        "created-in-local-time",
        "dangerous",
        "orders createOrder",
        "createdAt",
        _DUE,
        world(
            "add_order",
            lambda original, self, order: original(
                self, replace(order, created_at=order.created_at + timedelta(hours=2))
            ),
        ),
        also=("wire",),
    ),
    _make(
        "identifiers-repeat",
        "breaking",
        "orders createOrder",
        "identifier",
        "equations.state offset.walk state.due",
        world("add_order", lambda original, self, order: original(self, replace(order, identifier="SO-000200"))),
    ),
    _make(
        "order-taken-twice",
        "breaking",
        "createOrder orders products partner",
        "",
        "life.orders equations.state state.conservation",
        world(
            "add_order",
            lambda original, self, order: (
                original(self, order),
                original(self, replace(order, id=self.ids.uuid("order"))),
            ),
        ),
        of="state_idempotency",
    ),
    _make(
        "legacy-id-not-found",
        "breaking",
        "delivery",
        "",
        "agreement.same-item",
        rule(
            (
                api,
                "find_delivery",
                lambda original: (
                    lambda state, partner, key, legacy, base: (
                        original(state, partner, key, legacy, base) if key else None
                    )
                ),
            )
        ),
    ),
    _make(
        "ids-that-differ-accepted",
        "dangerous",
        "delivery",
        "",
        "equations.state",
        rule(
            (
                api,
                "find_delivery",
                lambda original: (
                    lambda state, partner, key, legacy, base: original(
                        state, partner, key, None if key else legacy, base
                    )
                ),
            )
        ),
    ),
    _make(
        "products-of-orders-miss-one",
        "breaking",
        "orders createOrder",
        "products",
        _DUE,
        value_changed("orders", "items[].products", lambda lines: lines[:1]),
    ),
    _make(
        "quantities-of-orders-are-one",
        "breaking",
        "orders createOrder",
        "quantity",
        _DUE,
        value_changed("orders", "items[].products[].quantity", lambda _: 1),
    ),
    _make(
        "children-missing",
        "breaking",
        "orders createOrder",
        "children",
        _DUE,
        value_changed("orders", "items[].products[].children", lambda _: []),
    ),
    _make(
        "names-of-orders-cut",
        "dangerous",
        "orders createOrder",
        "name",
        _DUE,
        value_changed("orders", "items[].products[].name", lambda name: name[:8]),
    ),
)


MUTANTS: tuple[Mutant, ...] = _ORDERS
