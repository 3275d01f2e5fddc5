"""What belongs to whom at World of CD Keys: nobody reads or deletes another partner's orders, and a partner's type decides what it gets."""

from typing import Any

from hypothesis import strategies as st

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Client
from apitwin_contracts.contract import Declaration
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.laws.isolation import Owned, Untouched
from apitwin_contracts.laws.walks import Walk
from apitwin_fixtures import Source

from .delivering import hold
from .entities import line, stocked

__all__ = ["DECLARATIONS"]

_TYPES = Source("documented", "003:1119,1164")
_OWN = Source("assumed", "SOURCE.md#6")
_LISTED = {"take": 50, "order": [{"createdAt": "ASC"}]}


def _orders(client: Client) -> list[Any]:
    return client.must("orders", _LISTED).every("items[]")


def _foreign(examination: Examination, customer: str) -> None:
    """Another partner's order is not delivered, not found and not deleted, and is still there for its owner."""
    theirs = _orders(examination.run.customer(customer))
    if not theirs:
        raise NothingToExamine(f"the customer {customer} has no orders")
    order = theirs[0]["id"]
    read = examination.must("delivery", {"orderId": order})
    hold(examination, [read], _OWN, [("", None, read.payload)])
    found = examination.must("orders", {"where": {"id": {"eq": order}}})
    hold(examination, [found], _OWN, [("totalCount", 0, found.at("totalCount"))])
    deleted = examination.must("deleteOrder", {"orderId": order})
    hold(examination, [deleted], _OWN, [("", False, deleted.payload)])
    kept = [item["id"] for item in _orders(examination.run.customer(customer))]
    hold(examination, [deleted], _OWN, [("", True, order in kept)])


def _internal(examination: Examination, customer: str) -> None:
    """An Internal partner is told so, and gets keys without archives."""
    client = examination.run.customer(customer)
    partner = client.must("partner")
    hold(examination, [partner], _TYPES, [("partnerType", "Internal", partner.at("partnerType"))])
    for item in _orders(client)[:2]:
        read = client.must("delivery", {"orderId": item["id"]})
        hold(examination, [read], _TYPES, [("archives", [], read.at("archives"))])


def _several(examination: Examination, customer: str) -> None:
    """Each customer has a partner of its own."""
    own, other = examination.must("partner"), examination.run.customer(customer).must("partner")
    hold(examination, [own, other], _OWN, [("id", True, own.at("id") != other.at("id"))])
    hold(examination, [own], _TYPES, [("partnerType", "External", own.at("partnerType"))])


def _walk(name: str, walk: Any, customer: str, *, changes_state: bool = False) -> Walk:
    return Walk(name, lambda _run: st.just(customer), walk, "auth", 0.04, changes_state)


def _created(run: Any) -> Any:
    return {"input": {"products": [line(stocked(run)[0], 1)]}}


DECLARATIONS: tuple[Declaration, ...] = (
    *(
        Owned(f"orders.of-{customer}", "orders", "items[].id", customer, lambda _run: _LISTED, _OWN)
        for customer in ("internal", "empty")
    ),
    *(
        _walk(f"deleteOrder.of-{customer}", _foreign, customer, changes_state=True)
        for customer in ("internal", "empty")
    ),
    _walk("delivery.internal", _internal, "internal", changes_state=True),
    *(_walk(f"partner.and-{customer}", _several, customer) for customer in ("internal", "empty")),
    Untouched("createOrder.of-another", "createOrder", _created, "partner", "available", "internal", source=_OWN),
)
