"""The gates' drifts of orders, limits and performance."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from apitwin_contracts.mutants.mutant import Mutant, family
from apitwin_contracts.mutants.suppliers.gates.tools import EVERY, forgiven, rule, twisted, value_changed
from apitwin_mocks.suppliers.gates import api, carts, orders, prices

__all__ = ["MUTANTS"]

_state, _limits, _performance = family("gates", "state"), family("gates", "limits"), family("gates", "performance")
_WALK, _SOLD = "walk.state:upsertProduct.life", "walk.state:finishOrder.stock"
_CARTS, _ORDERS = (
    "shoppingcart upsertProduct deleteProduct",
    "orders createOrder upsertExpectedReceiptDateTime upsertStore beginCheckout finishOrder",
)
_BOOKING = f"{_CARTS} {_ORDERS}"


def _order_kept(change: Any) -> Any:
    return rule(
        (
            orders,
            "_changed",
            lambda original: lambda world, rows, made: original(world, rows, lambda row: change(row, made(row))),
        )
    )


def _one_when_none(new: Any) -> Any:
    return replace(new, quantity=1) if new.quantity is None else new


_STATE = (
    _state(
        "order-without-lines",
        "breaking",
        _ORDERS,
        "products[]",
        _WALK,
        value_changed(_ORDERS, "[].products", lambda lines: lines[:-1]),
    ),
    _state(
        "checkout-stays",
        "breaking",
        _ORDERS,
        "status.status",
        _WALK,
        rule((carts, "_keep", lambda _: lambda world, cart: [world.carts.put(cart.id, cart), cart][1])),
    ),
    _state(
        "receipt-forgotten",
        "breaking",
        _ORDERS,
        "expectedReceiptDateTime",
        "walk.state error.provoked",
        _order_kept(lambda row, made: replace(made, receipt=row.receipt)),
        also=("error",),
    ),
    _state(
        "receipt-not-needed",
        "breaking",
        "beginCheckout",
        "",
        "walk.state error.provoked",
        rule(
            (orders, "begin_checkout", lambda original: original),
            (
                api,
                "begin_checkout",
                forgiven(
                    "RECEIPT_MISSING",
                    lambda world, who, ids: orders._changed(
                        world, orders._open_orders(world, who, ids), lambda row: replace(row, in_checkout=True)
                    ),
                ),
            ),
        ),
        also=("error",),
    ),
    _state(
        "receipt-local",
        "breaking",
        _ORDERS,
        "expectedReceiptDateTime",
        "walk.state:upsertExpectedReceiptDateTime.utc",
        value_changed(_ORDERS, "[].expectedReceiptDateTime.from", lambda text: text.replace("T23:30", "T01:30")),
    ),
    _state(
        "receipt-from-to-swapped",
        "breaking",
        _ORDERS,
        "expectedReceiptDateTime",
        _WALK,
        value_changed(
            _ORDERS,
            "[].expectedReceiptDateTime",
            lambda found: {**found, "from": found["to"], "to": found["from"]} if found else found,
        ),
    ),
    _state(
        "store-forgotten",
        "breaking",
        _ORDERS,
        "store",
        _WALK,
        _order_kept(lambda row, made: replace(made, store=row.store)),
    ),
    _state(
        "finish-from-new",
        "breaking",
        "finishOrder",
        "",
        "walk.state error.provoked state.no-effect",
        rule(
            (
                api,
                "finish_orders",
                forgiven(
                    "ORDER_NOT_IN_CHECKOUT",
                    lambda world, who, ids: orders._changed(
                        world, orders._open_orders(world, who, ids), lambda row: orders._passed_on(world, row)
                    ),
                ),
            )
        ),
        also=("error",),
    ),
    _state(
        "half-finished",
        "breaking",
        "orders",
        "[]",
        "walk.state:finishOrder.together",
        rule(
            (
                api,
                "finish_orders",
                lambda original: lambda world, who, ids: [row for name in ids for row in original(world, who, [name])],
            )
        ),
    ),
    _state(
        "half-created",
        "breaking",
        "orders",
        "[]",
        "walk.state:createOrder.together",
        rule(
            (
                api,
                "create_orders",
                lambda original: (
                    lambda world, who, asked: [row for one in asked for row in original(world, who, [one])]
                ),
            )
        ),
        also=("error",),
    ),
    _state(
        "finished-at-once",
        "breaking",
        _ORDERS,
        "status.status",
        _WALK,
        rule((orders, "FINISHING", lambda _: timedelta())),
    ),
    _state(
        "finished-never",
        "breaking",
        _ORDERS,
        "status.status",
        _WALK,
        rule((orders, "FINISHING", lambda _: timedelta(days=9))),
    ),
    _state(
        "finished-late",
        "dangerous",
        _ORDERS,
        "status.status",
        _WALK,
        rule((orders, "FINISHING", lambda _: timedelta(seconds=120))),
    ),
    _state(
        "warning-always",
        "breaking",
        _ORDERS,
        "warning",
        "walk.state:createOrder.warning",
        value_changed(_ORDERS, "[].status.subStatus.warning", lambda text: text or "x"),
    ),
    _state(
        "warning-never",
        "breaking",
        _ORDERS,
        "warning",
        "walk.state:createOrder.warning",
        value_changed(_ORDERS, "[].status.subStatus.warning", lambda _: None),
    ),
    _state(
        "orders-forgotten",
        "breaking",
        "orders",
        "[]",
        "walk.state walk.auth",
        value_changed("orders", "[0]", lambda item: {**item, "orderId": "0" * 8 + item["orderId"][8:]}),
        also=("auth",),
    ),
    _state(
        "shown-price-refused",
        "breaking",
        "upsertProduct",
        "",
        "walk.state:upsertProduct.prices",
        rule((carts, "current_prices", lambda original: lambda *given: original(*given)[:1])),
        also=("error",),
    ),
    _state(
        "smallest-is-one",
        "breaking",
        "upsertProduct",
        "",
        "walk.state:upsertProduct.prices",
        rule((api, "_new_line", lambda original: lambda product: _one_when_none(original(product)))),
        also=("error",),
    ),
    _state(
        "created-in-the-past",
        "breaking",
        _BOOKING,
        "creationDate",
        "walk.state:upsertProduct.dated",
        value_changed(_CARTS, "creationDate", lambda _: "2020-01-01T00:00:00Z"),
    ),
    _state(
        "order-site-default",
        "breaking",
        _ORDERS,
        "constructionSite",
        _WALK,
        value_changed(_ORDERS, "[].constructionSite.code", lambda _: "BV-9999"),
    ),
    _state(
        "other-unit",
        "breaking",
        _BOOKING,
        "productOrderDetails",
        _WALK,
        value_changed(_CARTS, "products[].productOrderDetails.orderUnit.code", lambda _: "QM-PIECE"),
    ),
    _state(
        "other-client-number",
        "breaking",
        _BOOKING,
        "clientNumber",
        _WALK,
        value_changed(_CARTS, "products[].clientNumber", lambda _: "801754"),
    ),
)


def _rated(most: int) -> Any:
    count = [0]

    def twist(_asked: Any, request: Any, forward: Any) -> Any:
        count[0] += 1
        exchange = forward(request)
        if count[0] <= most:
            return exchange
        return replace(
            exchange, reply=replace(exchange.reply, status=429, body=b'{"status":429,"error":"Too Many Requests"}')
        )

    return twist


def _slow(asked: Any, request: Any, forward: Any) -> Any:
    exchange = forward(request)
    return replace(exchange, seconds=0.8) if asked.operation == "productsearch" else exchange


_LIMITS = (
    _limits(
        "quantity",
        "breaking",
        "upsertProduct pricesearch",
        "quantity",
        "limits.bound",
        rule((prices, "MOST", lambda _: 50_000)),
        of="limit_quantity",
        also=("error",),
    ),
    _limits(
        "quantity-unlimited",
        "breaking",
        "upsertProduct pricesearch",
        "quantity",
        "limits.bound",
        rule((prices, "MOST", lambda _: 10**9)),
        also=("error",),
    ),
    _limits(
        "rate",
        "breaking",
        EVERY + " token",
        "rate limit",
        "limits.rate schema.reply walk.paging walk.state",
        twisted(lambda: _rated(30)),
        of="limit_rate",
    ),
    _limits(
        "quantity-truncated",
        "breaking",
        _BOOKING,
        "quantity",
        "limits.bound walk.state",
        value_changed(_CARTS, "products[].productOrderDetails.quantity", lambda value: min(value, 9999)),
        of="limit_truncate",
        also=("state",),
    ),
    _limits(
        "tax-limit",
        "breaking",
        "upsertProduct",
        "taxAmount",
        "limits.bound",
        rule((carts, "_WHOLE", lambda _: 50)),
        also=("error",),
    ),
    _limits(
        "tax-over-hundred",
        "dangerous",
        "upsertProduct",
        "",
        "limits.bound error.provoked",
        rule((carts, "_WHOLE", lambda _: 1000)),
        also=("error",),
    ),
    _performance(
        "latency",
        "dangerous",
        "productsearch",
        "productsearch",
        "performance.latency",
        twisted(lambda: _slow),
        of="perf_latency",
    ),
)


MUTANTS: tuple[Mutant, ...] = (*_STATE, *_LIMITS)
