"""The steps of two sides are held against each other one by one, whenever either of them had to sign in."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from apitwin_contracts.lockstep.sequences import paired
from apitwin_contracts.lockstep.sides import Moved, Sent, Track
from apitwin_fixtures import Exchange, Reply, Request

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def sent(path: str, *, signs_in: bool = False) -> Sent:
    return Sent(path, Exchange(Request("GET", f"/{path}"), Reply(200)), NOW, signs_in=signs_in)


SIGN_IN = sent("token", signs_in=True)
STEPS = st.lists(st.sampled_from([sent("a"), sent("b"), sent("token"), Moved(timedelta(hours=1))]), max_size=8)
PLACES = st.sets(st.integers(0, 8))


def signing_in(steps: list[Sent | Moved], places: set[int]) -> list[Sent | Moved]:
    return [
        one
        for place, step in enumerate([*steps, None])
        for one in ([SIGN_IN] * (place in places) + ([step] if step else []))
    ]


@given(STEPS, PLACES, PLACES)
def test_who_signs_in_when_changes_nothing(steps: list[Sent | Moved], here: set[int], there: set[int]) -> None:
    pairs = paired(signing_in(steps, here), signing_in(steps, there))
    assert [pair.here for pair in pairs if pair.here is not SIGN_IN] == steps


@given(STEPS, PLACES)
def test_signing_in_is_no_step_of_a_case(steps: list[Sent | Moved], places: set[int]) -> None:
    assert Track(tuple(signing_in(steps, places)), ()).length == len(steps)
