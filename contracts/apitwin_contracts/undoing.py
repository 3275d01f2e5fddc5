"""What a contract declares so that nothing is left behind: what operations make, and how each thing is found and taken back."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .client import Client

__all__ = ["GONE", "Sought", "Undo"]

GONE = "it is not there"
"""What `Undo.back` says of a thing that the customer who asks does not have: it is gone, or another customer's."""

_Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class Sought:
    """What a request may have made: its `reference` was written down before it was sent, `since` is the target's time then.

    `handle` is what the supplier calls it; empty while it is still to be found.
    """

    reference: Any
    since: datetime
    handle: str = ""


@dataclass(frozen=True)
class Undo:
    """How to take back what an operation makes or changes.

    `makes` tells whether a request of these arguments makes anything at all; `made` reads from the answer what the supplier calls it.
    `reference` holds what tells it from other things, where no answer comes, and no secret; `before` adds what only the target knows yet.
    `find` then asks the target, `settles` after the request at the earliest. `back` takes it back and gives an empty text, `GONE`, or why it
    could not; where there is none, `why` says why nothing can. `ended_by` is the operation by which a run itself takes back what it made, and
    `ended` tells what that is from its arguments. `price` is what it costs, None where nobody knows beforehand. `requests` is how
    many requests finding it and taking it back need.
    """

    creates: str
    made: Callable[[Any, _Arguments], Iterable[str]]
    why: str = ""
    back: "Callable[[Client, Sought], str] | None" = None
    find: "Callable[[Client, Sought], Iterable[str]] | None" = None
    reference: Callable[[_Arguments], Any] = field(default=lambda _arguments: None)
    before: "Callable[[Client, _Arguments], Any] | None" = None
    makes: Callable[[_Arguments], bool] = field(default=lambda _arguments: True)
    price: "Callable[[Client, _Arguments], Decimal | None]" = field(default=lambda _client, _arguments: Decimal(0))
    ended_by: str = ""
    ended: Callable[[_Arguments], str] = field(default=lambda _arguments: "")
    settles: timedelta = timedelta(0)
    requests: int = 2
