"""World of CD Keys' contract."""

from apitwin_contracts.contract import Contract

from . import bounds, delivering, http, life, owners, refusals
from .auth import WockAuth
from .entities import have_orders
from .laws import declarations
from .operations import FIXTURES, OPERATIONS, SURFACE
from .provocations import PROVOCATIONS, UNPROVOKED
from .undos import UNDOS

__all__ = ["CONTRACT"]

CONTRACT = Contract(
    supplier="wock",
    title="World of CD Keys",
    fixtures=FIXTURES,
    surface=SURFACE,
    operations=OPERATIONS,
    auth=WockAuth(lifetime=599),
    provocations=PROVOCATIONS,
    declarations=(
        *declarations(SURFACE),
        *http.DECLARATIONS,
        *refusals.DECLARATIONS,
        *owners.DECLARATIONS,
        *life.DECLARATIONS,
        *delivering.DECLARATIONS,
        *bounds.DECLARATIONS,
    ),
    unprovoked=UNPROVOKED,
    undos=UNDOS,
    prepare=have_orders,
    # What is sold are the keys.
    sensitive={"keys.key": "key", "subKeys.key": "key"},
    repeats=frozenset(
        [
            "client",
            "directive",
            "fragment",
            "grant",
            "header",
            "method",
            "operation",
            "requestedItems",
            "responseName",
            "tenant",
            "variable",
            "variableType",
            "variables",
        ]
    ),
)
