from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apitwin_mocks.suppliers.wock.scalars import Between, read_date_time, read_decimal, read_uuid, written_date_time
from tests.mocks.wock.client import fresh

LARGEST = 79228162514264337593543950335


@given(st.datetimes(datetime(1900, 1, 1), datetime(2900, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis wants bounds without a zone
def test_what_is_written_is_read_again(instant: datetime) -> None:
    whole = instant.replace(microsecond=instant.microsecond // 1000 * 1000)
    assert read_date_time(written_date_time(whole)) == whole


def test_an_offset_is_written_as_utc() -> None:
    moved = datetime(2025, 1, 1, 1, tzinfo=timezone(timedelta(hours=2)))
    assert written_date_time(moved) == "2024-12-31T23:00:00.000Z"


@pytest.mark.parametrize(
    "text",
    ["2025-01-01T10:00:00Z", "2025-01-01t10:00:00z", "2025-01-01T12:00:00+02:00", "2025-01-01T10:00:00.0000000Z"],
)
def test_a_date_time_has_date_time_and_offset(text: str) -> None:
    assert read_date_time(text) == datetime(2025, 1, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2025-01-01",
        "2025-01-01T10:00Z",
        "2025-01-01T10:00:00",
        "02.05.2022 12:00",
        "2025-13-01T10:00:00Z",
        "2025-01-01 10:00:00Z",
        "2025-01-01T10:00:00.12345678Z",
        5,
        None,
    ],
)
def test_anything_else_is_no_date_time(value: object) -> None:
    with pytest.raises(ValueError, match=r"no date|month"):
        read_date_time(value)


def test_a_seventh_digit_is_kept() -> None:
    assert isinstance(read_date_time("2025-01-01T10:00:00.0000001Z"), Between)


@pytest.mark.parametrize("value", [0, 1, -1, LARGEST, -LARGEST, Decimal("0.5"), Decimal("1E+3")])
def test_a_decimal_is_a_number_in_dotnets_range(value: object) -> None:
    assert read_decimal(value) == value


@pytest.mark.parametrize("value", ["1", 1.5, True, None, LARGEST + 1, Decimal("Infinity"), Decimal("NaN")])
def test_anything_else_is_no_decimal(value: object) -> None:
    with pytest.raises(ValueError, match="no number"):
        read_decimal(value)


@pytest.mark.parametrize("value", ["e21de451d7e24f2889252c1c3809a42b", "{e21de451-d7e2-4f28-8925-2c1c3809a42b}", "", 5])
def test_anything_without_dashes_is_no_uuid(value: object) -> None:
    with pytest.raises(ValueError, match="no UUID"):
        read_uuid(value)


def test_a_price_keeps_its_digits_on_the_wire() -> None:
    reply = fresh().ask("{ product(id: 126) { bulkPrices { price } } }")
    assert b'"bulkPrices":[{"price":4.20},{"price":4.10},{"price":3.95},{"price":3.50}]' in reply.body


def test_the_largest_decimal_is_compared_exactly() -> None:
    client = fresh()
    literal = "{ products(where: { bulkPrices: { some: { price: { lte: 79228162514264337593543950335 } } } }) { totalCount } }"
    assert client.data(literal)["products"]["totalCount"] == 120
    assert client.ask(literal.replace("335 }", "336 }")).status == 400
