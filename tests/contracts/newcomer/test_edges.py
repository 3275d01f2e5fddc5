"""What a target shows only in some corner, such as what was deleted, is known before anything is held to its shape."""

from pathlib import Path
from typing import Any

import pytest

from apitwin_contracts.newcomer.edges import edges_of
from apitwin_contracts.newcomer.making import Asked, Made, make
from apitwin_contracts.targets import Target
from apitwin_contracts.targets.mock import MockTarget
from apitwin_mocks.generic import supplier_of
from apitwin_mocks.server import Server
from tests.journeys.notes import KEY, application
from tests.mocks.served import served


def _mock(folder: Path) -> Target:
    return MockTarget(Server({"notes": supplier_of(folder)}), "notes")


def _made(tmp_path: Path) -> Made:
    environment = {"NOTES_KEY": KEY, "APITWIN_STATE": str(tmp_path / "state")}
    with served(application(graves=True)) as url:
        where = f"{url}/openapi.json"
        headers = (("X-Key", "${NOTES_KEY}"),)
        asked = Asked("notes", tmp_path / "notes", openapi=where, headers=headers, environment=environment)
        return make(asked, "2026-11-30", _mock, lambda _sentence: None)


def test_what_is_shown_at_an_edge_or_to_a_word_is_known_and_the_shape_is_not_forgotten(tmp_path: Path) -> None:
    made = _made(tmp_path)
    assert (made.on_target, made.on_mock) == (True, True)
    item: Any = made.blueprint.shapes["listNotes"]["schema"]["properties"]["items"]["items"]
    assert item["properties"].keys() == {"id", "title", "colour", "stars", "deleted", "buried", "stone"}
    assert item["required"] == ["id"]


@pytest.mark.parametrize(
    ("schema", "edges"),
    [
        ({"type": "integer"}, (0, 1, 2**53 - 1)),
        ({"type": ["number", "null"], "minimum": 5, "maximum": 9}, (5, 6, 9)),
        ({"type": "boolean"}, (True, False)),
        ({"type": "string", "enum": ["all", "live"]}, ("all", "live")),
        ({"type": "string", "format": "date-time"}, ("1970-01-01T00:00:00Z",)),
        ({"type": "string"}, ()),
        ({}, ()),
    ],
)
def test_an_argument_has_edges(schema: dict[str, Any], edges: tuple[Any, ...]) -> None:
    assert edges_of(schema) == edges
