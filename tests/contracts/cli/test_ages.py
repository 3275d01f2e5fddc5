"""Ages as people write them, and what is older."""

from datetime import date
from pathlib import Path

import orjson
import pytest

from apitwin_contracts.cli.ages import Ages, days_of, older_than
from apitwin_contracts.errors import UsageError
from apitwin_fixtures import Fixtures
from apitwin_fixtures.age import fixture_ages

TODAY = date(2027, 3, 1)
SUPPLIERS = ("axro", "gates", "oxomi", "reseller", "wock")


@pytest.mark.parametrize(
    ("text", "days"), [("90d", 90), ("12w", 84), ("6m", 180), ("1y", 365), ("0d", 0), (" 2W ", 14)]
)
def test_an_age_is_a_number_with_a_unit(text: str, days: int) -> None:
    assert days_of(text) == days


@pytest.mark.parametrize("text", ["", "90", "d", "-1d", "1.5y", "90days", "1h", "٩d", "9" * 6 + "d"])
def test_anything_else_is_told_with_examples(text: str) -> None:
    with pytest.raises(UsageError, match="such as 90d, 12w, 6m or 1y"):
        days_of(text)


def test_a_bare_number_is_told_what_would_work() -> None:
    with pytest.raises(UsageError, match=r"did you mean 90d\?"):
        days_of("90")


@pytest.mark.parametrize("supplier", SUPPLIERS)
def test_every_shipped_fixture_knows_when_it_was_written_and_was_never_seen_live(supplier: str) -> None:
    ages = fixture_ages(Fixtures.shipped(supplier))
    assert {"cassette", "schema", "errors", "entities"} <= {age.kind for age in ages}
    assert [age.name for age in ages if age.written is None] == []
    assert [age.name for age in ages if age.seen] == []


@pytest.fixture
def fixtures(tmp_path: Path) -> Fixtures:
    shipped = Fixtures.shipped("reseller")
    overlay = tmp_path / "reseller"
    (overlay / "cassettes").mkdir(parents=True)
    cassette = orjson.loads((shipped.root / "cassettes/list_products.json").read_bytes())
    cassette["metadata"] |= {"recorded": "2027-01-01", "target": "https://sandbox.example.com"}
    (overlay / "cassettes/list_products.json").write_bytes(orjson.dumps(cassette))
    (overlay / "openapi.json").write_text(shipped.text("openapi.json"))
    noted = {"openapi.json": {"written": "2027-02-20", "seen": "2027-02-20"}}
    (overlay / "seen.json").write_bytes(orjson.dumps({"format": "apitwin/seen/1", "files": noted}))
    return Fixtures(shipped.root, overlay)


def test_what_a_live_target_answered_has_an_age(fixtures: Fixtures) -> None:
    ages = Ages.of(fixtures, TODAY)
    told = ages.as_json()
    assert (told["oldest"], told["newest"]) == ("2027-01-01", "2027-02-20")
    assert (told["oldest_days"], told["newest_days"]) == (59, 9)
    assert told["never_seen"] == told["fixtures"] - 2


@pytest.mark.parametrize(
    ("days", "fresh"), [(8, []), (9, ["openapi.json"]), (59, ["cassettes/list_products.json", "openapi.json"])]
)
def test_what_is_older_is_listed(fixtures: Fixtures, days: int, fresh: list[str]) -> None:
    ages = Ages.of(fixtures, TODAY)
    older = [entry["fixture"] for entry in ages.older(days)]
    assert sorted({age.name for age in ages.fixtures} - set(older)) == fresh
    assert "errors.json" in older


def test_it_is_written_for_people(fixtures: Fixtures) -> None:
    ages = Ages.of(fixtures, TODAY)
    entry = {"supplier": "reseller", **ages.as_json(), "older": ages.older(30)}
    text = older_than([entry], "30d")
    assert f"reseller: {len(entry['older'])} of {entry['fixtures']} fixtures are older than 30d" in text
    assert "cassettes/list_products.json" in text
    assert "last seen 2027-01-01 (59 days ago)" in text
    assert "errors.json" in text
    assert "never seen on the real thing; written 2026-11-22" in text
    assert older_than([entry | {"older": []}], "30d") == "no fixture is older than 30d"
