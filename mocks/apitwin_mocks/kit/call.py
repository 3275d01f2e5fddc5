"""A request on its way through the pipeline."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from apitwin_fixtures import Request

from .errors import Refusal
from .journal import Origin
from .session import Session

if TYPE_CHECKING:
    from apitwin_mocks.supplier import Supplier

__all__ = ["Call"]


@dataclass(slots=True)
class Call:
    """One request in one session of one supplier; the hops fill in who asks, what is asked and where the answer comes from."""

    request: Request
    session: Session
    supplier: "Supplier"
    principal: Any = None
    operation: str | None = None
    nearest: str | None = None
    origin: Origin = "behaviour"
    refusal: Refusal | None = None

    @property
    def world(self) -> Any:
        """The supplier's state in this session."""
        return self.session.world(self.supplier.name)

    def choice(self, switch: str) -> str:
        """Give how one of the supplier's switches stands in this session."""
        default = self.supplier.switches[switch][0]
        return self.session.settings.choice(self.supplier.name, switch, default)
