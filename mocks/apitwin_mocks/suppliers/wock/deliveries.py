"""What the delivery query shows of an order: its state, and once it is ready its keys, fetched when they are looked at."""

from datetime import datetime

from .archives import Archive, archives_of
from .domain import Wock
from .entities import Order, OrderedItem, OrderLine, Partner
from .keys import Key, keys_of

__all__ = ["DeliveredKey", "DeliveredProduct", "Delivery", "DeliveryStatus", "find_delivery"]


def find_delivery(
    world: Wock, partner: Partner, order_id: str | None, legacy_order_id: str | None, base: str
) -> "Delivery | None":
    """Give the delivery of the partner's order with these ids; None without an id, or when no order has all that are given."""
    world.settle()
    if order_id is not None:
        found = world.orders.get(order_id)
    elif legacy_order_id is not None:
        found = next((row for row in world.orders.values() if row.legacy_id == legacy_order_id), None)
    else:
        return None
    wrong = found is None or found.partner != partner.id or found.state == "deleted"
    if found is None or wrong or (legacy_order_id is not None and found.legacy_id != legacy_order_id):
        return None
    return Delivery(world, partner, found.id, base)


class Delivery:
    """One order's delivery; looking at its products' keys downloads them."""

    def __init__(self, world: Wock, partner: Partner, key: str, base: str) -> None:
        self._world = world
        self._partner = partner
        self._base = base
        self.order_id = key

    @property
    def order(self) -> Order:
        """The order as it is now."""
        return self._world.orders[self.order_id]

    @property
    def legacy_order_id(self) -> str | None:
        """The id on the legacy platform."""
        return self.order.legacy_id

    @property
    def ready(self) -> bool:
        """Whether there are keys."""
        return self.order.state in ("ready", "completed")

    @property
    def status(self) -> "DeliveryStatus":
        """Not ready yet, failed, or ready."""
        return DeliveryStatus(self.ready, self.order.error if self.order.state == "failed" else None)

    @property
    def products(self) -> list["DeliveredProduct"]:
        """The products with their keys, none before the delivery is ready."""
        return [DeliveredProduct(self, line) for line in self.order.lines] if self.ready else []

    @property
    def archives(self) -> list[Archive]:
        """The archives, for External partners only."""
        return archives_of(self.order, self._base) if self.ready and self._partner.partner_type == "External" else []

    def download(self) -> datetime | None:
        """Fetch the keys; give when they were fetched first."""
        return self._world.download(self.order).downloaded


class DeliveryStatus:
    """Whether a delivery is ready, or why it never will be."""

    def __init__(self, ready: bool, error: str | None) -> None:  # noqa: FBT001 - the wire's field
        self.ready = ready
        self.error = error


class DeliveredProduct:
    """One line of a delivery."""

    def __init__(self, delivery: Delivery, line: OrderLine) -> None:
        self._delivery = delivery
        self._line = line
        self.partner_product_id = line.partner_product_id

    @property
    def details(self) -> OrderedItem:
        """The product as it was when it was ordered."""
        return self._line.item

    @property
    def delivery_identifier(self) -> str:
        """The supplier's own number of the delivery."""
        return self._delivery.order.delivery_identifier

    @property
    def keys(self) -> list["DeliveredKey"]:
        """The keys, which counts as fetching them."""
        downloaded = self._delivery.download()
        return [DeliveredKey(key, downloaded) for key in keys_of(self._delivery.order, self._line)]


class DeliveredKey:
    """A key with the time of its first download."""

    def __init__(self, key: Key, downloaded: datetime | None) -> None:
        self._key = key
        self.id = key.id
        self.mime_type = key.mime_type
        self.downloaded_at = downloaded

    @property
    def key(self) -> str:
        """The key in plain text, or its picture in base64."""
        return self._key.text

    @property
    def sub_keys(self) -> list["DeliveredKey"]:
        """The keys that hang on this one."""
        return [DeliveredKey(key, self.downloaded_at) for key in self._key.sub_keys]
