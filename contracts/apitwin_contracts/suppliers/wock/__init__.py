"""World of CD Keys' contract."""

from apitwin_contracts.contract import Contract
from apitwin_fixtures import Fixtures

from .auth import WockAuth
from .laws import declarations
from .life import DECLARATIONS as LIFE
from .operations import OPERATIONS, surface
from .provocations import PROVOCATIONS, UNPROVOKED

__all__ = ["CONTRACT"]

_FIXTURES = Fixtures.of("wock")
_SURFACE = surface(_FIXTURES)

CONTRACT = Contract(
    supplier="wock",
    title="World of CD Keys",
    fixtures=_FIXTURES,
    surface=_SURFACE,
    operations=OPERATIONS,
    auth=WockAuth(lifetime=599),
    provocations=PROVOCATIONS,
    declarations=(*declarations(_SURFACE), *LIFE),
    unprovoked=UNPROVOKED,
)
