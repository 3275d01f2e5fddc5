"""What the platform tells its resellers: every change of an order line's state, and every change of a product."""

from collections.abc import Mapping
from datetime import datetime

import orjson

from apitwin_mocks.kit.webhooks import Webhook

from .entities import Customer, Line, Product
from .money import instant, money

__all__ = ["order_delivery", "product_update"]

_SECRETS = frozenset({"apikey"})


def order_delivery(line: Line, url: str, api_key: str) -> Webhook:
    """Tell how an order line stands; those of one line arrive in order."""
    body = {
        "DeliverID": line.deliver_id,
        "OrderDetailID": line.id,
        "Status": line.status,
        "DeliveryData": line.codes,
        "DeliveryNote": line.note,
    }
    return _webhook("order_delivery", f"line {line.id}", url, body, api_key)


def product_update(product: Product, at: datetime, customer: Customer, url: str, api_key: str) -> Webhook:
    """Tell one account how a product stands; those of one product arrive in order."""
    body = {
        "CustomerStoreProductID": product.store_id,
        "Price": money(product.price),
        "Stock": product.stock,
        "Status": int(product.active),
        "UpdatedAt": instant(at),
    }
    return _webhook("product_update", f"product {product.store_id} of account {customer.id}", url, body, api_key)


def _webhook(event: str, key: str, url: str, body: Mapping[str, object], api_key: str) -> Webhook:
    return Webhook("reseller", event, key, url, orjson.dumps(body), (("apikey", api_key),), _SECRETS)
