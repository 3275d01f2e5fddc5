"""OXOMI: a portal's product information graph, synchronised over REST."""

from apitwin_fixtures import Fixtures
from apitwin_mocks.supplier import Supplier

from .api import answer, authenticate, operation_of, owns
from .domain import Graph
from .seed import catalogue

__all__ = ["SUPPLIER"]

SUPPLIER = Supplier(
    name="oxomi",
    **Fixtures.of("oxomi").about,
    fixtures=Fixtures.of("oxomi"),
    catalogue=lambda seeding: catalogue(Fixtures.of("oxomi"), seeding),
    world=Graph,
    authenticate=authenticate,
    endpoint=answer,
    owns=owns,
    operation_of=operation_of,
    secret_parameters=frozenset({"accessToken"}),
)
