"""Rows in the wire's shapes; names are as the documentation and the platform's clients have them, in three spellings."""

from collections.abc import Sequence
from functools import lru_cache

from .auth import Grant
from .domain import Cancelled
from .entities import Category, CategoryType, Customer, Line, Order, Product, Requirement
from .money import instant, money

__all__ = [
    "account",
    "cancellation",
    "category",
    "category_type",
    "created",
    "done",
    "granted",
    "order",
    "order_line",
    "product",
]

Wire = dict[str, object]

_ASSETS = "https://assets.example.com/products"
_ABOUT = {
    1: ("{}: a code, delivered at once.", "Redeem the code in the shop of the game."),
    2: ("{}: added to your account.", "Have your player ID at hand."),
    3: ("{}: handed over in the game.", "Be online when it is delivered."),
}
_USK_AGES = frozenset({12, 16, 18})


def done(data: object) -> Wire:
    """Put data into the envelope of success."""
    return {"data": data, "success": True, "message": "OK"}


def granted(grant: Grant, callback_data: str | None) -> Wire:
    """Show a token."""
    return {"Token": grant.token, "Expiration": instant(grant.expires), "callbackData": callback_data}


def category(row: Category) -> Wire:
    """Show a category."""
    return {"ProductCategoryID": row.id, "CategoryName": row.name, "ParentID": row.parent}


def category_type(row: CategoryType) -> Wire:
    """Show a kind of goods."""
    return {"ProductTypeID": row.id, "TypeName": row.name}


@lru_cache(maxsize=5000)
def _slug(name: str) -> str:
    return "".join(mark if mark.isalnum() else "-" for mark in name.lower())


def product(row: Product, *, detailed: bool = True) -> Wire:
    """Show a product, with its texts or without."""
    return {
        "productID": row.id,
        "customerStoreProductID": row.store_id,
        "productCategoryID": row.category,
        "productTypeID": row.type,
        "productBrandID": row.category,
        "productName": row.name,
        "productSlug": _slug(row.name),
        "productStockID": 5000 + row.store_id,
        "productData": _product_data(row, detailed=detailed),
        "productRequire": [_requirement(requirement) for requirement in row.requires],
        "purchaseRequire": row.steps,
        "platformList": row.platforms,
        "regionList": row.regions,
        "ageList": {"usk": row.pegi if row.pegi in _USK_AGES else None, "esrb": None, "pegi": row.pegi},
        **_terms(row),
        "totalStock": row.stock,
        "sorting": row.store_id,
        "status": int(row.active),
    }


def _product_data(row: Product, *, detailed: bool) -> Wire:
    description, info = _ABOUT[row.type]
    return {
        "productDescription": description.format(row.name) if detailed else None,
        "productMainImage": f"{_ASSETS}/{row.id}/main.png",
        "productImages": [f"{_ASSETS}/{row.id}/1.png"],
        "productInfo": info if detailed else None,
    }


def _requirement(row: Requirement) -> Wire:
    return {
        "productRequireID": row.id,
        "identifier": row.identifier,
        "title": row.title,
        "type": row.type,
        "min_length": row.min_length,
        "max_length": row.max_length,
        "placeholder": row.placeholder,
        "default_value": None,
        "class": None,
        "image_url": None,
        "alerts": None,
        "attribute": [],
        "options": row.options,
        "checker": None,
    }


def _terms(row: Product) -> Wire:
    unused = ("buyMinCount", "buyMaxCount", "buyStartHour", "buyEndHour", "saleStartHour", "saleEndHour")
    return {
        "marketPrice": None if row.market_price is None else money(row.market_price),
        "buyPrice": None,
        "salePrice": money(row.price),
        "saleMinCount": 1,
        "saleMaxCount": row.most,
        **dict.fromkeys(unused),
    }


def created(row: Order, lines: Sequence[Line]) -> Wire:
    """Show an order as it was created."""
    details = [
        {"DeliverID": line.deliver_id, "OrderDetailID": line.id, "Quantity": line.quantity, "Price": money(line.price)}
        for line in lines
    ]
    return {"OrderID": row.id, "details": details, "items": None}


def order(row: Order, lines: Sequence[Line]) -> Wire:
    """Show an order with its lines."""
    return {
        "OrderID": row.id,
        "OrderDate": instant(row.created_at),
        "TotalPrice": money(sum((line.price * line.remaining for line in lines), start=lines[0].price * 0)),
        "BillingAddressID": row.basket.billing_address,
        "details": [order_line(line) for line in lines],
    }


def order_line(row: Line) -> Wire:
    """Show a line of an order."""
    return {
        "OrderID": row.order,
        "OrderDetailID": row.id,
        "DeliverID": row.deliver_id,
        "CustomerStoreProductID": row.product,
        "ProductName": row.name,
        "Quantity": row.quantity,
        "CancelledQuantity": row.cancelled,
        "Price": money(row.price),
        "Status": row.status,
        "DeliveryData": row.codes,
        "DeliveryNote": row.note,
        "UpdatedAt": instant(row.updated_at),
    }


def cancellation(number: int, cancelled: Sequence[Cancelled]) -> Wire:
    """Show what was cancelled of an order."""
    total = sum((one.refund for one in cancelled), start=cancelled[0].refund * 0)
    return {"OrderID": number, "RefundAmount": money(total), "details": [_cancelled(one) for one in cancelled]}


def _cancelled(one: Cancelled) -> Wire:
    return {
        "OrderDetailID": one.line.id,
        "DeliverID": one.line.deliver_id,
        "CancelledQuantity": one.quantity,
        "RemainingQuantity": one.line.remaining,
        "RefundAmount": money(one.refund),
        "Status": one.line.status,
    }


def account(row: Customer) -> Wire:
    """Show an account."""
    return {
        "customerID": row.id,
        "firstName": row.first_name,
        "lastName": row.last_name,
        "email": row.email,
        "balance": money(row.balance),
        "creditLimit": money(row.credit_limit),
        "currencyCode": row.currency,
    }
