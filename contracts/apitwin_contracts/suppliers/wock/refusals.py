"""What can be wrong with an order at World of CD Keys, in the order in which it is told."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from apitwin_contracts.contract import Declaration
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.laws.precedence import Mistake, Mistakes
from apitwin_contracts.run import Run
from apitwin_fixtures import Request, Source

from .entities import IMAGE, TEXT, disabled, line, scarce, stocked, tier_price, tiered

__all__ = ["DECLARATIONS"]

_CODES = Source("documented", "003:493-502")
_PRECEDENCE = Source("assumed", "SOURCE.md#precedence")
Changes = Mapping[str, Any]
_FIELDS = frozenset({"productId", "quantity", "unitPrice", "keyType"})
_UNKNOWN = {"productId": 2_000_000_000}


def _signed(run: Run, *lines: dict[str, Any], customer: str = "default") -> Request:
    client = run.customer(customer)
    return client.signed(client.request("createOrder", {"input": {"products": list(lines)}}))


def _order(run: Run, changes: Changes) -> Request:
    """Make an order of one right line with some changes; `again` adds the line a second time, `cents` moves its price."""
    wanted = {**line(stocked(run)[0], 1), **{name: changes[name] for name in changes.keys() & _FIELDS}}
    cents = Decimal(changes.get("cents", 0)) / 100
    first = {**wanted, "unitPrice": float(Decimal(str(wanted["unitPrice"])) + cents)}
    return _signed(run, first, *([{**first, **changes["again"]}] if "again" in changes else []))


def _nothing(run: Run, changes: Changes) -> Request:  # noqa: ARG001 - there is nothing to change
    return _signed(run)


def _disabled(run: Run, changes: Changes) -> Request:  # noqa: ARG001 - the product is what is wrong
    return _signed(run, line(disabled(run), 1))


def _scarce(run: Run, changes: Changes) -> Request:
    """Ask for one key more than there is of a type, although there are more of the other; as another customer, or at a wrong price."""
    found, kind = scarce(run, changes["keyType"])
    wanted = line(found, found["quantity"][kind] + 1, keyType=changes["keyType"])
    return _signed(run, {**wanted, **changes.get("line", {})}, customer=changes.get("customer", "default"))


def _tier(run: Run, changes: Changes) -> Request:
    """Ask for a quantity at the price of another tier."""
    found, begins = tiered(run)
    quantity, priced_for = {"reached": (begins, begins - 1), "missed": (begins - 1, begins)}[changes["tier"]]
    return _signed(run, {**line(found, quantity), "unitPrice": float(tier_price(found, priced_for))})


def _two(run: Run) -> list[Any]:
    found = stocked(run)
    if len(found) < 2:  # noqa: PLR2004 - two lines need two products
        raise NothingToExamine("only one product can be ordered")
    return found


def _second(run: Run, changes: Changes) -> Request:
    """Let the second of two lines be wrong."""
    found = _two(run)
    return _signed(run, line(found[0], 1), {**line(found[1], 1), **changes})


def _both_lines(run: Run, changes: Changes) -> Request:
    """Let each of two lines be wrong in its own way: all lines are asked for one code before the next code is asked."""
    wrong = zip(_two(run), changes["lines"], strict=False)
    return _signed(run, *({**line(found, 1), **change} for found, change in wrong))


def _limited(run: Run, changes: Changes) -> Request:
    """Ask for more than the partner's own limit, where that is below the general one."""
    most = int(run.client.must("partner").at("stockLimit")) + changes["more"]
    return _signed(run, line(stocked(run)[0], most))


_ONE_LINE: tuple[tuple[str, Changes], ...] = (
    ("ORDER_ERR", {"quantity": 0}),
    ("ORDER_ERR", {"quantity": -1}),
    ("ORDER_ERR", {"unitPrice": -1.0}),
    ("PRODUCT_UNIQUE_ERR", {"again": {}}),
    ("PRODUCT_UNIQUE_ERR", {"again": {"keyType": TEXT}}),
    ("PRODUCT_UNIQUE_ERR", {"again": {"quantity": 2}}),
    ("PRODUCT_NOT_FOUND", _UNKNOWN),
    ("PRODUCT_NOT_FOUND", {"productId": 0}),
    ("PRODUCT_NOT_FOUND", {"productId": -1}),
    *(("ORDER_KEY_TYPE_ERR", {"keyType": kind}) for kind in (15, 0, 30, -IMAGE)),
    ("PRODUCT_QTY_ERR", {"quantity": 501}),
    ("PRODUCT_QTY_ERR", {"quantity": 2**31 - 1}),
    *(("PRODUCT_PRICE_MISMATCH", {"cents": cents}) for cents in (1, -1, 100)),
    ("PRODUCT_PRICE_MISMATCH", {"unitPrice": 0.0}),
)
_SECOND: tuple[tuple[str, Changes], ...] = (
    ("ORDER_ERR", {"quantity": 0}),
    ("PRODUCT_NOT_FOUND", _UNKNOWN),
    ("ORDER_KEY_TYPE_ERR", {"keyType": 15}),
    ("PRODUCT_QTY_ERR", {"quantity": 501}),
    ("PRODUCT_PRICE_MISMATCH", {"unitPrice": 0.01}),
)
_BOTH_LINES: tuple[tuple[str, Changes], ...] = (
    ("ORDER_ERR", {"lines": ({"keyType": 15}, {"quantity": 0})}),
    ("PRODUCT_NOT_FOUND", {"lines": ({"keyType": 15}, _UNKNOWN)}),
    ("ORDER_KEY_TYPE_ERR", {"lines": ({"quantity": 501}, {"keyType": 15})}),
    ("PRODUCT_QTY_ERR", {"lines": ({"unitPrice": 0.01}, {"quantity": 501})}),
)
# Of a code the mistake that leaves the others room; what is told first stands first.
_IN_ORDER = (
    Mistake("ORDER_ERR", {"quantity": 0}),
    Mistake("PRODUCT_UNIQUE_ERR", {"again": {}}),
    Mistake("PRODUCT_NOT_FOUND", _UNKNOWN),
    Mistake("ORDER_KEY_TYPE_ERR", {"keyType": 15}),
    Mistake("PRODUCT_QTY_ERR", {"quantity": 501}),
    Mistake("PRODUCT_PRICE_MISMATCH", {"cents": 1}),
)
# What is in stock comes after what the order says of itself and before what it costs; who may order at all comes first.
_OVER_STOCK: tuple[tuple[str, Changes], ...] = (
    ("PRODUCT_PRICE_MISMATCH", {"keyType": TEXT, "line": {"unitPrice": 0.01}}),
    ("PRODUCT_PRICE_MISMATCH", {"keyType": IMAGE, "line": {"unitPrice": 0.01}}),
)
_OF_CUSTOMERS: Mapping[str, tuple[str, Changes]] = {
    "empty": ("PRODUCT_STOCK_MISMATCH", {"keyType": TEXT}),
    "incomplete": ("PARTNER_ERR", {"keyType": TEXT, "line": {"quantity": 0}}),
    "unassigned": ("PARTNER_NOT_FOUND", {"keyType": TEXT, "line": {"quantity": 0}}),
    "internal": ("AUTH_NOT_AUTHORIZED", {"keyType": TEXT, "line": {"quantity": 0}}),
}


def _one_by_one(make: Any, wrong: tuple[tuple[str, Changes], ...]) -> tuple[Any, tuple[Mistake, ...]]:
    """Let mistakes of one place be asked one by one: all change the same, so that no two of them are put together."""
    return (lambda run, changes: make(run, changes["wrong"])), tuple(
        Mistake(code, {"wrong": what}) for code, what in wrong
    )


def _mistakes(name: str, request: Any, mistakes: tuple[Mistake, ...], source: Source = _CODES) -> Mistakes:
    return Mistakes(f"createOrder.{name}", "createOrder", request, mistakes, source=source)


DECLARATIONS: tuple[Declaration, ...] = (
    _mistakes("line", *_one_by_one(_order, _ONE_LINE)),
    _mistakes("second-line", *_one_by_one(_second, _SECOND)),
    _mistakes("nothing", _nothing, (Mistake("ORDER_ERR", {}),)),
    _mistakes("disabled", _disabled, (Mistake("PRODUCT_NOT_FOUND", {}),), Source("assumed", "SOURCE.md#products")),
    *(
        _mistakes(f"scarce.{kind}", _scarce, (Mistake("PRODUCT_STOCK_MISMATCH", {"keyType": kind}),))
        for kind in (IMAGE, TEXT)
    ),
    _mistakes(
        "tier", *_one_by_one(_tier, tuple(("PRODUCT_PRICE_MISMATCH", {"tier": tier}) for tier in ("reached", "missed")))
    ),
    _mistakes("stockLimit", _limited, (Mistake("PRODUCT_QTY_ERR", {"more": 1}),), Source("documented", "003:1165")),
    _mistakes("order", _order, _IN_ORDER, _PRECEDENCE),
    _mistakes("lines", *_one_by_one(_both_lines, _BOTH_LINES), _PRECEDENCE),
    _mistakes("over-stock", *_one_by_one(_scarce, _OVER_STOCK), _PRECEDENCE),
    *(
        _mistakes(f"customer.{customer}", _scarce, (Mistake(code, {**wrong, "customer": customer}),), _PRECEDENCE)
        for customer, (code, wrong) in _OF_CUSTOMERS.items()
    ),
)
