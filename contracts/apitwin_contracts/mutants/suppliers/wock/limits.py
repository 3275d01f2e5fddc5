"""World of CD Keys' limits and performance drifts: bounds moved, requests counted, answers late."""

from typing import Any

from apitwin_contracts.mutants.asked import Asked
from apitwin_contracts.mutants.mutant import Mutant
from apitwin_contracts.mutants.suppliers.wock.tools import checks, looked_at, making, rule, slow, twisted, writes
from apitwin_contracts.mutants.twist import Forward, Twist
from apitwin_fixtures import Exchange, Reply, Request
from apitwin_mocks.suppliers.wock import ordering

__all__ = ["MUTANTS"]

_make = making("limits")
_slow = making("performance")
_ALL = f"partner products product orders delivery {writes} __schema token"
_BOUND = "limits.bound"


def _rate(most: int, status: int = 429, body: bytes = b"") -> Twist:
    count = [0]

    def twist(_asked: Asked, request: Request, forward: Forward) -> Exchange:
        count[0] += 1
        return (
            forward(request) if count[0] <= most else Exchange(request, Reply(status, (("retry-after", "60"),), body))
        )

    return twist


def _refused(asked: Asked, request: Request, forward: Forward, when: Any) -> Exchange:
    body = (
        b'{"errors":[{"message":"The maximum allowed number of items was exceeded.","extensions":{"code":"HC0099"}}]}'
    )
    return (
        Exchange(request, Reply(200, (("content-type", "application/json; charset=utf-8"),), body))
        if when(asked)
        else forward(request)
    )


def _lines(asked: Asked) -> list[Any]:
    found = asked.arguments.get("input") if asked.operation == "createOrder" else None
    return found["products"] if isinstance(found, dict) and isinstance(found.get("products"), list) else []


def _refusing(when: Any) -> Any:
    return looked_at(lambda asked, request, forward: _refused(asked, request, forward, when))


def _wheres(value: Any) -> int:
    if isinstance(value, dict):
        return max((_wheres(part) for part in value.values()), default=0) + 1
    return max((_wheres(part) for part in value), default=0) if isinstance(value, list) else 0


_BOUNDS = (
    _make(
        "quantity",
        "breaking",
        "createOrder",
        "",
        _BOUND,
        rule((ordering, "HARD_LIMIT", lambda _: 5)),
        of="limit_quantity",
        also=("error", "state"),
    ),
    _make(
        "quantity-of-hundred",
        "breaking",
        "createOrder",
        "",
        _BOUND,
        rule((ordering, "HARD_LIMIT", lambda _: 100)),
        of="limit_quantity",
        also=("error", "state"),
    ),
    _make(
        "quantity-off-by-one",
        "breaking",
        "createOrder",
        "",
        _BOUND,
        checks(
            PRODUCT_QTY_ERR=lambda partner, lines, _products: any(
                line.quantity >= min(500, partner.stock_limit) for line in lines
            )
        ),
        also=("error", "state"),
    ),
    _make(
        "stock-limit-ignored",
        "breaking",
        "createOrder",
        "",
        "limits.bound error.named",
        checks(PRODUCT_QTY_ERR=lambda _partner, lines, _products: any(line.quantity > 500 for line in lines)),
        also=("error", "state"),
    ),
    _make(
        "stock-limit-for-the-whole-order",
        "breaking",
        "createOrder",
        "",
        "limits.bound error.named",
        checks(
            PRODUCT_QTY_ERR=lambda partner, lines, _products: (
                sum(line.quantity for line in lines) > min(500, partner.stock_limit)
            )
        ),
        also=("error", "state"),
    ),
    _make(
        "stock-not-compared",
        "breaking",
        "createOrder",
        "",
        "error.provoked limits.bound",
        checks(PRODUCT_STOCK_MISMATCH=None),
        also=("error", "state"),
    ),
    _make(
        "stock-compared-of-all-types",
        "breaking",
        "createOrder",
        "",
        "error.named limits.bound",
        checks(
            PRODUCT_STOCK_MISMATCH=lambda _partner, lines, products: any(
                line.quantity > products[line.product].quantity.all for line in lines
            )
        ),
        also=("error", "state"),
    ),
    _make(
        "last-key-not-sold",
        "breaking",
        "createOrder",
        "",
        _BOUND,
        checks(
            PRODUCT_STOCK_MISMATCH=lambda _partner, lines, products: any(
                line.quantity >= products[line.product].quantity.has(line.key_type) for line in lines
            )
        ),
        also=("error", "state"),
    ),
    _make(
        "lines",
        "breaking",
        "createOrder",
        "",
        "limits.bound equations.state",
        _refusing(lambda asked: len(_lines(asked)) > 2),
        also=("error", "state"),
    ),
    _make(
        "lines-of-ten",
        "breaking",
        "createOrder",
        "",
        _BOUND,
        _refusing(lambda asked: len(_lines(asked)) > 10),
        also=("error", "state"),
    ),
    _make(
        "filter-depth",
        "breaking",
        "products orders",
        "",
        "where.operators where.predicate where.complement",
        _refusing(lambda asked: _wheres(asked.arguments.get("where")) > 5),
        also=("error", "paging"),
    ),
    _make(
        "filter-values",
        "breaking",
        "products orders",
        "",
        "limits.bound where.operators order.keys",
        _refusing(lambda asked: len(str(asked.arguments.get("where"))) > 2000),
        also=("error", "paging"),
    ),
    _make(
        "sort-keys",
        "breaking",
        "products orders",
        "",
        "order.keys",
        _refusing(lambda asked: len(asked.arguments.get("order") or ()) > 2),
        also=("error", "paging"),
    ),
    _make(
        "rate", "breaking", _ALL, "", "schema.generated", twisted(lambda: _rate(30)), of="limit_rate", also=("error",)
    ),
    _make(
        "rate-of-three-hundred",
        "breaking",
        _ALL,
        "",
        "schema.generated where.predicate",
        twisted(lambda: _rate(300)),
        of="limit_rate",
        also=("error",),
    ),
    _make(
        "rate-as-unavailable",
        "breaking",
        _ALL,
        "",
        "",
        twisted(lambda: _rate(40, 503, b"Service Unavailable")),
        also=("error",),
    ),
)

_LATE = (
    _slow("balance", "dangerous", "partner", "partner", "performance.latency", slow("partner", 0.8), of="perf_latency"),
    _slow("products", "dangerous", "products", "products", "performance.latency", slow("products", 0.8)),
    _slow(
        "filtered-products",
        "dangerous",
        "products",
        "products",
        "performance.latency where.operators",
        slow("products", 0.8, lambda asked: "where" in asked.arguments),
    ),
    _slow(
        "large-pages",
        "dangerous",
        "products",
        "products",
        "performance.latency",
        slow("products", 0.8, lambda asked: asked.arguments.get("take") == 50),
    ),
    _slow("orders", "dangerous", "createOrder", "createOrder", "performance.latency", slow("createOrder", 0.8)),
    _slow("deletions", "dangerous", "deleteOrder", "deleteOrder", "performance.latency", slow("deleteOrder", 0.8)),
    _slow("deliveries", "dangerous", "delivery", "delivery", "performance.latency", slow("delivery", 0.8)),
    _slow("sign-in", "dangerous", "token", "token", "performance.sign-in", slow("token", 0.8)),
)

MUTANTS: tuple[Mutant, ...] = (*_BOUNDS, *_LATE)
