"""AXRO's contract."""

from apitwin_contracts.contract import Contract
from apitwin_fixtures import Source

from .auth import AxroAuth
from .laws import DECLARATIONS as LAWS
from .life import DECLARATIONS as LIFE
from .operations import FIXTURES, OPERATIONS, SURFACE
from .provocations import PROVOCATIONS, UNPROVOKED

__all__ = ["CONTRACT"]

CONTRACT = Contract(
    supplier="axro",
    title="AXRO",
    fixtures=FIXTURES,
    surface=SURFACE,
    operations=OPERATIONS,
    auth=AxroAuth(),
    provocations=PROVOCATIONS,
    declarations=(*LAWS, *LIFE),
    unprovoked=UNPROVOKED,
    open_introspection=True,
    introspection_source=Source("documented", "002:13"),
)
