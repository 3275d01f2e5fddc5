"""World of CD Keys, a wholesaler of game and software keys: Hot Chocolate behind Azure AD."""

from apitwin_fixtures import Fixtures
from apitwin_mocks.supplier import Supplier

from .api import answer, operation_of, owns
from .auth import authenticate
from .domain import open_world
from .seed import make_catalogue

__all__ = ["SUPPLIER"]

SUPPLIER = Supplier(
    name="wock",
    **Fixtures.of("wock").about,
    fixtures=Fixtures.of("wock"),
    catalogue=make_catalogue,
    world=open_world,
    authenticate=authenticate,
    endpoint=answer,
    owns=owns,
    operation_of=operation_of,
    secret_parameters=frozenset({"sig"}),
)
