"""The operations of the three kinds of gate, each with arguments that must succeed."""

from hypothesis import strategies as st
from hypothesis_graphql import nodes

from apitwin_contracts.contract import Arguments, Operation
from apitwin_contracts.run import Run
from apitwin_contracts.surfaces.graphql import GraphQLSurface
from apitwin_contracts.surfaces.several import SeveralSurfaces
from apitwin_fixtures import Fixtures, Source

from .entities import CALCULATED, cart, line, new_order, open_order, ordered, products, receipt, stores
from .paths import BOOKING_GATE, BUSINESS_MANAGER, DISTRIBUTION_GATE

__all__ = ["OPERATIONS", "surface"]

_NUMBERS = st.decimals(-1000, 1000, places=2).map(lambda value: nodes.Float(float(value)))
_TEXTS = st.sampled_from(["Gips", "2000", ""]).map(nodes.String)


def surface(fixtures: Fixtures) -> SeveralSurfaces:
    """Give the three surfaces, with literals of their custom scalars."""
    return SeveralSurfaces(
        {
            "BusinessManager": GraphQLSurface(fixtures, BUSINESS_MANAGER, document="business-manager.graphql"),
            "DistributionGate": GraphQLSurface(
                fixtures,
                DISTRIBUTION_GATE,
                {"BigDecimal": _NUMBERS, "UniversalTypeValue": _NUMBERS | _TEXTS},
                "distribution-gate.graphql",
            ),
            "BookingGate": GraphQLSurface(
                fixtures,
                BOOKING_GATE,
                {
                    "BigDecimal": _NUMBERS,
                    "DateTime": st.sampled_from(["2037-12-24T00:00:00Z", "2037-12-24T10:15:30.123+02:00"]).map(
                        nodes.String
                    ),
                },
                "booking-gate.graphql",
            ),
        }
    )


def _priced(run: Run) -> Arguments:
    product = products(run)[0]
    quantity = product["productOrderDetails"]["orderUnits"][0]["quantityMin"]
    return {"calculation": {}, "products": [{"productId": product["id"], "quantity": quantity}]}


def _deleted(run: Run) -> Arguments:
    made = cart(run)
    return {"shoppingCartId": made["shoppingCartId"], "proMaterialId": made["products"][0]["proMaterialId"]}


def _page(name: str) -> Source:
    return Source("documented", f"SOURCE.md#page-{name}")


OPERATIONS = (
    Operation("connectedDistributionGates", "read", _page("gates")),
    Operation(
        "productsearch", "read", _page("productsearch"), lambda _run: {"page": {"page": 0, "size": 5}, **CALCULATED}
    ),
    Operation("pricesearch", "read", _page("pricesearch"), _priced),
    Operation("getUser", "read", _page("cart")),
    Operation("shoppingcart", "read", _page("cart"), lambda run: {"shoppingCartId": cart(run)["shoppingCartId"]}),
    Operation("orders", "read", _page("order"), lambda run: {"orderIds": [ordered(run)["orderId"]]}),
    Operation("upsertProduct", "write", _page("cart"), lambda run: line(run, products(run)[0])),
    Operation("deleteProduct", "write", _page("cart"), _deleted),
    Operation("createOrder", "write", _page("order"), lambda run: {"orders": [new_order(run)]}),
    Operation(
        "upsertExpectedReceiptDateTime",
        "write",
        _page("order"),
        lambda run: {"orderIds": [open_order(run)["orderId"]], "expectedReceiptDateTime": receipt()},
    ),
    Operation(
        "upsertStore",
        "write",
        _page("order"),
        lambda run: {"orderIds": [open_order(run)["orderId"]], "store": {"code": stores(run)[-1]["code"]}},
    ),
    Operation("beginCheckout", "write", _page("order"), lambda run: {"orderIds": [open_order(run)["orderId"]]}),
    Operation(
        "finishOrder", "write", _page("order"), lambda run: {"orderIds": [open_order(run, "beginCheckout")["orderId"]]}
    ),
)
