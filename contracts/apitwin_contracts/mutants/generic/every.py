"""Every generic mutator, in the order of the categories."""

from .access import ACCESS
from .bounds import BOUNDS
from .carriers import CARRIERS
from .documents import DOCUMENTS
from .hooks import HOOKS
from .lists import LISTS
from .mistakes import MISTAKES
from .mutator import Mutator
from .speeds import SPEEDS
from .states import STATES
from .values import VALUES

__all__ = ["EVERY"]

EVERY: tuple[Mutator, ...] = (
    *DOCUMENTS,
    *VALUES,
    *CARRIERS,
    *MISTAKES,
    *ACCESS,
    *LISTS,
    *STATES,
    *HOOKS,
    *BOUNDS,
    *SPEEDS,
)
