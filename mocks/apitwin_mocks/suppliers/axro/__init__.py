"""AXRO, a wholesaler of print supplies: GraphQL with a bearer token."""

from apitwin_fixtures import Fixtures
from apitwin_mocks.supplier import Supplier

from .api import answer, operation_of, owns
from .auth import authenticate
from .domain import open_world
from .seed import make_catalogue

__all__ = ["SUPPLIER"]

SUPPLIER = Supplier(
    name="axro",
    **Fixtures.of("axro").about,
    fixtures=Fixtures.of("axro"),
    catalogue=make_catalogue,
    world=open_world,
    authenticate=authenticate,
    endpoint=answer,
    owns=owns,
    operation_of=operation_of,
)
