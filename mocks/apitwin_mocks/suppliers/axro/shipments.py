"""Shipments: an order becomes one when it is processed, and its tracking grows as the clock moves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from apitwin_mocks.kit.errors import Refusal

from .domain import Axro
from .entities import LOCAL, Order, Shipment, ShipmentLine
from .errors import Code

__all__ = ["PROCESSING", "carrier_of", "invoice_of", "shipment_at", "shipment_of", "shipments_of", "tracking_of"]

PROCESSING = timedelta(hours=1)
"""How long an order waits until it becomes a shipment."""

_PICKUP = timedelta(hours=3)
_TRANSIT = timedelta(days=1)
_DELIVERY = timedelta(days=2)
_ESTIMATE = timedelta(hours=1)
_TRACKING = {
    "DHL": "https://www.dhl.com/de-en/home/tracking.html?tracking-id=",
    "UPS": "https://www.ups.com/track?loc=en_GB&tracknum=",
}


@dataclass(frozen=True, slots=True)
class _Event:
    """What happens to a parcel, and how long after processing."""

    after: timedelta
    key: str
    name: str
    phase: str
    place: str


_EVENTS = (
    _Event(_PICKUP, "C10", "Picked up by the carrier", "Transport", "Hamburg"),
    _Event(_PICKUP + _TRANSIT, "E10", "In transit", "Transport", ""),
    _Event(_PICKUP + _TRANSIT + _DELIVERY, "H10", "Delivered successfully", "Delivery", ""),
)
_ARRIVAL = _EVENTS[-1].after


def shipments_of(world: Axro, customer: str, order: str | None = None) -> list[Shipment]:
    """Give a customer's shipments, the newest first; with an order number only those that hold something of it."""
    own = [shipment for shipment in _shipments(world) if shipment.customer == customer]
    wanted = [shipment for shipment in own if order is None or order in shipment.orders]
    wanted.reverse()
    return sorted(wanted, key=lambda shipment: shipment.shipped, reverse=True)


def shipment_of(world: Axro, customer: str, number: str) -> Shipment:
    """Give a customer's shipment; raises `Refusal` for an unknown or a foreign number."""
    shipment = _find(world, number)
    if shipment is None:
        raise Refusal(Code.SHIPMENT_UNKNOWN, shipmentNumber=number)
    if shipment.customer != customer:
        raise Refusal(Code.SHIPMENT_FOREIGN, shipmentNumber=number)
    return shipment


def tracking_of(world: Axro, customer: str, number: str) -> Mapping[str, object]:
    """Give a customer's tracking history by parcel; raises `Refusal` for an unknown or a foreign number."""
    shipment = _find(world, number)
    if shipment is None:
        raise Refusal(Code.TRACKING_UNKNOWN, shipmentNumber=number)
    if shipment.customer != customer:
        raise Refusal(Code.SHIPMENT_FOREIGN, shipmentNumber=number)
    return shipment.history


def invoice_of(world: Axro, order: Order) -> str | None:
    """Give an order's invoice number once it is processed."""
    return order.invoice if _processed(world, order) <= world.clock.now() and _sends(order) else None


def carrier_of(world: Axro, order: Order) -> str | None:
    """Give an order's carrier once it has the parcel."""
    return order.carrier if _processed(world, order) + _pickup(order) <= world.clock.now() and _sends(order) else None


def _pickup(order: Order) -> timedelta:
    return _PICKUP if order.address else timedelta()


def _processed(world: Axro, order: Order) -> datetime:
    if order.address is None:
        return order.placed
    return max(order.placed, world.usable_from(world.addresses[order.address])) + PROCESSING


def _sends(order: Order) -> bool:
    return any(line.delivered for line in order.lines)


def _shipments(world: Axro) -> Iterator[Shipment]:
    yield from world.shipments.values()
    for order in world.orders.changed.values():
        shipment = _shipment(world, order)
        if shipment is not None:
            yield shipment


def _find(world: Axro, number: str) -> Shipment | None:
    recorded = world.shipments.get(number)
    if recorded is not None:
        return recorded
    order = next((order for order in world.orders.changed.values() if order.shipment == number), None)
    return _shipment(world, order) if order else None


def _shipment(world: Axro, order: Order) -> Shipment | None:
    processed, now = _processed(world, order), world.clock.now()
    if processed > now or not _sends(order):
        return None
    return shipment_at(order, processed, now)


def shipment_at(order: Order, processed: datetime, now: datetime) -> Shipment:
    """Give an order's shipment as it stands at an instant, once it is processed."""
    picked_up = processed + _PICKUP <= now
    delivered_at = processed + _ARRIVAL
    code = order.parcel or ""
    return Shipment(
        number=order.shipment or "",
        customer=order.customer,
        orders=(order.number,),
        invoice=order.invoice,
        company=order.shipping.company,
        commission=order.commission,
        status=_status(picked_up=picked_up, delivered=delivered_at <= now),
        delivery=_day(delivered_at),
        shipped=_day(processed),
        url=_TRACKING[order.carrier] + code if picked_up else "",
        code=code if picked_up else "",
        carrier=order.carrier if picked_up else "",
        lines=tuple(_lines(order)),
        history={code: _parcel(order, processed, now)} if picked_up else {},
    )


def _status(*, picked_up: bool, delivered: bool) -> str:
    if delivered:
        return "Delivered"
    return "OnTheWay" if picked_up else "InPreparation"


def _lines(order: Order) -> Iterator[ShipmentLine]:
    for line in order.lines:
        if line.delivered:
            total = line.delivered * line.unit
            yield ShipmentLine(line.product, order.number, line.oem, order.commission, line.delivered, total)


def _parcel(order: Order, processed: datetime, now: datetime) -> Mapping[str, object]:
    due = [event for event in _EVENTS if processed + event.after <= now]
    states = [_state(order.carrier, event, processed + event.after) for event in reversed(due)]
    estimate = (processed + _ARRIVAL + _ESTIMATE).astimezone(LOCAL)
    return {
        "states": {str(index): state for index, state in enumerate(states)},
        "estimatedDeliveryDate": {
            "date": estimate.strftime("%Y-%m-%d %H:%M:%S.%f"),
            "timezone_type": 3,
            "timezone": LOCAL.tzname(None),
        },
        "delivered": len(due) == len(_EVENTS),
    }


def _state(carrier: str, event: _Event, at: datetime) -> Mapping[str, object]:
    return {
        "time": at.astimezone(LOCAL).isoformat(timespec="seconds"),
        "event": event.name,
        "phase": event.phase,
        "location": {"place": event.place},
        "timezone": LOCAL.tzname(None),
        "event_key": event.key,
        "phase_key": event.key[0],
        "carrier_name": carrier,
        "additional_info": [],
    }


def _day(instant: datetime) -> str:
    return instant.astimezone(LOCAL).date().isoformat()
