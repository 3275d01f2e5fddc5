"""A target under watch: it counts what is sent, and once it was unreachable it is not asked again."""

from apitwin_contracts.errors import UnreachableError
from apitwin_contracts.targets import Target, TargetClock
from apitwin_contracts.targets.callbacks import Callbacks, callbacks_of
from apitwin_contracts.targets.manners import turned_away_by
from apitwin_contracts.targets.recordings import check_recorded
from apitwin_fixtures import Exchange, Request

__all__ = ["Guarded"]


class Guarded:
    """Passes requests on; after the first that got no reply every other fails at once, so that nobody waits for a dead target twice."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._authority = Guarded(target.authority) if target.authority else None
        self._lost: UnreachableError | None = None
        self._sent = 0

    @property
    def count(self) -> int:
        """How many requests were sent."""
        return self._sent + (self._authority.count if self._authority else 0)

    @property
    def url(self) -> str:
        """The target's base."""
        return self._target.url

    @property
    def clock(self) -> TargetClock:
        """The target's time."""
        return self._target.clock

    @property
    def callbacks(self) -> Callbacks | None:
        """Where the target can send webhooks."""
        return callbacks_of(self._target)

    @property
    def turned_away(self) -> list[Exchange]:
        """The replies that asked for a pause and got it, told once."""
        return turned_away_by(self._target)

    @property
    def authority(self) -> "Guarded | None":
        """Where tokens are granted, when that is another host."""
        return self._authority

    def send(self, request: Request) -> Exchange:
        """Send a request; raises `UnreachableError` when no reply comes, or did not come before, and `NotRecorded` where a recording has none."""
        if self._lost:
            raise UnreachableError(str(self._lost))
        self._sent += 1
        try:
            exchange = self._target.send(request)
        except UnreachableError as error:
            self._lost = error
            raise
        check_recorded(exchange.reply)
        return exchange
