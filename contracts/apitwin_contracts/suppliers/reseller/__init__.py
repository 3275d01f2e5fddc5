"""The reseller platform's contract."""

from apitwin_contracts.contract import Contract

from .auth import ResellerAuth
from .cancelling import DECLARATIONS as CANCELLING
from .entities import have_orders
from .laws import DECLARATIONS as LAWS
from .life import DECLARATIONS as LIFE
from .operations import FIXTURES, OPERATIONS, SURFACE
from .provocations import PROVOCATIONS, UNPROVOKED
from .reading import tolerant
from .undos import UNDOS
from .webhooks import declarations as webhooks

__all__ = ["CONTRACT"]

CONTRACT = Contract(
    supplier="reseller",
    title="Reseller platform",
    fixtures=FIXTURES,
    surface=SURFACE,
    operations=tuple(map(tolerant, OPERATIONS)),
    auth=ResellerAuth(),
    provocations=PROVOCATIONS,
    declarations=tuple(map(tolerant, (*LAWS, *LIFE, *CANCELLING, *webhooks(SURFACE.document)))),
    unprovoked=UNPROVOKED,
    undos=UNDOS,
    prepare=have_orders,
    # What is sold are the codes; what a buyer requires is whom to deliver to.
    sensitive={"DeliveryData": "key", "DeliveryNote": "key", "RequireData.Value": "user"},
    repeats=frozenset(["billingAddressID", "deliverID", "method", "path", "productID"]),
)
