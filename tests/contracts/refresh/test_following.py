"""Entities are edited so that a mock answers what was recorded, and never where nothing ties a row to the answer."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from apitwin_contracts.refresh.change import GONE, Edit
from apitwin_contracts.refresh.following import Entities, follow, wanted_of

ENTITIES: Any = {
    "entities/products.json": [
        {"number": "A1", "stock": 5, "price": "12.50", "tiers": [[1, 1250]], "de": "Toner", "source": {"where": "5"}},
        {"number": "B2", "stock": 5, "price": "12.50", "tiers": [[1, 1250]], "de": "Toner", "source": {"where": "5"}},
    ],
    "entities/owner.json": {"name": "5", "stock": 5},
}


def answers(entities: Entities, _cassette: str) -> Sequence[Any]:
    """Play a mock: amounts are numbers, cents are euros, and a total is computed."""
    rows = entities["entities/products.json"]
    items = [
        {
            "productNumber": row["number"],
            "stock": row["stock"],
            "price": float(Decimal(row["price"])),
            "tier": row["tiers"][0][1] / 100,
            "title": row["de"],
        }
        for row in rows
    ]
    return [{"items": items, "total": sum(row["stock"] for row in rows)}]


def followed(*edits: Edit, entities: Any = None) -> Any:
    used = entities or ENTITIES
    return follow(used, list(wanted_of("c", edits, answers(used, "c"))), answers)


def test_each_value_finds_its_row_and_its_form() -> None:
    found = followed(
        Edit((0, "items", 1, "stock"), 9),
        Edit((0, "items", 1, "price"), 9.9),
        Edit((0, "items", 0, "tier"), 11.0),
        Edit((0, "items", 0, "title"), "Ink"),
    )
    assert found.left == ()
    assert list(found.files) == ["entities/products.json"]
    first, second = found.files["entities/products.json"]
    assert (first["stock"], first["tiers"], first["de"]) == (5, [[1, 1100]], "Ink")
    assert (second["stock"], second["price"], second["de"]) == (9, "9.90", "Toner")


def test_items_are_found_wherever_they_stand() -> None:
    edits = [Edit((0, "items", 1, "stock"), 9)]
    wanted = list(wanted_of("c", edits, answers(ENTITIES, "c")))
    turned = {**ENTITIES, "entities/products.json": ENTITIES["entities/products.json"][::-1]}
    found = follow(turned, wanted, answers)
    assert [row["stock"] for row in found.files["entities/products.json"]] == [9, 5]


def test_what_no_row_says_is_left() -> None:
    found = followed(Edit((0, "total"), 99), Edit((0, "items", 0, "productNumber"), "Z9"), Edit((0, "items", "+"), {}))
    assert (found.files, found.followed) == ({}, ())
    assert len(found.left) == 3


def test_what_is_gone_or_of_the_reply_itself_is_not_wanted() -> None:
    edits = [Edit((0, "items", 0, "stock"), GONE), Edit((0, "#status"), 404)]
    assert list(wanted_of("c", edits, answers(ENTITIES, "c"))) == []


def test_a_mock_that_an_edit_breaks_is_no_mock() -> None:
    found = followed(Edit((0, "items", 0, "price"), "much"))
    assert found.files == {}
