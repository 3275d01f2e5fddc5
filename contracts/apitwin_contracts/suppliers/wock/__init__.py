"""World of CD Keys' contract."""

from apitwin_contracts.contract import Contract

from .auth import WockAuth
from .laws import declarations
from .life import DECLARATIONS as LIFE
from .operations import FIXTURES, OPERATIONS, SURFACE
from .provocations import PROVOCATIONS, UNPROVOKED

__all__ = ["CONTRACT"]

CONTRACT = Contract(
    supplier="wock",
    title="World of CD Keys",
    fixtures=FIXTURES,
    surface=SURFACE,
    operations=OPERATIONS,
    auth=WockAuth(lifetime=599),
    provocations=PROVOCATIONS,
    declarations=(*declarations(SURFACE), *LIFE),
    unprovoked=UNPROVOKED,
)
