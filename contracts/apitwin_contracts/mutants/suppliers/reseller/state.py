"""Drifts of orders, stock and balance."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from apitwin_contracts.mutants.mutant import Mutant
from apitwin_contracts.mutants.suppliers.reseller.rules import (
    Hidden,
    Merged,
    again,
    cancel_any,
    cancel_processing,
    charged,
    delivered,
    first_order,
    forgotten_refusal,
    half,
    loose,
    never_refunded,
    no_stock,
    paths,
    platform,
    refund,
    relapsing,
    unknown_cancelled,
)
from apitwin_contracts.mutants.suppliers.reseller.tools import breaking, changed, ruled, twisted
from apitwin_mocks.kit.rest import RestEndpoint
from apitwin_mocks.suppliers.reseller import api, domain, shapes
from apitwin_mocks.suppliers.reseller.entities import Status

__all__ = ["MUTANTS"]


def _state(name: str, operations: str, place: str, stage: Any, of: str = "", by: str = "", also: Any = ()) -> Mutant:
    return breaking("state", name, operations, place, by, stage, of, also)


_CREATE, _ECHO = "create_order", "equations.state:create_order.echo"
_SETTLED, _PARTLY, _MACHINE = (
    "equations.state:create_order.settled equations.state:create_order.broad",
    "equations.state:create_order.partly",
    "life.orders",
)
_ORDER = "create_order cancel_order get_order get_order_detail account_details get_product list_orders"
_STATES = (
    _state("not-visible", "get_order create_order", "", twisted(Hidden), "state_not_visible", _ECHO, ("error",)),
    _state(
        "stock-kept",
        _ORDER,
        "totalStock",
        no_stock(taken=True),
        "state_stock",
        "state.conservation:create_order.stock",
    ),
    _state(
        "stock-halved",
        _ORDER,
        "totalStock",
        platform(
            "_move_stock",
            lambda original: lambda world, store, by, at: original(world, store, -1 if by < 0 else by, at),
        ),
        "",
        "state.conservation:create_order.stock",
    ),
    _state(
        "balance-kept",
        _ORDER,
        "balance",
        charged(lambda amount: amount if amount < 0 else Decimal(0)),
        "state_balance",
        "state.conservation:create_order.balance",
    ),
    _state(
        "balance-rounded",
        _ORDER,
        "balance",
        charged(lambda amount: Decimal(round(amount))),
        "",
        "state.conservation:create_order.balance",
    ),
    _state(
        "charged-other-price",
        _CREATE,
        "Price",
        platform(
            "_place", lambda original: lambda world, account, basket, total: original(world, account, basket, total * 2)
        ),
        "state_price_mismatch",
        "state.conservation:create_order.balance equations.state:create_order.anonymous",
    ),
    _state(
        "price-other",
        _CREATE,
        "Price",
        ruled(
            (
                domain,
                "Line",
                lambda original: lambda **fields: original(**{**fields, "price": fields["price"] + Decimal("0.01")}),
            )
        ),
        "state_price_mismatch",
        _ECHO,
    ),
    _state(
        "credit-debited",
        _ORDER,
        "balance",
        changed("account_details", lambda body: body["data"].update(creditLimit=body["data"]["balance"] / 20)),
        "",
        "state.conservation:create_order.balance",
    ),
    _state(
        "ordered-twice",
        _CREATE,
        "data",
        platform("_known_order", again),
        "state_idempotency",
        "equations.state:create_order.repeated",
    ),
    _state(
        "other-payload-taken",
        _CREATE,
        "",
        platform("_known_order", first_order),
        "state_dup_accepted",
        "state.no-effect:create_order.reused",
        ("error",),
    ),
    _state(
        "quantity-not-compared",
        _CREATE,
        "",
        ruled(
            (
                domain.Platform,
                "_known_order",
                lambda original: lambda world, customer, basket: loose(original, world, customer, basket),
            )
        ),
        "",
        "state.no-effect:create_order.reused",
        ("error",),
    ),
    _state("anonymous-merged", _CREATE, "OrderID", twisted(Merged), "", "equations.state:create_order.anonymous"),
    _state(
        "cancel-delivered",
        "cancel_order",
        "",
        ruled((domain, "_refuse_closed", cancel_any)),
        "state_cancel_delivered",
        "error.provoked:LINE_DELIVERED",
        ("error",),
    ),
    _state(
        "cancel-processing",
        "cancel_order",
        "",
        ruled((domain, "_refuse_closed", cancel_processing)),
        "",
        "error.provoked:LINE_PROCESSING",
        ("error",),
    ),
    _state(
        "cancel-unknown",
        "cancel_order",
        "LINE_NOT_FOUND",
        ruled(
            (api, "_endpoint", lambda original: original),
            (
                RestEndpoint,
                "__call__",
                lambda original: lambda endpoint, call: unknown_cancelled(original, endpoint, call),
            ),
        ),
        "gql_delete_unknown",
        "error.provoked:LINE_NOT_FOUND",
        ("error",),
    ),
    _state(
        "cancel-too-many",
        "cancel_order",
        "CANCEL_QUANTITY",
        platform(
            "cancel_line",
            lambda original: (
                lambda world, customer, number, quantity: original(
                    world, customer, number, quantity and min(quantity, world.line(customer, number).remaining or 1)
                )
            ),
        ),
        "",
        "error.provoked:CANCEL_QUANTITY",
        ("error",),
    ),
    _state("refund-missing", _CREATE, "balance", refund(lambda _: Decimal(0)), "", _PARTLY),
    _state("refund-halved", _CREATE, "balance", refund(lambda amount: amount / 2), "", _PARTLY),
    _state(
        "refund-told-wrong",
        _CREATE,
        "RefundAmount",
        ruled((shapes, "_cancelled", lambda original: lambda one: original(replace(one, refund=one.line.price)))),
        "",
        _PARTLY,
    ),
    _state("stock-not-given-back", _CREATE, "totalStock", no_stock(taken=False), "", _PARTLY),
    _state(
        "partly-is-wholly",
        _CREATE,
        "",
        platform(
            "cancel_line",
            lambda original: lambda world, customer, number, _quantity: original(world, customer, number, None),
        ),
        "",
        _PARTLY,
    ),
    _state(
        "cancelled-stays-open",
        _CREATE,
        "Status",
        ruled((shapes, "order_line", lambda original: lambda row: original(replace(row, status=row.status or None)))),
        "",
        _PARTLY,
    ),
    _state(
        "remaining-wrong",
        _CREATE,
        "RemainingQuantity",
        changed(
            "cancel_order",
            lambda body: (
                [one.update(RemainingQuantity=one["RemainingQuantity"] + 1) for one in body["data"]["details"]] and None
            ),
        ),
        "",
        _PARTLY,
    ),
    _state(
        "total-of-cancelled",
        _CREATE,
        "TotalPrice",
        ruled(
            (
                shapes,
                "order",
                lambda original: (
                    lambda row, lines: (
                        original(row, [replace(line, cancelled=0) for line in lines])
                        | {"details": [shapes.order_line(line) for line in lines]}
                    )
                ),
            )
        ),
        "",
        "equations.state:create_order.wholly",
    ),
    _state(
        "cancelled-vanishes",
        "list_orders get_order create_order",
        "",
        platform(
            "orders_of",
            lambda original: (
                lambda world, customer: [
                    order
                    for order in original(world, customer)
                    if any(world.lines[str(number)].remaining for number in order.lines)
                ]
            ),
        ),
        "",
        "equations.state:create_order.wholly",
    ),
    _state("platform-keeps-money", _CREATE, "balance", platform("_change", never_refunded), "", _SETTLED),
    _state(
        "one-code-a-line",
        _CREATE,
        "DeliveryData",
        delivered(lambda line: replace(line, codes=line.codes[:1])),
        "",
        _SETTLED,
    ),
    _state("codes-missing", _CREATE, "DeliveryData", delivered(lambda line: replace(line, codes=())), "", _SETTLED),
    _state(
        "codes-repeated",
        _CREATE,
        "DeliveryData",
        delivered(lambda line: replace(line, codes=line.codes and ("AAAA-BBBB",) * len(line.codes))),
        "",
        _SETTLED,
    ),
    _state(
        "codes-for-cancelled",
        _CREATE,
        "DeliveryData",
        platform(
            "_enter",
            lambda original: lambda world, line, status, at: original(world, replace(line, codes=("X-1",)), status, at),
        ),
        "",
        "equations.state:create_order.begun equations.state:create_order.broad " + _SETTLED,
        ("state", "webhook"),
    ),
    _state("note-missing", _CREATE, "DeliveryNote", delivered(lambda line: replace(line, note=None)), "", _SETTLED),
    _state("never-settled", _CREATE, "Status", paths(lambda path: path[:1]), "", _SETTLED),
    _state(
        "never-processed", _CREATE, "Status", paths(lambda path: path[1:]), "", "equations.state:create_order.begun"
    ),
    _state(
        "delivered-at-once",
        _CREATE,
        "Status",
        paths(lambda path: ((0, Status.DELIVERED), *path)),
        "",
        "equations.state:create_order.begun",
    ),
    _state(
        "delivered-again-processed",
        "get_order create_order",
        "",
        ruled((domain, "next_change", relapsing)),
        "",
        _MACHINE,
    ),
    _state(
        "updated-at-still",
        _CREATE,
        "UpdatedAt",
        ruled((shapes, "order_line", lambda original: lambda row: original(replace(row, updated_at=row.created_at)))),
        "",
        "equations.state:create_order.begun",
    ),
    _state("half-ordered", _ORDER, "", platform("create", half), "", "state.no-effect:create_order.rejected"),
    _state(
        "refusal-costs",
        _ORDER,
        "",
        platform("create", forgotten_refusal),
        "",
        "state.no-effect:create_order.rejected",
    ),
    _state(
        "quantity-capped",
        _CREATE,
        "Quantity",
        ruled(
            (
                api,
                "_basket_line",
                lambda original: lambda row: replace(original(row), quantity=min(2, original(row).quantity)),
            )
        ),
        "",
        _ECHO,
    ),
    _state(
        "deliver-id-dropped",
        _CREATE,
        "DeliverID",
        ruled((shapes, "order_line", lambda original: lambda row: original(replace(row, deliver_id=None)))),
        "",
        _ECHO,
    ),
    _state(
        "address-dropped",
        _CREATE,
        "BillingAddressID",
        ruled((shapes, "order", lambda original: lambda row, lines: original(row, lines) | {"BillingAddressID": None})),
        "",
        "equations.state:create_order.address",
    ),
    _state(
        "region-header-ignored",
        _CREATE,
        "",
        ruled((api, "_region", lambda _: lambda _call: "TR")),
        "",
        "equations.state:create_order.region",
        ("error",),
    ),
    _state(
        "account-of-other",
        "account_details",
        "",
        ruled(
            (api, "_account_details", lambda original: original),
            (shapes, "account", lambda original: lambda row: original(row) | {"email": "other@example.com"}),
        ),
        "",
        "equations.state:account_details.identity",
    ),
    _state(
        "lines-merged",
        _CREATE,
        "",
        ruled((shapes, "created", lambda original: lambda row, lines: original(row, lines[:1]))),
        "",
        _ECHO,
    ),
)

MUTANTS = _STATES
