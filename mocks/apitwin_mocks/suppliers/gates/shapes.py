"""The gates' rows in the form in which their schemas show them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from .carts import CURRENCY
from .catalogue import Catalogue
from .domain import Gates
from .entities import Account, Cart, CartLine, Feature, Gate, Offer, Order, Packing, Product, Receipt, Store
from .orders import status_of, warning_of

__all__ = ["Pricing", "cart_body", "gate_body", "order_body", "price_body", "product_body", "user_body"]

_Body = dict[str, Any]
Pricing = Callable[[Decimal, int], Decimal]
"""Makes the shown price of a list price and a quantity."""

_MESSAGES = {
    "NEW": None,
    "IN_CHECKOUT": None,
    "FINISHING": "The order was passed on to the distributor.",
    "FINISHED": "The distributor accepted the order.",
}


def gate_body(gate: Gate, domain: str, auth_domain: str) -> _Body:
    """Tell of a gate, reached and signed in to at these URLs."""
    value, kind, saturdays = gate.order_date
    return {
        "name": gate.name,
        "domain": domain,
        "code": gate.code,
        "auth0Domain": auth_domain,
        "auth0ClientId": gate.client_id,
        "auth0ClientSecret": gate.client_secret,
        "subtype": gate.subtype,
        "defaultSite": gate.default_site,
        "defaultStore": gate.default_store,
        "defaultOrderDate": {"value": value, "type": kind, "saturdaysAllowed": saturdays},
        "orderTypes": [{"name": name, "mapping": mapping} for name, mapping in gate.order_types],
        "distributionChannelId": gate.channel,
    }


def product_body(catalogue: Catalogue, offer: Offer, pricing: Pricing) -> _Body:
    """Tell of a product in a gate's assortment."""
    product = catalogue.products[offer.product]
    return {
        "id": offer.id,
        "proMaterialIds": list(product.ids),
        "productGateCode": product.maker,
        "productDetails": _details(product),
        "features": {"universalTypes": [_feature(catalogue, feature, product) for feature in product.features]},
        "productOrderDetails": {
            "orderUnits": [
                _order_unit(catalogue, offer, packing, pricing(listed, packing.minimum))
                for packing, listed in zip(product.packings, offer.prices, strict=True)
            ]
        },
    }


def price_body(product_id: str, quantity: int, amount: Decimal) -> _Body:
    """Tell a price that was asked for."""
    return {"productId": product_id, "quantity": quantity, "amount": amount, "currency": CURRENCY}


def user_body(catalogue: Catalogue, account: Account) -> _Body:
    """Tell of a user at their gate."""
    stores = (store for store in catalogue.stores.values() if store.gate == account.gate)
    return {
        "email": account.email,
        "clientNumber": account.number,
        "company": account.company,
        "stores": [{"code": store.code, "name": store.name, "address": _address(store)} for store in stores],
        "constructionSites": [{"code": site.code, "name": site.name} for site in account.sites],
    }


def cart_body(cart: Cart) -> _Body:
    """Tell of a cart."""
    return {
        "shoppingCartId": cart.id,
        "creationDate": cart.created,
        "orderTotals": _totals(cart),
        "products": [_line(line) for line in cart.lines],
    }


def order_body(world: Gates, order: Order) -> _Body:
    """Tell of an order as it stands now."""
    cart = world.carts[order.cart]
    status = status_of(world, order)
    return {
        "orderId": order.id,
        "shoppingCartId": order.cart,
        "status": {
            "status": status,
            "message": _MESSAGES[status],
            "subStatus": {"warning": warning_of(world, order)},
        },
        "creationDate": order.created,
        "expectedReceiptDateTime": _receipt(order.receipt) if order.receipt else None,
        "constructionSite": {"code": order.site},
        "store": {"code": order.store} if order.store else None,
        "orderTotals": _totals(cart),
        "products": [_line(line) for line in cart.lines],
    }


def _details(product: Product) -> _Body:
    return {
        "descriptions": {"descriptionShort": product.short, "descriptionLong": product.long},
        "images": [{"url": url, "name": name} for url, name in product.images],
        "specifications": [{"name": name, "value": value} for name, value in product.specifications],
    }


def _feature(catalogue: Catalogue, feature: Feature, product: Product) -> _Body:
    kind = catalogue.types[feature.code]
    unit = catalogue.units[feature.unit] if feature.unit else None
    parent = next((other for other in product.features if other.code == kind.parent), None)
    return {
        "code": kind.code,
        "name": kind.name,
        "persistedPath": catalogue.path_of(kind.code),
        "type": {"type": kind.type, "rangeMin": kind.minimum, "rangeMax": kind.maximum},
        "value": feature.value,
        "unit": {"code": unit.code, "name": unit.name, "symbol": unit.symbol} if unit else None,
        "parent": _feature(catalogue, parent, product) if parent else None,
    }


def _order_unit(catalogue: Catalogue, offer: Offer, packing: Packing, amount: Decimal) -> _Body:
    return {
        "name": catalogue.units[packing.unit].name,
        "code": packing.unit,
        "quantityMin": packing.minimum,
        "price": {"amount": amount, "currency": CURRENCY},
        "contentUnit": {
            "name": catalogue.units[packing.content_unit].name,
            "code": packing.content_unit,
            "contentUnitPerOrderUnit": packing.content,
        },
        "availabilities": [
            {"location": _location(catalogue.stores[store]), "amount": amount // packing.content}
            for store, amount in offer.stock
        ],
    }


def _location(store: Store) -> _Body:
    return {"name": store.name, "address": _address(store)}


def _address(store: Store) -> _Body:
    return {"street": store.street, "city": store.city, "zip": store.zip}


def _totals(cart: Cart) -> _Body:
    return {"totalOrderProducts": len(cart.lines), "totalAmountNet": cart.total, "orderCurrency": CURRENCY}


def _line(line: CartLine) -> _Body:
    tax = {"taxType": line.tax.type, "taxAmount": line.tax.amount} if line.tax else None
    return {
        "productId": line.offer,
        "proMaterialId": line.asked_as,
        "productGateCode": line.maker,
        "distributionGateCode": line.gate,
        "clientNumber": line.client_number,
        "productPrice": {"amount": line.price, "currency": CURRENCY, "taxDetails": tax},
        "productOrderDetails": {"orderUnit": {"code": line.unit}, "quantity": line.quantity},
    }


def _receipt(receipt: Receipt) -> _Body:
    return {"type": receipt.type, "from": receipt.start, "to": receipt.end, "timeFrame": receipt.frame}
