"""Drifts of limits and speed."""

from dataclasses import replace
from typing import Any

from apitwin_contracts.mutants.mutant import Mutant
from apitwin_contracts.mutants.suppliers.reseller.tools import EVERY, breaking, ruled, twisted
from apitwin_fixtures import Exchange, Reply, Request
from apitwin_mocks.suppliers.reseller import api, ordering
from apitwin_mocks.suppliers.reseller.errors import Code

__all__ = ["MUTANTS"]

_CREATE = "create_order"


def _limit(
    name: str, operations: str, place: str, stage: Any, of: str = "", by: str = "limits.bound", also: Any = ("error",)
) -> Mutant:
    return breaking("limits", name, operations, place, by, stage, of, also)


class _Limited:
    """Lets so many requests in."""

    def __init__(self) -> None:
        self.left = 30

    def __call__(self, operation: str, request: Request, forward: Any) -> Exchange:
        self.left -= operation != "generate_token"
        if self.left < 0:
            return Exchange(request, Reply(429, (("content-type", "text/plain"),), b"slow down"))
        exchange: Exchange = forward(request)
        return exchange


def _slow(operation: str, request: Request, forward: Any) -> Exchange:
    exchange: Exchange = forward(request)
    slow = operation == "account_details"
    return replace(exchange, seconds=exchange.seconds + 0.8 * slow)


_LIMITS = (
    _limit(
        "quantity",
        _CREATE,
        "Quantity",
        ruled(
            (ordering, "_is_too_many", lambda original: original),
            (
                ordering,
                "_CHECKS",
                lambda checks: tuple(
                    (
                        code,
                        (lambda line, product, *_: product.most is not None and line.quantity > product.most - 1)
                        if code == Code.QUANTITY_LIMIT
                        else check,
                    )
                    for code, check in checks
                ),
            ),
        ),
        "limit_quantity",
    ),
    _limit(
        "quantity-unlimited",
        _CREATE,
        "Quantity",
        ruled((ordering, "_CHECKS", lambda checks: tuple(one for one in checks if one[0] != Code.QUANTITY_LIMIT))),
    ),
    _limit(
        "rate",
        EVERY,
        "",
        twisted(_Limited),
        "limit_rate",
        "schema.reply schema.generated",
    ),
    _limit(
        "truncate",
        _CREATE,
        "DeliverID",
        ruled(
            (
                api,
                "_basket_line",
                lambda original: lambda row: replace(original(row), deliver_id=(original(row).deliver_id or "x")[:16]),
            )
        ),
        "limit_truncate",
        "limits.bound:create_order.DeliverID equations.state:create_order.echo",
        ("state",),
    ),
    _limit("deliver-id-shorter", _CREATE, "DeliverID", ruled((api, "_LONGEST_DELIVER_ID", lambda _: 50))),
    _limit("deliver-id-longer", _CREATE, "DeliverID", ruled((api, "_LONGEST_DELIVER_ID", lambda _: 255))),
    _limit("lines", _CREATE, "basketData", ruled((api, "_MOST_LINES", lambda _: 10))),
    _limit("url", _CREATE, "NotifyURL", ruled((api, "_LONGEST_URL", lambda _: 256))),
    breaking(
        "performance",
        "latency",
        "account_details",
        "",
        "schema.reply:account_details performance.",
        twisted(lambda: _slow),
        "perf_latency",
        (),
    ),
)

MUTANTS = _LIMITS
