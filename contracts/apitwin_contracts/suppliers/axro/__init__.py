"""AXRO's contract."""

from apitwin_contracts.contract import Contract
from apitwin_fixtures import Source

from . import bounds, laws, life, refusals, rehearsed, sameness, sums, times, views
from .auth import AxroAuth
from .operations import FIXTURES, OPERATIONS, SURFACE
from .provocations import PROVOCATIONS, UNPROVOKED
from .undos import UNDOS

__all__ = ["CONTRACT"]

CONTRACT = Contract(
    supplier="axro",
    title="AXRO",
    fixtures=FIXTURES,
    surface=SURFACE,
    operations=OPERATIONS,
    auth=AxroAuth(),
    provocations=PROVOCATIONS,
    declarations=(
        *laws.DECLARATIONS,
        *sums.DECLARATIONS,
        *sameness.DECLARATIONS,
        *views.DECLARATIONS,
        *refusals.DECLARATIONS,
        *rehearsed.DECLARATIONS,
        *life.DECLARATIONS,
        *bounds.DECLARATIONS,
        *times.DECLARATIONS,
    ),
    unprovoked=UNPROVOKED,
    undos=UNDOS,
    open_introspection=True,
    introspection_source=Source("documented", "002:13"),
    # The customer's own name stands beside products, too: in the list of shipments.
    sensitive={"company": "company"},
    repeats=frozenset(["directive", "format", "orderNumber", "productNumber", "shipmentNumber", "variable"]),
)
