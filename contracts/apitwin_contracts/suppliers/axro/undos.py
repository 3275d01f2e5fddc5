"""What AXRO's operations make: nothing of it can be deleted over the API, only contacts can be set back."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from apitwin_contracts.client import Client
from apitwin_contracts.undoing import Sought, Undo

__all__ = ["UNDOS"]

_CENTS = 100
_CONTACT = ("phone", "email")


def _address_made(payload: Any, _arguments: Mapping[str, Any]) -> Iterator[str]:
    yield payload["id"]


def _order_made(payload: Any, _arguments: Mapping[str, Any]) -> Iterator[str]:
    yield payload["custom_reference"] or "an order without a reference of ours"


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
        makes=lambda arguments: arguments.get("check") not in (True, "true"),
    ),
    Undo(
        "orderCreate",
        _order_made,
        "AXRO has no operation that cancels an order",
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
