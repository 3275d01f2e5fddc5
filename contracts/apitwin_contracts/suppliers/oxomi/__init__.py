"""OXOMI's contract."""

from apitwin_contracts.contract import Contract

from .auth import OxomiAuth
from .laws import DECLARATIONS as LAWS
from .life import DECLARATIONS as LIFE
from .operations import FIXTURES, OPERATIONS, SURFACE, send_everything
from .provocations import PROVOCATIONS, UNPROVOKED

__all__ = ["CONTRACT"]

CONTRACT = Contract(
    supplier="oxomi",
    title="OXOMI",
    fixtures=FIXTURES,
    surface=SURFACE,
    operations=OPERATIONS,
    auth=OxomiAuth(),
    provocations=PROVOCATIONS,
    declarations=(*LAWS, *LIFE),
    unprovoked=UNPROVOKED,
    prepare=send_everything,
)
