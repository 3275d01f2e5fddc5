"""How the domain's rows look on the wire: camelCase in GraphQL's types, the REST layer's snake_case in JSON results."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from .addresses import NewAddress
from .domain import Axro
from .entities import LOCAL, Address, Billing, Category, Line, Order, Place, Product, Shipment, ShipmentLine
from .orders import CartLine, Quote
from .shipments import carrier_of, invoice_of

__all__ = [
    "address_info",
    "billing_body",
    "category_body",
    "order_body",
    "order_details",
    "order_item",
    "product_body",
    "shipment_details",
    "shipment_item",
    "suggestion_body",
]

Body = dict[str, Any]

_CURRENCY = "EUR"
_WAITING = ("WAITING_APPROVAL", "Please wait for approval.")
_USABLE = ("USABLE", "Can be used for shipping.")
_SUGGESTED = ("CHECK_ONLY", "Suggested validated/normalized address. Not saved.")
_PLACED = "Order placed"
_PLACE_URL = "https://api.axro.com/api/v1/order/?place=1"
_ADDRESS = ("company", "department", "firstname", "lastname", "street", "zip", "city", "country", "phone", "email")


def product_body(product: Product, categories: Mapping[int, Category]) -> Body:
    """Give a `Product`."""
    return {
        "productNumber": product.number,
        "ean": product.ean,
        "brand": product.brand,
        "oemNumber": product.oem,
        "stock": product.stock,
        "price": [{"fromQuantity": tier.first, "toQuantity": tier.last, "price": tier.price} for tier in product.tiers],
        "title": {"enGb": product.en, "deDe": product.de},
        "category": category_body(categories[product.category]),
        "modifiedAt": product.modified,
    }


def category_body(category: Category) -> Body:
    """Give a `Category`."""
    return {"id": category.id, "de": category.de, "en": category.en}


def billing_body(billing: Billing) -> Body:
    """Give a `BillingAddress`."""
    return {
        "company": billing.company,
        "department": billing.department,
        "street": billing.street,
        "zip": billing.zip,
        "city": billing.city,
        "country": billing.country,
    }


def address_info(world: Axro, address: Address) -> Body:
    """Give a `ShippingAddressInfo`, which is also the result of creating or updating an address."""
    status, info = _USABLE if world.usable(address) else _WAITING
    return {"id": address.id, **_written(address), "status": status, "info": info}


def suggestion_body(suggested: NewAddress) -> Body:
    """Give the result of a check: no id, and names only if they were sent."""
    written = _written(suggested)
    unsent = [name for name in ("firstname", "lastname") if written[name] is None]
    status, info = _SUGGESTED
    return {name: value for name, value in written.items() if name not in unsent} | {"status": status, "info": info}


def _written(address: Address | NewAddress) -> Body:
    return {name: getattr(address, name) for name in _ADDRESS}


def order_body(quote: Quote, reference: str | None, remark: str | None, *, placed: bool) -> Body:
    """Give the result of orderCreate."""
    return {
        "shipping_address": {"id": quote.address.id, **_written(quote.address)},
        "billing_address": billing_body(quote.billing),
        "cart": [_cart_line(line) for line in quote.lines],
        "toll": quote.toll,
        "freight_costs": quote.freight,
        "grand_total": quote.grand_total,
        "custom_reference": reference,
        "additional_information": remark,
        "order_placed": placed,
        "place_order_url": _PLACED if placed else _PLACE_URL,
    }


def _cart_line(line: CartLine) -> Body:
    return {
        "product_number": line.product.number,
        "quantity": line.quantity,
        "difference": line.difference,
        "unit_price": line.unit_price,
        "uhg_unit": line.uhg_unit,
        "uhg_total": line.uhg_total,
        "sub_total": line.sub_total,
    }


def order_item(order: Order) -> Body:
    """Give an `OrderItem`."""
    return {"orderNumber": order.number, **_head(order)}


def order_details(world: Axro, order: Order) -> Body:
    """Give an `OrderDetailMessage` as it stands at the session's time."""
    return {
        "invoiceNumber": invoice_of(world, order),
        **_head(order),
        "carrier": carrier_of(world, order),
        "shippingAddress": _place(order.shipping),
        "billingAddress": _place(order.billing),
        "items": [_order_line(order, line) for line in order.lines],
    }


def _head(order: Order) -> Body:
    return {
        "date": order.placed.astimezone(LOCAL).date().isoformat(),
        "commission": order.commission,
        "currency": _CURRENCY,
        "orderTotal": order.total,
        "orderSource": order.origin,
    }


def _place(place: Place) -> Body:
    return {"company": place.company, "street": place.street, "zip": place.zip, "city": place.city}


def _order_line(order: Order, line: Line) -> Body:
    return {
        "productNumber": line.product,
        "orderNumber": order.number,
        "oemNumber": line.oem,
        "quantity": line.quantity,
        "total": line.total,
    }


def shipment_item(shipment: Shipment) -> Body:
    """Give a `ShipmentItem`, its days in the German order."""
    return {
        "shipmentNumber": shipment.number,
        "company": shipment.company,
        "commission": shipment.commission,
        "status": shipment.status,
        "date": _german(shipment.delivery),
        "shippingDate": _german(shipment.shipped),
        "trackingUrl": shipment.url,
        "trackingCode": shipment.code,
        "carrier": shipment.carrier,
    }


def shipment_details(shipment: Shipment) -> Body:
    """Give a `ShipmentDetailMessage`, its day as ISO has it."""
    return {
        "orderNumbers": list(shipment.orders),
        "invoiceNumber": shipment.invoice,
        "shipmentNumber": shipment.number,
        "shippingDate": shipment.shipped,
        "items": [_shipment_line(line) for line in shipment.lines],
    }


def _shipment_line(line: ShipmentLine) -> Body:
    return {
        "productNumber": line.product,
        "orderNumber": line.order,
        "oemNumber": line.oem,
        "commission": line.commission,
        "quantity": line.quantity,
        "total": line.total,
    }


def _german(day: str) -> str:
    return f"{date.fromisoformat(day):%d.%m.%Y}"
