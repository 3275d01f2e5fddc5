from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apitwin_mocks.kit.clock import EPOCH, Clock


class Outer:
    """A time source that a test moves."""

    def __init__(self) -> None:
        self.instant = EPOCH

    def __call__(self) -> datetime:
        return self.instant


@given(st.lists(st.integers(0, 10**6), max_size=5))
def test_steps_add_up(steps: list[int]) -> None:
    clock = Clock()
    for seconds in steps:
        clock.advance(timedelta(seconds=seconds))
    assert clock.now() == EPOCH + timedelta(seconds=sum(steps))


def test_it_runs_with_its_source_and_stands_while_frozen() -> None:
    outer = Outer()
    clock = Clock(outer)
    outer.instant += timedelta(seconds=10)
    assert clock.now() == EPOCH + timedelta(seconds=10)
    clock.freeze()
    outer.instant += timedelta(hours=1)
    assert clock.now() == EPOCH + timedelta(seconds=10)
    clock.advance(timedelta(seconds=5))
    assert clock.now() == EPOCH + timedelta(seconds=15)


def test_it_resumes_where_it_stood() -> None:
    outer = Outer()
    clock = Clock(outer)
    clock.freeze()
    outer.instant += timedelta(days=3)
    clock.resume()
    assert clock.now() == EPOCH
    outer.instant += timedelta(seconds=1)
    assert clock.now() == EPOCH + timedelta(seconds=1)
    assert not clock.frozen


@pytest.mark.parametrize("frozen", [False, True])
def test_it_is_set_to_an_instant_of_any_zone(*, frozen: bool) -> None:
    clock = Clock()
    if frozen:
        clock.freeze()
    clock.set(datetime(2026, 6, 1, 14, tzinfo=timezone(timedelta(hours=2))))
    assert clock.now() == datetime(2026, 6, 1, 12, tzinfo=UTC)
    assert clock.now().tzinfo is UTC


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs its offset"):
        Clock().set(datetime(2026, 6, 1))  # noqa: DTZ001 - that is the point
