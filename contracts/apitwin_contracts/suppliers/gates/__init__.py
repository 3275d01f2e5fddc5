"""The gates' contract."""

from apitwin_contracts.contract import Contract
from apitwin_fixtures import Fixtures, Source

from .auth import GatesAuth
from .life import DECLARATIONS as LIFE
from .operations import OPERATIONS, surface
from .ordering import DECLARATIONS as ORDERING
from .provocations import PROVOCATIONS, UNPROVOKED
from .searching import DECLARATIONS as SEARCHING
from .seen import DECLARATIONS as SEEN
from .undos import UNDOS

__all__ = ["CONTRACT"]

CONTRACT = Contract(
    supplier="gates",
    title="proMaterial gates",
    fixtures=Fixtures.of("gates"),
    surface=surface(Fixtures.of("gates")),
    operations=OPERATIONS,
    auth=GatesAuth(),
    provocations=PROVOCATIONS,
    declarations=(*SEARCHING, *SEEN, *LIFE, *ORDERING),
    unprovoked=UNPROVOKED,
    undos=UNDOS,
    introspection_source=Source("documented", "000:33"),
    # The stores' addresses are where goods are fetched, and part of what is sold.
    sensitive={"address.street": None},
    repeats=frozenset(
        [
            "amount",
            "channel",
            "deliveryType",
            "directive",
            "email",
            "grant",
            "orderId",
            "page",
            "path",
            "product",
            "project",
            "property",
            "quantity",
            "scopes",
            "site",
            "size",
            "store",
            "unit",
            "variable",
        ]
    ),
)
