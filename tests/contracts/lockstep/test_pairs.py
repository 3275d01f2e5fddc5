"""Identities matched, times held to their distance from now, forms told apart."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from apitwin_contracts.lockstep.forms import form, instant
from apitwin_contracts.lockstep.pairs import Pairs

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SAME = (NOW, NOW)
uuids = st.uuids(version=4).map(str)


@given(st.lists(st.tuples(uuids, uuids), unique_by=(lambda pair: pair[0], lambda pair: pair[1]), min_size=2))
def test_a_pair_stays_a_pair_and_nobody_gets_two_partners(drawn: list[tuple[str, str]]) -> None:
    pairs = Pairs()
    assert all(pairs.match(here, there, SAME) for here, there in drawn)
    assert all(pairs.match(here, there, SAME) for here, there in drawn)
    (first, _), (_, second) = drawn[:2]
    assert not pairs.match(first, second, SAME)


def test_a_file_is_as_its_name_is_paired() -> None:
    pairs = Pairs()
    one, other = str(UUID(int=7)), str(UUID(int=8))
    assert pairs.match(f'attachment; filename="{one}.zip"', f'attachment; filename="{other}.zip"', SAME)
    assert pairs.known(one) == other
    assert not Pairs().match(f"{one}.zip", f"{other}.rar", SAME)
    assert not Pairs().match("keys.zip", "codes.zip", SAME)


def test_identities_of_two_forms_are_no_pair() -> None:
    assert not Pairs().match(str(UUID(int=7)), "A" * 36, SAME)
    assert not Pairs().match(str(UUID(int=10)), str(UUID(int=11)).upper(), SAME)
    assert not Pairs().match("open", "cancelled", SAME)


@given(st.timedeltas(min_value=timedelta(days=-900), max_value=timedelta(days=900)), st.integers(0, 10**6))
def test_a_time_is_the_same_as_far_from_its_own_present(shift: timedelta, seconds: int) -> None:
    here, step = NOW + timedelta(seconds=seconds), timedelta(seconds=round(shift.total_seconds()))
    moved = (NOW, NOW + step)
    assert Pairs().match(here.isoformat(), (here + step).isoformat(), moved)
    late = (here + step + timedelta(seconds=60)).isoformat()
    assert not Pairs().match(here.isoformat(), late, moved)


@given(st.text(" ,;-ab", max_size=8), st.text(" ,;-ab", max_size=8))
def test_texts_of_other_words_or_other_signs_between_them_are_no_pair(here: str, there: str) -> None:
    assert here == there or not Pairs().match(here, there, SAME)


def test_a_time_in_a_text_is_as_far_from_its_own_present_whatever_its_form() -> None:
    later = (NOW, NOW + timedelta(days=31))
    assert Pairs().match("expired at '12/31/2025 22:00:00'", "expired at '01/31/2026 22:00:01'", later)
    assert not Pairs().match("expired at '12/31/2025 22:00:00'", "expired at '01/30/2026 22:00:00'", later)
    assert Pairs().match("from Thu, 01 Jan 2026 00:00:00 GMT", "from Sun, 01 Feb 2026 00:00:00 GMT", later)
    assert Pairs().match("2026-01-04 22:25:02.907460", "2026-02-04 22:25:03.024769", later)


def test_what_only_looks_like_a_time_of_http_is_a_text() -> None:
    assert not Pairs().match("from Foo, 99 Bar 2026 25:61:61 GMT", "from Foo, 98 Bar 2026 25:61:61 GMT", SAME)


def test_forms() -> None:
    assert form("2026-01-01T00:00:00Z") != form("2026-01-01T00:00:00+00:00") != form("2026-01-01T00:00:00")
    assert form("2026-01-01T00:00:00+02:00") == form("2025-12-31T23:59:59-05:00")
    assert form("12") == form("7") != form("7.5")
    assert form("") == "empty text"
    assert form(None) == "null"
    assert form(" x") == "padded text"
    assert form("OUT_OF_STOCK") == "code" != form("Out of stock")
    assert instant("yesterday") is None
