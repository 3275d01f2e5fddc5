"""What AXRO's operations make: nothing of it can be deleted over the API, only contacts can be set back."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from apitwin_contracts.client import Client
from apitwin_contracts.errors import NothingToExamine
from apitwin_contracts.undoing import Sought, Undo

__all__ = ["UNDOS"]

_CENTS = 100
_CONTACT = ("phone", "email")
_PLACE = ("company", "street", "zip", "city")


def _address_made(payload: Any, _arguments: Mapping[str, Any]) -> Iterator[str]:
    yield payload["id"]


def _order_made(payload: Any, _arguments: Mapping[str, Any]) -> Iterator[str]:
    yield payload["custom_reference"] or "an order without a reference of ours"


def _place(arguments: Mapping[str, Any]) -> list[Any]:
    return [arguments["input"].get(name) for name in _PLACE]


def _address_found(client: Client, sought: Sought) -> Iterator[str]:
    for address in client.must("shippingAddresses").every("[]"):
        if [address[name] for name in _PLACE] == sought.reference:
            yield address["id"]


def _order_found(client: Client, sought: Sought) -> Iterator[str]:
    if not sought.reference:
        raise NothingToExamine("it had no reference of ours by which to find it")
    listed = client.must("orderList").every("orders[]")
    yield from {order["commission"] for order in listed if order["commission"] == sought.reference}


def _is_placed(arguments: Mapping[str, Any]) -> bool:
    return arguments.get("place") not in (None, False)


def _total(client: Client, arguments: Mapping[str, Any]) -> Decimal | None:
    """Prepare the order first: that tells what it will cost and places nothing."""
    prepared = client.ask("orderCreate", {**arguments, "place": False})
    total = prepared.at("grand_total") if prepared.ok else None
    return Decimal(total) / _CENTS if isinstance(total, int) else None


def _contact(client: Client, arguments: Mapping[str, Any]) -> Any:
    listed = client.ask("shippingAddresses", {})
    found = [one for one in listed.every("[]") if one["id"] == arguments.get("id")] if listed.ok else []
    return {name: found[0][name] for name in _CONTACT} if found else None


def _set_back(client: Client, sought: Sought) -> str:
    before = (sought.reference or {}).get("before")
    if before is None:
        return "what stood there before is not known"
    answer = client.ask("shippingUpdate", {"id": sought.handle, "input": before})
    if not answer.ok:
        return answer.recognition.detail or answer.outcome
    kept = [name for name in _CONTACT if before[name] is None and answer.at(name) is not None]
    return f"AXRO takes no {' and no '.join(kept)} out of an address again" if kept else ""


UNDOS = (
    Undo(
        "shippingCreate",
        _address_made,
        "AXRO has no operation that deletes an address",
        find=_address_found,
        reference=_place,
        makes=lambda arguments: arguments.get("check") not in (True, "true"),
    ),
    Undo(
        "orderCreate",
        _order_made,
        "AXRO has no operation that cancels an order",
        find=_order_found,
        reference=lambda arguments: arguments["order"].get("customReference"),
        makes=_is_placed,
        price=_total,
    ),
    Undo(
        "shippingUpdate",
        lambda _payload, arguments: [arguments["id"]],
        back=_set_back,
        find=lambda _client, sought: [sought.reference["asked"]],
        reference=lambda arguments: arguments["id"],
        before=_contact,
        makes=lambda arguments: any(arguments["input"].get(name) is not None for name in _CONTACT),
    ),
)
