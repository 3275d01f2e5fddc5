"""AXRO's limits and performance drifts: bounds moved, texts cut, requests counted, answers late."""

from dataclasses import replace
from typing import Any

from apitwin_contracts.mutants.asked import Asked
from apitwin_contracts.mutants.mutant import Mutant, family
from apitwin_contracts.mutants.suppliers.axro.tools import reads, rule, twisted
from apitwin_contracts.mutants.twist import Forward, Twist
from apitwin_fixtures import Exchange, Reply, Request
from apitwin_mocks.suppliers.axro import api, orders

__all__ = ["MUTANTS"]
_make = family("axro", "limits")
_slow = family("axro", "performance")
_ALL = reads + " shippingCreate shippingUpdate orderCreate __schema token"
_BOUND = "limits.bound"


def _rate(most: int, status: int = 429, body: bytes = b'{"detail":"Too Many Requests"}') -> Twist:
    sent = [0]

    def twist(_asked: Asked, request: Request, forward: Forward) -> Exchange:
        sent[0] += 1
        if sent[0] <= most:
            return forward(request)
        return Exchange(request, Reply(status, (("content-type", "application/json"), ("retry-after", "60")), body))

    return twist


def _late(seconds: float, when: Any) -> Any:

    def twist(asked: Asked, request: Request, forward: Forward) -> Exchange:
        exchange = forward(request)
        return replace(exchange, seconds=exchange.seconds + seconds) if when(asked) else exchange

    return twisted(lambda: twist)


def _cut(most: int) -> Any:
    return rule(
        (
            api,
            "place_order",
            lambda original: (
                lambda world, customer, quote, reference: original(
                    world, customer, quote, reference and reference[:most]
                )
            ),
        )
    )


def _quantity_limit(most: int) -> Any:
    return rule((orders, "LAST_QUANTITY", lambda _: most))


_BOUNDS = (
    _make(
        "quantity",
        "breaking",
        "orderCreate",
        "quantity",
        _BOUND,
        _quantity_limit(10),
        of="limit_quantity",
        also=("error", "state"),
    ),
    _make("truncate", "breaking", "orderList", "commission", _BOUND, _cut(16), of="limit_truncate", also=("state",)),
    _make("rate", "breaking", _ALL, "rate limit", "schema.reply", twisted(lambda: _rate(30)), of="limit_rate"),
)
_LATE = (
    _slow(
        "latency",
        "dangerous",
        "categories",
        "categories",
        "performance.latency",
        _late(0.8, lambda asked: asked.operation == "categories"),
        of="perf_latency",
    ),
)
MUTANTS: tuple[Mutant, ...] = (*_BOUNDS, *_LATE)
