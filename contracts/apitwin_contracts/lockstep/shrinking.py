"""From the sequence in which a difference was met to the shortest that shows it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from apitwin_fixtures import Exchange

from .causes import Memory, gap, makers
from .difference import Difference
from .requests import mailboxes
from .sequences import Pair, Replayed
from .sides import Moved, Sent

__all__ = ["Shrunk", "shrink", "shrink_hook"]

_MOST_WAITS = 24
_PARTNERS, _SLOW_TIMES = 15, 5
_LONGEST = 80


@dataclass(frozen=True)
class Shrunk:
    """The shortest sequence that showed a difference: the target's exchanges and the difference as it was seen then."""

    difference: Difference
    exchanges: tuple[Exchange, ...]
    moved: float


class _Trial:
    """Sends candidates until the budget is spent; keeps the best that showed the difference."""

    def __init__(self, wanted: Difference, replay: Callable[[Sequence[Pair]], Replayed], most: int = 60) -> None:
        self._wanted = wanted.key
        self._replay = replay
        self._left = most
        self.best: Shrunk | None = None
        self.steps: tuple[Pair, ...] = ()

    def shows(self, steps: Sequence[Pair]) -> bool:
        """Send a candidate; tell whether it shows the difference, and keep it if it does. What is slow has to be so each of five times."""
        return all(self._shows(steps) for _ in range(_SLOW_TIMES if self._wanted[2] == "slow" else 1))

    def _shows(self, steps: Sequence[Pair]) -> bool:
        if self._left <= 0:
            return False
        self._left -= 1
        result = self._replay(steps)
        seen = next((one for one in result.differences if one.key == self._wanted), None)
        if seen is not None:
            self.best = Shrunk(seen, tuple(result.exchanges), result.moved.total_seconds())
            self.steps = tuple(steps)
        return seen is not None


def shrink(
    wanted: Difference, steps: Sequence[Pair], replay: Callable[[Sequence[Pair]], Replayed], memory: Memory
) -> Shrunk | None:
    """Give the shortest sequence found that shows a difference, of which the last step is where it was met; None when it does not repeat."""
    trial = _Trial(wanted, replay)
    *before, last = list(steps)[-_LONGEST:]
    made = makers(before, last, memory.kinds)
    if made and trial.shows([*made, last]):
        return trial.best
    if trial.shows([last]):
        return _with_cause(trial, last, memory) if memory.knows(last) else trial.best
    if wanted.kind == "slow" or _with_one(trial, before, last):
        return trial.best
    if trial.shows([*before, last]):
        _lessen(trial)
    return trial.best


def _with_cause(trial: _Trial, last: Pair, memory: Memory) -> Shrunk | None:
    """Find the write that widens the difference: what was read alike once cannot be read otherwise without one."""
    found = trial.best
    for write in memory.suspects:
        if trial.best is None or not trial.shows([last]):
            break
        apart = gap(trial.best.difference)
        if trial.shows([write, last]) and gap(trial.best.difference) != apart:
            return trial.best
    return found


def _with_one(trial: _Trial, before: Sequence[Pair], last: Pair) -> bool:
    near = list(reversed(before))[:_PARTNERS]
    return any(trial.shows([one, last]) for one in near)


def shrink_hook(
    wanted: Difference, steps: Sequence[Pair], replay: Callable[[Sequence[Pair]], Replayed]
) -> Shrunk | None:
    """Give the shortest sequence found whose webhooks show a difference; it may end with any step."""
    trial = _Trial(wanted, replay, _MOST_WAITS)
    listed = list(steps)
    for at in [
        at for at, step in enumerate(listed) if isinstance(step.there, Sent) and mailboxes(step.there.exchange.request)
    ]:
        moves = [step for step in listed[at:] if isinstance(step.there, Moved)]
        if trial.shows([listed[at]]) or (moves and trial.shows([listed[at], *moves])):
            return trial.best
    if trial.shows(listed):
        _lessen(trial, last=False)
    return trial.best


def _lessen(trial: _Trial, *, last: bool = True) -> None:
    """Leave out ever smaller parts, as long as what remains shows it; `last` keeps the last step."""
    size = max(1, (len(trial.steps) - last) // 2)
    while size:
        at = 0
        while at < len(trial.steps) - last:
            kept = (*trial.steps[:at], *trial.steps[min(at + size, len(trial.steps) - last) :])
            if not trial.shows(kept):
                at += size
        size //= 2
