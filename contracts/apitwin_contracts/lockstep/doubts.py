"""The benefit of the doubt: what differs between two undrifted mocks of which only chance, world or past is another proves nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Literal

from apitwin_contracts.suite.cases import Case
from apitwin_contracts.targets import Target

from .clocks import set_alike
from .comparing import Comparison, compare_replies
from .difference import Difference
from .hooks import compare_hits
from .noise import Noise
from .requests import same_request
from .sequences import boxes_of, paired
from .sides import Moved, Side, Track

__all__ = ["ELSEWHERE", "LIVED", "OTHERS", "Doubts", "World", "differing"]

Key = tuple[str, str, str]


@dataclass(frozen=True)
class World:
    """How a spare mock is made: the session that its identities are drawn for, and its catalogue.

    `past` tells which of the two mocks of a pair has seen much: neither, both, or this one alone.
    """

    session: str = "default"
    seed: int = 0
    products: int = 500
    past: Literal["none", "both", "one"] = "none"


Spare = Callable[[World], Target]
ELSEWHERE = (World("elsewhere"), World("elsewhere", past="both"))
LIVED = (World(past="one"), World("elsewhere", past="one"))
# The last is large, so that almost any number that somebody draws names something there.
_SIZES = (500, 120, 1500, 40, 20_000)
OTHERS = tuple(World("elsewhere", seed, products) for seed, products in enumerate(_SIZES, 1))


class Doubts:
    """Plays cases on pairs of spare mocks; `side` makes a side of one, `past` is what a lived-in one has seen, `reading` asks what that changed."""

    def __init__(
        self,
        worlds: Sequence[World],
        side: Callable[[World], Side],
        past: Iterable[Case] = (),
        reading: Iterable[Case] = (),
        *,
        by_value: bool = True,
    ) -> None:
        self._worlds = worlds
        self._side = side
        self._past = list(past)
        self._reading = list(reading)
        self.by_value = by_value
        self._sides: dict[World, tuple[Side, Side]] = {}
        self._known: dict[tuple[World, str], frozenset[Key]] = {}

    def excuse(self, case: Case, key: Key) -> bool:
        """Tell whether undrifted mocks differ so, too, when they play the case."""
        return any(key in self._keys(world, case) for world in self._worlds)

    def explain(self, case: Case, key: Key) -> bool:
        """Tell whether undrifted mocks differ there, too, whatever only reads; what a past changed shows where it happened to lie."""
        asked = chain([case], self._reading)
        return any(key in self._keys(self._worlds[0], one) for one in asked) or self.excuse(case, key)

    def _keys(self, world: World, case: Case) -> frozenset[Key]:
        known = self._known.get((world, case.id))
        if known is None:
            first, second = self._pair(world)
            set_alike(first.target.clock, second.target.clock)
            by = Comparison(by_value=self.by_value)
            found = differing(first.play(case), second.play(case), by)
            known = self._known[world, case.id] = frozenset(one.key for one in found)
            if case.changes_state:
                first.prepare()
                second.prepare()
        return known

    def _pair(self, world: World) -> tuple[Side, Side]:
        if world not in self._sides:
            pair = self._side(World()), self._side(world)
            for side in pair:
                side.prepare()
            for side in {"none": (), "both": pair, "one": pair[1:]}[world.past]:
                for case in self._past:
                    side.play(case)
                    if case.changes_state:
                        side.prepare()
                side.forget()
            self._sides[world] = pair
        return self._sides[world]


def differing(here: Track, there: Track, by: Comparison) -> Iterator[Difference]:
    """Give every difference of two tracks, as far as both sides were asked the same."""
    steps = []
    for pair in paired(here.steps, there.steps):
        steps.append(pair)
        if isinstance(pair.here, Moved) or isinstance(pair.there, Moved):
            continue
        now = replace(by, now=(pair.here.now, pair.there.now), noise=Noise())
        if not same_request(pair.here.exchange.request, pair.there.exchange.request, now):
            break
        yield from compare_replies(pair.there.operation, pair.here.exchange.reply, pair.there.exchange.reply, now)
    yield from compare_hits(boxes_of(steps), here.hits, there.hits, by)
