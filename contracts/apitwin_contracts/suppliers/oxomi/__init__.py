"""OXOMI's contract."""

from apitwin_contracts.contract import Contract
from apitwin_contracts.surfaces.rest import RestSurface
from apitwin_fixtures import Fixtures

from .auth import OxomiAuth
from .laws import DECLARATIONS as LAWS
from .life import DECLARATIONS as LIFE
from .operations import OPERATIONS, send_everything
from .provocations import PROVOCATIONS, UNPROVOKED

__all__ = ["CONTRACT"]

_FIXTURES = Fixtures.of("oxomi")

CONTRACT = Contract(
    supplier="oxomi",
    title="OXOMI",
    fixtures=_FIXTURES,
    surface=RestSurface(_FIXTURES),
    operations=OPERATIONS,
    auth=OxomiAuth(),
    provocations=PROVOCATIONS,
    declarations=(*LAWS, *LIFE),
    unprovoked=UNPROVOKED,
    prepare=send_everything,
)
