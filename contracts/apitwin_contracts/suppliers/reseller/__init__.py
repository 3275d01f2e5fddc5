"""The reseller platform's contract."""

from apitwin_contracts.contract import Contract
from apitwin_contracts.surfaces.rest import RestSurface
from apitwin_fixtures import Fixtures

from .auth import ResellerAuth
from .cancelling import DECLARATIONS as CANCELLING
from .entities import have_orders
from .laws import DECLARATIONS as LAWS
from .life import DECLARATIONS as LIFE
from .operations import OPERATIONS
from .provocations import PROVOCATIONS, UNPROVOKED
from .reading import tolerant
from .webhooks import declarations as webhooks

__all__ = ["CONTRACT"]

_FIXTURES = Fixtures.of("reseller")
_SURFACE = RestSurface(_FIXTURES)

CONTRACT = Contract(
    supplier="reseller",
    title="Reseller platform",
    fixtures=_FIXTURES,
    surface=_SURFACE,
    operations=tuple(map(tolerant, OPERATIONS)),
    auth=ResellerAuth(),
    provocations=PROVOCATIONS,
    declarations=tuple(map(tolerant, (*LAWS, *LIFE, *CANCELLING, *webhooks(_SURFACE.document)))),
    unprovoked=UNPROVOKED,
    prepare=have_orders,
)
