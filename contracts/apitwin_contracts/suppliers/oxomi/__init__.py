"""OXOMI's contract."""

from apitwin_contracts.contract import Contract

from . import laws, life, parts, refusals, rights, sameness, views
from .auth import OxomiAuth
from .operations import FIXTURES, OPERATIONS, SURFACE, send_everything
from .provocations import PROVOCATIONS, UNPROVOKED
from .undos import UNDOS

__all__ = ["CONTRACT"]

CONTRACT = Contract(
    supplier="oxomi",
    title="OXOMI",
    fixtures=FIXTURES,
    surface=SURFACE,
    operations=OPERATIONS,
    auth=OxomiAuth(),
    provocations=PROVOCATIONS,
    declarations=(
        *laws.DECLARATIONS,
        *views.DECLARATIONS,
        *parts.DECLARATIONS,
        *sameness.DECLARATIONS,
        *refusals.DECLARATIONS,
        *rights.DECLARATIONS,
        *life.DECLARATIONS,
    ),
    unprovoked=UNPROVOKED,
    undos=UNDOS,
    prepare=send_everything,
    # Whom to write to at a manufacturer or a distributor is told with the product.
    sensitive={"manufacturerElectronicAddress": None, "distributorElectronicAddress": None},
    repeats=frozenset(["block", "role"]),
)
