"""The gates' drifts of carts: what stands in them, and what it costs."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from apitwin_contracts.mutants.mutant import Mutant, family
from apitwin_contracts.mutants.suppliers.gates.tools import forgiven, rule, twisted, value_changed
from apitwin_mocks.suppliers.gates import api, carts, orders, prices
from apitwin_mocks.suppliers.gates.entities import Tax

__all__ = ["MUTANTS"]

_state, _limits, _performance = family("gates", "state"), family("gates", "limits"), family("gates", "performance")
_WALK, _SOLD = "walk.state:upsertProduct.life", "walk.state:finishOrder.stock"
_CARTS, _ORDERS = (
    "shoppingcart upsertProduct deleteProduct",
    "orders createOrder upsertExpectedReceiptDateTime upsertStore beginCheckout finishOrder",
)
_BOOKING = f"{_CARTS} {_ORDERS}"


def _kept(change: Any) -> Any:
    """Give a rule that keeps another cart than it was told."""
    return rule((carts, "_keep", lambda original: lambda world, cart: original(world, change(world, cart))))


def _doubled(world: Any, cart: Any) -> Any:
    before = world.carts.get(cart.id)
    known = {line.offer: line.quantity for line in before.lines} if before else {}
    return replace(
        cart,
        lines=tuple(
            replace(line, quantity=line.quantity + known[line.offer])
            if line.offer in known and len(before.lines) == len(cart.lines) and line.quantity != known[line.offer]
            else line
            for line in cart.lines
        ),
    )


def _moved_last(world: Any, cart: Any) -> Any:
    before = world.carts.get(cart.id)
    changed = [line for line in cart.lines if before and line not in before.lines]
    return replace(cart, lines=tuple([line for line in cart.lines if line not in changed] + changed))


def _late() -> Any:
    """Hide what was written from the first reading of it."""
    seen: set[str] = set()

    def twist(asked: Any, request: Any, forward: Any) -> Any:
        key = str(asked.arguments.get("shoppingCartId"))
        if asked.operation == "shoppingcart" and key not in seen:
            seen.add(key)
            request = replace(request, body=request.body.replace(key.encode(), b"00000000-0000-4000-8000-000000000000"))
        return forward(request)

    return twist


def _emptied(world: Any, cart: Any) -> Any:
    made = replace(cart, lines=())
    world.carts.put(cart.id, made)
    return made


def _under_first_id(world: Any, line: Any) -> Any:
    return replace(line, asked_as=world.catalogue.products[line.product].ids[0])


def _whole_tax(new: Any) -> Any:
    return replace(new, tax=Tax(new.tax.type, Decimal(int(new.tax.amount)))) if new.tax else new


def _only_first(payload: Any) -> Any:
    if not payload.get("products"):
        return payload
    line = payload["products"][0]
    return {**payload, "orderTotals": {**payload["orderTotals"], "totalAmountNet": line["productPrice"]["amount"]}}


def _taken(world: Any, order: Any) -> Any:
    for line in world.carts[order.cart].lines:
        orders._take(world, line, world.catalogue.gates[line.gate].default_store)
    return order


_STATE = (
    _state(
        "not-visible",
        "breaking",
        "shoppingcart",
        "",
        "walk.state schema.reply",
        twisted(_late),
        of="state_not_visible",
        also=("error",),
    ),
    _state(
        "stock",
        "breaking",
        "productsearch",
        "availabilities[].amount",
        _SOLD,
        rule((orders, "_take", lambda _: lambda *_given: None)),
        of="state_stock",
    ),
    _state(
        "stock-twice",
        "breaking",
        "productsearch",
        "availabilities[].amount",
        _SOLD,
        rule((orders, "_take", lambda original: lambda *given: [original(*given), original(*given)])),
        of="state_balance",
    ),
    _state(
        "stock-elsewhere",
        "breaking",
        "productsearch finishOrder",
        "",
        _SOLD,
        rule(
            (orders, "_store_of", lambda _: lambda world, _order, line: world.catalogue.gates[line.gate].default_store)
        ),
    ),
    _state(
        "stock-when-ordered",
        "breaking",
        "productsearch",
        "availabilities[].amount",
        _SOLD,
        rule(
            (
                orders,
                "_create",
                lambda original: lambda world, cart, new: _taken(world, original(world, cart, new)),
            )
        ),
    ),
    _state("quantity-added", "breaking", _BOOKING, "", _WALK, _kept(_doubled), of="state_idempotency"),
    _state(
        "ordered-twice",
        "breaking",
        "createOrder",
        "CART_ORDERED",
        "error.provoked walk.state",
        rule((orders, "_orderable", forgiven("CART_ORDERED", lambda world, _who, new: world.carts[new.cart]))),
        of="state_dup_accepted",
        also=("error",),
    ),
    _state(
        "finished-changed",
        "breaking",
        _BOOKING,
        "",
        "error.provoked walk.state",
        rule((carts, "_open_cart", lambda _: carts.cart_of)),
        of="state_cancel_delivered",
        also=("error",),
    ),
    _state(
        "stale-price",
        "breaking",
        "upsertProduct",
        "",
        "walk.state error.provoked",
        rule((carts, "_check_price", lambda _: lambda *_given: None)),
        of="state_price_mismatch",
        also=("error",),
    ),
    _state(
        "price-corrected",
        "breaking",
        "upsertProduct",
        "",
        "error.provoked walk.state",
        rule((carts, "_check_price", forgiven("PRICE_CHANGED"))),
        also=("error",),
    ),
    _state(
        "price-tolerant",
        "dangerous",
        "upsertProduct",
        "",
        "walk.state error.provoked",
        rule(
            (
                carts,
                "_check_price",
                lambda original: (
                    lambda world, account, offer, place, line, currency="EUR": (
                        None
                        if line.price > max(prices.current_prices(world, account, offer, place, line.quantity))
                        else original(world, account, offer, place, line, currency)
                    )
                ),
            )
        ),
        also=("error",),
    ),
    _state(
        "delete-unknown",
        "breaking",
        "deleteProduct",
        "",
        "walk.state error.provoked",
        rule(
            (
                api,
                "delete_product",
                forgiven("CART_PRODUCT_UNKNOWN", lambda world, _who, cart, _name: world.carts[cart]),
            )
        ),
        of="gql_delete_unknown",
        also=("error",),
    ),
    _state(
        "delete-nothing",
        "breaking",
        "deleteProduct shoppingcart",
        "",
        _WALK,
        rule((api, "delete_product", lambda _: lambda world, _who, cart, _name: world.carts[cart])),
        also=("error",),
    ),
    _state(
        "delete-by-first-id",
        "breaking",
        "deleteProduct",
        "",
        _WALK,
        rule(
            (
                api,
                "delete_product",
                lambda original: (
                    lambda world, who, cart, name: original(
                        world,
                        who,
                        cart,
                        name if any(line.asked_as == name for line in world.carts[cart].lines) else "x",
                    )
                ),
            )
        ),
        also=("error",),
    ),
    _state(
        "delete-everywhere",
        "breaking",
        "deleteProduct shoppingcart",
        "",
        _WALK,
        rule((api, "delete_product", lambda original: lambda *given: _emptied(given[0], original(*given)))),
        also=("error",),
    ),
    _state("moved-last", "breaking", _BOOKING, "products[]", _WALK, _kept(_moved_last)),
    _state(
        "alias-forgotten",
        "breaking",
        _BOOKING,
        "proMaterialId",
        _WALK,
        rule(
            (
                carts,
                "_line",
                lambda original: lambda world, account, new: _under_first_id(world, original(world, account, new)),
            )
        ),
    ),
    _state(
        "tax-forgotten",
        "breaking",
        _BOOKING,
        "productPrice",
        _WALK,
        rule((api, "_new_line", lambda original: lambda product: replace(original(product), tax=None))),
        also=("limits", "error"),
    ),
    _state(
        "tax-whole",
        "breaking",
        _BOOKING,
        "productPrice",
        _WALK,
        rule((api, "_new_line", lambda original: lambda product: _whole_tax(original(product)))),
        also=("limits", "error"),
    ),
    _state("total-of-first", "breaking", _BOOKING, "totalAmountNet", _WALK, value_changed(_CARTS, "", _only_first)),
    _state(
        "total-counts-pieces",
        "breaking",
        _BOOKING,
        "totalOrderProducts",
        _WALK,
        value_changed(
            _CARTS,
            "",
            lambda payload: (
                {
                    **payload,
                    "orderTotals": {
                        **payload["orderTotals"],
                        "totalOrderProducts": sum(
                            line["productOrderDetails"]["quantity"] for line in payload["products"]
                        ),
                    },
                }
                if "products" in payload
                else payload
            ),
        ),
    ),
)

MUTANTS: tuple[Mutant, ...] = _STATE
