"""A reseller platform in the manner of Hyper Teknoloji: REST with a JWT, orders that live on, and webhooks."""

from apitwin_fixtures import Fixtures
from apitwin_mocks.supplier import Supplier

from .api import answer, authenticate, explain, operation_of, owns
from .auth import SWITCHES
from .domain import Platform
from .errors import Code
from .seed import make_catalogue

__all__ = ["SUPPLIER"]

SUPPLIER = Supplier(
    name="reseller",
    **Fixtures.of("reseller").about,
    fixtures=Fixtures.of("reseller"),
    catalogue=make_catalogue,
    world=Platform,
    authenticate=authenticate,
    endpoint=answer,
    owns=owns,
    operation_of=operation_of,
    switches=SWITCHES,
    rate_limited=Code.RATE_LIMITED,
    explain=explain,
)
